//! Caveats on a claim: negation, future, hypothesis, question, history; its tense; and who is said to have said it.

use super::view::View;
use crate::model::{Attribution, Aux, Rel, Tense, Upos, Xpos};

const SAY: &[&str] = &[
    "say",
    "tell",
    "report",
    "announce",
    "claim",
    "state",
    "add",
    "declare",
    "note",
    "write",
    "argue",
    "insist",
    "suggest",
    "confirm",
    "reveal",
    "maintain",
    "explain",
    "assert",
    "allege",
    "acknowledge",
    "admit",
    "believe",
    "think",
    "warn",
    "stress",
    "testify",
    "tweet",
    "describe",
    "indicate",
    "estimate",
    "accuse",
    "deny",
];
const PLANNED: &[&str] = &[
    "plan", "expect", "set", "schedule", "intend", "prepare", "due", "aim", "ready", "decide", "propose",
    "want", "seek", "hope", "vow", "pledge", "promise", "agree", "threaten", "poised", "consider", "likely",
    "mull",
];
const MODAL: &[&str] = &["would", "could", "may", "might", "should", "can", "must"];
const PROSPECTIVE: &[&str] = &[
    "planned",
    "upcoming",
    "proposed",
    "future",
    "possible",
    "potential",
    "next",
    "forthcoming",
    "scheduled",
];

