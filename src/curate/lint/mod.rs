//! What somebody should look at before a lexicon is used: faults that load all the same but mislead.
//!
//! Lint looks at the rows as they are written, layer over layer, so that every finding has its line and column.

mod codes;
mod common;
mod names;
mod order;
mod seats;
mod tables;
mod terms;

pub use codes::{is_country, is_sector};

use chrono::NaiveDate;

use crate::lexicon::fold::FixedMap;
use crate::lexicon::table::{Col, Place, Row, Table};
use crate::lexicon::{File, Lexicon, Problem, Severity};

/// A row that counts: not switched off, and not replaced by a later layer.
struct Line<'t> {
    place: Place<'t>,
    cells: [&'t str; 16],
}

impl<'t> Line<'t> {
    fn of(row: &Row<'_, 't>) -> Line<'t> {
        Line { place: row.place, cells: Col::ALL.map(|c| row.get(c)) }
    }

    fn get(&self, col: Col) -> &'t str {
        self.cells[col as usize]
    }

    fn is_person(&self) -> bool {
        matches!(self.get(Col::Kind), "person" | "leader")
    }

    fn error(&self, part: &str, code: &'static str, message: String, hint: &str) -> Problem {
        self.place.problem(part, code, message, hint)
    }

    fn warning(&self, part: &str, code: &'static str, message: String, hint: &str) -> Problem {
        self.error(part, code, message, hint).warn()
    }
}

/// Everything to look at in a lexicon, sorted by file and line. `today` tells which terms are overdue.
///
/// Faults that keep it from loading come alone: the rest can only be judged once it loads.
pub fn lint(layers: &[&[File]], today: NaiveDate) -> Vec<Problem> {
    let lexicon = match Lexicon::load_layers(layers) {
        Ok(lexicon) => lexicon,
        Err(problems) => return problems,
    };
    let mut out = lexicon.warnings.clone();
    let tables = |f: &&File| f.0.starts_with("actors/") && f.0.ends_with(".tsv");
    for file in layers.iter().flat_map(|l| l.iter()).filter(tables) {
        tables::header(&file.0, &file.1, &mut out);
    }
    let lines = lines(layers);
    for line in &lines {
        tables::row(line, today, &mut out);
        names::words(line, &mut out);
    }
    names::shared(&lines, &mut out);
    seats::overlaps(&lines, &mut out);
    terms::files(layers, &mut out);
    order::shadowed(&lexicon, layers, &mut out);
    out.sort_by(|a, b| {
        (&a.file, a.line, a.columns.start, a.code).cmp(&(&b.file, b.line, b.columns.start, b.code))
    });
    out.dedup();
    out
}

/// Whether any finding is a fault and not only a question.
pub fn has_errors(found: &[Problem]) -> bool {
    found.iter().any(|p| p.severity == Severity::Error)
}

/// The rows that count, in order of layers and files.
fn lines<'t>(layers: &[&'t [File]]) -> Vec<Line<'t>> {
    let mut last: FixedMap<&str, usize> = FixedMap::default();
    let mut all: Vec<(usize, Line<'t>)> = Vec::new();
    for (layer, files) in layers.iter().enumerate() {
        for (path, text) in files.iter().filter(|f| f.0.starts_with("actors/") && f.0.ends_with(".tsv")) {
            // What is wrong with the header was told when the lexicon was loaded.
            let Some(table) = Table::open(path, text, &mut Vec::new()) else { continue };
            for row in table.rows() {
                let line = Line::of(&row);
                last.insert(line.get(Col::Id), layer);
                all.push((layer, line));
            }
        }
    }
    all.retain(|(layer, line)| last.get(line.get(Col::Id)) == Some(layer) && line.get(Col::Kind) != "off");
    all.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod checks;
