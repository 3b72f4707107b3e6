//! The usual form of an actor table: whatever program touched it, the same rows give the same bytes.
//!
//! Spreadsheets and data frames put quotes around cells, drop or pad comments, write 2019 as 2019.0 and reorder rows;
//! all of that is undone here, so that a change shows only what somebody meant.

use super::cells::{Cells, table};
use crate::lexicon::Problem;
use crate::lexicon::notes::names;
use crate::lexicon::table::{Col, Table, day_of};

/// Puts a table into its usual form. `head` is the comments to begin with when the table has lost its own.
///
/// Rows are sorted by id and then by the beginning of the term, within the sections that comments make; rows that are
/// the same are written once.
///
/// # Errors
/// What keeps the table from being understood.
pub fn tidy(file: &str, text: &str, head: Option<&str>) -> Result<String, Vec<Problem>> {
    let plain = unquoted(text);
    let mut problems = Vec::new();
    let Some(first) = Table::open(file, &plain, &mut problems) else {
        if problems.is_empty() {
            let hint = "a table begins with a line that names its columns";
            problems.push(Problem::at_line(file, &plain, 1, "header", "there is no table".into(), hint));
        }
        return Err(problems);
    };
    let columns = first.columns();
    let wide = |r: &crate::lexicon::table::Row| r.is_too_wide();
    problems.extend(first.rows().filter(wide).map(|r| {
        r.problem("", "cells", "the row has more cells than the header".into(), "look for a stray tab")
    }));
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut comments: Vec<String> = Vec::new();
    let mut header = None;
    let mut sections: Vec<(Vec<String>, Vec<Cells>)> = vec![Default::default()];
    let mut rows = first.rows();
    for line in plain.lines() {
        let section = sections.len() - 1;
        match (line.starts_with('#'), header.is_some()) {
            _ if line.trim().is_empty() => {}
            (true, false) => comments.push(line.to_string()),
            (true, true) if sections[section].1.is_empty() => sections[section].0.push(line.to_string()),
            (true, true) => sections.push((vec![line.to_string()], Vec::new())),
            (false, false) => header = Some(()),
            (false, true) => sections[section].1.extend(rows.next().map(|r| usual(Cells::of(&r)))),
        }
    }
    if comments.is_empty() {
        comments =
            head.unwrap_or("").lines().take_while(|l| l.starts_with('#')).map(str::to_string).collect();
    }
    let mut out = table(&comments, &columns, &[]);
    for (comments, mut rows) in sections {
        // Stable: rows of one id and day keep their order.
        let begins = |r: &Cells| day_of(r.get(Col::From), false);
        rows.sort_by(|a, b| (a.get(Col::Id), begins(a)).cmp(&(b.get(Col::Id), begins(b))));
        rows.dedup();
        comments.iter().for_each(|c| {
            out.push_str(c);
            out.push('\n');
        });
        rows.iter().for_each(|r| {
            out.push_str(&r.line(&columns));
            out.push('\n');
        });
    }
    Ok(out)
}

/// Cells in their usual form: blanks single, lists separated by `; `, years whole.
fn usual(mut row: Cells) -> Cells {
    for col in Col::ALL {
        let cell = row.get(col).split_whitespace().collect::<Vec<_>>().join(" ");
        let cell = match col {
            Col::From | Col::To | Col::ReviewBy => date(&cell),
            Col::Sector => {
                cell.split(';').map(str::trim).filter(|s| !s.is_empty()).collect::<Vec<_>>().join(";")
            }
            Col::Aliases | Col::Demonyms | Col::Capitals | Col::Metonyms => {
                names(&cell).collect::<Vec<_>>().join("; ")
            }
            _ => cell,
        };
        row.set(col, &cell);
    }
    row
}

/// A year as a number (`2019.0`) and a day with its midnight (`2019-07-24 00:00:00`) become what was meant.
fn date(cell: &str) -> String {
    let day = cell.split([' ', 'T']).next().unwrap_or("");
    day.strip_suffix(".0").unwrap_or(day).to_string()
}

