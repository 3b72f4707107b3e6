//! What one lexicon says otherwise than another.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::cells::Cells;
use crate::lexicon::notes::names;
use crate::lexicon::table::{Col, Table};
use crate::lexicon::{File, Lexicon};

/// The differences of two lexicons, as lines that a person reads: `+` only in the later, `-` only in the earlier,
/// `~` said otherwise. Empty when they say the same, whatever the order of their rows.
pub fn changes(before: &[File], after: &[File]) -> String {
    let mut out = String::new();
    actors(&rows(before), &rows(after), &mut out);
    others(before, after, &mut out);
    out
}

/// Rows by id.
fn rows(files: &[File]) -> BTreeMap<String, Vec<Cells>> {
    let mut out: BTreeMap<String, Vec<Cells>> = BTreeMap::new();
    for (path, text) in files.iter().filter(|f| f.0.starts_with("actors/") && f.0.ends_with(".tsv")) {
        let Some(table) = Table::open(path, text, &mut Vec::new()) else { continue };
        for row in table.rows() {
            let cells = Cells::of(&row);
            out.entry(cells.get(Col::Id).to_string()).or_default().push(cells);
        }
    }
    out
}

fn actors(before: &BTreeMap<String, Vec<Cells>>, after: &BTreeMap<String, Vec<Cells>>, out: &mut String) {
    let ids: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for id in ids {
        match (before.get(id), after.get(id)) {
            (None, Some(new)) => new.iter().for_each(|r| {
                let _ = writeln!(out, "+ {id}: {}", brief(r));
            }),
            (Some(old), None) => old.iter().for_each(|r| {
                let _ = writeln!(out, "- {id}: {}", brief(r));
            }),
            (Some(old), Some(new)) if old != new => entry(id, old, new, out),
            _ => {}
        }
    }
}

/// A row in a line.
fn brief(r: &Cells) -> String {
    let mut parts = vec![r.get(Col::Name).to_string(), r.get(Col::Kind).to_string()];
    parts.extend([Col::Country, Col::Sector, Col::Office].map(|c| r.get(c).to_string()));
    if !(r.get(Col::From).is_empty() && r.get(Col::To).is_empty()) {
        parts.push(format!("{} to {}", r.get(Col::From), r.get(Col::To)));
    }
    parts.retain(|p| !p.is_empty());
    parts.join(", ")
}

/// One entry: names that came and went, then cells of rows that belong together by their place.
fn entry(id: &str, old: &[Cells], new: &[Cells], out: &mut String) {
    let mut lines = Vec::new();
    let all = |rows: &[Cells], col: Col| -> BTreeSet<String> {
        rows.iter().flat_map(|r| names(r.get(col)).map(str::to_string).collect::<Vec<_>>()).collect()
    };
    for col in Col::NAMES.into_iter().filter(|c| *c != Col::Name) {
        let (was, is) = (all(old, col), all(new, col));
        lines.extend(was.difference(&is).map(|n| format!("- {} {n}", col.as_str())));
        lines.extend(is.difference(&was).map(|n| format!("+ {} {n}", col.as_str())));
    }
    let mut left: Vec<&Cells> = old.iter().filter(|r| !new.contains(r)).collect();
    for row in new.iter().filter(|r| !old.contains(r)) {
        // The same office, or else the same beginning, makes two rows one.
        let same =
            |r: &&Cells| r.get(Col::Office) == row.get(Col::Office) || r.get(Col::From) == row.get(Col::From);
        let Some(at) = left.iter().position(same) else {
            lines.push(format!("+ row {}", brief(row)));
            continue;
        };
        let was = left.remove(at);
        for col in Col::ALL.into_iter().filter(|c| !Col::NAMES.contains(c) || *c == Col::Name) {
            if was.get(col) != row.get(col) {
                lines.push(format!("~ {} \"{}\" -> \"{}\"", col.as_str(), was.get(col), row.get(col)));
            }
        }
    }
    lines.extend(left.iter().map(|r| format!("- row {}", brief(r))));
    if !lines.is_empty() {
        let _ = writeln!(out, "~ {id}");
        lines.iter().for_each(|l| {
            let _ = writeln!(out, "    {l}");
        });
    }
}

