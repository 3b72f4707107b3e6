//! Text becomes sentences and tokens.
//!
//! Laws, held by property tests: sentences are in order, apart, and together cover every character that is not
//! white; the tokens of a sentence do the same for the sentence. The same string gives the same tokens wherever
//! it stands, so names of the lexicon are cut by the same function as the news.

pub mod sentences;
pub mod tokens;
#[cfg(test)]
mod tests;

pub use sentences::sentences;
pub use tokens::tokens;

use crate::model::{Article, Field, Sentence, Span};

/// The most tokens a sentence may hold; text without stops is cut here.
pub const LONGEST: usize = 600;

/// The sentences of an article: headline, standfirst (only where there is no body), body after its dateline.
pub fn article(article: &Article) -> Vec<Sentence> {
    let mut out = Vec::new();
    field(article.field(Field::Title), Field::Title, 0, &mut out);
    if article.text.trim().is_empty() {
        field(article.field(Field::Summary), Field::Summary, 0, &mut out);
    }
    let from = article.dateline.as_ref().map_or(0, |d| d.len as usize);
    field(&article.text, Field::Text, from, &mut out);
    out
}

/// Appends the sentences of one field from byte `from`.
fn field(text: &str, field: Field, from: usize, out: &mut Vec<Sentence>) {
    for span in sentences(text, from) {
        let tokens = tokens(text, span);
        if tokens.len() <= LONGEST {
            out.push(Sentence { field, span, tokens, tree: None });
            continue;
        }
        for part in tokens.chunks(LONGEST) {
            let span = Span { start: part[0].span.start, end: part[part.len() - 1].span.end };
            out.push(Sentence { field, span, tokens: part.to_vec(), tree: None });
        }
    }
}
