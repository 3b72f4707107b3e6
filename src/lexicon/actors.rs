//! Who acts: entries with their names and terms of office, compiled for matching.

use std::sync::{Arc, OnceLock};

use chrono::NaiveDate;

use super::fold::hash_folded;
use super::matcher::Matcher;
use super::notes::Notes;
use super::strings::{Str, Strings};
use crate::model::{Actor, Kind, Via};

/// What an entry is to matching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// It acts by itself.
    Actor,
    /// A city, province or region: it tells where.
    Place,
    /// A noun that acts for whoever stands before it.
    Agent,
}

/// A stretch of time in which an entry was something. `Actors::text` tells its strings.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// The name in this row.
    pub name: Str,
    /// Its country.
    pub country: Str,
    /// Sectors joined by `;`, as written.
    pub sectors: Str,
    /// Office held.
    pub office: Str,
    /// CAMEO actor code.
    pub cameo: Str,
    /// Wikidata id.
    pub wikidata: Str,
    /// Sort of body.
    pub kind: Kind,
    /// First day; `None` when it always was.
    pub from: Option<NaiveDate>,
    /// Last day; `None` while it lasts.
    pub to: Option<NaiveDate>,
    /// Day by which somebody must look again.
    pub review_by: Option<NaiveDate>,
    /// Which file of `Actors::files` says so, and on which line.
    pub file: u16,
    /// 1-based.
    pub line: u32,
}

impl Term {
    /// Whether the day lies in it.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

/// One actor, place or agent noun, as it is stored.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub id: Str,
    pub name: Str,
    pub sort: Sort,
    /// Kind of the first row.
    pub kind: Kind,
    /// Its terms in `Actors::terms`, at least one, in file order.
    pub terms: (u32, u32),
}

/// One actor, place or agent noun.
#[derive(Clone, Copy)]
pub struct Entry<'l> {
    actors: &'l Actors,
    row: &'l Row,
}

impl<'l> Entry<'l> {
    /// Its id.
    pub fn id(&self) -> &'l str {
        self.actors.text(self.row.id)
    }

    /// Its usual name.
    pub fn name(&self) -> &'l str {
        self.actors.text(self.row.name)
    }

    /// What it is to matching.
    pub fn sort(&self) -> Sort {
        self.row.sort
    }

    /// Kind of its first row.
    pub fn kind(&self) -> Kind {
        self.row.kind
    }

    /// At least one, in file order.
    pub fn terms(&self) -> &'l [Term] {
        &self.actors.terms[self.row.terms.0 as usize..self.row.terms.1 as usize]
    }

    /// Country of the first row.
    pub fn country(&self) -> Option<&'l str> {
        Some(self.actors.text(self.terms()[0].country)).filter(|c| !c.is_empty())
    }

    /// Whether it is a human being.
    pub fn is_person(&self) -> bool {
        is_person(self.row.kind)
    }

    /// Whether it holds an office, or exists, on the day.
    pub fn is_active(&self, day: NaiveDate) -> bool {
        self.terms().iter().any(|t| t.holds(day))
    }

    /// Whether any of its terms began by the day.
    pub fn has_begun(&self, day: NaiveDate) -> bool {
        self.terms().iter().any(|t| t.from.is_none_or(|f| f <= day))
    }
}

pub(super) fn is_person(kind: Kind) -> bool {
    matches!(kind, Kind::Leader | Kind::Person)
}

/// A name as the lexicon gives it.
#[derive(Clone, Copy, Debug)]
pub struct NameOf {
    /// Index of the entry.
    pub entry: u32,
    /// By what kind of expression it names.
    pub via: Via,
    /// Whether it is the full name of the `name` column.
    pub full: bool,
    /// One more than its place in `Actors::notes`; 0 for none.
    pub(super) notes: u32,
}

/// All actors with their names.
///
/// Everything is in flat arrays: what is read every time is small, and an `Actor` is made when somebody is named.
#[derive(Clone, Debug, Default)]
pub struct Actors {
    /// The tables they were read from.
    pub files: Vec<Arc<str>>,
    /// In order of the files.
    pub(super) rows: Vec<Row>,
    pub(super) terms: Vec<Term>,
    pub(super) strings: Strings,
    pub(super) names: Vec<NameOf>,
    pub(super) notes: Vec<Notes>,
    pub(super) matcher: Matcher,
    /// (key of country and office, entry that ever held it), sorted.
    pub(super) offices: Vec<(u64, u32)>,
    /// Actors made so far: holder and former of each term, then each entry before its first one.
    pub(super) made: Vec<OnceLock<Arc<Actor>>>,
}

/// How an office of a country is looked up: British spelling, small letters.
pub(super) fn office_key(country: &str, office: &str) -> u64 {
    let office = match office.contains("Defense") || office.contains("defense") {
        true => hash_folded(&office.replace("efense", "efence")),
        false => hash_folded(office),
    };
    hash_folded(country).rotate_left(17) ^ office
}

impl Actors {
    /// Makes room for the actors; call once when all rows are in.
    pub(super) fn seal(&mut self) {
        self.made = (0..self.terms.len() * 2 + self.rows.len()).map(|_| OnceLock::new()).collect();
    }

    /// The text of a string.
    pub fn text(&self, s: Str) -> &str {
        self.strings.get(s)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All entries, in order of the files.
    pub fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        self.rows.iter().map(|row| Entry { actors: self, row })
    }

