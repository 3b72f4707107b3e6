//! ICEWS: 20 tab-separated columns with a head, in the names and order of its published yearly files.

use super::countries::name;
use super::{is_told_as_done, number, pairs, tabbed, text};
use crate::record::types::{ActorRecord, EventRecord};

#[rustfmt::skip]
pub(super) const COLUMNS: [&str; 20] = [
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code",
    "Intensity", "Target Name", "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher",
    "City", "District", "Province", "Country", "Latitude", "Longitude",
];

pub(super) fn write(record: &EventRecord, out: &mut Vec<u8>) -> bool {
    let Some(cameo) = record.cameo.as_ref().filter(|_| is_told_as_done(record)) else { return false };
    for (i, (source, target)) in pairs(record).into_iter().enumerate() {
        let mut row = vec![number(&record.id, i).to_string(), record.date.clone()];
        row.extend(party(Some(source)));
        row.extend([cameo.label.clone(), cameo.code.clone(), format!("{:.1}", cameo.goldstein)]);
        row.extend(party(target));
        row.push(number(&record.story.id, 0).to_string());
        row.push((record.evidence.sentence + 1).to_string());
        row.push(text(&record.article.source));
        let place = record.location.as_ref();
        let country = place.and_then(|p| p.country.as_deref()).map(name).unwrap_or_default();
        row.extend([
            String::new(),
            String::new(),
            String::new(),
            country.into(),
            String::new(),
            String::new(),
        ]);
        tabbed(&row, out);
    }
    true
}

/// Name, sectors, country.
fn party(party: Option<&ActorRecord>) -> [String; 3] {
    let Some(p) = party else { return Default::default() };
    let country = p.country.as_deref().map(name).unwrap_or_default();
    [p.name.clone().unwrap_or_else(|| p.text.clone()), p.sector.join(","), country.into()]
}
