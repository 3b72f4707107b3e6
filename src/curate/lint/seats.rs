//! Offices that one person holds at a time.

use chrono::NaiveDate;

use super::Line;
use crate::lexicon::Problem;
use crate::lexicon::fold::FixedMap;
use crate::lexicon::table::{Col, day_of};

/// Offices with a single seat in each country, in British spelling and small letters.
const SINGLE: &[&str] = &[
    "president",
    "prime minister",
    "chancellor",
    "king",
    "queen",
    "pope",
    "emir",
    "sultan",
    "supreme leader",
    "foreign minister",
    "foreign secretary",
    "secretary of state",
    "minister of foreign affairs",
    "defence minister",
    "defence secretary",
    "secretary of defence",
    "minister of defence",
    "finance minister",
    "minister of finance",
    "interior minister",
    "minister of interior",
    "secretary-general",
    "director-general",
];

/// A term told to the precision of its cells: it surely lasted from the last day that can be its first to the first
/// day that can be its last.
struct Sure<'l, 't> {
    line: &'l Line<'t>,
    from: NaiveDate,
    to: NaiveDate,
}

/// Two holders of one seat at one time. A row whose note says "disputed", "rival" or "acting" is
/// let be: some seats have two.
pub(super) fn overlaps(lines: &[Line], out: &mut Vec<Problem>) {
    let mut seats: FixedMap<String, Vec<Sure>> = FixedMap::default();
    for line in lines.iter().filter(|l| l.is_person()) {
        let office = line.get(Col::Office).to_lowercase().replace("defense", "defence");
        let note = line.get(Col::Note);
        if !SINGLE.contains(&office.as_str())
            || ["disputed", "rival", "acting"].iter().any(|w| note.contains(w))
        {
            continue;
        }
        let from = day_of(line.get(Col::From), true).unwrap_or(NaiveDate::MIN);
        let to = match line.get(Col::To) {
            "" => NaiveDate::MAX,
            text => day_of(text, false).unwrap_or(NaiveDate::MIN),
        };
        let key = format!("{} {office}", line.get(Col::Country));
        seats.entry(key).or_default().push(Sure { line, from, to });
    }
    for holders in seats.values_mut() {
        holders.sort_by_key(|h| (h.from, h.to));
        for i in 1..holders.len() {
            let (earlier, later) = holders.split_at(i);
            let later = &later[0];
            let same = |h: &&Sure| h.line.get(Col::Id) != later.line.get(Col::Id);
            // A day shared is a handover.
            let Some(other) =
                earlier.iter().filter(same).find(|h| h.to > later.from && later.to > later.from)
            else {
                continue;
            };
            let message = format!(
                "{} and {} are {} of {} at once",
                later.line.get(Col::Name),
                other.line.get(Col::Name),
                later.line.get(Col::Office),
                later.line.get(Col::Country)
            );
            let hint = format!(
                "the other stands at {}:{} ({} to {}); if both claim it, write \"disputed\" into the note",
                other.line.place.file,
                other.line.place.line,
                other.line.get(Col::From),
                other.line.get(Col::To)
            );
            out.push(later.line.warning(later.line.get(Col::From), "seat", message, &hint));
        }
    }
}