impl View<'_> {
    /// The clause heads from `i` upwards, `i` first.
    fn upwards(&self, i: usize) -> Vec<usize> {
        let mut out = vec![i];
        let mut at = i;
        while let Some(h) = self.tree.head(at) {
            if out.len() > self.len() {
                break;
            }
            out.push(h);
            at = h;
        }
        out
    }

    fn negated_here(&self, i: usize) -> bool {
        self.tree.kids(i).any(|c| {
            let word = self.lower(c);
            matches!(word, "not" | "n't" | "never" | "n’t" | "neither" | "nor")
                || (word == "no" && self.rel(c) == Rel::Det)
        }) || self.tree.kids_by(i, &[Rel::Obj, Rel::Nsubj, Rel::NsubjPass]).any(|c| {
            self.tree.kids_by(c, &[Rel::Det, Rel::Advmod]).any(|d| matches!(self.lower(d), "no" | "neither"))
        })
    }

    /// Whether the trigger's own clause denies it ("will not accept").
    pub fn is_negated(&self, i: usize) -> bool {
        self.negated_here(i)
    }

    /// The caveats of a trigger, sorted.
    pub fn aux(&self, trigger: usize) -> Vec<Aux> {
        let mut out = Vec::new();
        let light = self.governing_verb(trigger);
        for i in std::iter::once(trigger).chain(light) {
            if self.negated_here(i) {
                out.push(Aux::Negation);
            }
            if self.has_aux(i, &["will", "shall", "'ll", "’ll", "wo"]) || self.goes_to(i) {
                out.push(Aux::Future);
            }
            if self.has_aux(i, MODAL) || self.has_mark(i, &["if", "unless", "whether"]) {
                out.push(Aux::Hypothetical);
            }
        }
        if self.tree.kids_by(trigger, &[Rel::Amod]).any(|c| PROSPECTIVE.contains(&self.lower(c))) {
            out.push(Aux::Future);
        }
        self.inherited(trigger, &mut out);
        if self.ends_with_question() {
            out.push(Aux::Question);
        }
        out.sort();
        out.dedup();
        out
    }

    /// What the clauses above say of the trigger's clause.
    fn inherited(&self, trigger: usize, out: &mut Vec<Aux>) {
        let chain = self.upwards(trigger);
        for pair in chain.windows(2) {
            let (below, above) = (pair[0], pair[1]);
            let rel = self.rel(below);
            let lemma = self.lemma(above);
            let complement = matches!(rel, Rel::Xcomp | Rel::Ccomp | Rel::Acl | Rel::Advcl | Rel::Csubj);
            if rel == Rel::Conj && self.has_aux(above, &["will", "shall", "'ll"]) && !self.has_subject(below)
            {
                out.push(Aux::Future);
            }
            if rel == Rel::Advcl && self.has_mark(below, &["if", "unless"]) {
                out.push(Aux::Hypothetical);
            }
            if !complement {
                continue;
            }
            if matches!(rel, Rel::Xcomp | Rel::Acl)
                && PLANNED.contains(&lemma)
                && self.has_mark(below, &["to"])
            {
                out.push(Aux::Future);
            }
            if matches!(lemma, "fail" | "refuse" | "decline" | "avoid" | "stop") && rel == Rel::Xcomp {
                out.push(Aux::Negation);
            }
            if lemma == "deny" {
                out.push(Aux::Denied);
                out.push(Aux::Negation);
            }
            if matches!(rel, Rel::Ccomp | Rel::Xcomp) && self.negated_here(above) && !SAY.contains(&lemma) {
                out.push(Aux::Negation);
            }
            if rel == Rel::Ccomp && SAY.contains(&lemma) {
                out.push(Aux::Reported);
            }
            if self.has_aux(above, MODAL) && rel != Rel::Ccomp {
                out.push(Aux::Hypothetical);
            }
        }
    }

    /// "is going to", "is to meet", and the headline's bare infinitive: "Modi to visit Tokyo".
    fn goes_to(&self, i: usize) -> bool {
        let to = self.has_mark(i, &["to"]);
        to && (self.rel(i) == Rel::Root
            || self
                .tree
                .head(i)
                .is_some_and(|h| self.lemma(h) == "go" && self.rel(i) == Rel::Xcomp || self.lemma(h) == "be"))
    }

    /// For a noun trigger: the verb whose object or subject it is.
    pub fn governing_verb(&self, i: usize) -> Option<usize> {
        if self.is_verb(i) {
            return None;
        }
        let h = self.tree.head(i)?;
        (self.is_verb(h) && matches!(self.rel(i), Rel::Obj | Rel::NsubjPass | Rel::Nsubj | Rel::Obl))
            .then_some(h)
    }

    fn ends_with_question(&self) -> bool {
        (0..self.len()).rev().take(2).any(|i| self.lower(i) == "?")
    }

    /// The tense of a trigger: its verb's, or its governing verb's.
    pub fn tense(&self, trigger: usize, aux: &[Aux]) -> Tense {
        if aux.contains(&Aux::Future) {
            return Tense::Future;
        }
        let v = self.governing_verb(trigger).unwrap_or(trigger);
        let past_aux = self.has_aux(v, &["was", "were", "had", "has", "have", "been", "did"]);
        match self.xpos(v) {
            Xpos::Vbd | Xpos::Vbn => Tense::Past,
            Xpos::Vbg | Xpos::Vb if past_aux => Tense::Past,
            Xpos::Vbp | Xpos::Vbz => Tense::Present,
            Xpos::Vb => Tense::Present,
            _ => self.tree.head(v).filter(|&h| self.is_verb(h) && h != v).map_or(Tense::Past, |h| match self
                .xpos(h)
            {
                Xpos::Vbp | Xpos::Vbz => Tense::Present,
                _ => Tense::Past,
            }),
        }
    }

    /// Who reports the trigger's clause: the subject of the verb of saying above it, or beside it, or "according to".
    pub fn attribution(&self, trigger: usize) -> Option<Attribution> {
        let chain = self.upwards(trigger);
        for pair in chain.windows(2) {
            let (below, above) = (pair[0], pair[1]);
            if self.rel(below) == Rel::Ccomp && SAY.contains(&self.lemma(above)) {
                return self.speaker(above);
            }
        }
        for &i in &chain {
            for c in self.tree.kids_by(i, &[Rel::Parataxis]) {
                if self.is_verb(c) && SAY.contains(&self.lemma(c)) && self.has_subject(c) {
                    return self.speaker(c);
                }
            }
            for c in self.tree.kids_by(i, &[Rel::Obl]) {
                if self.cases(c).iter().any(|p| p == "according to") || self.has_mark(c, &["according"]) {
                    return Some(Attribution {
                        to: self.phrase(c),
                        verb: "according to".into(),
                        entity_id: self.mention_at(c).and_then(|m| self.mentions[m].actor.id.clone()),
                    });
                }
            }
        }
        None
    }

    fn speaker(&self, v: usize) -> Option<Attribution> {
        let s = *self.logical_subject(v, 3).first()?;
        Some(Attribution {
            to: self.phrase(s),
            verb: self.lemma(v).to_string(),
            entity_id: self.mention_at(s).and_then(|m| self.mentions[m].actor.id.clone()),
        })
    }

    /// The words of a noun phrase without its clauses.
    pub fn phrase(&self, head: usize) -> String {
        let (from, to) = self.phrase_tokens(head);
        let (a, b) = (self.sentence.tokens[from].span.start, self.sentence.tokens[to - 1].span.end);
        self.text[a as usize..b as usize].to_string()
    }

    /// First and one-past-last token of a noun phrase without its clauses and prepositions.
    pub fn phrase_tokens(&self, head: usize) -> (usize, usize) {
        if let Some(m) = self.mention_at(head) {
            let t = self.mentions[m].tokens;
            return (t.0 as usize, t.1 as usize);
        }
        let mut from = head;
        let mut to = head + 1;
        for c in self.tree.kids(head) {
            if matches!(
                self.rel(c),
                Rel::Compound | Rel::Amod | Rel::NmodPoss | Rel::Nummod | Rel::Flat | Rel::NmodDesc
            ) {
                let (a, b) = if self.upos(c) == Upos::Punct { (c, c + 1) } else { self.phrase_tokens(c) };
                from = from.min(a);
                to = to.max(b);
            }
        }
        (from, to)
    }
}
