//! From a noun phrase to the actors in it.

use super::clause::Args;
use super::view::View;
use crate::lexicon::rules::Slot;
use crate::model::{Rel, Role, Upos};

/// Which side of the event a phrase is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The doer: places do not act.
    Actor,
    /// The one acted on; `ground` says whether the act falls on people and places (an attack, an arrest), so
    /// that where it happened tells whom it hit.
    Recipient {
        /// Whether a place may stand for its people.
        ground: bool,
    },
}

/// How close the actor found stands to the slot's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Depth {
    /// It is the head.
    Head,
    /// It modifies the head: "Iran's programme", "Israeli airstrike".
    Modifier,
    /// It stands after a preposition inside the phrase: "a hospital in Gaza".
    Inner,
    /// The event's place stands in for people the text does not name.
    Ground,
    /// No slot held it: the nearest actor of the clause, for the model to judge.
    Loose,
}

/// A filled slot.
#[derive(Clone, Debug)]
pub(super) struct Filled {
    /// Indices of mentions, each once.
    pub mentions: Vec<usize>,
    /// Which slot.
    pub slot: Slot,
    /// How close.
    pub depth: Depth,
    /// Head token of the phrase.
    pub head: usize,
}

const LEFT: &[Rel] = &[Rel::NmodPoss, Rel::Amod, Rel::Compound, Rel::NmodDesc, Rel::NmodUnmarked, Rel::Flat];
const ACTOR_PREPOSITIONS: &[&str] = &["of", "from", "including", "such as", "like", "by", "between", "among"];
const RECIPIENT_PREPOSITIONS: &[&str] = &[
    "of",
    "from",
    "including",
    "such as",
    "like",
    "between",
    "among",
    "in",
    "at",
    "near",
    "inside",
    "outside",
    "across",
    "around",
    "throughout",
    "within",
    "linked to",
    "belonging to",
    "to",
];
const GROUND_PREPOSITIONS: &[&str] = &["on", "against", "over", "for", "into", "targeting"];

