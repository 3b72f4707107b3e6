//! Actor tables become entries: every cell checked, layers laid over one another.

use std::collections::HashSet;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use super::actors::{Actors, Entry, NameOf, Sort, Term, office_key};
use super::fold::{Fixed, FixedMap, hash_folded};
use super::matcher::Matcher;
use super::notes::{Notes, names};
use super::problem::Problem;
use super::table::{Col, Row, Table};
use crate::model::{Actor, Kind, Via};

/// Collects rows of all files, then compiles them.
#[derive(Default)]
pub struct Builder {
    /// By id: the layer that wrote it, and its rows.
    entries: Vec<Draft>,
    index: FixedMap<Arc<str>, usize>,
    words: HashSet<Arc<str>, BuildHasherDefault<Fixed>>,
    files: Vec<Arc<str>>,
    /// All names, end to end.
    pool: String,
}

struct Draft {
    layer: usize,
    off: bool,
    /// Cells of names read last: people with many offices repeat them in every row.
    cells: [u64; 5],
    entry: Entry,
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
    /// One copy of each short string, however often it is written.
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(found) = self.words.get(text) {
            return found.clone();
        }
        let fresh: Arc<str> = text.into();
        self.words.insert(fresh.clone());
        fresh
    }

    fn some(&mut self, text: &str) -> Option<Arc<str>> {
        (!text.is_empty()).then(|| self.shared(text))
    }

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

    fn switch_off(&mut self, layer: usize, id: &str) {
        if let Some(&at) = self.index.get(id) {
            self.entries[at].off = true;
            self.entries[at].layer = layer;
        }
    }

    fn row(&mut self, layer: usize, row: &Row, sort: Sort, kind: Kind, problems: &mut Vec<Problem>) {
        let term = self.term(row, kind, problems);
        let id = row.get(Col::Id);
        let at = match self.index.get(id) {
            Some(&at) => {
                let draft = &mut self.entries[at];
                // A later layer replaces the whole entry; rows of one layer are terms of one entry.
                if draft.layer != layer || draft.off {
                    *draft = fresh(layer, &term, sort, kind);
                }
                at
            }
            None => {
                let fresh = fresh(layer, &term, sort, kind);
                self.index.insert(fresh.entry.id.clone(), self.entries.len());
                self.entries.push(fresh);
                self.entries.len() - 1
            }
        };
        let draft = &mut self.entries[at];
        draft.entry.terms.push(term);
        draft.read_names(row, &mut self.pool, problems);
    }

    fn term(&mut self, row: &Row, kind: Kind, problems: &mut Vec<Problem>) -> Term {
        let cell = row.get(Col::Sector);
        let mut sectors = Vec::with_capacity(usize::from(!cell.is_empty()));
        sectors.extend(cell.split(';').map(str::trim).filter(|s| !s.is_empty()).map(|s| self.shared(s)));
        let office = self.some(row.get(Col::Office));
        let holder = Actor {
            id: Some(self.shared(row.get(Col::Id))),
            name: Some(self.shared(Notes::split(row.get(Col::Name)).map_or("", |n| n.0))),
            kind,
            country: self.some(row.get(Col::Country)),
            sectors,
            cameo: self.some(row.get(Col::Cameo)),
            office: office.clone(),
            wikidata: self.some(row.get(Col::Wikidata)),
        };
        let (holder, to) = (Arc::new(holder), row.get(Col::To));
        let person = matches!(kind, Kind::Leader | Kind::Person);
        let former = if person && !to.is_empty() { self.former(&holder) } else { holder.clone() };
        let mut day = |col, last| date(row, col, last, problems);
        Term {
            office,
            from: day(Col::From, false),
            to: day(Col::To, true),
            review_by: day(Col::ReviewBy, true),
            file: self.files.len() as u16 - 1,
            line: row.line as u32,
            holder,
            former,
        }
    }

    /// Who somebody is when the term is over.
    fn former(&mut self, holder: &Actor) -> Arc<Actor> {
        let office = holder.office.as_ref().map(|o| {
            let old = o.len() > 7 && o.as_bytes()[..7].eq_ignore_ascii_case(b"former ");
            if old { o.clone() } else { self.shared(&format!("former {o}")) }
        });
        let sectors = vec![self.shared("ELI")];
        Arc::new(Actor { sectors, office, ..stripped(holder) })
    }

    /// Compiles what was read.
    pub fn finish(self) -> Actors {
        let mut out = Actors { files: self.files, ..Actors::default() };
        let pool = self.pool;
        let total = self.entries.iter().map(|d| d.names.len()).sum();
        out.matcher = Matcher::with_room(total);
        out.names.reserve(total);
        for draft in self.entries.into_iter().filter(|d| !d.off) {
            let entry = out.entries.len() as u32;
            for Written { start, end, via, full, notes } in draft.names {
                let text = &pool[start as usize..end as usize];
                let exact = notes.as_ref().is_some_and(|n| n.exact);
                let notes = notes.filter(|n| !n.is_plain());
                if out.matcher.add_name(text, exact, out.names.len() as u32) {
                    out.names.push(NameOf { entry, via, full, notes });
                }
            }
            if draft.entry.is_person() {
                for term in &draft.entry.terms {
                    if let (Some(office), Some(country)) = (&term.office, &term.holder.country) {
                        out.offices.push((office_key(country, office), entry));
                    }
                }
            }
            out.entries.push(draft.entry);
        }
        out.matcher.seal();
        out.offices.sort_unstable();
        out.offices.dedup();
        out
    }
}

