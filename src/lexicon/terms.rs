//! Weighted terms in groups: what topics and suppressors share.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::fold::Words;
use super::matcher::Matcher;
use super::notes::Notes;
use super::problem::Problem;

/// What finding a term does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Its weight counts.
    Adds,
    /// Its weight is taken away.
    Takes,
    /// Terms inside it do not count.
    Hides,
}

/// One term of one group.
#[derive(Clone, Debug)]
pub struct TermOf {
    /// Index of the topic or suppressor.
    pub group: u32,
    /// What finding it does.
    pub effect: Effect,
    /// How much.
    pub weight: f32,
    /// As the lexicon writes it.
    pub text: Arc<str>,
    pub(super) notes: Option<Box<Notes>>,
}

/// A term found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index of the term.
    pub term: u32,
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
}

/// The compiled terms of all groups.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub(super) list: Vec<TermOf>,
    pub(super) matcher: Matcher,
    pub(super) groups: usize,
}

impl Terms {
    /// What a term is.
    pub fn get(&self, term: u32) -> &TermOf {
        &self.list[term as usize]
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The terms of a group, in order of the file.
    pub fn of_group(&self, group: u32) -> impl Iterator<Item = &TermOf> {
        self.list.iter().filter(move |t| t.group == group)
    }

    /// Number of groups.
    pub fn group_count(&self) -> usize {
        self.groups
    }

    /// Finds the terms of a sentence: for each group the longest at each place, apart from one another, and none
    /// inside a phrase that hides it. `out` is emptied first.
    pub fn scan(&self, words: &Words, out: &mut Vec<Hit>) {
        out.clear();
        for i in 0..words.len() {
            self.matcher.at(words, i, |found| {
                let term = self.get(found.payload);
                if term.notes.as_ref().is_none_or(|n| n.allow(words, found.from, found.to)) {
                    out.push(Hit { term: found.payload, from: found.from, to: found.to });
                }
            });
        }
        if out.len() < 2 {
            out.retain(|h| self.get(h.term).effect != Effect::Hides);
            return;
        }
        // Longest first, then leftmost: whatever overlaps a longer one of its group falls away.
        out.sort_by_key(|h| (self.get(h.term).group, std::cmp::Reverse(h.to - h.from), h.from, h.term));
        let mut kept = 0;
        for i in 0..out.len() {
            let hit = out[i];
            let group = self.get(hit.term).group;
            let clear = out[..kept]
                .iter()
                .rev()
                .take_while(|k| self.get(k.term).group == group)
                .all(|k| k.to <= hit.from || hit.to <= k.from);
            if clear {
                out[kept] = hit;
                kept += 1;
            }
        }
        out.truncate(kept);
        out.retain(|h| self.get(h.term).effect != Effect::Hides);
        out.sort_by_key(|h| (h.from, h.to, h.term));
    }
}

/// `[[term]]`, `[[unless]]` or `[[exclude]]` in a file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerms {
    #[serde(default = "one")]
    weight: f32,
    words: Vec<Spanned<String>>,
}

fn one() -> f32 {
    1.0
}

/// Collects the terms of all groups, then compiles them.
#[derive(Default)]
pub(super) struct TermsBuilder {
    list: Vec<(TermOf, String)>,
}

impl TermsBuilder {
    /// Adds the lists of a group.
    pub fn add(
        &mut self,
        group: usize,
        effect: Effect,
        raw: &[RawTerms],
        file: (&str, &str),
        problems: &mut Vec<Problem>,
    ) {
        for block in raw {
            if !(block.weight.is_finite() && block.weight >= 0.0) {
                let hint = "weights are 0 or more; [[unless]] takes its weight away by itself";
                let span = block.words.first().map_or(0..0, Spanned::span);
                let message = format!("weight {} is not possible", block.weight);
                problems.push(Problem::at_bytes(file.0, file.1, span, "weight", message, hint));
            }
            for word in &block.words {
                match Notes::split(word.get_ref()) {
                    Ok(("", _)) => {
                        let message = "an empty term".to_string();
                        problems.push(Problem::at_bytes(
                            file.0,
                            file.1,
                            word.span(),
                            "term",
                            message,
                            "remove it",
                        ));
                    }
                    Ok((name, notes)) => {
                        let term = TermOf {
                            group: group as u32,
                            effect,
                            weight: block.weight,
                            text: name.into(),
                            notes,
                        };
                        self.list.push((term, name.to_string()));
                    }
                    Err((_, why)) => {
                        problems.push(Problem::at_bytes(file.0, file.1, word.span(), "note", why, ""));
                    }
                }
            }
        }
    }

    /// Compiles.
    pub fn finish(self, groups: usize) -> Terms {
        let mut out = Terms { matcher: Matcher::with_room(self.list.len()), groups, ..Terms::default() };
        for (mut term, text) in self.list {
            let exact = term.notes.as_ref().is_some_and(|n| n.exact);
            term.notes = term.notes.filter(|n| !n.is_plain());
            if out.matcher.add_name(&text, exact, out.list.len() as u32) {
                out.list.push(term);
            }
        }
        out.matcher.seal();
        out
    }
}
