//! Dates in figures: `2026-11-22`, `22/11/2026`, `22.11.2026`, `11/22/26`.

use chrono::NaiveDate;

use super::lex::{Lex, Sym};

/// The date in figures that begins at piece `at`: its readings (one, or two when the order of day and month is
/// open, day first) and how many pieces it takes.
pub fn numeric(pieces: &[Lex<'_>], at: usize) -> Option<(Vec<NaiveDate>, usize)> {
    let [first, sign, second, other, third] = pieces.get(at..at + 5)? else { return None };
    let number = |piece: &Lex<'_>| match piece.sym {
        Sym::Num(value, digits) => Some((value, digits)),
        _ => None,
    };
    let (Sym::Sign(mark), Sym::Sign(again)) = (sign.sym, other.sym) else { return None };
    let tight = [sign, second, other, third].iter().all(|piece| !piece.spaced);
    if mark != again || !matches!(mark, '-' | '/' | '.' | '‑') || !tight || glued(pieces, at, at + 5) {
        return None;
    }
    let ((a, a_len), (b, b_len), (c, c_len)) = (number(first)?, number(second)?, number(third)?);
    let day = |y: u32, m: u32, d: u32| NaiveDate::from_ymd_opt(y as i32, m, d);
    let readings: Vec<NaiveDate> = match (a_len, b_len, c_len) {
        (4, 1..=2, 1..=2) if (1800..2200).contains(&a) => day(a, b, c).into_iter().collect(),
        (1..=2, 1..=2, 4) if (1800..2200).contains(&c) => {
            [day(c, b, a), day(c, a, b)].into_iter().flatten().collect()
        }
        // Two figures for the year: only with strokes, else it is a version or a score.
        (1..=2, 1..=2, 2) if mark == '/' => {
            let year = if c < 50 { 2000 + c } else { 1900 + c };
            [day(year, b, a), day(year, a, b)].into_iter().flatten().collect()
        }
        _ => return None,
    };
    (!readings.is_empty()).then_some((readings, 5))
}

/// Whether figures run on without a blank on either side: `1/22/11/2026`, `v2026-11-22-3`.
fn glued(pieces: &[Lex<'_>], from: usize, to: usize) -> bool {
    let before = from > 0
        && !pieces[from].spaced
        && !matches!(pieces[from - 1].sym, Sym::Sign('(' | '[' | '"' | '“' | '\''));
    let after = pieces.get(to).is_some_and(|next| {
        let run = matches!(next.sym, Sym::Num(..) | Sym::Sign('/' | '-'));
        let more = pieces.get(to + 1).is_some_and(|n| !n.spaced && matches!(n.sym, Sym::Num(..)));
        !next.spaced && (run || (next.sym == Sym::Sign('.') && more))
    });
    before || after
}