    /// The actor that an entry is on a day.
    ///
    /// In a term: its holder (a head of state or government before a minister, an office held before one only acted
    /// in, the later term before the earlier).
    /// After the last one, or between two: a former official, whose country stays. Before the first: the bare
    /// person without office; a sector stays only when it is a calling and no post, for a general was a soldier
    /// before, but nothing says what a minister was. Whatever is no person keeps what the nearest term says: an army
    /// that was dissolved was still an army.
    pub fn as_of(&self, index: u32, day: NaiveDate) -> &Arc<Actor> {
        let row = &self.rows[index as usize];
        let range = row.terms.0..row.terms.1;
        let term = |t: &u32| &self.terms[*t as usize];
        let acts = |t: &u32| self.text(term(t).office).starts_with("Acting ");
        let rank = |t: &u32| (term(t).kind == Kind::Leader, !acts(t), term(t).from);
        if let Some(now) = range.clone().filter(|t| term(t).holds(day)).max_by_key(rank) {
            return self.holder_of(now);
        }
        let over = |t: &u32| term(t).to.is_some_and(|to| to < day);
        match range.clone().filter(over).max_by_key(|t| term(t).to) {
            Some(last) if is_person(row.kind) => self.former_of(last),
            Some(last) => self.holder_of(last),
            None if is_person(row.kind) => self.before(index),
            None => self.holder_of(range.start),
        }
    }

    fn holder_of(&self, term: u32) -> &Arc<Actor> {
        self.made[term as usize * 2].get_or_init(|| Arc::new(self.actor(term)))
    }

    /// Who somebody is when the term is over.
    fn former_of(&self, term: u32) -> &Arc<Actor> {
        self.made[term as usize * 2 + 1].get_or_init(|| {
            let holder = self.actor(term);
            let office = holder.office.as_deref().map(|o| {
                let old = o.len() > 7 && o.as_bytes()[..7].eq_ignore_ascii_case(b"former ");
                if old { o.into() } else { format!("former {o}").into() }
            });
            Arc::new(Actor { sectors: vec!["ELI".into()], office, ..stripped(holder) })
        })
    }

    /// Who somebody was before the lexicon knows anything of them.
    fn before(&self, index: u32) -> &Arc<Actor> {
        let first = self.rows[index as usize].terms.0;
        self.made[self.terms.len() * 2 + index as usize].get_or_init(|| {
            let holder = self.actor(first);
            let posts = holder.sectors.iter().any(|s| POSTS.contains(&&**s));
            let sectors = if posts { Vec::new() } else { holder.sectors.clone() };
            Arc::new(Actor { sectors, ..stripped(holder) })
        })
    }

    /// The actor as a row says.
    fn actor(&self, term: u32) -> Actor {
        let t = &self.terms[term as usize];
        let some = |s: Str| Some(self.text(s)).filter(|x| !x.is_empty()).map(Arc::from);
        let at = self.rows.partition_point(|r| r.terms.1 <= term);
        let sectors = self.text(t.sectors).split(';').map(str::trim).filter(|s| !s.is_empty());
        Actor {
            id: some(self.rows[at].id),
            name: some(t.name),
            kind: t.kind,
            country: some(t.country),
            sectors: sectors.map(Arc::from).collect(),
            cameo: some(t.cameo),
            office: some(t.office),
            wikidata: some(t.wikidata),
        }
    }

    /// All names; a match's payload is the index.
    pub fn names(&self) -> &[NameOf] {
        &self.names
    }

    /// The conditions of a name.
    pub fn notes(&self, name: &NameOf) -> Option<&Notes> {
        (name.notes as usize).checked_sub(1).map(|i| &self.notes[i])
    }

    /// The names of an entry, folded.
    pub fn names_of(&self, entry: u32) -> Vec<(String, &NameOf)> {
        let mut out: Vec<(u32, String)> = Vec::new();
        for (payload, text) in self.matcher.texts() {
            if self.names[payload as usize].entry == entry {
                out.push((payload, text));
            }
        }
        out.sort();
        out.into_iter().map(|(p, text)| (text, &self.names[p as usize])).collect()
    }

    /// The entry behind a name.
    pub fn entry(&self, index: u32) -> Entry<'_> {
        Entry { actors: self, row: &self.rows[index as usize] }
    }

    /// The compiled names.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Whoever alone holds an office of a country on the day.
    pub fn holder(&self, country: &str, office: &str, day: NaiveDate) -> Option<u32> {
        let key = office_key(country, office);
        let from = self.offices.partition_point(|o| o.0 < key);
        let held = self.offices[from..].iter().take_while(|o| o.0 == key).map(|o| o.1);
        let holds = |t: &Term| t.holds(day) && office_key(country, self.text(t.office)) == key;
        let mut now = held.filter(|e| self.entry(*e).terms().iter().any(holds));
        let first = now.next()?;
        now.next().is_none().then_some(first)
    }

    /// The entry with this id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.rows.iter().position(|e| self.text(e.id) == id).map(|i| i as u32)
    }
}

/// Sectors that somebody has by a post alone.
const POSTS: [&str; 6] = ["GOV", "LEG", "OPP", "PTY", "SPY", "ELI"];

/// The actor without office, sectors and code.
fn stripped(holder: Actor) -> Actor {
    let kind = if holder.kind == Kind::Leader { Kind::Person } else { holder.kind };
    Actor { kind, sectors: Vec::new(), cameo: None, office: None, ..holder }
}
