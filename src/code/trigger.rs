//! Which rules a word of the sentence wakes, most specific first.

use super::clause::Args;
use super::scout;
use super::view::View;
use crate::lexicon::rules::{Entry, Rule, RuleSet};
use crate::model::EventType::{Consult, Cooperate};
use crate::model::{Field, Rel, Upos};

/// A rule that fits the words at a trigger, before its sides are looked for.
#[derive(Clone, Debug)]
pub(super) struct Match<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The word that leads it.
    pub trigger: usize,
    /// All words that belong to the trigger, sorted.
    pub tokens: Vec<usize>,
    /// Its arguments.
    pub args: Args,
    /// Objects (tokens) that the rule names: they do not report an event of their own.
    pub objects: Vec<usize>,
    /// How specific: the higher wins.
    pub rank: u32,
    /// A verb's rule at a word tagged as a noun: only for the model to judge.
    pub mistagged: bool,
    /// The scout's reading, not a rule of the word lists.
    pub scouted: bool,
}

/// Nouns that only count or shape what follows "of": "a series of strikes".
const QUANTITY: &[&str] = &[
    "series", "round", "wave", "package", "number", "set", "string", "spate", "barrage", "volley", "batch",
    "list", "dozen", "hundred", "thousand", "lot", "kind", "type", "form", "group", "range", "raft",
    "flurry", "one", "first", "second", "third", "most", "some", "all", "many", "several", "couple", "pair",
    "phase", "part", "half", "rest", "majority", "act", "campaign", "use", "week", "day", "month", "million",
    "billion",
];

