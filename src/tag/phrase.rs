//! Pieces grow together: "Russian" + "troops", "Foreign Minister" + "Wang Yi", "parliament" + "of" + "Ghana".
//!
//! One phrase is one mention, with the most specific actor that its parts settle.

use std::sync::Arc;

use super::compound::{self, Bearer};
use super::memory::Memory;
use super::pieces::{Piece, Scene};
use super::words;
use crate::lexicon::{NameOf, Sort};
use crate::model::{Actor, Kind, Via};

/// A naming in the making.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// Who.
    pub actor: Arc<Actor>,
    /// How.
    pub via: Via,
    /// Whether it is a place by itself.
    pub place: bool,
    /// The entry behind the actor, when it is one.
    pub entry: Option<u32>,
    /// Whether it is a country, region, place or body alone, with nothing that acts for it.
    pub alone: bool,
    /// How sure.
    pub confidence: f32,
}

/// Reads the phrases of one sentence, left to right.
pub(super) struct Reader<'s, 'a> {
    pub scene: &'s Scene<'a>,
    pub memory: &'s mut Memory,
    pub out: Vec<Phrase>,
}

/// Agent nouns in a row: pieces `first..next`.
#[derive(Clone, Copy)]
pub(super) struct Agents {
    first: usize,
    next: usize,
}

