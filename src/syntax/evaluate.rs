//! How well the models do on a treebank.

use std::collections::BTreeMap;
use std::fmt;

use super::conllu::{self, Gold};
use super::{Scratch, Syntax};
use crate::model::{Field, Rel, Sentence, Span, Tree};
use crate::segment;

/// Right, said and wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Found and right.
    pub right: usize,
    /// Found.
    pub said: usize,
    /// In the treebank.
    pub wanted: usize,
}

impl Tally {
    /// F1 in percent.
    pub fn f1(&self) -> f64 {
        200.0 * self.right as f64 / (self.said + self.wanted).max(1) as f64
    }

    fn add(&mut self, right: bool) {
        self.right += usize::from(right);
        self.said += 1;
        self.wanted += 1;
    }
}

/// Figures of one kind of reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    /// Words.
    pub tokens: Tally,
    /// Universal tags.
    pub upos: Tally,
    /// Penn tags.
    pub xpos: Tally,
    /// Dictionary forms.
    pub lemma: Tally,
    /// Heads.
    pub uas: Tally,
    /// Heads with relations, subtypes left out, as in the CoNLL 2018 shared task.
    pub las: Tally,
    /// Heads with relations, subtypes included.
    pub full: Tally,
}

/// What [`evaluate`] found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Sentences.
    pub sentences: usize,
    /// Sentences that our own cutting leaves whole.
    pub whole: usize,
    /// Words given, tags and trees our own.
    pub gold: Scores,
    /// Everything our own, from the sentence's text.
    pub raw: Scores,
    /// By relation with subtype (words given): head and relation right.
    pub rels: BTreeMap<&'static str, Tally>,
}

/// Reads the sentences of a CoNLL-U file's text and compares.
pub fn evaluate(file: &str, syntax: &Syntax) -> Report {
    evaluate_gold(&conllu::read(file), syntax)
}

/// As [`evaluate`], over sentences already read.
pub fn evaluate_gold(sentences: &[Gold], syntax: &Syntax) -> Report {
    let mut report = Report { sentences: sentences.len(), ..Report::default() };
    let mut scratch = Scratch::default();
    for gold in sentences {
        let tree = syntax.words(gold.words.iter().map(|w| w.form.as_str()), &mut scratch);
        given(gold, &tree, &mut report);
        raw(gold, syntax, &mut scratch, &mut report);
    }
    report
}

/// The relation without its subtype.
fn plain(rel: Rel) -> &'static str {
    rel.as_str().split(':').next().unwrap_or("")
}

/// Counts one sentence whose words were given.
fn given(gold: &Gold, tree: &Tree, report: &mut Report) {
    let n = gold.words.len() as u16;
    for (g, w) in gold.words.iter().zip(&tree.words) {
        let head = w.head.unwrap_or(n) == g.head;
        let s = &mut report.gold;
        s.tokens.add(true);
        s.upos.add(g.upos == w.upos);
        s.xpos.add(g.xpos == w.xpos);
        s.lemma.add(g.lemma == *w.lemma);
        s.uas.add(head);
        s.las.add(head && plain(g.rel) == plain(w.rel));
        s.full.add(head && g.rel == w.rel);
        report.rels.entry(g.rel.as_str()).or_default().wanted += 1;
        let said = report.rels.entry(w.rel.as_str()).or_default();
        said.said += 1;
        said.right += usize::from(head && g.rel == w.rel);
    }
}

/// Cuts and parses the text of a sentence and counts the words that stand where the treebank has them.
fn raw(gold: &Gold, syntax: &Syntax, scratch: &mut Scratch, report: &mut Report) {
    let spans = segment::sentences(&gold.text, 0);
    report.whole += usize::from(spans.len() == 1);
    let wanted: BTreeMap<Span, usize> =
        gold.words.iter().enumerate().filter_map(|(i, w)| Some((w.span?, i))).collect();
    let mut counts = [0usize; 7];
    let mut said = 0;
    for span in spans {
        let tokens = segment::tokens(&gold.text, span);
        let sentence = Sentence { field: Field::Text, span, tokens, tree: None };
        let tree = syntax.parse_with(&gold.text, &sentence, scratch);
        said += tree.words.len();
        let place: Vec<Option<usize>> =
            sentence.tokens.iter().map(|t| wanted.get(&t.span).copied()).collect();
        for (w, at) in tree.words.iter().zip(&place) {
            let Some(g) = at.map(|i| &gold.words[i]) else { continue };
            let head = match w.head {
                None => g.head as usize == gold.words.len(),
                Some(h) => place[h as usize] == Some(g.head as usize),
            };
            let right = [
                true,
                g.upos == w.upos,
                g.xpos == w.xpos,
                g.lemma == *w.lemma,
                head,
                head && plain(g.rel) == plain(w.rel),
                head && g.rel == w.rel,
            ];
            for (count, right) in counts.iter_mut().zip(right) {
                *count += usize::from(right);
            }
        }
    }
    let s = &mut report.raw;
    let tallies =
        [&mut s.tokens, &mut s.upos, &mut s.xpos, &mut s.lemma, &mut s.uas, &mut s.las, &mut s.full];
    for (tally, right) in tallies.into_iter().zip(counts) {
        tally.right += right;
        tally.said += said;
        tally.wanted += gold.words.len();
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} sentences, {} left whole by our own cutting", self.sentences, self.whole)?;
        writeln!(f, "            tokens   UPOS   XPOS  lemma    UAS    LAS  LAS with subtypes")?;
        for (name, s) in [("words given", &self.gold), ("from text", &self.raw)] {
            let columns = [s.tokens, s.upos, s.xpos, s.lemma, s.uas, s.las, s.full];
            write!(f, "{name:11}")?;
            for tally in columns {
                write!(f, " {:6.2}", tally.f1())?;
            }
            writeln!(f)?;
        }
        for name in ["nsubj:pass", "obl:agent", "aux:pass"] {
            let t = self.rels.get(name).copied().unwrap_or_default();
            writeln!(
                f,
                "passive: {name:10} F1 {:.2} (right {} of {} said, {} wanted)",
                t.f1(),
                t.right,
                t.said,
                t.wanted
            )?;
        }
        writeln!(f, "relation          F1  right   said wanted")?;
        for (name, t) in &self.rels {
            writeln!(f, "{name:14} {:5.1} {:6} {:6} {:6}", t.f1(), t.right, t.said, t.wanted)?;
        }
        Ok(())
    }
}
