//! Actor tables become entries: every cell checked, layers laid over one another.

use chrono::NaiveDate;
use xxhash_rust::xxh3::xxh3_64;

use super::actors::{Actors, NameOf, Row as Stored, Sort, Term, is_person, office_key};
use super::fold::{FixedMap, hash_folded};
use super::matcher::Matcher;
use super::notes::{Notes, names};
use super::problem::Problem;
use super::strings::{Interner, Str, Strings};
use super::table::{Col, Row, Table, day_of};
use crate::model::{Kind, Via};

/// Collects rows of all files, then compiles them.
#[derive(Default)]
pub struct Builder {
    /// In order of their first rows.
    entries: Vec<Draft>,
    /// Hash of the id -> place in `entries`.
    index: FixedMap<u64, u32>,
    strings: Strings,
    interner: Interner,
    files: Vec<std::sync::Arc<str>>,
    /// All names, end to end.
    pool: String,
}

/// An entry being put together.
struct Draft {
    /// The layer that wrote it.
    layer: usize,
    off: bool,
    /// Cells of names read last: people with many offices repeat them in every row.
    cells: [u64; 5],
    id: Str,
    name: Str,
    sort: Sort,
    kind: Kind,
    terms: Vec<Term>,
    names: Vec<Written>,
}

/// A name as a cell gives it: a stretch of `Builder::pool`.
struct Written {
    start: u32,
    end: u32,
    via: Via,
    full: bool,
    notes: Option<Box<Notes>>,
}

const KINDS: &str = "country government leader person igo ngo company media armed_group party region place agent \
                     other, or off to switch an id off";

impl Builder {
    /// Reads one `actors/*.tsv` of a layer.
    pub fn add(&mut self, layer: usize, file: &str, text: &str, problems: &mut Vec<Problem>) {
        let Some(table) = Table::open(file, text, problems) else { return };
        self.files.push(file.into());
        for row in table.rows() {
            let before = problems.len();
            let checked = check(&row, problems);
            if let (Some((sort, kind)), true) = (checked, problems.len() == before) {
                self.row(layer, &row, sort, kind, problems);
            } else if row.get(Col::Kind) == "off" && problems.len() == before {
                self.switch_off(layer, row.get(Col::Id));
            }
        }
    }

    /// The place of an id, or the key under which it can be put.
    fn place(&self, id: &str) -> Result<usize, u64> {
        let mut key = xxh3_64(id.as_bytes());
        loop {
            match self.index.get(&key) {
                Some(&at) if self.strings.get(self.entries[at as usize].id) == id => return Ok(at as usize),
                Some(_) => key = key.wrapping_add(1),
                None => return Err(key),
            }
        }
    }

    fn switch_off(&mut self, layer: usize, id: &str) {
        if let Ok(at) = self.place(id) {
            self.entries[at].off = true;
            self.entries[at].layer = layer;
        }
    }

    fn row(&mut self, layer: usize, row: &Row, sort: Sort, kind: Kind, problems: &mut Vec<Problem>) {
        let id = row.get(Col::Id);
        let term = self.term(row, kind, problems);
        let place = self.place(id);
        let draft = |id| Draft {
            layer,
            off: false,
            cells: [0; 5],
            id,
            name: term.name,
            sort,
            kind,
            terms: Vec::with_capacity(1),
            names: Vec::with_capacity(1),
        };
        let at = match place {
            Ok(at) => {
                let known = &mut self.entries[at];
                // A later layer replaces the whole entry; rows of one layer are terms of one entry.
                if known.layer != layer || known.off {
                    *known = draft(known.id);
                }
                at
            }
            Err(key) => {
                self.index.insert(key, self.entries.len() as u32);
                let id = self.strings.push(id);
                self.entries.push(draft(id));
                self.entries.len() - 1
            }
        };
        let draft = &mut self.entries[at];
        draft.terms.push(term);
        draft.read_names(row, &mut self.pool, problems);
    }

