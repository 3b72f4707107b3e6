//! One parsed sentence with its mentions, and the questions coding asks of it.

use crate::model::{Mention, Rel, Role, Sentence, Tree, Upos, Xpos};

/// A parsed sentence with the mentions that stand in it.
pub(super) struct View<'a> {
    /// The field's text.
    pub text: &'a str,
    /// The sentence.
    pub sentence: &'a Sentence,
    /// Its tree.
    pub tree: &'a Tree,
    /// All mentions of the document.
    pub mentions: &'a [Mention],
    /// Those of the sentence.
    pub here: &'a [Mention],
    /// Token -> index of the mention that covers it.
    owner: Vec<Option<u32>>,
    /// Lower-cased token texts, end to end.
    lower: String,
    /// Where each of them begins, and the last one ends.
    starts: Vec<u32>,
    /// A bit for each lemma, by [`bit`]: what has no bit here is no lemma of the sentence.
    seen: [u64; 4],
}

/// A word's place among 256, from its length and its ends.
fn bit(word: &str) -> (usize, u64) {
    let (bytes, n) = (word.as_bytes(), word.len());
    let ends = |i: usize| bytes.get(i).map_or(0, |b| *b as usize);
    let place = n.wrapping_mul(29)
        ^ ends(0).wrapping_mul(7)
        ^ ends(n / 2).wrapping_mul(3)
        ^ ends(n.saturating_sub(1));
    (place >> 6 & 3, 1 << (place & 63))
}

/// The tokens in lower case, end to end, and where each begins.
fn lowered(text: &str, sentence: &Sentence) -> (String, Vec<u32>) {
    let mut lower = String::with_capacity(text.len().min(2 * sentence.span.len()));
    let mut starts = Vec::with_capacity(sentence.tokens.len() + 1);
    for token in &sentence.tokens {
        let (word, from) = (token.span.of(text), lower.len());
        starts.push(from as u32);
        if word.is_ascii() {
            lower.push_str(word);
            lower[from..].make_ascii_lowercase();
        } else {
            lower.push_str(&word.to_lowercase());
        }
    }
    starts.push(lower.len() as u32);
    (lower, starts)
}

impl<'a> View<'a> {
    /// `None` when the sentence was not parsed.
    pub fn new(text: &'a str, index: u32, sentence: &'a Sentence, mentions: &'a [Mention]) -> Option<Self> {
        let tree = sentence.tree.as_ref()?;
        let mut owner = vec![None; sentence.tokens.len()];
        let from = mentions.partition_point(|m| m.sentence < index);
        let to = mentions.partition_point(|m| m.sentence <= index);
        let here = &mentions[from..to];
        for (i, m) in (from..).zip(here) {
            for slot in &mut owner[m.tokens.0 as usize..m.tokens.1 as usize] {
                *slot = Some(i as u32);
            }
        }
        let (lower, starts) = lowered(text, sentence);
        let mut seen = [0; 4];
        for (row, mark) in tree.words.iter().map(|w| bit(&w.lemma)) {
            seen[row] |= mark;
        }
        Some(View { text, sentence, tree, mentions, here, owner, lower, starts, seen })
    }

    pub fn len(&self) -> usize {
        self.tree.words.len()
    }

