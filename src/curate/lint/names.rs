//! Names that mislead: written twice, shared, or ordinary words.

use super::Line;
use super::common;
use crate::lexicon::Problem;
use crate::lexicon::fold::FixedMap;
use crate::lexicon::matcher::Case;
use crate::lexicon::notes::{Notes, names};
use crate::lexicon::table::Col;

/// The names of a row as written, with their columns.
fn written<'t>(line: &Line<'t>) -> Vec<(Col, &'t str)> {
    let mut out = Vec::new();
    for col in Col::NAMES {
        match col {
            Col::Name => out.push((col, line.get(col))),
            _ => out.extend(names(line.get(col)).map(|n| (col, n))),
        }
    }
    out
}

/// A name and its notes. What cannot be split was told when the lexicon was loaded.
fn split(written: &str) -> (&str, Option<Box<Notes>>) {
    Notes::split(written).unwrap_or((written, None))
}

/// A name without any condition that could tell it from its namesakes.
fn is_bare(notes: &Option<Box<Notes>>) -> bool {
    notes.as_ref().is_none_or(|n| n.is_plain())
}

/// Names written twice in a row, and names that are ordinary words or first names.
pub(super) fn words(line: &Line, out: &mut Vec<Problem>) {
    let mut seen: Vec<&str> = Vec::new();
    for (col, written) in written(line) {
        let (text, notes) = split(written);
        if seen.contains(&text) && col != Col::Name {
            let message = format!("\"{text}\" stands twice in the row");
            out.push(line.warning(written, "twice", message, "take one of them out"));
        }
        seen.push(text);
        if line.get(Col::Kind) != "agent" {
            word(line, written, text, &notes, out);
        }
    }
}

/// A single word that means something else as well must say how to tell.
fn word(line: &Line, written: &str, text: &str, notes: &Option<Box<Notes>>, out: &mut Vec<Problem>) {
    let exact = notes.as_ref().is_some_and(|n| n.exact);
    let policy = Case::of(text, exact);
    let lower = text.to_lowercase();
    let is_word = common::WORDS.binary_search(&lower.as_str()).is_ok();
    if policy == Case::Any && is_word {
        let message = format!("\"{text}\" is an ordinary word, and matches in any case");
        let hint = "write it with a capital, or say when it counts: [needs: a, b], [not: a, b]";
        out.push(line.error(written, "word", message, hint));
        return;
    }
    let upper = text.chars().all(|c| !c.is_lowercase());
    if policy == Case::Proper && upper && is_word && is_bare(notes) {
        let message = format!(
            "\"{text}\" is an acronym and an ordinary word, which may stand in capitals or as a title"
        );
        out.push(line.error(written, "acronym", message, "add [case] or say when it counts: [needs: a, b]"));
        return;
    }
    // Surnames are ordinary words often enough; people are told apart by their first names and offices.
    if policy != Case::Proper || !is_bare(notes) || line.is_person() {
        return;
    }
    if is_word {
        let message =
            format!("\"{text}\" is an ordinary word, which takes a capital at the start of a sentence");
        let hint = "say when it counts: [needs: a, b], or when not: [not: a, b]";
        out.push(line.error(written, "word", message, hint));
    } else if common::FIRST_NAMES.binary_search(&lower.as_str()).is_ok() {
        let message = format!("\"{text}\" is a first name too");
        out.push(line.error(written, "first-name", message, "add [not-first-name], or [needs: a, b]"));
    }
}

/// One bearer of a name.
struct Bearer<'l, 't> {
    line: &'l Line<'t>,
    written: &'t str,
    bare: bool,
}

impl<'t> Bearer<'_, 't> {
    fn id(&self) -> &'t str {
        self.line.get(Col::Id)
    }

    fn country(&self) -> &'t str {
        self.line.get(Col::Country)
    }
}

/// Names that two entries share without any note that tells them apart.
pub(super) fn shared(lines: &[Line], out: &mut Vec<Problem>) {
    let mut bearers: FixedMap<&str, Vec<Bearer>> = FixedMap::default();
    for line in lines.iter().filter(|l| !l.is_person() && l.get(Col::Kind) != "agent") {
        for (_, written) in written(line) {
            let (text, notes) = split(written);
            bearers.entry(text).or_default().push(Bearer { line, written, bare: is_bare(&notes) });
        }
    }
    for (text, all) in bearers {
        let Some(first) = all.iter().find(|b| b.bare) else { continue };
        let Some(other) = all.iter().find(|b| b.id() != first.id()) else { continue };
        if first.country() == other.country() && !(first.bare && other.bare) {
            continue;
        }
        let (id, country) = (other.id(), other.country());
        let message = format!("\"{text}\" is also {id} ({country})");
        let hint = format!(
            "it stands at {}:{} too; say for one of them when it counts: [needs: a, b] or [not: a, b]",
            other.line.place.file, other.line.place.line
        );
        let code = if text.chars().all(|c| !c.is_lowercase()) { "acronym" } else { "shared" };
        out.push(first.line.error(first.written, code, message, &hint));
    }
}
