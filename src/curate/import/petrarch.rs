//! Actor dictionaries of TABARI and PETRARCH:
//!
//! ```text
//! JOHN_DOE_            ; a comment
//! +JOHNNY_DOE_
//!     [USAGOV 010120-050119]
//!     [USAELI >050120]
//! ```

use super::Imported;
use crate::curate::cells::{Cells, id_of};
use crate::curate::lint::{is_country, is_sector};
use crate::lexicon::Problem;
use crate::lexicon::table::{Col, day_of};

/// Codes of theirs that are written otherwise here.
const COUNTRIES: &[(&str, &str)] = &[
    ("ROM", "ROU"),
    ("TMP", "TLS"),
    ("ZAR", "COD"),
    ("KOS", "XKX"),
    ("YUG", "SRB"),
    ("SUN", "RUS"),
    ("WSB", "PSE"),
];

/// Roles of theirs, and the sector each is here.
const ROLES: &[(&str, &str)] = &[
    ("EDU", "EDU"),
    ("ENV", "GOV"),
    ("HLH", "MED"),
    ("MOD", "CVL"),
    ("RAD", "REB"),
    ("INS", "REB"),
    ("SEP", "REB"),
    ("SET", "CVL"),
    ("DEV", "GOV"),
    ("HRI", "CVL"),
    ("MNC", "BUS"),
    ("AMN", "CVL"),
];

/// An entry being read: its names, its codes with their lines.
#[derive(Default)]
struct Entry {
    line: usize,
    names: Vec<String>,
    codes: Vec<(usize, String)>,
}

/// Reads them all.
pub fn read(file: &str, text: &str) -> Imported {
    let mut out = Imported::default();
    let mut entry: Option<Entry> = None;
    for (n, raw) in text.lines().enumerate() {
        // Comments begin with # or ;, the latter behind an entry too.
        let line = raw.split(';').next().unwrap_or("").trim_end();
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            continue;
        }
        let mut fault = |message: &str, hint: &str| {
            out.problems.push(Problem::at_line(file, text, n + 1, "entry", message.to_string(), hint));
        };
        if let Some(synonym) = bare.strip_prefix('+') {
            match entry.as_mut() {
                Some(e) => e.names.push(name_of(synonym)),
                None => fault("a synonym without an entry above it", "an entry begins at the margin"),
            }
        } else if bare.starts_with('[') {
            match entry.as_mut() {
                Some(e) => e.codes.push((n + 1, bare.to_string())),
                None => fault("a code without an entry above it", "an entry begins at the margin"),
            }
        } else {
            take(file, text, entry.take(), &mut out);
            let (name, code) = bare.split_once('[').unwrap_or((bare, ""));
            let codes = if code.is_empty() { Vec::new() } else { vec![(n + 1, format!("[{code}"))] };
            entry = Some(Entry { line: n + 1, names: vec![name_of(name)], codes });
        }
    }
    take(file, text, entry, &mut out);
    out
}

/// `JOHN_DOE_` is John Doe. Small words inside stay small; short words without vowels stay capitals.
fn name_of(text: &str) -> String {
    let word = |w: &str| -> String {
        let lower = w.to_lowercase();
        if ["of", "the", "and", "de", "al", "el", "for", "bin", "von", "van"].contains(&lower.as_str()) {
            return lower;
        }
        if w.len() <= 5 && !w.contains(['A', 'E', 'I', 'O', 'U', 'Y']) {
            return w.to_string();
        }
        let mut chars = lower.chars();
        chars.next().map_or(String::new(), |c| c.to_uppercase().collect::<String>() + chars.as_str())
    };
    let words: Vec<&str> = text.split(['_', ' ']).filter(|w| !w.is_empty()).collect();
    let said = words.iter().map(|w| word(w)).collect::<Vec<_>>().join(" ");
    let mut chars = said.chars();
    chars.next().map_or(String::new(), |c| c.to_uppercase().collect::<String>() + chars.as_str())
}

/// Turns an entry into rows, one a code.
fn take(file: &str, text: &str, entry: Option<Entry>, out: &mut Imported) {
    let Some(entry) = entry else { return };
    let id = id_of(&entry.names[0]);
    let before = out.rows.len();
    if id.is_empty() {
        let message = "the entry has no name".to_string();
        out.problems.push(Problem::at_line(
            file,
            text,
            entry.line,
            "entry",
            message,
            "write it in Latin capitals",
        ));
        out.left += 1;
        return;
    }
    if entry.codes.is_empty() {
        let hint = "write it behind the name or indented below: [USAGOV]";
        out.problems.push(Problem::at_line(
            file,
            text,
            entry.line,
            "code",
            "the entry has no code".into(),
            hint,
        ));
    }
    for (line, code) in &entry.codes {
        match row(code) {
            Ok(Some(mut row)) => {
                row.set(Col::Id, &id);
                row.set(Col::Name, &entry.names[0]);
                entry.names[1..].iter().for_each(|n| row.add_name(Col::Aliases, n));
                out.rows.push(row);
            }
            // Former officials are so by the end of their terms.
            Ok(None) => {}
            Err((why, hint)) => out.problems.push(Problem::at_line(file, text, *line, "code", why, hint)),
        }
    }
    let gave = out.rows.len() > before;
    out.taken += usize::from(gave);
    out.left += usize::from(!gave);
}

