//! Tab-separated tables with a header, as the actor files are written.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::problem::Problem;

/// The columns a table may have; see docs/lexicon.md.
const COLUMNS: [&str; 16] = [
    "id",
    "name",
    "kind",
    "country",
    "sector",
    "office",
    "from",
    "to",
    "review_by",
    "cameo",
    "wikidata",
    "aliases",
    "demonyms",
    "capitals",
    "metonyms",
    "note",
];

/// Which cell of a row is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Col {
    Id,
    Name,
    Kind,
    Country,
    Sector,
    Office,
    From,
    To,
    ReviewBy,
    Cameo,
    Wikidata,
    Aliases,
    Demonyms,
    Capitals,
    Metonyms,
    Note,
}

impl Col {
    /// All columns, in the order in which tables are written.
    pub const ALL: [Col; 16] = [
        Col::Id,
        Col::Name,
        Col::Kind,
        Col::Country,
        Col::Sector,
        Col::Office,
        Col::From,
        Col::To,
        Col::ReviewBy,
        Col::Cameo,
        Col::Wikidata,
        Col::Aliases,
        Col::Demonyms,
        Col::Capitals,
        Col::Metonyms,
        Col::Note,
    ];

    /// The columns that hold names.
    pub const NAMES: [Col; 5] = [Col::Name, Col::Aliases, Col::Demonyms, Col::Capitals, Col::Metonyms];

    /// Its name in the header.
    pub fn as_str(self) -> &'static str {
        COLUMNS[self as usize]
    }
}

/// A table being read.
pub struct Table<'t> {
    file: &'t str,
    text: &'t str,
    /// Position of each column in the rows of this file.
    places: [Option<usize>; COLUMNS.len()],
    width: usize,
}

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub struct Place<'t> {
    /// Path inside the lexicon directory.
    pub file: &'t str,
    /// 1-based line.
    pub line: usize,
    /// The whole line.
    pub source: &'t str,
}

impl<'t> Place<'t> {
    /// Bytes of the line in which `part` (a slice of it) stands; the whole line for a stranger.
    fn columns(&self, part: &str) -> Range<usize> {
        let start = (part.as_ptr() as usize).wrapping_sub(self.source.as_ptr() as usize);
        if start <= self.source.len() { start..start + part.len() } else { 0..self.source.len() }
    }

    /// A problem with `part`, a slice of the line.
    pub fn problem(&self, part: &str, code: &'static str, message: String, hint: &str) -> Problem {
        let mut p = Problem::at_line(self.file, self.source, 1, code, message, hint);
        p.line = self.line;
        p.columns = self.columns(part);
        p
    }
}

/// One row: its place and its cells.
pub struct Row<'a, 't> {
    table: &'a Table<'t>,
    /// Where it stands.
    pub place: Place<'t>,
    cells: [&'t str; COLUMNS.len()],
    count: usize,
}

impl<'t> Table<'t> {
    /// Reads the header. `None` (with problems told) when the table cannot be understood.
    pub fn open(file: &'t str, text: &'t str, problems: &mut Vec<Problem>) -> Option<Self> {
        let before = problems.len();
        let (line, header) = lines(text).next()?;
        let mut table = Table { file, text, places: [None; COLUMNS.len()], width: 0 };
        for (i, cell) in header.split('\t').enumerate() {
            table.width += 1;
            match COLUMNS.iter().position(|c| *c == cell.trim()) {
                Some(at) => table.places[at] = Some(i),
                None => problems.push(Problem::at_line(
                    file,
                    text,
                    line,
                    "header",
                    format!("unknown column \"{}\"", cell.trim()),
                    &format!("columns are: {}", COLUMNS.join(" ")),
                )),
            }
        }
        for (col, name) in [(Col::Id, "id"), (Col::Name, "name"), (Col::Kind, "kind")] {
            if table.places[col as usize].is_none() {
                let message = format!("column \"{name}\" is missing");
                let hint = "the first line that is no comment names the columns, separated by tabs";
                problems.push(Problem::at_line(file, text, line, "header", message, hint));
            }
        }
        (problems.len() == before).then_some(table)
    }

    /// The columns that this table has.
    pub fn columns(&self) -> Vec<Col> {
        Col::ALL.into_iter().filter(|c| self.places[*c as usize].is_some()).collect()
    }

    /// The rows after the header.
    pub fn rows<'a>(&'a self) -> impl Iterator<Item = Row<'a, 't>> {
        lines(self.text).skip(1).map(move |(line, source)| {
            let mut cells = [""; COLUMNS.len()];
            let mut count = 0;
            for cell in source.split('\t') {
                if let Some(place) = cells.get_mut(count) {
                    *place = cell;
                }
                count += 1;
            }
            Row { table: self, place: Place { file: self.file, line, source }, cells, count }
        })
    }
}

/// Lines that are neither comments nor blank, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    body.lines()
        .enumerate()
        .map(|(i, l)| (i + 1, l))
        .filter(|(_, l)| !l.starts_with('#') && !l.trim().is_empty())
}

impl<'t> Row<'_, 't> {
    /// The trimmed text of a cell; empty when the column or the cell is not there.
    pub fn get(&self, col: Col) -> &'t str {
        self.table.places[col as usize].and_then(|i| self.cells.get(i)).map_or("", |c| c.trim())
    }

    /// Whether the row has more cells than the header.
    pub fn is_too_wide(&self) -> bool {
        self.count > self.table.width
    }

    /// A problem with `part`, a slice of one of the cells.
    pub fn problem(&self, part: &str, code: &'static str, message: String, hint: &str) -> Problem {
        self.place.problem(part, code, message, hint)
    }
}

/// The first or last day of `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; `None` when it is neither of these.
pub fn day_of(text: &str, last: bool) -> Option<NaiveDate> {
    let mut parts = text.splitn(3, '-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let year = i32::try_from(year?.ok()?).ok()?;
    let found = match (month, day) {
        (Some(m), Some(d)) => NaiveDate::from_ymd_opt(year, m.ok()?, d.ok()?),
        (Some(m), None) => {
            let first = NaiveDate::from_ymd_opt(year, m.ok()?, 1)?;
            if last { first.checked_add_months(chrono::Months::new(1))?.pred_opt() } else { Some(first) }
        }
        (None, _) if last => NaiveDate::from_ymd_opt(year, 12, 31),
        (None, _) => NaiveDate::from_ymd_opt(year, 1, 1),
    };
    found.filter(|d| (1500..2200).contains(&d.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_may_stand_in_any_order() {
        let text = "# note\nname\tid\tkind\nNorway\tnorway\tcountry\n\n# x\nPeru\tperu\n";
        let mut problems = Vec::new();
        let table = Table::open("a.tsv", text, &mut problems).unwrap();
        let rows: Vec<(usize, &str, &str)> =
            table.rows().map(|r| (r.place.line, r.get(Col::Id), r.get(Col::Kind))).collect();
        assert_eq!(rows, [(3, "norway", "country"), (6, "peru", "")]);
        let row = table.rows().next().unwrap();
        assert_eq!(row.problem(row.get(Col::Kind), "kind", String::new(), "").columns, 14..21);
    }

    #[test]
    fn a_strange_header_is_told() {
        let mut problems = Vec::new();
        assert!(Table::open("a.tsv", "id\tname\tsort\n", &mut problems).is_none());
        assert_eq!(problems.len(), 2);
    }
}
