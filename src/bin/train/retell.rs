//! The treebanks' own sentences told as news tells them: in the present, of countries and officials, or as about to
//! happen.

use chancery::model::{Rel, Upos, Xpos};
use chancery::syntax::conllu::{Gold, GoldWord};
use chancery::syntax::inflect::verb;

use crate::nouns::actor;
use crate::random::Random;

/// Subject of a clause: its place, and whether it is more than one; `None` for those who speak of themselves.
fn subject(gold: &Gold, of: usize) -> Option<(usize, bool)> {
    let hangs = |w: &GoldWord, rel| w.head as usize == of && w.rel == rel;
    let at = gold.words.iter().position(|w| hangs(w, Rel::Nsubj) || hangs(w, Rel::NsubjPass))?;
    let w = &gold.words[at];
    let listed = gold.words.iter().any(|c| c.head as usize == at && c.rel == Rel::Conj);
    match (w.xpos, w.form.to_lowercase().as_str()) {
        (Xpos::Prp, "he" | "she" | "it") => Some((at, false)),
        (Xpos::Prp, "they") => Some((at, true)),
        (Xpos::Nn | Xpos::Nnp, _) => Some((at, listed)),
        (Xpos::Nns | Xpos::Nnps, _) => Some((at, true)),
        _ => None,
    }
}

/// In the present what was told in the past.
fn present(gold: &mut Gold, root: usize) -> Option<()> {
    let (_, many) = subject(gold, root)?;
    let told = |w: &GoldWord, k: usize| {
        let joined = w.rel == Rel::Conj && w.head as usize == root;
        let helps = matches!(w.rel, Rel::Aux | Rel::AuxPass | Rel::Cop) && w.head as usize == root;
        w.xpos == Xpos::Vbd && (k == root || joined || helps)
    };
    let list: Vec<usize> = (0..gold.words.len()).filter(|k| told(&gold.words[*k], *k)).collect();
    for k in list {
        let own = if gold.words[k].rel == Rel::Conj { subject(gold, k).map_or(many, |s| s.1) } else { many };
        let w = &mut gold.words[k];
        let forms = verb(&w.lemma);
        w.form = match (own, w.lemma.as_str()) {
            (true, "be") => "are".into(),
            (true, _) => forms.base,
            _ => forms.third,
        };
        w.xpos = if own { Xpos::Vbp } else { Xpos::Vbz };
    }
    Some(())
}

/// With another subject.
fn told_of(gold: &Gold, root: usize, random: &mut Random) -> Option<Gold> {
    let (at, many) = subject(gold, root)?;
    let under = |mut k: usize| {
        for _ in 0..gold.words.len() {
            if k == at {
                return true;
            }
            k = gold.words.get(k).map_or(gold.words.len(), |w| w.head as usize);
        }
        false
    };
    let inside: Vec<usize> = (0..gold.words.len()).filter(|k| under(*k)).collect();
    let (from, to) = (inside[0], inside[inside.len() - 1] + 1);
    if to - from != inside.len() || to > root || inside.len() > 5 {
        return None;
    }
    let who = (0..12).map(|_| actor(random)).find(|(_, more)| *more == many)?.0;
    let grown = who.words.len() as i32 - inside.len() as i32;
    let moved = |h: u16| if (h as usize) >= to { (h as i32 + grown) as u16 } else { h };
    let (over, rel) = (moved(gold.words[at].head), gold.words[at].rel);
    let mut out = gold.clone();
    out.words.iter_mut().for_each(|w| w.head = moved(w.head));
    let mut phrase: Vec<GoldWord> =
        who.words.into_iter().map(|w| GoldWord { head: w.head + from as u16, ..w }).collect();
    (phrase[who.head].head, phrase[who.head].rel) = (over, rel);
    if from == 0 {
        let mut chars = phrase[0].form.chars();
        phrase[0].form = chars.next()?.to_uppercase().chain(chars).collect();
    }
    out.words.splice(from..to, phrase);
    Some(out)
}

/// `X will meet Y` as `X to meet Y`.
fn coming(gold: &mut Gold, root: usize) {
    let helps = |w: &GoldWord| w.head as usize == root && matches!(w.rel, Rel::Aux | Rel::AuxPass | Rel::Cop);
    let mut list = gold.words.iter_mut().filter(|w| helps(w));
    let (Some(will), None) = (list.next(), list.next()) else { return };
    if will.form == "will" {
        (will.form, will.upos, will.xpos, will.rel) = ("to".into(), Upos::Part, Xpos::To, Rel::Mark);
    }
}

/// The sentence as news would tell it, if it can be told so.
pub fn retell(gold: &Gold, random: &mut Random) -> Option<Gold> {
    let n = gold.words.len();
    let root = gold.words.iter().position(|w| w.head as usize == n)?;
    if n > 40 || gold.words[root].upos != Upos::Verb {
        return None;
    }
    let mut out = gold.clone();
    present(&mut out, root)?;
    coming(&mut out, root);
    told_of(&out, root, random).or((out != *gold).then_some(out))
}
