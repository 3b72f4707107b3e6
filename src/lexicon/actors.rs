//! Who acts: entries with their names and terms of office, compiled for matching.

use std::sync::Arc;

use chrono::NaiveDate;

use super::fold::hash_folded;
use super::matcher::Matcher;
use super::notes::Notes;
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

/// A stretch of time in which an entry was something.
#[derive(Clone, Debug)]
pub struct Term {
    /// Office held.
    pub office: Option<Arc<str>>,
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
    /// The actor during the term.
    pub holder: Arc<Actor>,
    /// The actor after the last term.
    pub former: Arc<Actor>,
}

impl Term {
    fn holds(&self, day: NaiveDate) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

/// One actor, place or agent noun.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: Arc<str>,
    /// Its usual name.
    pub name: Arc<str>,
    /// What it is to matching.
    pub sort: Sort,
    /// Kind of the first row.
    pub kind: Kind,
    /// At least one, in file order.
    pub terms: Vec<Term>,
    /// The actor before the first term.
    pub before: Arc<Actor>,
}

impl Entry {
    /// Country of the first row.
    pub fn country(&self) -> Option<&Arc<str>> {
        self.before.country.as_ref()
    }

    /// Whether it is a human being.
    pub fn is_person(&self) -> bool {
        matches!(self.kind, Kind::Leader | Kind::Person)
    }

    /// Whether it holds an office, or exists, on the day.
    pub fn is_active(&self, day: NaiveDate) -> bool {
        self.terms.iter().any(|t| t.holds(day))
    }
}

/// A name as the lexicon gives it.
#[derive(Clone, Debug)]
pub struct NameOf {
    /// Index of the entry.
    pub entry: u32,
    /// By what kind of expression it names.
    pub via: Via,
    /// Whether it is the full name of the `name` column.
    pub full: bool,
    /// Conditions.
    pub notes: Option<Box<Notes>>,
}

/// All actors with their names.
#[derive(Clone, Debug, Default)]
pub struct Actors {
    /// In order of the files.
    pub entries: Vec<Entry>,
    /// The tables they were read from.
    pub files: Vec<Arc<str>>,
    pub(super) names: Vec<NameOf>,
    pub(super) matcher: Matcher,
    /// (key of country and office, entry that ever held it), sorted.
    pub(super) offices: Vec<(u64, u32)>,
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
    /// The actor that an entry is on a day.
    ///
    /// In a term: its holder (a head of state or government before a minister, the later term before the earlier).
    /// After the last one, or between two: a former official, whose country stays. Before the first: the bare
    /// person, without office and sector, for nothing in the lexicon says what they were. Whatever is no
    /// person keeps what the nearest term says: an army that was dissolved was still an army.
    pub fn as_of(&self, entry: u32, day: NaiveDate) -> &Arc<Actor> {
        let entry = &self.entries[entry as usize];
        let rank = |t: &&Term| (t.holder.kind == Kind::Leader, t.from);
        if let Some(term) = entry.terms.iter().filter(|t| t.holds(day)).max_by_key(rank) {
            return &term.holder;
        }
        match entry.terms.iter().filter(|t| t.to.is_some_and(|to| to < day)).max_by_key(|t| t.to) {
            Some(last) if entry.is_person() => &last.former,
            Some(last) => &last.holder,
            None if entry.is_person() => &entry.before,
            None => &entry.terms[0].holder,
        }
    }

    /// All names; a match's payload is the index.
    pub fn names(&self) -> &[NameOf] {
        &self.names
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
    pub fn entry(&self, index: u32) -> &Entry {
        &self.entries[index as usize]
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
        let same = |o: &str| office_key(country, o) == key;
        let holds = |t: &Term| t.holds(day) && t.office.as_deref().is_some_and(same);
        let mut now = held.filter(|e| self.entry(*e).terms.iter().any(holds));
        let first = now.next()?;
        now.next().is_none().then_some(first)
    }

    /// The entry with this id.
    pub fn by_id(&self, id: &str) -> Option<u32> {
        self.entries.iter().position(|e| &*e.id == id).map(|i| i as u32)
    }
}