impl View<'_> {
    /// The actors that the phrase with this head names, with how close they stand.
    pub fn party(&self, head: usize, side: Side, depth: u8) -> Option<(Vec<usize>, Depth)> {
        if let Some(m) = self.mention_at(head) {
            let fits = self.can_act(m) || side != Side::Actor;
            return fits.then(|| (vec![m], Depth::Head));
        }
        let acts = |m: &usize| self.can_act(*m) || matches!(side, Side::Recipient { .. });
        for rel in LEFT {
            let mut found: Vec<usize> =
                self.tree.kids_by(head, &[*rel]).filter_map(|c| self.mention_at(c)).filter(acts).collect();
            if found.is_empty() && depth > 0 && matches!(rel, Rel::NmodPoss | Rel::Compound) {
                found = self
                    .tree
                    .kids_by(head, &[*rel])
                    .filter_map(|c| self.party(c, side, depth - 1))
                    .flat_map(|p| p.0)
                    .collect();
            }
            if !found.is_empty() {
                // "U.S. and Israeli strikes": adjectives joined to the first one count too.
                let mut all = found.clone();
                for c in self.tree.kids_by(head, &[*rel]).flat_map(|c| self.tree.kids_by(c, &[Rel::Conj])) {
                    all.extend(self.mention_at(c).filter(acts));
                }
                all.dedup();
                return Some((all, Depth::Modifier));
            }
        }
        if depth == 0 {
            return None;
        }
        for c in self.tree.kids_by(head, &[Rel::Appos]) {
            if let Some((found, _)) = self.party(c, side, depth - 1) {
                return Some((found, Depth::Modifier));
            }
        }
        if let Some(found) = self.doer_of(head, side, depth) {
            return Some((found, Depth::Inner));
        }
        self.inner_party(head, side, depth)
    }

    /// "sanctions imposed by the West", "what he called an attack by Israel": whoever did the act that the phrase names.
    fn doer_of(&self, head: usize, side: Side, depth: u8) -> Option<Vec<usize>> {
        for c in self.tree.kids_by(head, &[Rel::Acl, Rel::AclRelcl]) {
            let named = match self.rel(c) {
                Rel::Acl => self.tree.kids_by(c, &[Rel::OblAgent]).next(),
                // A free relative: what it is called says what it is.
                _ if self.lower(head) == "what" => {
                    self.tree.kids_by(c, &[Rel::Obj, Rel::Xcomp]).find(|&o| o != head)
                }
                _ => None,
            };
            let Some(named) = named else { continue };
            let found: Vec<usize> = self
                .joined(named)
                .into_iter()
                .filter_map(|x| self.party(x, side, depth - 1))
                .flat_map(|p| p.0)
                .collect();
            if !found.is_empty() {
                return Some(found);
            }
        }
        None
    }

    fn inner_party(&self, head: usize, side: Side, depth: u8) -> Option<(Vec<usize>, Depth)> {
        let allowed = |p: &str| match side {
            Side::Actor => ACTOR_PREPOSITIONS.contains(&p),
            Side::Recipient { ground } => {
                RECIPIENT_PREPOSITIONS.contains(&p) || ground && GROUND_PREPOSITIONS.contains(&p)
            }
        };
        for c in self.tree.kids_by(head, &[Rel::Nmod, Rel::Acl]) {
            if !self.cases(c).iter().any(|p| allowed(p)) {
                continue;
            }
            let mut found = Vec::new();
            for x in self.joined(c) {
                found.extend(self.party(x, side, depth - 1).map(|p| p.0).unwrap_or_default());
            }
            if !found.is_empty() {
                return Some((found, Depth::Inner));
            }
        }
        None
    }

    /// The phrases that stand in a slot: head tokens.
    pub fn heads(&self, slot: &Slot, args: &Args) -> Vec<usize> {
        match slot {
            Slot::Subj => args.subj.clone(),
            Slot::Obj => args.obj.clone(),
            Slot::Iobj => args.iobj.clone(),
            Slot::HeadSubj => args.head_subj.clone(),
            Slot::CompSubj => args.comp.map_or_else(Vec::new, |c| {
                let own: Vec<usize> = self
                    .tree
                    .kids_by(c, &[Rel::Nsubj, Rel::NsubjPass])
                    .flat_map(|s| self.joined(s))
                    .collect();
                if own.is_empty() { [args.iobj.clone(), args.obj.clone()].concat() } else { own }
            }),
            Slot::Comp => Vec::new(),
            Slot::Prep(p) => args
                .obls
                .iter()
                .filter(|(case, _)| **case == **p || TOWARD.contains(&(&**p, case.as_str())))
                .map(|(_, x)| *x)
                .collect(),
        }
    }

    /// The first of the slots that holds an actor, and which.
    pub fn fill(&self, slots: &[Slot], args: &Args, side: Side, not: &[usize]) -> Option<Filled> {
        slots.iter().find_map(|slot| {
            if *slot == Slot::Comp {
                return self.fill_complement(args.comp?, side, not);
            }
            let mut best: Option<Filled> = None;
            for head in self.heads(slot, args) {
                let Some((found, depth)) = self.party(head, side, 3) else { continue };
                let fresh: Vec<usize> = found.into_iter().filter(|m| !not.contains(m)).collect();
                if fresh.is_empty() {
                    continue;
                }
                match &mut best {
                    None => best = Some(Filled { mentions: fresh, slot: slot.clone(), depth, head }),
                    Some(b) => {
                        for m in fresh {
                            if !b.mentions.contains(&m) {
                                b.mentions.push(m);
                            }
                        }
                        b.depth = b.depth.max(depth);
                    }
                }
            }
            if let Some(b) = &mut best {
                self.listed(&mut b.mentions, side, not);
            }
            best
        })
    }

    /// "Canada, France and Spain": what stands in one list with a party found acts with it, whatever the tree says.
    fn listed(&self, found: &mut Vec<usize>, side: Side, not: &[usize]) {
        let mut at = 0;
        while at < found.len() {
            for next in [found[at] + 1, found[at].wrapping_sub(1)] {
                let fits = !found.contains(&next) && !not.contains(&next) && self.same_list(found[at], next);
                if fits && (self.can_act(next) || side != Side::Actor) {
                    found.push(next);
                }
            }
            at += 1;
        }
        found.sort_unstable();
    }

    /// Whether only commas, "and" and articles stand between two neighbouring mentions of this sentence.
    fn same_list(&self, a: usize, b: usize) -> bool {
        let (Some(x), Some(y)) = (self.mentions.get(a), self.mentions.get(b)) else { return false };
        if x.sentence != y.sentence || x.role != y.role {
            return false;
        }
        let (left, right) = if x.tokens <= y.tokens { (x, y) } else { (y, x) };
        let between = left.tokens.1 as usize..right.tokens.0 as usize;
        let word = |t: usize| matches!(self.lower(t), "," | "and" | "&" | "the" | "or");
        // "three Russians and one Ukrainian".
        let joins = |t: usize| word(t) || self.upos(t) == Upos::Num;
        let joined = between.clone().any(|t| matches!(self.lower(t), "and" | "&" | "or"));
        // "Mashhad, Iran" is no list: a comma alone joins only what is itself followed by a list's end.
        let comma_list =
            between.clone().any(|t| self.lower(t) == ",") && self.list_goes_on(right.tokens.1 as usize);
        between.len() <= 3 && between.clone().all(joins) && (joined || comma_list)
    }

    /// Whether a list's next member follows: ", Italy" or "and Spain" within a few words.
    fn list_goes_on(&self, from: usize) -> bool {
        let next = (from..self.len().min(from + 3)).find(|&t| self.mention_at(t).is_some());
        next.is_some_and(|n| (from..n).all(|t| matches!(self.lower(t), "," | "and" | "the")) && n > from)
    }

    /// The one acted on inside a complement clause: its object, then its obliques, then its subject, then anything.
    fn fill_complement(&self, comp: usize, side: Side, not: &[usize]) -> Option<Filled> {
        let mut order: Vec<usize> = self.tree.kids_by(comp, &[Rel::Obj, Rel::Iobj, Rel::NsubjPass]).collect();
        order.extend(self.tree.kids_by(comp, &[Rel::Obl]));
        order.extend(self.tree.kids_by(comp, &[Rel::Nsubj]));
        for head in order.into_iter().flat_map(|h| self.joined(h)) {
            if let Some((found, depth)) = self.party(head, side, 3) {
                let fresh: Vec<usize> = found.into_iter().filter(|m| !not.contains(m)).collect();
                if !fresh.is_empty() {
                    return Some(Filled { mentions: fresh, slot: Slot::Comp, depth, head });
                }
            }
        }
        let inside: Vec<usize> = self
            .mentions_under(comp)
            .into_iter()
            .filter(|m| !not.contains(m) && (self.can_act(*m) || side != Side::Actor))
            .collect();
        let first = *inside.first()?;
        Some(Filled {
            mentions: vec![first],
            slot: Slot::Comp,
            depth: Depth::Inner,
            head: self.head_of(first),
        })
    }

    /// Where an act of the trigger happened: the place that stands nearest to it in its own clause, then in the sentence.
    pub fn ground(&self, trigger: usize, args: &Args, not: &[usize]) -> Option<Filled> {
        const WHERE: &[&str] = &[
            "in", "at", "near", "on", "outside", "inside", "across", "around", "into", "over", "against",
            "off", "along",
        ];
        let mut heads: Vec<usize> =
            args.obls.iter().filter(|(p, _)| WHERE.contains(&p.as_str())).map(|(_, x)| *x).collect();
        heads.extend(&args.obj);
        heads.extend(&args.subj);
        let side = Side::Recipient { ground: true };
        for head in heads {
            let inner =
                self.mention_at(head).map(|m| (vec![m], Depth::Head)).or_else(|| self.party(head, side, 3));
            let Some((found, _)) = inner else { continue };
            if let Some(m) = found.into_iter().find(|m| !not.contains(m) && self.is_ground(*m)) {
                let mut mentions = vec![m];
                self.listed(&mut mentions, side, not);
                return Some(Filled { mentions, slot: Slot::Prep("in".into()), depth: Depth::Ground, head });
            }
        }
        let nearest = (0..self.len())
            .filter_map(|i| self.mention_at(i).map(|m| (i.abs_diff(trigger), m)))
            .filter(|(_, m)| !not.contains(m) && self.mentions[*m].role == Role::Place)
            .min()?;
        Some(Filled {
            mentions: vec![nearest.1],
            slot: Slot::Prep("in".into()),
            depth: Depth::Ground,
            head: self.head_of(nearest.1),
        })
    }

    /// A party, one mention at least, that no slot holds, for the model to judge.
    pub fn loose(&self, mentions: Vec<usize>) -> Filled {
        let head = self.head_of(mentions[0]);
        Filled { mentions, slot: Slot::Prep("near".into()), depth: Depth::Loose, head }
    }

    /// A party with those that stand in one list with it, left to right.
    pub fn list(&self, m: usize, side: Side) -> Vec<usize> {
        let mut all = vec![m];
        self.listed(&mut all, side, &[]);
        all
    }

    /// The mentions nearest to a token: at most `before` in front of it and `behind` after it.
    pub fn around(&self, token: usize, before: usize, behind: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut gather = |tokens: &mut dyn Iterator<Item = usize>, most: usize| {
            let mut n = 0;
            for t in tokens {
                if let Some(m) = self.mention_at(t)
                    && !out.contains(&m)
                    && n < most
                {
                    out.push(m);
                    n += 1;
                }
            }
        };
        gather(&mut (0..token).rev(), before);
        gather(&mut (token + 1..self.len()), behind);
        out
    }

    /// Whether a mention tells where: a place, or a country or city after a preposition of place.
    pub fn is_ground(&self, m: usize) -> bool {
        let mention = &self.mentions[m];
        mention.role == Role::Place
            || mention.actor.country.is_some()
                && self
                    .cases(self.head_of(m))
                    .iter()
                    .any(|p| ["in", "at", "near", "inside", "across", "outside", "on"].contains(&p.as_str()))
    }
}

/// Prepositions that stand for one another: (in the rule, in the text).
const TOWARD: &[(&str, &str)] = &[
    ("toward", "towards"),
    ("on", "upon"),
    ("against", "targeting"),
    ("in", "inside"),
    ("in", "across"),
    ("in", "within"),
    ("into", "in"),
    ("with", "alongside"),
];
