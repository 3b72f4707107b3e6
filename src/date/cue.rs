//! Whether the clause around an expression looks back or ahead: the words nearest before it decide.

use super::lex::{Lex, Sym};
use crate::model::Tense;

/// Words that put what follows ahead of the article.
const AHEAD: &[&str] = &[
    "will",
    "shall",
    "ll",
    "upcoming",
    "scheduled",
    "slated",
    "planned",
    "plans",
    "plan",
    "intends",
    "expected",
    "expects",
    "hopes",
    "aims",
    "forthcoming",
    "ahead",
    "till",
    "until",
    "deadline",
    "expires",
    "begins",
    "starts",
    "takes",
    "opens",
    "arrives",
    "postponed",
    "delayed",
    "forecast",
    "predicted",
    "projected",
    "prepares",
    "preparing",
    "wants",
    "going",
    "would",
    "could",
    "may",
    "might",
    "can",
    "must",
    "should",
];

/// Past forms that do not end in `ed`.
const BACK: &[&str] = &[
    "was",
    "were",
    "had",
    "did",
    "said",
    "told",
    "met",
    "held",
    "began",
    "went",
    "made",
    "took",
    "came",
    "left",
    "won",
    "hit",
    "sent",
    "gave",
    "saw",
    "got",
    "became",
    "fell",
    "rose",
    "led",
    "lost",
    "paid",
    "put",
    "ran",
    "sold",
    "spoke",
    "struck",
    "swore",
    "took",
    "wrote",
    "flew",
    "grew",
    "broke",
    "built",
    "bought",
    "brought",
    "found",
    "fought",
    "drew",
    "shot",
    "shut",
    "sank",
    "sat",
    "stood",
    "thought",
    "threw",
    "has",
    "have",
    "been",
    "since",
    "after",
    "following",
    "done",
    "given",
    "taken",
    "seen",
    "known",
];

/// How many pieces back a cue still speaks for the expression.
const REACH: usize = 14;

/// The direction of the clause before piece `at`, or shortly after it; `None` when nothing tells.
pub fn direction(pieces: &[Lex<'_>], at: usize, end: usize) -> Option<Tense> {
    let first = at.saturating_sub(REACH);
    for i in (first..at).rev() {
        let piece = &pieces[i];
        match piece.sym {
            Sym::Sign(';' | ':' | '—' | '–') => break,
            // "is due to meet", "are set to open"; "due to drought" and "the record set" say nothing.
            Sym::Word if piece.is_any(&["due", "set"]) => {
                let waits = i > first && pieces[i - 1].is_any(&["is", "are", "was", "were", "be", "s", "re"]);
                if waits && pieces[i + 1].is_any(&["to", "on", "in", "for"]) {
                    return Some(Tense::Future);
                }
            }
            Sym::Word if piece.is_any(AHEAD) => return Some(Tense::Future),
            // "should be completed", "to be held": the participle looks where its auxiliary looks.
            Sym::Word if is_past(piece) && i > first && pieces[i - 1].is("be") => {}
            Sym::Word if is_past(piece) => return Some(Tense::Past),
            _ => {}
        }
    }
    // "On Thursday the ministers met": the verb comes after.
    for piece in pieces[end..pieces.len().min(end + REACH)].iter() {
        match piece.sym {
            Sym::Sign(';' | ':' | '—' | '–') => break,
            Sym::Word if piece.is_any(&["will", "shall", "ll"]) => return Some(Tense::Future),
            Sym::Word if is_past(piece) => return Some(Tense::Past),
            _ => {}
        }
    }
    None
}

fn is_past(piece: &Lex<'_>) -> bool {
    let text = piece.text;
    let regular = text.len() > 4
        && text.ends_with("ed")
        && !text.starts_with(char::is_uppercase)
        && !piece.is("indeed");
    regular || piece.is_any(BACK)
}