impl View<'_> {
    /// The rules that fit at word `i`, most specific first.
    ///
    /// `judged` lets a verb that the tagger took for a noun ("Police in Oslo arrest …") wake its rules too.
    pub fn matches<'r>(&self, i: usize, rules: &'r RuleSet, judged: bool) -> Vec<Match<'r>> {
        let entries = rules.of(self.lemma(i));
        if entries.is_empty() {
            return Vec::new();
        }
        // "is ready to": a predicate adjective governs like a verb.
        let predicate = self.upos(i) == Upos::Adj
            && (self.has_subject(i) || self.tree.kids(i).any(|c| self.rel(c) == Rel::Cop));
        let verbal = predicate || self.is_verb(i) && !matches!(self.rel(i), Rel::Amod | Rel::Compound);
        let nominal = matches!(self.upos(i), Upos::Noun | Upos::Propn) && self.mention_at(i).is_none();
        let mut args: Option<Args> = None;
        let mut out: Vec<Match<'r>> = Vec::new();
        for entry in entries {
            let mistagged = judged && !entry.noun && !verbal && nominal && entry.rest.is_empty();
            if entry.noun && !nominal || !entry.noun && !verbal && !mistagged {
                continue;
            }
            let args =
                args.get_or_insert_with(|| if entry.noun { self.noun_args(i) } else { self.verb_args(i) });
            let rule = &rules.rules[entry.rule as usize];
            if mistagged && (rule.comp || !rule.objects.is_empty()) {
                continue;
            }
            if let Some(mut found) = self.fit(i, entry, rule, args) {
                found.mistagged = mistagged;
                out.push(found);
            }
        }
        out.sort_by_key(|m| (m.mistagged, std::cmp::Reverse(m.rank)));
        out
    }

    /// A scout's reading at word `i`: in place of the rule that wakes there, with its words and arguments, or on its own.
    pub fn scouted<'r>(&self, i: usize, root: usize, at: Option<&Match<'r>>) -> Match<'r> {
        let mutual = at
            .map_or(root == scout::class(Consult) || root == scout::class(Cooperate), |m| m.rule.reciprocal);
        let rule = scout::reading::rule(root, mutual);
        match at {
            Some(m) => Match { rule, scouted: true, rank: 0, ..m.clone() },
            None => Match {
                rule,
                trigger: i,
                tokens: vec![i],
                args: if self.is_verb(i) { self.verb_args(i) } else { self.noun_args(i) },
                objects: Vec::new(),
                rank: 0,
                mistagged: false,
                scouted: true,
            },
        }
    }

    /// Whether the trigger and its subject are such as the rule asks for.
    fn allowed(&self, i: usize, rule: &Rule, args: &Args) -> bool {
        if rule.headline && self.sentence.field != Field::Title {
            return false;
        }
        if rule.negated && !self.is_negated(i) {
            return false;
        }
        if !rule.subjects.is_empty() && !args.subj.iter().any(|&s| self.is_one_of(s, &rule.subjects))
            || args.subj.iter().any(|&s| self.is_one_of(s, &rule.not_subjects))
        {
            return false;
        }
        true
    }

    /// Whether a word in the trigger's clause rules the rule out.
    fn forbidden(&self, i: usize, rule: &Rule) -> bool {
        if rule.without.is_empty() {
            return false;
        }
        let top = if self.is_verb(i) { i } else { self.governing_verb(i).unwrap_or(i) };
        let forbids = |w: &str| self.with_lemma(w).any(|t| self.tree.within(t, top));
        rule.without.iter().any(|w| forbids(w))
    }

    fn fit<'r>(&self, i: usize, entry: &Entry, rule: &'r Rule, args: &Args) -> Option<Match<'r>> {
        if !self.allowed(i, rule, args) {
            return None;
        }
        let mut found = Match {
            rule,
            trigger: i,
            tokens: vec![i],
            args: Args::default(),
            objects: Vec::new(),
            rank: 2 * entry.rest.len() as u32,
            mistagged: false,
            scouted: false,
        };
        if entry.noun {
            found.tokens.extend(self.compound_before(i, &entry.rest)?);
            if !rule.not_objects.is_empty() && self.modified_by(i, &rule.not_objects) {
                return None;
            }
            if self.forbidden(i, rule) {
                return None;
            }
            found.args = args.clone();
        } else {
            self.fit_verb(entry, args, &mut found)?;
        }
        found.tokens.sort_unstable();
        found.tokens.dedup();
        Some(found)
    }

    /// What a verb's rule asks for beyond the word: particles, voice, objects, complement. The arguments are copied
    /// last, since most rules fail before.
    fn fit_verb(&self, entry: &Entry, args: &Args, found: &mut Match) -> Option<()> {
        let (rule, i) = (found.rule, found.trigger);
        let (particles, prep_object) = self.particles(i, &entry.rest)?;
        if !rule.passive && self.is_passive(i) {
            return None;
        }
        let governed = prep_object.map(|o| self.joined(o));
        let obj = governed.as_ref().unwrap_or(&args.obj);
        // "the Gulf Council (GCC) summit": the head of the phrase may hang on its name.
        let names = || obj.iter().flat_map(|&o| self.tree.kids_by(o, &[Rel::Appos]));
        let heads = || obj.iter().map(|&o| self.look_through(o)).chain(names());
        if !rule.not_objects.is_empty() && heads().any(|o| self.is_one_of(o, &rule.not_objects)) {
            return None;
        }
        let mut objects = Vec::new();
        if !rule.objects.is_empty() {
            objects.extend(heads().filter(|&o| self.is_one_of(o, &rule.objects)));
            if objects.is_empty() {
                return None;
            }
            found.rank +=
                8 + objects.iter().map(|&o| self.longest_entry(o, &rule.objects)).max().unwrap_or(0);
        }
        // After what is asked for, which most rules lack: this looks at the whole sentence.
        if self.forbidden(i, rule) {
            return None;
        }
        found.tokens.extend(particles);
        found.args = args.clone();
        if let Some(obj) = governed {
            found.args.obj = obj;
        }
        self.object_args(&objects, &mut found.args);
        found.tokens.extend(objects.first().filter(|o| o.abs_diff(i) < 12));
        found.objects = objects;
        if rule.comp {
            found.args.comp?;
            found.rank += 4;
        }
        if !rule.comp_aux.is_empty() {
            let words: Vec<&str> = rule.comp_aux.iter().map(|w| &**w).collect();
            found.args.comp.filter(|&c| self.has_aux(c, &words) || words.contains(&self.lemma(c)))?;
            found.rank += 4;
        }
        if rule.negated {
            found.rank += 4;
        }
        Some(())
    }

    /// A rule's own object is part of the trigger: what modifies it are sides of the event.
    fn object_args(&self, objects: &[usize], args: &mut Args) {
        for &o in objects {
            let inner = self.noun_args(o);
            args.obls.extend(inner.obls);
            if args.comp.is_none() {
                args.comp = inner.comp;
            }
        }
        args.obls.dedup();
    }

    /// Whether the word, or the compound that ends in it, is in the list.
    pub fn is_one_of(&self, i: usize, list: &[Box<str>]) -> bool {
        let (lemma, lower) = (self.lemma(i), self.lower(i));
        let compound = |entry: &str| {
            let before = entry.strip_suffix(lemma).and_then(|rest| rest.strip_suffix(' '));
            before.is_some_and(|before| {
                let words: Vec<Box<str>> = before.split(' ').map(Box::from).collect();
                self.compound_before(i, &words).is_some()
            })
        };
        list.iter().any(|entry| **entry == *lemma || **entry == *lower || compound(entry))
    }

    /// How many words the longest entry has that names the word: "cyber attack" beats "attack".
    fn longest_entry(&self, i: usize, list: &[Box<str>]) -> u32 {
        let mut longest = 0;
        for entry in list {
            if self.is_one_of(i, std::slice::from_ref(entry)) {
                longest = longest.max(entry.split(' ').count() as u32);
            }
        }
        longest
    }

    /// "a series of strikes" is strikes.
    fn look_through(&self, i: usize) -> usize {
        if QUANTITY.contains(&self.lemma(i))
            && let Some(c) = self.tree.kids_by(i, &[Rel::Nmod]).find(|&c| self.has_case(c, "of"))
        {
            return c;
        }
        i
    }

    fn modified_by(&self, i: usize, list: &[Box<str>]) -> bool {
        self.tree
            .kids_by(i, &[Rel::Amod, Rel::Compound, Rel::Nmod, Rel::NmodPoss, Rel::NmodDesc])
            .any(|c| list.iter().any(|w| self.lemma(c) == &**w || self.lower(c) == &**w))
    }

    /// The words straight before a noun, when they are these (hyphens between them are passed over).
    fn compound_before(&self, i: usize, words: &[Box<str>]) -> Option<Vec<usize>> {
        let mut at = i;
        let mut out = Vec::new();
        for word in words.iter().rev() {
            loop {
                at = at.checked_sub(1)?;
                if self.lower(at) != "-" {
                    break;
                }
            }
            if self.lower(at) != &**word && self.lemma(at) != &**word {
                return None;
            }
            out.push(at);
        }
        Some(out)
    }

    /// The particles and fixed prepositions of a verb, and the object of the last one when it governs one.
    fn particles(&self, v: usize, rest: &[Box<str>]) -> Option<(Vec<usize>, Option<usize>)> {
        let mut at = v;
        let mut out = Vec::new();
        let mut governed = None;
        for word in rest {
            let next = (at + 1..self.len().min(at + 7)).find(|&j| {
                let same = self.lower(j) == &**word || self.lemma(j) == &**word;
                same && (j == at + 1
                    || self.tree.head(j) == Some(v)
                    || self.tree.head(j).is_some_and(|h| self.tree.head(h) == Some(v)))
            })?;
            governed = match self.rel(next) {
                Rel::Case | Rel::Mark => self.tree.head(next).filter(|&h| h != v && self.is_nominal(h)),
                _ => None,
            };
            out.push(next);
            at = next;
        }
        Some((out, governed))
    }
}