    fn term(&mut self, row: &Row, kind: Kind, problems: &mut Vec<Problem>) -> Term {
        let mut day = |col, last| date(row, col, last, problems);
        let (from, to, review_by) = (day(Col::From, false), day(Col::To, true), day(Col::ReviewBy, true));
        let mut text = |t: &str| self.interner.intern(&mut self.strings, t);
        let (country, sectors) = (text(row.get(Col::Country)), text(row.get(Col::Sector)));
        let (office, cameo) = (text(row.get(Col::Office)), text(row.get(Col::Cameo)));
        let wikidata = text(row.get(Col::Wikidata));
        let name = Notes::split(row.get(Col::Name)).map_or("", |n| n.0);
        let several = !row.get(Col::Office).is_empty();
        // Only people have several rows, which share their name.
        let name = if several { text(name) } else { self.strings.push(name) };
        let (file, line) = (self.files.len() as u16 - 1, row.place.line as u32);
        Term { name, country, sectors, office, cameo, wikidata, kind, from, to, review_by, file, line }
    }

    /// Compiles what was read.
    pub fn finish(self) -> Actors {
        let mut out = Actors { files: self.files, strings: self.strings, ..Actors::default() };
        let pool = self.pool;
        let total = self.entries.iter().map(|d| d.names.len()).sum();
        out.matcher = Matcher::with_room(total);
        out.names.reserve(total);
        out.rows.reserve(self.entries.len());
        for draft in self.entries.into_iter().filter(|d| !d.off) {
            let entry = out.rows.len() as u32;
            for Written { start, end, via, full, notes } in draft.names {
                let text = &pool[start as usize..end as usize];
                let exact = notes.as_ref().is_some_and(|n| n.exact);
                let notes = notes.filter(|n| !n.is_plain());
                if out.matcher.add_name(text, exact, out.names.len() as u32) {
                    let notes = notes.map_or(0, |n| {
                        out.notes.push(*n);
                        out.notes.len() as u32
                    });
                    out.names.push(NameOf { entry, via, full, notes });
                }
            }
            if is_person(draft.kind) {
                for term in draft.terms.iter().filter(|t| t.office != Str(0) && t.country != Str(0)) {
                    let key = office_key(out.strings.get(term.country), out.strings.get(term.office));
                    out.offices.push((key, entry));
                }
            }
            let first = out.terms.len() as u32;
            out.terms.extend(draft.terms);
            let terms = (first, out.terms.len() as u32);
            let Draft { id, name, sort, kind, .. } = draft;
            out.rows.push(Stored { id, name, sort, kind, terms });
        }
        out.matcher.seal();
        out.offices.sort_unstable();
        out.offices.dedup();
        out.seal();
        out
    }
}

impl Draft {
    fn read_names(&mut self, row: &Row, pool: &mut String, problems: &mut Vec<Problem>) {
        let columns = [
            (Col::Name, Via::Name),
            (Col::Aliases, Via::Alias),
            (Col::Demonyms, Via::Demonym),
            (Col::Capitals, Via::Capital),
            (Col::Metonyms, Via::Metonym),
        ];
        for (i, (col, via)) in columns.into_iter().enumerate() {
            let cell = row.get(col);
            let hash = hash_folded(cell);
            if cell.is_empty() || self.cells[i] == hash {
                continue;
            }
            self.cells[i] = hash;
            // The name is one name, even with a semicolon inside.
            let list: Vec<&str> = if col == Col::Name { vec![cell] } else { names(cell).collect() };
            for written in list {
                match Notes::split(written) {
                    Ok((text, notes)) => {
                        if !self.names.iter().any(|n| &pool[n.start as usize..n.end as usize] == text) {
                            let via =
                                if is_acronym(text) && via != Via::Demonym { Via::Acronym } else { via };
                            let start = pool.len() as u32;
                            pool.push_str(text);
                            let (end, full) = (pool.len() as u32, col == Col::Name);
                            self.names.push(Written { start, end, via, full, notes });
                        }
                    }
                    Err((part, why)) => {
                        let hint = "notes: [case] [needs: a, b] [not: a, b] [not-first-name] [not-surname]";
                        problems.push(row.problem(part, "note", why, hint));
                    }
                }
            }
        }
    }
}