/// The row of `[AFGGOVMIL 870930-871130]`; none for one that only says that somebody is no longer in office.
fn row(code: &str) -> Result<Option<Cells>, (String, &'static str)> {
    let inner = code.strip_prefix('[').and_then(|c| c.split(']').next().filter(|_| c.contains(']')));
    let inner = inner.ok_or((format!("{code} is not closed"), "a code stands in square brackets"))?;
    let (codes, dates) = inner.trim().split_once(' ').unwrap_or((inner.trim(), ""));
    let parts: Vec<&str> = codes.as_bytes().chunks(3).filter_map(|c| std::str::from_utf8(c).ok()).collect();
    let capitals = |p: &&str| p.len() == 3 && p.bytes().all(|b| b.is_ascii_uppercase());
    if parts.is_empty() || !parts.iter().all(capitals) {
        return Err((format!("\"{codes}\" is no actor code"), "codes are made of parts of three capitals"));
    }
    let mut row = Cells::default();
    let known = COUNTRIES.iter().find(|c| c.0 == parts[0]).map_or(parts[0], |c| c.1);
    let mut rest = &parts[..];
    if is_country(known) {
        row.set(Col::Country, known);
        rest = &parts[1..];
    }
    let mut sectors: Vec<&str> = Vec::new();
    for part in rest {
        let sector = ROLES.iter().find(|r| r.0 == *part).map_or(*part, |r| r.1);
        if is_sector(sector) && !sectors.contains(&sector) {
            sectors.push(sector);
        }
    }
    if sectors.first() == Some(&"ELI") && !dates.is_empty() {
        return Ok(None);
    }
    row.set(Col::Sector, &sectors.join(";"));
    row.set(Col::Cameo, codes);
    row.set(Col::Kind, kind(&sectors, !dates.is_empty(), row.get(Col::Country)));
    term(&mut row, dates.trim())?;
    Ok(Some(row))
}

/// What sort of body a code of these sectors is; only people have dates.
fn kind(sectors: &[&str], dated: bool, country: &str) -> &'static str {
    match sectors.first() {
        _ if dated => "person",
        None if country.is_empty() => "other",
        None => "country",
        Some(&("GOV" | "MIL" | "LEG" | "JUD" | "COP" | "SPY")) => "government",
        Some(&("REB" | "UAF" | "PRM")) => "armed_group",
        Some(&("PTY" | "OPP")) => "party",
        Some(&("BUS" | "AGR")) => "company",
        Some(&"JRN") => "media",
        Some(&("NGO" | "CVL" | "REL" | "LAB")) => "ngo",
        Some(_) => "other",
    }
}

/// `870930-871130`, `>101001`, `<850000`.
fn term(row: &mut Cells, dates: &str) -> Result<(), (String, &'static str)> {
    let hint = "dates are YYMMDD or YYYYMMDD: >101001, <850101, 870930-871130";
    let mut set = |col: Col, text: &str| -> Result<(), (String, &'static str)> {
        let day = day(text).ok_or_else(|| (format!("\"{text}\" is no date"), hint))?;
        row.set(col, &day);
        Ok(())
    };
    if dates.is_empty() {
        return Ok(());
    }
    if let Some(from) = dates.strip_prefix('>') {
        return set(Col::From, from);
    }
    if let Some(to) = dates.strip_prefix('<') {
        return set(Col::To, to);
    }
    match dates.split_once('-') {
        Some((from, to)) => set(Col::From, from).and_then(|()| set(Col::To, to)),
        None => Err((format!("\"{dates}\" is no stretch of time"), hint)),
    }
}

/// A day; months and days of 00 are left open. Years of two digits from 40 are of the last century.
fn day(text: &str) -> Option<String> {
    let text = text.trim();
    let (year, rest) = match text.len() {
        8 => (text.get(..4)?.to_string(), text.get(4..)?),
        6 => {
            let short: u32 = text.get(..2)?.parse().ok()?;
            (format!("{}{short:02}", if short >= 40 { 19 } else { 20 }), text.get(2..)?)
        }
        _ => return None,
    };
    let (month, day) = rest.split_at(2);
    let out = match (month, day) {
        ("00", _) => year,
        (m, "00") => format!("{year}-{m}"),
        (m, d) => format!("{year}-{m}-{d}"),
    };
    day_of(&out, false).map(|_| out)
}
