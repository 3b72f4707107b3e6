//! Where words begin and end: Universal Dependencies words as the English Web Treebank cuts them.

use crate::model::{Span, Token};

/// Prefixes that stay with their word across a hyphen: `pro-Russian` is one word, `al-Assad` three tokens.
const PREFIXES: &[&str] = &[
    "anti", "co", "counter", "cross", "de", "e", "ex", "inter", "intra", "mid", "mini", "multi", "neo",
    "non", "over", "pan", "post", "pre", "pro", "re", "semi", "sub", "ultra", "un", "under", "vice",
];

/// Words whose final dot belongs to them.
const ABBREVIATIONS: &[&str] = &[
    "adm", "al", "amb", "apr", "assn", "aug", "ave", "bhd", "blvd", "brig", "bros", "capt", "cf", "cie",
    "cmdr", "co", "col", "corp", "cpl", "dec", "dept", "dr", "etc", "feb", "ft", "gen", "gov", "govt", "hon",
    "inc", "intl", "jan", "jr", "lt", "ltd", "maj", "messrs", "mr", "mrs", "ms", "mt", "natl", "nov", "oct",
    "pres", "prof", "pvt", "rep", "reps", "rev", "sen", "sens", "sept", "sgt", "sr", "st", "supt", "vs",
];

/// Abbreviations that are words as well: their dot is kept only before a number.
const BEFORE_NUMBER: &[&str] = &["no", "nos", "art", "fig", "sec", "mar", "jun", "jul", "pp", "vol"];

/// Units written straight after their number: `6:30am`, `$3bn`, `40km`.
const UNITS: &[&str] = &[
    "am", "pm", "a.m.", "p.m.", "a.m", "p.m", "bn", "tn", "mn", "m", "km", "kg", "cm", "mm", "mph", "kph",
    "kw", "mw", "gw", "bbl", "bpd", "ft",
];

/// Endings of addresses without a scheme (`reuters.com`).
const DOMAINS: &[&str] = &[
    "com", "org", "net", "gov", "edu", "int", "mil", "info", "co", "uk", "eu", "ru", "cn", "ua", "ir", "io",
    "de",
];

/// An apostrophe, straight or curly.
pub(super) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ')
}

/// A quote or bracket that may close.
pub(super) fn is_closer(c: char) -> bool {
    matches!(c, '"' | '\'' | '”' | '’' | ')' | ']' | '»' | '}')
}

/// A quote or bracket that may open.
pub(super) fn is_opener(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '‘' | '„' | '(' | '[' | '«' | '{' | '`')
}

/// Whether `c` may stand inside a word: letters, digits, marks and what else is no punctuation.
fn is_word(c: char) -> bool {
    c.is_alphanumeric()
        || c == '_'
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{200b}'..='\u{200d}' | '\u{ad}' | '\u{feff}')
}

/// The tokens of `text` within `span`.
pub fn tokens(text: &str, span: Span) -> Vec<Token> {
    let mut cutter = Cutter {
        text: span.of(text),
        base: span.start as usize,
        out: Vec::with_capacity(span.len() / 5 + 1),
    };
    let whole = cutter.text;
    let mut at = 0;
    while at < whole.len() {
        let rest = &whole[at..];
        let lead = rest.len() - rest.trim_start().len();
        let rest = &rest[lead..];
        let len = rest.find(char::is_whitespace).unwrap_or(rest.len());
        cutter.chunk(at + lead, at + lead + len);
        at += lead + len;
    }
    cutter.out
}

/// Cuts the stretches between white space.
struct Cutter<'a> {
    text: &'a str,
    base: usize,
    out: Vec<Token>,
}