    pub fn lemma(&self, i: usize) -> &'a str {
        &self.tree.words[i].lemma
    }

    /// The words whose lemma is this one.
    pub fn with_lemma<'w>(&'w self, lemma: &'w str) -> impl Iterator<Item = usize> + 'w {
        let (row, mark) = bit(lemma);
        let n = if self.seen[row] & mark == 0 { 0 } else { self.len() };
        (0..n).filter(move |&i| self.lemma(i) == lemma)
    }

    pub fn lower(&self, i: usize) -> &str {
        &self.lower[self.starts[i] as usize..self.starts[i + 1] as usize]
    }

    pub fn rel(&self, i: usize) -> Rel {
        self.tree.words[i].rel
    }

    pub fn upos(&self, i: usize) -> Upos {
        self.tree.words[i].upos
    }

    pub fn xpos(&self, i: usize) -> Xpos {
        self.tree.words[i].xpos
    }

    pub fn is_verb(&self, i: usize) -> bool {
        self.upos(i) == Upos::Verb
    }

    pub fn is_nominal(&self, i: usize) -> bool {
        matches!(self.upos(i), Upos::Noun | Upos::Propn | Upos::Pron | Upos::Num)
    }

    /// The mention that covers a token.
    pub fn mention_at(&self, i: usize) -> Option<usize> {
        self.owner[i].map(|m| m as usize)
    }

    /// The mentions of the sentence, left to right.
    pub fn named(&self) -> impl Iterator<Item = usize> + '_ {
        let mut last = None;
        (0..self.len()).filter_map(move |t| {
            let m = self.mention_at(t).filter(|&m| last != Some(m))?;
            last = Some(m);
            Some(m)
        })
    }

    /// Whether the mention can act.
    pub fn can_act(&self, m: usize) -> bool {
        self.mentions[m].role == Role::Agent
    }

    /// The head token of a mention: the one whose head lies outside it.
    pub fn head_of(&self, m: usize) -> usize {
        let (from, to) = (self.mentions[m].tokens.0 as usize, self.mentions[m].tokens.1 as usize);
        (from..to).find(|&t| self.tree.head(t).is_none_or(|h| h < from || h >= to)).unwrap_or(to - 1)
    }

    /// The mentions whose tokens all stand under `top`, left to right.
    pub fn mentions_under(&self, top: usize) -> Vec<usize> {
        let mut out: Vec<usize> = Vec::new();
        for i in 0..self.len() {
            if let Some(m) = self.mention_at(i)
                && out.last() != Some(&m)
                && self.tree.within(i, top)
            {
                out.push(m);
            }
        }
        out
    }

    /// The prepositions that mark nominal `i`, joined with `_` when fixed ("because_of"); lower case.
    pub fn cases(&self, i: usize) -> Vec<String> {
        let mut out = Vec::new();
        for c in self.tree.kids_by(i, &[Rel::Case]) {
            let mut text = self.lower(c).to_string();
            for f in self.tree.kids_by(c, &[Rel::Fixed]) {
                text.push(' ');
                text.push_str(self.lower(f));
            }
            out.push(text);
        }
        out
    }

    /// Whether nominal `i` is marked by this preposition.
    pub fn has_case(&self, i: usize, preposition: &str) -> bool {
        self.tree.kids_by(i, &[Rel::Case]).any(|c| {
            self.lower(c) == preposition
                || preposition.starts_with(self.lower(c)) && self.cases(i).iter().any(|x| x == preposition)
        })
    }

    /// A nominal and all that is joined to it by "and"; clauses are left out.
    pub fn joined(&self, i: usize) -> Vec<usize> {
        let mut out = vec![i];
        let mut next = 0;
        while next < out.len() {
            for c in self.tree.kids_by(out[next], &[Rel::Conj]) {
                if self.is_nominal(c) && !self.has_subject(c) && !out.contains(&c) {
                    out.push(c);
                }
            }
            next += 1;
        }
        out
    }

    /// Whether a word has a subject of its own.
    pub fn has_subject(&self, i: usize) -> bool {
        self.tree.kids(i).any(|c| {
            matches!(self.rel(c), Rel::Nsubj | Rel::NsubjPass | Rel::NsubjOuter | Rel::Csubj | Rel::CsubjPass)
        })
    }

    /// Whether any auxiliary of `i` is one of these words.
    pub fn has_aux(&self, i: usize, words: &[&str]) -> bool {
        self.tree.kids_by(i, &[Rel::Aux, Rel::AuxPass, Rel::Cop]).any(|c| words.contains(&self.lower(c)))
    }

    /// Whether any marker of clause `i` ("if", "to", "that") is one of these words.
    pub fn has_mark(&self, i: usize, words: &[&str]) -> bool {
        self.tree.kids_by(i, &[Rel::Mark, Rel::Advmod, Rel::Case]).any(|c| words.contains(&self.lower(c)))
    }

    /// Whether the verb is in the passive.
    pub fn is_passive(&self, v: usize) -> bool {
        let shows = |rels: &[Rel]| self.tree.kids_by(v, rels).next().is_some();
        if shows(&[Rel::AuxPass, Rel::OblAgent]) {
            return true;
        }
        // A past tense without auxiliary is active, whatever its subject is taken for: "Turkey called for calm".
        if shows(&[Rel::NsubjPass]) {
            return self.xpos(v) != Xpos::Vbd || shows(&[Rel::Aux]);
        }
        if self.xpos(v) != Xpos::Vbn {
            return false;
        }
        let active = self.tree.kids(v).any(|c| matches!(self.rel(c), Rel::Aux | Rel::Obj | Rel::Nsubj));
        if active {
            return false;
        }
        match self.rel(v) {
            Rel::Acl | Rel::Amod => true,
            Rel::Advcl => true,
            // A second participle shares the first one's auxiliary: "were arrested and charged".
            Rel::Conj => self.tree.head(v).is_some_and(|h| self.is_verb(h) && self.is_passive(h)),
            _ => false,
        }
    }
}
