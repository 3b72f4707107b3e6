//! Reading CoNLL-U.

use crate::model::{Rel, Span, Upos, Xpos};

/// One word of a treebank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoldWord {
    /// As written.
    pub form: String,
    /// Dictionary form.
    pub lemma: String,
    /// Universal tag.
    pub upos: Upos,
    /// Penn tag, where it is one we know.
    pub xpos: Xpos,
    /// Head; the number of words stands for the root.
    pub head: u16,
    /// Relation; `dep` where it is none we know.
    pub rel: Rel,
    /// Where it stands in the sentence's text; `None` where the text does not show it.
    pub span: Option<Span>,
}

/// One sentence of a treebank.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gold {
    /// Its text.
    pub text: String,
    /// Its words.
    pub words: Vec<GoldWord>,
}

/// The sentences of a file's text. Empty nodes and malformed lines are left out.
pub fn read(file: &str) -> Vec<Gold> {
    let mut out = Vec::new();
    let mut lines = Vec::new();
    let mut text = "";
    for line in file.lines().chain([""]) {
        if let Some(rest) = line.strip_prefix("# text = ") {
            text = rest;
        } else if line.is_empty() {
            if !lines.is_empty() {
                out.push(sentence(text, &lines));
            }
            lines.clear();
            text = "";
        } else if !line.starts_with('#') {
            lines.push(line);
        }
    }
    out.retain(|gold| !gold.words.is_empty());
    out
}

/// One sentence from its lines.
fn sentence(text: &str, lines: &[&str]) -> Gold {
    let rows: Vec<Vec<&str>> =
        lines.iter().map(|l| l.split('\t').collect()).filter(|r: &Vec<&str>| r.len() >= 8).collect();
    let n = rows.iter().filter(|r| r[0].parse::<usize>().is_ok()).count();
    let mut gold = Gold { text: text.to_string(), words: Vec::with_capacity(n) };
    let mut at = 0;
    // The words of a range (`2-3 didn't`) share its text.
    let mut pending: Option<(usize, Span, usize)> = None;
    for row in &rows {
        if let Some((from, to)) = row[0].split_once('-') {
            let (Ok(_), Ok(last)) = (from.parse::<usize>(), to.parse::<usize>()) else { continue };
            pending = find(text, &mut at, row[1]).map(|span| (last, span, span.start as usize));
            continue;
        }
        let Ok(id) = row[0].parse::<usize>() else { continue };
        let span = match &mut pending {
            Some((last, whole, from)) if id <= *last => {
                let span = Span::new(*from, *from + row[1].len());
                *from += row[1].len();
                (span.end <= whole.end && text.get(span.start as usize..span.end as usize) == Some(row[1]))
                    .then_some(span)
            }
            _ => find(text, &mut at, row[1]),
        };
        let head = row[6].parse::<usize>().unwrap_or(0);
        gold.words.push(GoldWord {
            form: row[1].to_string(),
            lemma: row[2].to_string(),
            upos: Upos::parse(row[3]).unwrap_or(Upos::X),
            xpos: Xpos::parse(row[4]).unwrap_or(Xpos::Fw),
            head: if head == 0 || head > n { n as u16 } else { head as u16 - 1 },
            rel: relation(row[7]),
            span,
        });
    }
    gold
}

/// The relation as written, without its subtype where that is none we know.
fn relation(text: &str) -> Rel {
    let plain = text.split(':').next().unwrap_or(text);
    Rel::parse(text).or_else(|| Rel::parse(plain)).unwrap_or(Rel::Dep)
}

/// Finds the next word of a text.
fn find(text: &str, at: &mut usize, form: &str) -> Option<Span> {
    let from = *at + text.get(*at..)?.find(form)?;
    *at = from + form.len();
    Some(Span::new(from, *at))
}
