//! What an article has said so far: people by their surnames, bodies by the acronyms it introduced.

use std::sync::Arc;

use crate::model::Actor;

/// Article-local names. Small, so it is searched in order.
#[derive(Debug, Default)]
pub(super) struct Memory {
    surnames: Vec<(String, Arc<Actor>, Option<u32>)>,
    acronyms: Vec<(String, Arc<Actor>)>,
    entries: Vec<u32>,
    countries: Vec<Arc<str>>,
}

impl Memory {
    /// Remembers that an entry of the lexicon was named.
    pub fn saw(&mut self, entry: Option<u32>, actor: &Actor) {
        if let Some(e) = entry.filter(|e| !self.entries.contains(e)) {
            self.entries.push(e);
        }
        if let Some(c) = actor.country.as_ref().filter(|c| !self.countries.contains(c)) {
            self.countries.push(c.clone());
        }
    }

    /// Whether the entry was named before.
    pub fn knows(&self, entry: u32) -> bool {
        self.entries.contains(&entry)
    }

    /// Whether any actor of the country was named before.
    pub fn knows_country(&self, country: &str) -> bool {
        self.countries.iter().any(|c| **c == *country)
    }

    /// Remembers a full name; later its last part alone means the same human being.
    pub fn learn_name(&mut self, surname: &str, actor: &Arc<Actor>, entry: Option<u32>) {
        if surname.chars().count() < 3 {
            return;
        }
        match self.surnames.iter_mut().find(|s| s.0 == surname) {
            // Two bearers of a surname in one article: the later naming is meant from here on.
            Some(known) => (known.1, known.2) = (actor.clone(), entry),
            None => self.surnames.push((surname.to_string(), actor.clone(), entry)),
        }
    }

    /// Who is meant by a surname.
    pub fn bearer(&self, surname: &str) -> Option<(&Arc<Actor>, Option<u32>)> {
        self.surnames.iter().find(|s| s.0 == surname).map(|s| (&s.1, s.2))
    }

    /// Remembers `Long Name (ACR)`.
    pub fn learn_acronym(&mut self, acronym: &str, actor: &Arc<Actor>) {
        match self.acronyms.iter_mut().find(|a| a.0 == acronym) {
            Some(known) => known.1 = actor.clone(),
            None => self.acronyms.push((acronym.to_string(), actor.clone())),
        }
    }

    /// What an acronym was introduced for.
    pub fn acronym(&self, text: &str) -> Option<&Arc<Actor>> {
        self.acronyms.iter().find(|a| a.0 == text).map(|a| &a.1)
    }

    /// Whether nothing was learnt that later words could refer to.
    pub fn is_blank(&self) -> bool {
        self.surnames.is_empty() && self.acronyms.is_empty()
    }
}