impl Cutter<'_> {
    fn emit(&mut self, start: usize, end: usize) {
        if start < end {
            self.out.push(Token { span: Span::new(self.base + start, self.base + end) });
        }
    }

    /// Cuts one stretch without white space.
    fn chunk(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            let rest = &self.text[at..end];
            let len = address(rest);
            if len > 0 {
                self.emit(at, at + len);
                at += len;
                continue;
            }
            let Some(c) = rest.chars().next() else { return };
            at += if is_word(c) { self.word(at, end) } else { self.mark(at, end, c) };
        }
    }

    /// Cuts what begins with a mark; gives its length.
    fn mark(&mut self, at: usize, end: usize, c: char) -> usize {
        let rest = &self.text[at..end];
        let after = &rest[c.len_utf8()..];
        let digit = after.starts_with(|c: char| c.is_ascii_digit());
        let mut len = c.len_utf8();
        if is_apostrophe(c) {
            if let Some(clitic) = clitic_len(rest) {
                len = clitic;
            } else if after.starts_with(c) {
                len += c.len_utf8();
            } else if digit && decade(after) > 0 && self.opens(at) {
                len += decade(after);
            }
        } else if digit && self.opens(at) && (c == '.' || c == '+') {
            len += number_len(after);
        } else if matches!(c, '!' | '?') {
            len = rest.find(|c| !matches!(c, '!' | '?')).unwrap_or(rest.len());
        } else if matches!(c, '.' | '-' | '*' | '=' | '~' | '`' | '>' | '<' | '#' | '+' | '|' | '…') {
            len = rest.find(|d| d != c).unwrap_or(rest.len());
        }
        self.emit(at, at + len);
        len
    }

    /// Whether `at` follows white space, an opening mark or nothing.
    fn opens(&self, at: usize) -> bool {
        self.text[..at].chars().next_back().is_none_or(|c| c.is_whitespace() || is_opener(c))
    }

    /// Cuts what begins with a letter or digit; gives its length.
    fn word(&mut self, at: usize, end: usize) -> usize {
        let rest = &self.text[at..end];
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            let number = number_len(rest);
            let tail = &rest[number..];
            let unit = word_len(tail);
            let dotted = unit + usize::from(tail[unit..].starts_with('.'));
            if UNITS.contains(&tail[..unit].to_lowercase().as_str()) {
                self.emit(at, at + number);
                let unit = if tail[..unit].contains('.') { dotted } else { unit };
                self.emit(at + number, at + number + unit);
                return number + unit;
            }
            if unit == 0 {
                self.emit(at, at + number);
                return number;
            }
        }
        let mut len = word_len(rest);
        let lower = rest[..len].to_lowercase();
        if rest[len..].starts_with('.') && !rest[len..].starts_with("..") && self.keeps_dot(&lower, at, len) {
            len += 1;
            self.emit(at, at + len);
            return len;
        }
        match inner_cut(&lower, &rest[..len]) {
            Some(cut) => {
                self.emit(at, at + cut);
                self.emit(at + cut, at + len);
            }
            None => self.emit(at, at + len),
        }
        len
    }

    /// Whether the dot after the word `lower` of `len` bytes at `at` belongs to it.
    fn keeps_dot(&self, lower: &str, at: usize, len: usize) -> bool {
        let word = &self.text[at..at + len];
        let mut chars = word.chars();
        let initial = chars.next().is_some_and(char::is_uppercase) && chars.next().is_none();
        let dotted = lower.contains('.')
            && !lower.bytes().any(|b| b.is_ascii_digit())
            && lower.split('.').all(|p| p.chars().count() <= 2);
        if initial || dotted || lower == "e.g" || lower == "i.e" || ABBREVIATIONS.contains(&lower) {
            return true;
        }
        let after = self.text[at + len + 1..].trim_start();
        BEFORE_NUMBER.contains(&lower) && after.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// The length of the address (URL, mail, handle, hashtag) at the head of `rest`, or 0.
fn address(rest: &str) -> usize {
    let is_url = ["http://", "https://", "www.", "ftp://", "mailto:"]
        .iter()
        .any(|p| rest.get(..p.len()).is_some_and(|head| head.eq_ignore_ascii_case(p)));
    let stop = |c: char| matches!(c, '"' | '“' | '”' | '<' | '>' | ')' | ']' | '»');
    let body = &rest[..rest.find(stop).unwrap_or(rest.len())];
    let trimmed = body.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '’']);
    if is_url {
        return trimmed.len();
    }
    if let Some(name) = rest.strip_prefix(['@', '#']) {
        let len = name.find(|c: char| !is_word(c)).unwrap_or(name.len());
        return if name.starts_with(char::is_alphabetic) { 1 + len } else { 0 };
    }
    // A mail address: letters, one `@`, a dot behind it.
    if rest.starts_with(char::is_alphanumeric)
        && memchr::memchr(b'@', trimmed.as_bytes()).is_some_and(|n| n < 64)
    {
        let ok = |c: char| is_word(c) || matches!(c, '.' | '-' | '+' | '@' | '%');
        let len = trimmed.find(|c| !ok(c)).unwrap_or(trimmed.len());
        let mail = trimmed[..len].trim_end_matches(['.', '-']);
        if mail.split_once('@').is_some_and(|(_, host)| host.contains('.')) {
            return mail.len();
        }
    }
    0
}

