//! Rows of actor tables as somebody is about to write them.

use crate::lexicon::fold::fold;
use crate::lexicon::table::{Col, Row};

/// The cells of one row, by column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells([String; 16]);

impl Cells {
    /// The cells of a row as it stands, trimmed.
    pub fn of(row: &Row) -> Cells {
        Cells(Col::ALL.map(|c| row.get(c).to_string()))
    }

    /// The text of a cell.
    pub fn get(&self, col: Col) -> &str {
        &self.0[col as usize]
    }

    /// Writes a cell. What would break the table becomes a blank.
    pub fn set(&mut self, col: Col, text: &str) {
        let broken = |c: char| matches!(c, '\t' | '\n' | '\r');
        self.0[col as usize] = text.replace(broken, " ").trim().to_string();
    }

    /// Adds a name to a cell of names, once.
    pub fn add_name(&mut self, col: Col, name: &str) {
        let there = self.get(col).split("; ").any(|n| n == name);
        if !there && !name.is_empty() && self.get(Col::Name) != name {
            let all = if self.get(col).is_empty() {
                name.to_string()
            } else {
                format!("{}; {name}", self.get(col))
            };
            self.set(col, &all);
        }
    }

    /// The row in these columns.
    pub fn line(&self, columns: &[Col]) -> String {
        columns.iter().map(|c| self.get(*c)).collect::<Vec<_>>().join("\t")
    }
}

/// A whole table: comments, header, rows.
pub fn table(comments: &[String], columns: &[Col], rows: &[Cells]) -> String {
    let mut out = String::new();
    for comment in comments {
        out.push_str(comment);
        out.push('\n');
    }
    out.push_str(&columns.iter().map(|c| c.as_str()).collect::<Vec<_>>().join("\t"));
    out.push('\n');
    for row in rows {
        out.push_str(&row.line(columns));
        out.push('\n');
    }
    out
}

/// The columns that any of the rows fill, with the three that a table must have.
pub fn used_columns(rows: &[Cells]) -> Vec<Col> {
    let needed = |c: &Col| matches!(c, Col::Id | Col::Name | Col::Kind);
    Col::ALL.into_iter().filter(|c| needed(c) || rows.iter().any(|r| !r.get(*c).is_empty())).collect()
}

/// An id made of a name: `Sergey Lavrov` becomes `sergey-lavrov`. Empty when no letter of it is Latin.
pub fn id_of(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '_' | '/' | ',' | '.')) {
        let plain: String = fold(word)
            .to_lowercase()
            .chars()
            .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            .collect();
        if !plain.is_empty() {
            if !out.is_empty() {
                out.push('-');
            }
            out.push_str(&plain);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_made_of_names() {
        assert_eq!(id_of("Recep Tayyip Erdoğan"), "recep-tayyip-erdogan");
        assert_eq!(id_of("Al-Qa'ida (AQ)"), "al-qaida-aq");
        assert_eq!(id_of("Правда"), "");
    }

    #[test]
    fn a_cell_holds_no_tab() {
        let mut row = Cells::default();
        row.set(Col::Name, " a\tb\n");
        row.add_name(Col::Aliases, "x");
        row.add_name(Col::Aliases, "x");
        row.add_name(Col::Aliases, "y");
        assert_eq!(row.line(&[Col::Name, Col::Aliases]), "a b\tx; y");
    }
}
