//! Heads of tables and single rows: sources, codes, dates.

use chrono::NaiveDate;

use super::Line;
use super::codes::{COUNTRIES, SECTORS};
use crate::lexicon::Problem;
use crate::lexicon::table::{Col, day_of};

/// Every table names its source and its licence.
pub(super) fn header(file: &str, text: &str, out: &mut Vec<Problem>) {
    for (key, what) in
        [("licence", "under which its facts may be used"), ("source", "where its facts come from")]
    {
        let mut said = text.lines().filter_map(|l| l.strip_prefix('#')).map(str::trim_start);
        let told = said.any(|l| {
            l.strip_prefix(key).is_some_and(|r| r.trim_start().starts_with(':') && r.trim().len() > 2)
        });
        if !told {
            let message = format!("the table does not name its {key}");
            let hint = format!("begin the file with a comment that tells {what}: # {key}: …");
            out.push(Problem::at_line(file, text, 1, "licence", message, &hint));
        }
    }
}

/// One row by itself.
pub(super) fn row(line: &Line, today: NaiveDate, out: &mut Vec<Problem>) {
    codes(line, out);
    dates(line, today, out);
    for col in Col::ALL {
        let cell = line.get(col);
        if cell.starts_with('"') && cell.ends_with('"') && cell.len() > 1 {
            let hint = "a spreadsheet put quotes around the cell: chancery lex fmt takes them off";
            out.push(line.error(cell, "quotes", "the cell stands in quotes".into(), hint));
        }
    }
}

fn codes(line: &Line, out: &mut Vec<Problem>) {
    let country = line.get(Col::Country);
    if !country.is_empty() && !COUNTRIES.contains(&country) {
        let message = format!("{country} is the code of no country or group");
        let hint =
            "ISO 3166-1 alpha-3 of today, XKX, or UNO EUR IGO NGO IMG MNC WST; Zaire is COD, the USSR RUS";
        out.push(line.error(country, "country", message, hint));
    }
    for sector in line.get(Col::Sector).split(';').map(str::trim).filter(|s| !s.is_empty()) {
        if !SECTORS.contains(&sector) {
            let message = format!("{sector} is the code of no sector");
            out.push(line.error(sector, "sector", message, &format!("sectors are: {}", SECTORS.join(" "))));
        }
    }
    let cameo = line.get(Col::Cameo);
    if !(cameo.len().is_multiple_of(3) && cameo.bytes().all(|b| b.is_ascii_uppercase())) {
        let message = format!("\"{cameo}\" is no CAMEO actor code");
        out.push(line.error(cameo, "cameo", message, "they are made of parts of three capitals: PSEHMS"));
    }
    let wikidata = line.get(Col::Wikidata);
    let number =
        wikidata.strip_prefix('Q').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    if !wikidata.is_empty() && !number {
        let message = format!("\"{wikidata}\" is no Wikidata id");
        out.push(line.error(wikidata, "wikidata", message, "they are Q and a number: Q183"));
    }
}

fn dates(line: &Line, today: NaiveDate, out: &mut Vec<Problem>) {
    let (from, to, review) = (line.get(Col::From), line.get(Col::To), line.get(Col::ReviewBy));
    if let (Some(first), Some(last)) = (day_of(from, false), day_of(to, true))
        && last < first
    {
        let message = format!("the term ends ({to}) before it begins ({from})");
        out.push(line.error(to, "inverted", message, "exchange the two, or mend the wrong one"));
    }
    let open = line.is_person() && to.is_empty() && !line.get(Col::Office).is_empty();
    if open && review.is_empty() {
        let message = "an open term that nobody will look at again".to_string();
        let hint = "give it a review_by: the day by which somebody must check that it still lasts";
        out.push(line.warning(line.get(Col::Office), "open", message, hint));
    }
    if let Some(by) = day_of(review, true).filter(|by| open && *by < today) {
        let message = format!("this open term was to be looked at by {by}");
        let hint = "still in office: move review_by on; otherwise fill in to. chancery lex due lists all";
        out.push(line.warning(review, "overdue", message, hint));
    }
    if let Some(first) = day_of(from, false).filter(|f| open && *f > today) {
        let message = format!("the term begins on {first}, which is yet to come");
        out.push(line.warning(from, "future", message, "if it is meant so, let it stand until then"));
    }
}