/// Topics, suppressors, rules and tests, as sets of what they hold.
fn others(before: &[File], after: &[File], out: &mut String) {
    let mut was = BTreeSet::new();
    let mut is = BTreeSet::new();
    for (files, set) in [(before, &mut was), (after, &mut is)] {
        // What cannot be read has nothing to compare; lint tells why.
        let parts: Vec<File> = files.iter().filter(|f| !f.0.starts_with("actors/")).cloned().collect();
        if let Ok(lexicon) = Lexicon::load_layers(&[&parts]) {
            pieces(&lexicon, set);
        }
    }
    was.difference(&is).for_each(|p| {
        let _ = writeln!(out, "- {p}");
    });
    is.difference(&was).for_each(|p| {
        let _ = writeln!(out, "+ {p}");
    });
}

fn pieces(lexicon: &Lexicon, out: &mut BTreeSet<String>) {
    for (i, t) in lexicon.topics.list.iter().enumerate() {
        out.insert(format!(
            "topic {}: {}, {}, from {}",
            t.id,
            t.name,
            if t.on { "on" } else { "off" },
            t.threshold
        ));
        for term in lexicon.topics.terms.of_group(i as u32) {
            out.insert(format!("topic {}: {:?} {} {}", t.id, term.effect, term.weight, term.text));
        }
    }
    for (i, s) in lexicon.suppressors.list.iter().enumerate() {
        out.insert(format!(
            "suppress {}: {:?}, {}, from {}",
            s.id,
            s.scope,
            if s.on { "on" } else { "off" },
            s.threshold
        ));
        for term in lexicon.suppressors.terms.of_group(i as u32) {
            out.insert(format!("suppress {}: {:?} {} {}", s.id, term.effect, term.weight, term.text));
        }
    }
    for rule in &lexicon.rules.rules {
        // All of it but the line, which moves when another rule changes.
        let text = format!("{rule:?}").replace(&*rule.cite.at, "");
        let triggers: Vec<&str> = rule.triggers.iter().map(|t| &*t.0).collect();
        let mark = xxhash_rust::xxh3::xxh3_64(text.as_bytes());
        out.insert(format!(
            "rule {} ({}) {} [{mark:016x}]",
            rule.cite.id,
            rule.event.as_str(),
            triggers.join(", ")
        ));
    }
    for test in &lexicon.tests {
        let wanted: Vec<String> = test.expectations.iter().map(|e| e.to_string()).collect();
        out.insert(format!("test {} => {}", test.sentence, wanted.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Vec<File> {
        list.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect()
    }

    const OLD: &str = "id\tname\tkind\tcountry\toffice\tfrom\tto\taliases\n\
        ada\tAda Berg\tperson\tNOR\tTrade Minister\t2010\t\tBerg; A. Berg\n\
        bo\tBo Dahl\tperson\tSWE\n";

    #[test]
    fn order_is_no_change() {
        let turned = "id\tname\tkind\tcountry\toffice\tfrom\tto\taliases\nbo\tBo Dahl\tperson\tSWE\n\
            ada\tAda Berg\tperson\tNOR\tTrade Minister\t2010\t\tBerg; A. Berg\n";
        assert_eq!(changes(&files(&[("actors/a.tsv", OLD)]), &files(&[("actors/b.tsv", turned)])), "");
    }

    #[test]
    fn what_came_went_and_changed_is_told() {
        let new = "id\tname\tkind\tcountry\toffice\tfrom\tto\taliases\n\
            ada\tAda Berg\tperson\tNOR\tTrade Minister\t2010\t2014\tBerg\n\
            ada\tAda Berg\tleader\tNOR\tPrime Minister\t2015\t\tBerg\n\
            cai\tCai Eng\tperson\tDNK\n";
        let topic = ("topics/fish.toml", "id = \"fish\"\n[[term]]\nwords = [\"cod\"]\n");
        let said = changes(&files(&[("actors/a.tsv", OLD)]), &files(&[("actors/a.tsv", new), topic]));
        assert_eq!(
            said,
            "~ ada\n    - aliases A. Berg\n    ~ to \"\" -> \"2014\"\n    + row Ada Berg, leader, NOR, Prime Minister, 2015 to \n\
             - bo: Bo Dahl, person, SWE\n+ cai: Cai Eng, person, DNK\n+ topic fish: Adds 1 cod\n+ topic fish: fish, on, from 1\n"
        );
    }
}