/// The length of `'s`, `'re`, `'ll` … at the head of `rest`, when no letter follows.
fn clitic_len(rest: &str) -> Option<usize> {
    let quote = rest.chars().next().filter(|&c| is_apostrophe(c))?.len_utf8();
    let letters = rest[quote..].find(|c: char| !is_word(c)).unwrap_or(rest.len() - quote);
    let tail = &rest.as_bytes()[quote..quote + letters];
    let known = [&b"s"[..], b"m", b"re", b"ve", b"ll", b"d"].iter().any(|c| tail.eq_ignore_ascii_case(c));
    known.then_some(quote + letters)
}

/// The length of `60s` or `02` at the head of `after`: a year with its century left out.
fn decade(after: &str) -> usize {
    let len = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    let word = after[..len].trim_end_matches('s');
    if word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit()) { len } else { 0 }
}

/// The length of the number at the head of `rest` (which begins with a digit): `1,000`, `3.5`, `12:30`, `9/11`,
/// `2025-11-22`, `555-0199`.
fn number_len(rest: &str) -> usize {
    let b = rest.as_bytes();
    let digits = |from: usize| b[from..].iter().take_while(|c| c.is_ascii_digit()).count();
    let mut at = digits(0);
    let mut group = at;
    while at < b.len() {
        let run = digits((at + 1).min(b.len()));
        let joins = match b[at] {
            b'.' | b':' | b'/' => run > 0,
            b',' => run == 3 && group <= 3,
            // A date or a telephone number, not a range.
            b'-' => {
                let third = b.get(at + 1 + run) == Some(&b'-') && digits((at + 2 + run).min(b.len())) > 0;
                run > 0 && (third || (group == 3 && (run == 3 || run == 4)) || b[..at].contains(&b'-'))
            }
            _ => false,
        };
        if !joins {
            break;
        }
        at += 1 + run;
        group = run;
    }
    at
}

/// The length of the word at the head of `rest`, with the hyphens, dots and apostrophes that belong inside.
fn word_len(rest: &str) -> usize {
    let mut at = 0;
    loop {
        at += rest[at..].find(|c| !is_word(c)).unwrap_or(rest.len() - at);
        let Some(c) = rest[at..].chars().next() else { return at };
        let next = at + c.len_utf8();
        let follows = rest[next..].starts_with(is_word);
        if at == 0 || !follows {
            return at;
        }
        let joins = match c {
            '-' | '‑' => PREFIXES.iter().any(|p| rest[..at].eq_ignore_ascii_case(p)),
            '&' => {
                let both = |c: Option<char>| c.is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
                both(rest[..at].chars().next_back()) && both(rest[next..].chars().next())
            }
            '.' => dot_joins(rest, at),
            c if is_apostrophe(c) => clitic_len(&rest[at..]).is_none(),
            _ => false,
        };
        if !joins {
            return at;
        }
        at = next;
    }
}

/// Whether the dot at `at` stands inside a word: `U.S`, `p.m`, `3.5`, `reuters.com`.
fn dot_joins(rest: &str, at: usize) -> bool {
    let piece = rest[..at].rsplit('.').next().unwrap_or("");
    let tail = &rest[at + 1..];
    let next = &tail[..tail.find(|c| !is_word(c)).unwrap_or(tail.len())];
    let short = |s: &str| s.chars().take(3).count() <= 2;
    let digits =
        piece.ends_with(|c: char| c.is_ascii_digit()) && next.starts_with(|c: char| c.is_ascii_digit());
    digits
        || (piece.chars().take(2).count() == 1 && next.chars().take(2).count() == 1)
        || (short(piece)
            && rest[..at].len() <= 3
            && next.chars().take(2).count() == 1
            && tail[next.len()..].starts_with('.'))
        || DOMAINS.contains(&next)
}

/// Where a word of letters is cut inside: `did|n't`, `Russia|'s`, `can|not`.
fn inner_cut(lower: &str, word: &str) -> Option<usize> {
    match lower {
        "cannot" | "gonna" | "gotta" => return Some(3),
        "wanna" => return Some(3),
        _ => {}
    }
    let curly = lower.strip_suffix("n't").or_else(|| lower.strip_suffix("n’t"))?;
    // Lower-casing may change lengths outside ASCII; the ending itself is ASCII but for the apostrophe.
    let ending = lower.len() - curly.len();
    (!curly.is_empty() && word.len() > ending && word.is_char_boundary(word.len() - ending))
        .then(|| word.len() - ending)
}
