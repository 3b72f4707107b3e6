//! Other people's lists become actor tables. What cannot be taken over is told with its line and left out.

mod csv;
mod patterns;
mod petrarch;
mod wikidata;

use super::cells::{Cells, table, used_columns};
use crate::lexicon::{Lexicon, Problem};

/// The lists that are understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Patterns of spaCy's entity ruler and of Prodigy: JSON lines with `label` and `pattern`.
    Patterns,
    /// CSV from the query service of Wikidata.
    Wikidata,
    /// Actor dictionaries of TABARI and PETRARCH.
    Petrarch,
}

impl Form {
    /// From its name on the command line.
    pub fn parse(name: &str) -> Option<Form> {
        match name {
            "patterns" => Some(Form::Patterns),
            "wikidata" => Some(Form::Wikidata),
            "petrarch" => Some(Form::Petrarch),
            _ => None,
        }
    }

    /// From the first line that says something.
    pub fn of(text: &str) -> Option<Form> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line = text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'))?;
        match line {
            l if l.starts_with('{') => Some(Form::Patterns),
            l if l.contains(',') && wikidata::is_header(l) => Some(Form::Wikidata),
            l if l.starts_with(|c: char| c.is_ascii_uppercase()) => Some(Form::Petrarch),
            _ => None,
        }
    }
}

/// What came of a list.
#[derive(Debug, Default)]
pub struct Imported {
    /// Rows to write, sorted by id.
    pub rows: Vec<Cells>,
    /// What could not be taken over, and what was guessed.
    pub problems: Vec<Problem>,
    /// Entries of the list that gave at least one row.
    pub taken: usize,
    /// Entries of the list that gave none.
    pub left: usize,
}

impl Imported {
    /// The table of these rows with its head.
    pub fn table(&self, licence: &str, source: &str) -> String {
        let comments = [format!("# licence: {licence}"), format!("# source: {source}")];
        table(&comments, &used_columns(&self.rows), &self.rows)
    }
}

/// Reads a list. `lexicon` tells the codes of countries by their names.
pub fn import(form: Form, file: &str, text: &str, lexicon: &Lexicon) -> Imported {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut out = match form {
        Form::Patterns => patterns::read(file, text),
        Form::Wikidata => wikidata::read(file, text, lexicon),
        Form::Petrarch => petrarch::read(file, text),
    };
    use crate::lexicon::table::Col::{From, Id};
    out.rows.sort_by(|a, b| (a.get(Id), a.get(From)).cmp(&(b.get(Id), b.get(From))));
    out.rows.dedup();
    out
}

#[cfg(test)]
mod tests;