impl<'a> Reader<'_, 'a> {
    /// Reads all.
    pub fn read(&mut self) {
        let mut p = 0;
        while p < self.scene.pieces.len() {
            let (phrase, next) = self.phrase(p);
            if let Some(phrase) = phrase {
                self.settle(phrase);
            }
            p = next.max(p + 1);
        }
    }

    /// Takes a phrase in: shares its office with the one joined before it, and remembers who it is.
    fn settle(&mut self, phrase: Phrase) {
        if !phrase.alone
            && phrase.actor.id.is_none()
            && let Some(before) = self.out.last_mut()
            && before.alone
            && matches!(before.via, Via::Demonym | Via::Acronym)
            && before.actor.kind == Kind::Country
            && joins(self.scene, before.to, phrase.from)
        {
            // "Russian and Ukrainian troops": both sides' troops.
            let mut both = (*phrase.actor).clone();
            both.country = before.actor.country.clone();
            before.actor = Arc::new(both);
            before.entry = None;
        }
        self.memory.saw(phrase.entry, &phrase.actor);
        self.out.push(phrase);
    }

    fn phrase(&mut self, p: usize) -> (Option<Phrase>, usize) {
        let piece = self.scene.pieces[p];
        match piece.sort {
            Sort::Agent => self.agent(p),
            _ if piece.person => self.person(p),
            _ => self.owner(p),
        }
    }

    /// The best reading of a piece, given who was named and which country is expected.
    pub(super) fn pick(&self, piece: &Piece, country: Option<&str>) -> &'a NameOf {
        let actors = &self.scene.lexicon.actors;
        self.scene.choose(piece, |n| {
            let its = actors.entry(n.entry).country();
            let told = its.is_some_and(|c| self.memory.knows_country(c) || self.scene.names_country(c));
            4 * i32::from(country.is_some() && its == country)
                + 2 * i32::from(self.memory.knows(n.entry))
                + i32::from(
                    told && (actors.entry(n.entry).is_person()
                        || actors.entry(n.entry).sort() == Sort::Place),
                )
        })
    }

    pub(super) fn named(&self, piece: &Piece, name: &NameOf) -> Phrase {
        let actors = &self.scene.lexicon.actors;
        let entry = actors.entry(name.entry);
        let confidence = match name.via {
            Via::Capital => 0.7,
            Via::Metonym => 0.8,
            _ if entry.sort() == Sort::Agent => 0.5,
            Via::Name | Via::Title => 0.95,
            _ => 0.9,
        };
        let actor = match entry.sort() {
            Sort::Agent => compound::nameless(&actors.as_of(name.entry, self.scene.day).clone()),
            _ => actors.as_of(name.entry, self.scene.day).clone(),
        };
        Phrase {
            from: piece.from,
            to: piece.to,
            actor,
            via: name.via,
            place: entry.sort() == Sort::Place,
            entry: (entry.sort() != Sort::Agent).then_some(name.entry),
            alone: true,
            confidence,
        }
    }

    /// A country, body or place, with whatever acts for it.
    fn owner(&mut self, p: usize) -> (Option<Phrase>, usize) {
        let piece = self.scene.pieces[p];
        let mut phrase = self.named(&piece, self.pick(&piece, None));
        let mut at = piece.to;
        if self.scene.is(at, "-") {
            if self.scene.is_in(at + 1, words::TIES) {
                phrase.confidence = 0.4;
                return (Some(phrase), p + 1);
            }
            at += if self.scene.is(at + 1, "led") { 2 } else { 0 };
        }
        let possessive = self.scene.is_possessive(at);
        at += usize::from(possessive);
        // After a bare name a participle may be its verb, and so may some agent nouns.
        let bare = !possessive && phrase.via != Via::Demonym;
        if let Some(agents) = self.agents_from(at, p + 1)
            && !(bare && self.is_clause(at, agents))
        {
            return self.owner_with(phrase, agents);
        }
        // "Lebanon's Hezbollah", "Russia's Putin", "Palestinian Hamas".
        let next = p + 1;
        if (possessive || phrase.via == Via::Demonym)
            && let Some(&other) =
                self.scene.pieces.get(next).filter(|o| o.from == at && o.sort == Sort::Actor)
        {
            let name = self.pick(&other, phrase.actor.country.as_deref());
            let inner = self.named(&other, name);
            let free = !matches!(inner.actor.kind, Kind::Country | Kind::Region);
            if free && inner.actor.country == phrase.actor.country && inner.actor.id != phrase.actor.id {
                let (whole, after) = self.phrase(next);
                let mut whole = whole.unwrap_or(inner);
                whole.from = phrase.from;
                return (Some(whole), after);
            }
            // "Chile's Defense Department" is Chile's, though the name alone means another country's.
            let common = self.scene.is_in(other.to - 1, words::THINGS);
            if possessive
                && common
                && inner.actor.kind == Kind::Government
                && phrase.actor.kind == Kind::Country
            {
                let country = phrase.actor.country.clone();
                phrase.actor = Arc::new(Actor { country, ..(*compound::nameless(&inner.actor)).clone() });
                (phrase.to, phrase.entry, phrase.alone) = (other.to, None, false);
                return (Some(phrase), next + 1);
            }
        }
        (Some(phrase), next)
    }

    /// The agent nouns that follow token `at`, from piece `p`, with only modifiers between.
    pub(super) fn agents_from(&self, at: usize, p: usize) -> Option<Agents> {
        let pieces = &self.scene.pieces;
        let first = pieces.get(p).filter(|a| a.sort == Sort::Agent)?;
        if !self.only_modifiers(at, first.from, 5) {
            return None;
        }
        Some(Agents { first: p, next: self.more_agents(p + 1) })
    }

    /// Whether what follows a bare name reads as its verb: "Israel killed police", "France states".
    fn is_clause(&self, at: usize, agents: Agents) -> bool {
        let head = self.scene.pieces[agents.first];
        (at..head.from).any(|i| self.scene.is_in(i, words::PARTICIPLES))
            || head.from == at && self.scene.is_in(at, words::VERBS)
    }

    /// Extends agent nouns over further ones that follow at once: "defence ministry spokesman".
    fn more_agents(&self, mut next: usize) -> usize {
        let pieces = &self.scene.pieces;
        while let Some(a) = pieces.get(next).filter(|a| a.sort == Sort::Agent) {
            let end = pieces[next - 1].to;
            let gap = if self.scene.is_possessive(end) { end + 1 } else { end };
            if !self.only_modifiers(gap, a.from, 2) {
                break;
            }
            next += 1;
        }
        next
    }

    /// Whether the tokens between are few and all such as may stand before a noun.
    fn only_modifiers(&self, from: usize, to: usize, most: usize) -> bool {
        to >= from
            && to - from <= most
            && (from == to || !self.scene.words.is_joint(from))
            && (from..to).all(|i| {
                let w = self.scene.word(i);
                w == "-"
                    || words::has(words::MODIFIERS, w)
                    || words::has(words::PARTICIPLES, w)
                    || words::is_adjective(w)
                    || is_number(w)
            })
    }

    pub(super) fn owner_with(&mut self, owner: Phrase, agents: Agents) -> (Option<Phrase>, usize) {
        let scene = self.scene;
        let country = owner.actor.country.clone();
        let made = self.compound(&owner, agents);
        let (mut phrase, next) = self.bearer(made, agents, country.as_deref());
        phrase.from = owner.from;
        if owner.actor.kind == Kind::Igo && scene.is_in(phrase.to - 1, words::DESCRIPTIONS) {
            // "a NATO member" is somebody else than NATO.
            phrase.confidence = 0.4;
            return (Some(phrase), next);
        }
        phrase.confidence = phrase.confidence.min(owner.confidence.max(0.8));
        // "Russia's ambassador to Poland": the receiving side is no party.
        if scene.is_in(phrase.to - 1, words::SENT)
            && scene.is_in(phrase.to, &["to", "for", "in", "at"])
            && let Some(q) = self.owner_at(phrase.to + 1, next)
        {
            phrase.to = scene.pieces[q].to;
            let (named, after) =
                self.bearer(phrase, Agents { first: agents.first, next: q + 1 }, country.as_deref());
            return (Some(named), after);
        }
        (Some(self.office_holder(phrase)), next)
    }

    /// The actor that agent nouns make of their owner.
    fn compound(&self, owner: &Phrase, agents: Agents) -> Phrase {
        let scene = self.scene;
        let pieces = &scene.pieces[agents.first..agents.next];
        let heads: Vec<Arc<Actor>> = pieces.iter().map(|a| self.named(a, self.pick(a, None)).actor).collect();
        let (first, last) = (pieces[0].from, pieces[pieces.len() - 1].to);
        let former = owner.from > 0 && scene.is_in(owner.from - 1, words::FORMER)
            || (owner.to..first).any(|i| scene.is(i, "former"));
        let office = scene.is_in(last - 1, words::OFFICES).then(|| self.text(first, last));
        let actor = compound::of(&owner.actor, &heads, former, office);
        let via = if office.is_some() { Via::Title } else { owner.via };
        let entry = actor.id.as_ref().and(owner.entry);
        Phrase { from: owner.from, to: last, actor, via, place: false, entry, alone: false, confidence: 0.9 }
    }

    fn text(&self, from: usize, to: usize) -> &'a str {
        let tokens = &self.scene.sentence.tokens;
        &self.scene.text[tokens[from].span.start as usize..tokens[to - 1].span.end as usize]
    }

    /// Adds the name that follows the agent nouns, when one does.
    fn bearer(&mut self, mut phrase: Phrase, agents: Agents, country: Option<&str>) -> (Phrase, usize) {
        let scene = self.scene;
        let at = phrase.to;
        let next = agents.next;
        let title = scene.is_in(at - 1, words::OFFICES) || scene.is_in(at - 1, words::BEARERS);
        if let Some(&piece) = scene.pieces.get(next).filter(|n| n.from == at && n.sort == Sort::Actor) {
            let inner = self.named(&piece, self.pick(&piece, country));
            if self.fits(&piece, &inner, country, title) {
                let (whole, after) = self.phrase(next);
                let mut whole = whole.unwrap_or(inner);
                whole.from = phrase.from;
                whole.via = if piece.person { Via::Title } else { whole.via };
                if piece.person {
                    self.learn(&whole);
                }
                return (whole, after);
            }
        }
        if title {
            match self.stranger(at, next) {
                Some(Bearer::Known(mut known, after)) => {
                    (known.from, known.via) = (phrase.from, Via::Title);
                    self.learn(&known);
                    return (known, after);
                }
                Some(Bearer::Unknown(end, after)) => {
                    phrase.actor = compound::person(&phrase.actor, self.text(at, end));
                    (phrase.to, phrase.via, phrase.entry) = (end, Via::Title, None);
                    phrase.confidence = 0.75;
                    self.learn(&phrase);
                    return (phrase, after);
                }
                None => {}
            }
        }
        (phrase, next)
    }

    /// The owner piece that begins at `at` or after an article and modifiers, no earlier than piece `p`.
    pub(super) fn owner_at(&self, at: usize, p: usize) -> Option<usize> {
        let scene = self.scene;
        let piece = scene.pieces.get(p).filter(|o| o.sort != Sort::Agent && !o.person)?;
        let from = if scene.is_in(at, &["the", "a", "an", "its", "neighbouring", "neighboring"]) {
            at + 1
        } else {
            at
        };
        (piece.from >= from && self.only_modifiers(from, piece.from, 2)).then_some(p)
    }

    /// An agent noun without an owner before it.
    fn agent(&mut self, p: usize) -> (Option<Phrase>, usize) {
        let scene = self.scene;
        let agents = Agents { first: p, next: self.more_agents(p + 1) };
        let nobody = Phrase { actor: compound::nobody(), to: scene.pieces[p].from, ..self.blank(p) };
        let made = self.compound(&nobody, agents);
        let (mut phrase, next) = self.bearer(made, agents, None);
        phrase.from = scene.pieces[p].from;
        if phrase.actor.id.is_some()
            && phrase.to > scene.pieces[agents.next - 1].to
            && phrase.actor.country.is_some()
        {
            return (Some(phrase), next);
        }
        let head = phrase.to - 1;
        let link = scene.is_in(phrase.to, &["of", "from"])
            || scene.is(phrase.to, "for") && scene.word(head).starts_with("spokes")
            || scene.is_in(phrase.to, &["in", "at"]) && scene.is_in(head, words::SEATED);
        if link && let Some(q) = self.owner_at(phrase.to + 1, next) {
            let (inner, after) = self.owner(q);
            if let Some(inner) = inner.filter(|i| self.can_own(i)) {
                let named = phrase.actor.name.clone();
                let pieces = &scene.pieces[agents.first..agents.next];
                let heads: Vec<Arc<Actor>> =
                    pieces.iter().map(|a| self.named(a, self.pick(a, None)).actor).collect();
                let former = phrase.from > 0 && scene.is_in(phrase.from - 1, words::FORMER);
                let office = phrase.actor.office.clone();
                phrase.actor = compound::of(&inner.actor, &heads, former, office.as_deref());
                if let Some(name) = named {
                    phrase.actor = compound::person(&phrase.actor, &name);
                    self.learn(&phrase);
                }
                let at = inner.to;
                phrase.to = at;
                phrase.entry = phrase.actor.id.as_ref().and(inner.entry);
                phrase.confidence = 0.85;
                let holder = self.office_holder(phrase);
                return (Some(holder), after);
            }
        }
        if phrase.actor.country.is_none() && phrase.actor.id.is_none() {
            let single = agents.next == p + 1 && phrase.to == scene.pieces[p].to;
            // "Premier League": a capitalised noun before a strange capital is part of a name.
            let part = phrase.from > 0
                && !scene.titled
                && scene.is_name_like(phrase.from)
                && scene.is_strange(phrase.to.min(scene.words.len() - 1));
            if single && (part || scene.is_in(phrase.to - 1, words::DESCRIPTIONS)) {
                return (None, next);
            }
            phrase.confidence = 0.5;
        }
        (Some(phrase), next)
    }

    /// Whether a phrase after "of" can own what stands before it; a lone adjective ("of the Canadian …") cannot.
    fn can_own(&self, inner: &Phrase) -> bool {
        let adjective =
            inner.alone && inner.via == Via::Demonym && !self.scene.word(inner.to - 1).ends_with('s');
        !adjective && (inner.actor.country.is_some() || inner.entry.is_some())
    }

    pub(super) fn blank(&self, p: usize) -> Phrase {
        let from = self.scene.pieces[p].from;
        Phrase {
            from,
            to: from,
            actor: compound::nobody(),
            via: Via::Alias,
            place: false,
            entry: None,
            alone: false,
            confidence: 0.5,
        }
    }
}

/// Whether "and" or the like is all that stands between.
fn joins(scene: &Scene, from: usize, to: usize) -> bool {
    from + 1 == to && scene.is_in(from, &["and", "or", "&", ",", "-", "/"])
        || from + 2 == to && scene.is(from, ",") && scene.is(from + 1, "and")
}

fn is_number(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit() || b == b',')
}
