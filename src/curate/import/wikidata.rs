//! CSV from the query service of Wikidata: one row an item and office, columns as the query names them.

use super::{Imported, csv};
use crate::curate::cells::{Cells, id_of};
use crate::lexicon::fold::FixedMap;
use crate::lexicon::table::{Col, day_of};
use crate::lexicon::{Lexicon, Problem};
use crate::model::Kind;

/// What queries call their columns, and what we take from each. Names are compared without capitals and `_`.
const COLUMNS: &[(&str, Field)] = &[
    ("item", Field::Item),
    ("person", Field::Item),
    ("itemlabel", Field::Name),
    ("personlabel", Field::Name),
    ("name", Field::Name),
    ("label", Field::Name),
    ("itemaltlabel", Field::Aliases),
    ("personaltlabel", Field::Aliases),
    ("altlabel", Field::Aliases),
    ("aliases", Field::Aliases),
    ("iso3", Field::Country),
    ("countrycode", Field::Country),
    ("countrylabel", Field::Country),
    ("country", Field::Country),
    ("positionlabel", Field::Office),
    ("officelabel", Field::Office),
    ("office", Field::Office),
    ("start", Field::From),
    ("starttime", Field::From),
    ("from", Field::From),
    ("end", Field::To),
    ("endtime", Field::To),
    ("to", Field::To),
    ("kind", Field::Kind),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Item,
    Name,
    Aliases,
    Country,
    Office,
    From,
    To,
    Kind,
}

fn field(column: &str) -> Option<Field> {
    let plain = column.trim().to_lowercase().replace('_', "");
    COLUMNS.iter().find(|c| c.0 == plain).map(|c| c.1)
}

/// Whether a line names columns of ours, with a name among them.
pub fn is_header(line: &str) -> bool {
    line.split(',').filter_map(|c| field(c.trim_matches('"'))).any(|f| f == Field::Name)
}

/// Reads them all.
pub fn read(file: &str, text: &str, lexicon: &Lexicon) -> Imported {
    let mut out = Imported::default();
    let mut records = csv::records(text).into_iter();
    let header = records.find_map(Result::ok).map_or(Vec::new(), |r| r.1);
    let columns: Vec<Option<Field>> = header.iter().map(|c| field(c)).collect();
    if !columns.contains(&Some(Field::Name)) {
        let known: Vec<&str> = COLUMNS.iter().map(|c| c.0).collect();
        let hint = format!("columns taken over are: {}", known.join(" "));
        out.problems.push(Problem::at_line(
            file,
            text,
            1,
            "header",
            "no column holds the name".into(),
            &hint,
        ));
        return out;
    }
    let mut codes: FixedMap<String, Option<String>> = FixedMap::default();
    for record in records {
        let mut problems = Vec::new();
        let row = record.map_err(|line| (line, "quotes that are never closed".to_string())).and_then(
            |(line, cells)| {
                let mut tell = |message: String, hint: &str| {
                    problems.push(Problem::at_line(file, text, line, "cell", message, hint).warn());
                };
                let mut code = |name: &str| {
                    codes.entry(name.to_string()).or_insert_with(|| country(name, lexicon)).clone()
                };
                row(&columns, &cells, &mut code, &mut tell).map_err(|why| (line, why))
            },
        );
        out.problems.extend(problems);
        match row {
            Ok(row) => {
                out.taken += 1;
                out.rows.push(row);
            }
            Err((line, why)) => {
                out.left += 1;
                let hint = "mend the line, or ask the query service for it again";
                out.problems.push(Problem::at_line(file, text, line, "record", why, hint));
            }
        }
    }
    out
}

fn row(
    columns: &[Option<Field>],
    cells: &[String],
    code: &mut dyn FnMut(&str) -> Option<String>,
    tell: &mut dyn FnMut(String, &str),
) -> Result<Cells, String> {
    let mut row = Cells::default();
    if cells.len() != columns.len() {
        return Err(format!("{} cells, but {} columns", cells.len(), columns.len()));
    }
    for (field, cell) in columns.iter().zip(cells) {
        let cell = cell.trim();
        match field {
            _ if cell.is_empty() => {}
            None => {}
            Some(Field::Item) => row.set(Col::Wikidata, cell.rsplit('/').next().unwrap_or(cell)),
            Some(Field::Name) => row.set(Col::Name, cell),
            Some(Field::Aliases) => {
                cell.split(['|', ','])
                    .map(str::trim)
                    .for_each(|a| row.add_name(Col::Aliases, &a.replace(';', "")));
            }
            Some(Field::Country) => match code(cell) {
                Some(code) => row.set(Col::Country, &code),
                None => tell(
                    format!("no country is called \"{cell}\""),
                    "left empty; give ISO 3166-1 alpha-3 or the usual name",
                ),
            },
            Some(Field::Office) => row.set(Col::Office, cell),
            Some(Field::From | Field::To) => {
                let day = cell.split('T').next().unwrap_or("");
                let col = if *field == Some(Field::From) { Col::From } else { Col::To };
                match day_of(day, false) {
                    Some(_) => row.set(col, day),
                    None => tell(
                        format!("\"{cell}\" is no date"),
                        "left empty; dates are YYYY, YYYY-MM or YYYY-MM-DD",
                    ),
                }
            }
            Some(Field::Kind) if Kind::parse(cell).is_some() => row.set(Col::Kind, cell),
            Some(Field::Kind) => {
                tell(format!("unknown kind \"{cell}\""), "left to be guessed from the office")
            }
        }
    }
    finish(row)
}

/// Fills in what follows from the rest.
fn finish(mut row: Cells) -> Result<Cells, String> {
    let name = row.get(Col::Name).to_string();
    if name.starts_with('Q') && name[1..].bytes().all(|b| b.is_ascii_digit()) || name.is_empty() {
        return Err("the item has no name".into());
    }
    let id = id_of(&name);
    if id.is_empty() {
        return Err(format!("no id can be made of \"{name}\""));
    }
    row.set(Col::Id, &id);
    if row.get(Col::Kind).is_empty() {
        let kind = if row.get(Col::Office).is_empty() { "other" } else { "person" };
        row.set(Col::Kind, kind);
    }
    if matches!(row.get(Col::Kind), "person" | "leader") && !row.get(Col::Office).is_empty() {
        row.set(Col::Sector, "GOV");
    }
    Ok(row)
}

/// The code of a country: itself, or by its name in the lexicon.
fn country(text: &str, lexicon: &Lexicon) -> Option<String> {
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase()) {
        return Some(text.to_string());
    }
    let bearers = lexicon.bearers(text);
    let entries = bearers.iter().filter_map(|id| lexicon.actors.by_id(id)).map(|e| lexicon.actors.entry(e));
    let mut countries = entries.filter(|e| e.kind() == Kind::Country).filter_map(|e| e.country());
    countries.next().map(str::to_string)
}