/// An entry with nothing but what its first term says of it.
fn fresh(layer: usize, term: &Term, sort: Sort, kind: Kind) -> Draft {
    let holder = &term.holder;
    let person = matches!(kind, Kind::Leader | Kind::Person);
    let before = if person { bare(holder) } else { holder.clone() };
    let (id, name) = (holder.id.clone().unwrap_or_default(), holder.name.clone().unwrap_or_default());
    let entry = Entry { id, name, sort, kind, terms: Vec::with_capacity(1), before };
    Draft { layer, off: false, cells: [0; 5], entry, names: Vec::new() }
}

/// Who somebody was before the lexicon knows anything of them.
fn bare(holder: &Actor) -> Arc<Actor> {
    Arc::new(stripped(holder))
}

/// The actor without office, sectors and code.
fn stripped(holder: &Actor) -> Actor {
    Actor {
        id: holder.id.clone(),
        name: holder.name.clone(),
        kind: if holder.kind == Kind::Leader { Kind::Person } else { holder.kind },
        country: holder.country.clone(),
        sectors: Vec::new(),
        cameo: None,
        office: None,
        wikidata: holder.wikidata.clone(),
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

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`: the first or last day of it.
fn date(row: &Row, col: Col, last: bool, problems: &mut Vec<Problem>) -> Option<NaiveDate> {
    let text = row.get(col);
    if text.is_empty() {
        return None;
    }
    let mut parts = text.splitn(3, '-').map(str::parse::<u32>);
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let found = (|| {
        let year = i32::try_from(year?.ok()?).ok()?;
        match (month, day) {
            (Some(m), Some(d)) => NaiveDate::from_ymd_opt(year, m.ok()?, d.ok()?),
            (Some(m), None) => {
                let first = NaiveDate::from_ymd_opt(year, m.ok()?, 1)?;
                if last { first.checked_add_months(chrono::Months::new(1))?.pred_opt() } else { Some(first) }
            }
            (None, _) if last => NaiveDate::from_ymd_opt(year, 12, 31),
            (None, _) => NaiveDate::from_ymd_opt(year, 1, 1),
        }
    })()
    .filter(|d| (1500..2200).contains(&d.year()));
    if found.is_none() {
        let hint = "write YYYY, YYYY-MM or YYYY-MM-DD";
        problems.push(row.problem(text, "date", format!("\"{text}\" is no date"), hint));
    }
    found
}