/// Two to six capitals: `EU`, `NATO`, `U.N.`.
fn is_acronym(text: &str) -> bool {
    let letters = text.bytes().filter(|b| *b != b'.').count();
    (2..=6).contains(&letters)
        && text.bytes().all(|b| b.is_ascii_uppercase() || b == b'.' || b.is_ascii_digit())
}

/// Checks the closed cells of a row; gives its sort and kind when it is one to keep.
fn check(row: &Row, problems: &mut Vec<Problem>) -> Option<(Sort, Kind)> {
    let mut fault =
        |part: &str, code, message: String, hint: &str| problems.push(row.problem(part, code, message, hint));
    if row.is_too_wide() {
        fault("", "cells", "the row has more cells than the header".into(), "look for a stray tab");
    }
    let id = row.get(Col::Id);
    let id_fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if id.is_empty() || !id.bytes().all(id_fits) {
        fault(id, "id", format!("\"{id}\" is no id"), "ids are lower case: a-z, 0-9 and -");
    }
    let country = row.get(Col::Country);
    let is_code = country.len() == 3 && country.bytes().all(|b| b.is_ascii_uppercase());
    if !country.is_empty() && !is_code {
        let hint = "ISO 3166-1 alpha-3, XKX, or UNO EUR IGO NGO IMG MNC WST; empty for none";
        fault(country, "country", format!("\"{country}\" is no country code"), hint);
    }
    for sector in row.get(Col::Sector).split(';').map(str::trim).filter(|s| !s.is_empty()) {
        if !(sector.len() == 3 && sector.bytes().all(|b| b.is_ascii_uppercase())) {
            let hint = "PLOVER sectors have three capitals, separated by ;";
            fault(sector, "sector", format!("\"{sector}\" is no sector"), hint);
        }
    }
    let kind = row.get(Col::Kind);
    if kind != "off" && row.get(Col::Name).is_empty() {
        fault("", "name", "the row has no name".into(), "give it the full usual English name");
    }
    match kind {
        "off" => None,
        "place" => Some((Sort::Place, Kind::Region)),
        "agent" => Some((Sort::Agent, agent_kind(row.get(Col::Sector)))),
        _ => {
            let found = Kind::parse(kind).map(|k| (Sort::Actor, k));
            if found.is_none() {
                fault(kind, "kind", format!("unknown kind \"{kind}\""), &format!("kinds are: {KINDS}"));
            }
            found
        }
    }
}

/// What sort of body an agent noun of these sectors stands for.
fn agent_kind(sectors: &str) -> Kind {
    match sectors.split(';').next().unwrap_or("").trim() {
        "GOV" | "MIL" | "LEG" | "JUD" | "COP" | "SPY" => Kind::Government,
        "REB" | "UAF" | "PRM" => Kind::ArmedGroup,
        "PTY" => Kind::Party,
        "MED" | "JRN" => Kind::Media,
        "BUS" => Kind::Company,
        "NGO" => Kind::Ngo,
        "IGO" => Kind::Igo,
        _ => Kind::Other,
    }
}

/// The first or last day that a cell tells.
fn date(row: &Row, col: Col, last: bool, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
    let text = row.get(col);
    if text.is_empty() {
        return None;
    }
    let found = day_of(text, last);
    if found.is_none() {
        let hint = "write YYYY, YYYY-MM or YYYY-MM-DD";
        problems.push(row.problem(text, "date", format!("\"{text}\" is no date"), hint));
    }
    found
}
