//! Who was named lately: a short, ordered memory that pronouns and descriptions look back into.

use std::sync::Arc;

use crate::model::{Actor, Kind, Mention, Role, Via};

/// How many sentences back a reference may reach.
const REACH: u32 = 3;

/// What a naming was in its sentence.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// The subject of a clause.
    pub subject: bool,
    /// Whose gathering was spoken of.
    pub gathers: bool,
}

/// One naming, as remembered.
#[derive(Clone, Debug)]
struct Seen {
    sentence: u32,
    actor: Arc<Actor>,
    also: Vec<Arc<Actor>>,
    person: bool,
    part: Part,
}

/// Namings of the last sentences, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    seen: Vec<Seen>,
    now: u32,
}

/// Whether the mention names a human being: a known person, or a title with a name.
fn is_person(m: &Mention) -> bool {
    matches!(m.actor.kind, Kind::Leader | Kind::Person) || m.via == Via::Title && m.actor.id.is_none()
}

impl Memory {
    /// Takes in the mentions of sentence `i`.
    pub fn learn(&mut self, i: u32, here: &[Mention], part: impl Fn(&Mention) -> Part) {
        self.now = i + 1;
        self.seen.retain(|s| i - s.sentence < REACH);
        for m in here.iter().filter(|m| m.role == Role::Agent) {
            let known = m.actor.country.is_some() || m.actor.id.is_some();
            if known {
                self.seen.push(Seen {
                    sentence: i,
                    actor: m.actor.clone(),
                    also: m.also.clone(),
                    person: is_person(m),
                    part: part(m),
                });
            }
        }
    }

    /// Remembered namings, latest sentence first, its subjects before its other parties.
    fn latest(&self) -> Vec<&Seen> {
        let mut out: Vec<(usize, &Seen)> = self.seen.iter().enumerate().collect();
        out.sort_by_key(|(i, s)| (std::cmp::Reverse(s.sentence), !s.part.subject, std::cmp::Reverse(*i)));
        out.into_iter().map(|(_, s)| s).collect()
    }

    /// The human being meant by "he" or "she".
    pub fn person(&self, before: &[&Mention]) -> Option<Vec<Arc<Actor>>> {
        // The first person of the sentence is its likely topic.
        let here = before.iter().find(|m| is_person(m)).map(|m| m.actor.clone());
        here.or_else(|| self.latest().into_iter().find(|s| s.person).map(|s| s.actor.clone()))
            .map(|a| vec![a])
    }

    /// The country or body meant by "it".
    pub fn body(&self, before: &[&Mention]) -> Option<Vec<Arc<Actor>>> {
        let is_body = |k: Kind| !matches!(k, Kind::Leader | Kind::Person | Kind::Other);
        let here = before
            .iter()
            .find(|m| m.role == Role::Agent && is_body(m.actor.kind) && m.actor.country.is_some());
        here.map(|m| m.actor.clone())
            .or_else(|| self.latest().into_iter().find(|s| is_body(s.actor.kind)).map(|s| s.actor.clone()))
            .map(|a| vec![a])
    }

    /// Those meant by "they".
    pub fn group(&self, before: &[&Mention]) -> Option<Vec<Arc<Actor>>> {
        let plural = |m: &&&Mention| {
            !m.also.is_empty() || matches!(m.actor.kind, Kind::Other | Kind::ArmedGroup | Kind::Government)
        };
        if let Some(m) = before.iter().find(plural).filter(|m| m.actor.country.is_some()) {
            return Some(std::iter::once(m.actor.clone()).chain(m.also.iter().cloned()).collect());
        }
        let last = self.latest().into_iter().find(|s| !s.person || !s.also.is_empty())?;
        Some(std::iter::once(last.actor.clone()).chain(last.also.iter().cloned()).collect())
    }

    /// The last `n` parties of different countries, in the order in which they were named.
    pub fn several(&self, before: &[&Mention], n: usize) -> Option<Vec<Arc<Actor>>> {
        let mut out: Vec<Arc<Actor>> = Vec::new();
        let mut take = |a: &Arc<Actor>| {
            if out.len() < n && a.country.is_some() && out.iter().all(|o| o.country != a.country) {
                out.push(a.clone());
            }
        };
        before.iter().filter(|m| m.role == Role::Agent).for_each(|m| take(&m.actor));
        for s in self.latest() {
            take(&s.actor);
            s.also.iter().for_each(&mut take);
        }
        (out.len() == n).then_some(out)
    }

    /// The latest party of one of these kinds.
    pub fn of_kind(&self, before: &[&Mention], kinds: &[Kind]) -> Option<Vec<Arc<Actor>>> {
        let here = before.iter().rev().find(|m| kinds.contains(&m.actor.kind)).map(|m| m.actor.clone());
        here.or_else(|| {
            self.latest().into_iter().find(|s| kinds.contains(&s.actor.kind)).map(|s| s.actor.clone())
        })
        .map(|a| vec![a])
    }

    /// The body whose gathering was spoken of last.
    pub fn gathering(&self) -> Option<Vec<Arc<Actor>>> {
        let met = |s: &&Seen| s.part.gathers && s.actor.kind == Kind::Igo;
        self.latest().into_iter().find(met).map(|s| vec![s.actor.clone()])
    }

    /// The latest person of a country who holds the office described, or leads it where it says no more than that.
    pub fn leader_of(&self, country: &str, title: &str) -> Option<Arc<Actor>> {
        let fits = |a: &Actor| {
            let office = a.office.as_deref().unwrap_or("").to_lowercase();
            a.id.is_some()
                && a.country.as_deref() == Some(country)
                && (office.contains(title) || title == "leader" && a.kind == Kind::Leader)
        };
        self.latest().into_iter().find(|s| s.person && fits(&s.actor)).map(|s| s.actor.clone())
    }

    /// The country of the latest person whose office is the one described ("the president").
    pub fn person_with_office(&self, text: &str) -> Option<Arc<str>> {
        self.latest()
            .into_iter()
            .find(|s| {
                s.person && s.actor.office.as_deref().is_some_and(|o| text.ends_with(&o.to_lowercase()))
            })
            .and_then(|s| s.actor.country.clone())
    }

    /// The country that everything in the sentence before was about.
    pub fn only_country(&self) -> Option<Arc<str>> {
        let mut last =
            self.seen.iter().filter(|s| s.sentence + 1 == self.now).filter_map(|s| s.actor.country.clone());
        let first = last.next()?;
        last.all(|c| c == first).then_some(first)
    }
}
