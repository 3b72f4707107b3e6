//! Human beings: the names after titles, the lexicon's and others', and who holds an office.

use super::compound::Bearer;
use super::phrase::{Phrase, Reader};
use super::pieces::Piece;
use super::words;
use crate::lexicon::NameOf;
use crate::lexicon::fold::fold;
use crate::model::{Kind, Via};

impl Reader<'_, '_> {
    /// A human being that the lexicon knows.
    pub(super) fn person(&mut self, p: usize) -> (Option<Phrase>, usize) {
        let scene = self.scene;
        let piece = scene.pieces[p];
        let one = piece.to == piece.from + 1;
        let surname = scene.word(piece.to - 1);
        if one && let Some((actor, entry)) = self.memory.bearer(surname) {
            let (actor, via) = (actor.clone(), Via::Name);
            let phrase = Phrase { to: piece.to, actor, via, entry, confidence: 0.85, ..self.blank(p) };
            return self.with_agents(phrase, p);
        }
        let name = self.pick(&piece, None);
        let mut phrase = self.named(&piece, name);
        phrase.alone = false;
        if one && self.is_somebody_else(&piece, name) {
            return (None, p + 1);
        }
        if one && scene.names(&piece).any(|n| n.entry != name.entry && !self.memory.knows(name.entry)) {
            phrase.confidence = 0.6;
        }
        if !one {
            self.learn(&phrase);
        }
        // "King Harald of Norway".
        if scene.is(piece.to, "of")
            && let Some(q) = self.owner_at(piece.to + 1, p + 1)
        {
            let land = self.named(&scene.pieces[q], self.pick(&scene.pieces[q], None));
            if land.actor.country.is_some() && land.actor.country == phrase.actor.country {
                phrase.to = land.to;
                return (Some(phrase), q + 1);
            }
        }
        self.with_agents(phrase, p)
    }

    /// "Putin's spokesman", "the Trump administration" act for the person's country.
    fn with_agents(&mut self, phrase: Phrase, p: usize) -> (Option<Phrase>, usize) {
        let at = phrase.to + usize::from(self.scene.is_possessive(phrase.to));
        if let Some(agents) = self.agents_from(at, p + 1)
            && (at > phrase.to
                || self.scene.is_in(at, words::GOVERNED) && self.scene.pieces[p + 1].from == at)
        {
            return self.owner_with(phrase, agents);
        }
        (Some(phrase), p + 1)
    }

    /// Whether the name after agent nouns is theirs.
    pub(super) fn fits(&self, piece: &Piece, inner: &Phrase, country: Option<&str>, title: bool) -> bool {
        let same = inner.actor.country.as_deref() == country;
        let loose =
            |c: Option<&str>| matches!(c, None | Some("UNO" | "EUR" | "IGO" | "NGO" | "IMG" | "MNC" | "WST"));
        if piece.person {
            let long = piece.to - piece.from > 1;
            return (title || long) && (same || long || loose(country));
        }
        let free = !matches!(inner.actor.kind, Kind::Country | Kind::Region) && inner.via != Via::Capital;
        free && (same || loose(inner.actor.country.as_deref())) && country.is_some()
    }

    /// A human being named after a title, whom the lexicon may or may not know.
    pub(super) fn stranger(&self, at: usize, p: usize) -> Option<Bearer> {
        let scene = self.scene;
        if scene.titled || scene.shouted {
            return None;
        }
        let end = self.name_end(at, p)?;
        let mut after = p;
        while scene.pieces.get(after).is_some_and(|n| n.from < end) {
            after += 1;
        }
        // "Sergey Lavrov" for "Sergei Lavrov": the surname is known, the first name alike.
        if let Some(piece) = (after > p).then(|| scene.pieces[after - 1]).filter(|n| n.person && n.to == end)
        {
            let name = self.pick(&piece, None);
            let known = scene.lexicon.actors.entry(name.entry);
            if alike(scene.word(at), known.name()) {
                let mut found = self.named(&piece, name);
                found.from = at;
                return Some(Bearer::Known(found, after));
            }
        }
        if (at..end).any(|i| scene.is_in(i, words::THINGS)) {
            return None;
        }
        Some(Bearer::Unknown(end, after))
    }

    /// Where a run of capitalised, unknown words from `at` ends: a name of at most six tokens.
    pub(super) fn name_end(&self, at: usize, p: usize) -> Option<usize> {
        let scene = self.scene;
        let mut i = at;
        let mut end = None;
        let mut pieces = scene.pieces[p.min(scene.pieces.len())..].iter();
        let mut piece = pieces.next();
        while i < scene.words.len() && i < at + 7 {
            while piece.is_some_and(|n| n.to <= i) {
                piece = pieces.next();
            }
            if let Some(n) = piece.filter(|n| n.from == i) {
                // Somebody's surname may be a name that the lexicon knows; a country ends the run.
                if i == at || !n.person || n.to - n.from > 1 {
                    break;
                }
                return Some(n.to);
            }
            if scene.is_name_like(i) && (end.is_some() || !scene.is_in(i, words::COMMON)) {
                if end.is_some() && scene.is_in(i, words::COMMON) && !scene.is_in(i, words::PARTICLES) {
                    break;
                }
                end = Some(i + 1);
            } else if !(scene.words.is_joint(i) && end == Some(i)
                || scene.is_in(i, words::PARTICLES)
                || end.is_some() && scene.words.is_joint(i))
            {
                break;
            }
            i += 1;
        }
        end
    }

    /// A known surname after a strange first name: "Melania Trump".
    pub(super) fn is_somebody_else(&self, piece: &Piece, name: &NameOf) -> bool {
        let scene = self.scene;
        if piece.from == 0 || scene.titled || scene.shouted || !scene.is_strange(piece.from - 1) {
            return false;
        }
        !alike(scene.word(piece.from - 1), scene.lexicon.actors.entry(name.entry).name())
    }

    /// Remembers a named human being by the last part of the name.
    pub(super) fn learn(&mut self, phrase: &Phrase) {
        let named = phrase.actor.name.clone();
        let last = named.as_deref().and_then(|n| n.rsplit([' ', '-']).next()).map(|n| fold(n).into_owned());
        if let Some(last) = last {
            self.memory.learn_name(&last, &phrase.actor, phrase.entry);
        }
    }

    /// "the Russian president" is whoever holds the office on the day.
    pub(super) fn office_holder(&self, mut phrase: Phrase) -> Phrase {
        let actor = &phrase.actor;
        let (Some(office), Some(country), None) = (&actor.office, &actor.country, &actor.id) else {
            return phrase;
        };
        if actor.name.is_some() || office.starts_with("former") {
            return phrase;
        }
        let actors = &self.scene.lexicon.actors;
        if let Some(entry) = actors.holder(country, office, self.scene.day) {
            phrase.actor = actors.as_of(entry, self.scene.day).clone();
            phrase.entry = Some(entry);
            phrase.confidence = phrase.confidence.min(0.8);
        }
        phrase
    }
}

/// Whether a first name may belong to this full name: it stands in it, or begins like its first part.
fn alike(first: &str, full: &str) -> bool {
    let folded = fold(full);
    let start = |w: &str| w.chars().take(3).flat_map(char::to_lowercase).collect::<String>();
    let initial = first.trim_end_matches('.').chars().count() == 1;
    folded.split([' ', '-']).any(|part| {
        part.eq_ignore_ascii_case(first)
            || if initial {
                start(part).chars().next() == start(first).chars().next()
            } else {
                start(part) == start(first)
            }
    })
}