/// The text without byte-order mark, carriage returns, quoted cells and padded comments.
fn unquoted(text: &str) -> String {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        let cells: Vec<String> = cells(line);
        if cells[0].starts_with('#') {
            out.push_str(cells.join("\t").trim_end());
        } else {
            out.push_str(&cells.join("\t"));
        }
        out.push('\n');
    }
    out
}

/// The cells of a line; one that begins and ends with a quotation mark is taken out of its quotes.
fn cells(line: &str) -> Vec<String> {
    let bare = |cell: &str| match cell.strip_prefix('"').and_then(|c| c.strip_suffix('"')) {
        Some(inner) => inner.replace("\"\"", "\""),
        None => cell.to_string(),
    };
    line.trim_end_matches('\r').split('\t').map(bare).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: &str = "# licence: CC0\n# source: ours\nid\tname\tkind\tfrom\tto\taliases\tnote\n\
        ada\tAda \"Iron\" Berg\tperson\t2010\t2012\tBerg [not: x; case]; A. Berg\t\n\
        ada\tAda \"Iron\" Berg\tperson\t2015-03-01\t\tBerg [not: x; case]; A. Berg\tsits\n\
        # ---- rivals ----\n\
        bo\tBo Dahl\tperson\t\t\t\t\n\
        cai\tCai Eng\tperson\t\t\t\t\n";

    #[test]
    fn the_usual_form_stays_as_it_is() {
        assert_eq!(tidy("actors/a.tsv", USUAL, None).unwrap(), USUAL);
    }

    #[test]
    fn what_a_spreadsheet_does_is_undone() {
        let sheet = "\u{feff}# licence: CC0\t\t\t\t\t\t\r\n# source: ours\t\t\t\t\t\t\r\nid\tname\tkind\tfrom\tto\taliases\tnote\r\n\
            ada\t\"Ada \"\"Iron\"\" Berg\"\tperson\t2015-03-01\t\tBerg [not: x; case];A. Berg\tsits\r\n\
            ada\t\"Ada \"\"Iron\"\" Berg\"\tperson\t2010\t2012\t\"Berg [not: x; case]; A. Berg\"\t\r\n\
            \"# ---- rivals ----\"\t\t\t\t\t\t\r\n\
            cai\tCai  Eng\tperson\t\t\t\t\r\nbo\tBo Dahl\tperson\t\t\t\t\r\nbo\tBo Dahl\tperson\t\t\t\t\r\n";
        assert_eq!(tidy("actors/a.tsv", sheet, None).unwrap(), USUAL);
    }

    #[test]
    fn what_a_data_frame_does_is_undone() {
        // Comments and sections are gone, years are numbers, columns stand in another order.
        let frame = "name\tid\tkind\tfrom\tto\taliases\tnote\n\
            Cai Eng\tcai\tperson\t\t\t\t\n\
            \"Ada \"\"Iron\"\" Berg\"\tada\tperson\t2010.0\t2012.0\tBerg [not: x; case]; A. Berg\t\n";
        let wanted = "# licence: CC0\n# source: ours\nid\tname\tkind\tfrom\tto\taliases\tnote\n\
            ada\tAda \"Iron\" Berg\tperson\t2010\t2012\tBerg [not: x; case]; A. Berg\t\n\
            cai\tCai Eng\tperson\t\t\t\t\n";
        assert_eq!(tidy("actors/a.tsv", frame, Some(USUAL)).unwrap(), wanted);
    }

    #[test]
    fn a_table_that_is_not_understood_is_left_alone() {
        assert_eq!(tidy("a.tsv", "id\tname\tsort\n", None).unwrap_err()[0].code, "header");
        assert_eq!(tidy("a.tsv", "# nothing\n", None).unwrap_err()[0].code, "header");
        assert_eq!(tidy("a.tsv", "id\tname\tkind\na\tA\tperson\tx\n", None).unwrap_err()[0].code, "cells");
    }
}
