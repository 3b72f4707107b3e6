//! Raw fields to an article: the one place where text is normalised, hashed and told its language.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use sha2::{Digest, Sha256};

use super::fields::Fields;
use super::options::Options;
use super::{dateline, html_text, language, text_norm};
use crate::model::{Article, Item, Undecodable};

/// Makes the article. `range` is its part of the item (bytes), when the item holds several.
/// Fails with `no_text` when no words are left, with `too_long` when they are more than `max_text`.
pub fn article(
    fields: Fields,
    item: &Item,
    range: Option<Range<u64>>,
    options: &Options,
) -> Result<Article, Undecodable> {
    let text = fields.text.as_ref().map(|text| text_norm::body(&html_text::to_text(text)));
    build(fields, text.unwrap_or_default(), item, range, options)
}

/// Makes the article of a plain text, whose body is normalised already and in which `<b>` is no mark-up.
pub fn plain(mut fields: Fields, item: &Item, options: &Options) -> Result<Article, Undecodable> {
    let text = fields.text.take().unwrap_or_default();
    build(fields, text, item, None, options)
}

fn build(
    fields: Fields,
    mut text: String,
    item: &Item,
    range: Option<Range<u64>>,
    options: &Options,
) -> Result<Article, Undecodable> {
    let prose = |text: &String| filled(text_norm::body(&html_text::to_text(text)));
    let name = |text: &String| filled(text_norm::line(&html_text::to_text(text)));
    let title = fields.title.as_ref().and_then(name);
    let mut summary = fields.summary.as_ref().and_then(prose);
    let mut truncated = cut_off(&mut text);
    if let Some(summary) = &mut summary {
        // A cut standfirst is no cut article, but its marker is no prose either.
        let cut = cut_off(summary);
        truncated |= cut && text.is_empty();
    }
    if title.is_none() && text.is_empty() && summary.is_none() {
        return Err(no_text(range));
    }
    let len = text.len() + [&title, &summary].into_iter().flatten().map(String::len).sum::<usize>();
    if len > options.limits.max_text {
        return Err(too_long(len, options.limits.max_text, range));
    }
    let sha256 = hash(title.as_deref(), summary.as_deref(), &text);
    let mut article = Article {
        id: fields
            .id
            .and_then(|id| filled(text_norm::line(&id)))
            .unwrap_or_else(|| format!("sha256:{}", &sha256[..16])),
        language: language_of(
            fields.language.as_deref(),
            title.as_deref(),
            summary.as_deref(),
            &text,
            options,
        ),
        title,
        summary,
        text,
        url: fields.url.and_then(|url| filled(text_norm::line(&url))),
        source: fields.source.as_ref().and_then(name),
        author: fields.author.as_ref().and_then(name),
        section: fields.section.as_ref().and_then(name),
        published: fields.published,
        seen_at: item.seen_at,
        dateline: None,
        truncated,
        version: fields.version.and_then(|version| filled(text_norm::line(&version))),
        status: fields.status,
        path: item.path.clone(),
        range: within(item, range),
        sha256,
    };
    article.dateline = dateline::find(&article.text, article.day());
    Ok(article)
}

/// A range of the item as a range of the file it came from.
fn within(item: &Item, range: Option<Range<u64>>) -> Option<Range<u64>> {
    match (&item.range, range) {
        (Some(outer), Some(inner)) => Some(outer.start + inner.start..outer.start + inner.end),
        (Some(outer), None) => Some(outer.clone()),
        (None, inner) => inner,
    }
}

fn filled(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn too_long(len: usize, limit: usize, range: Option<Range<u64>>) -> Undecodable {
    let error =
        format!("{len} bytes of words, more than the limit of {limit} bytes for one article (max_text)");
    let hint = format!(
        "split it; or raise [input.limits] max_text = {}, which may need {} MB of memory",
        len.next_power_of_two(),
        len.next_power_of_two().saturating_mul(400) / 1_000_000
    );
    Undecodable { reason: "too_long", error, hint: Some(hint), range, ..Undecodable::default() }
}

fn no_text(range: Option<Range<u64>>) -> Undecodable {
    Undecodable {
        reason: "no_text",
        format: None,
        error: "no article text found: nothing is left once mark-up and blanks are taken away".into(),
        hint: None,
        range,
        ..Undecodable::default()
    }
}

/// Takes away a provider's marker of a text cut short (`… [+1234 chars]`, `[…]`), and says whether there was one.
fn cut_off(text: &mut String) -> bool {
    static MARKER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\s*(?:(?:…|\.{3})?\s*\[\+\d+ chars\]|\[(?:…|\.{3})\])\s*$").expect("a fixed pattern")
    });
    // The marker ends the text: most texts are known not to have one by their last byte.
    if !text.ends_with(']') {
        return false;
    }
    match MARKER.find(text).map(|found| found.start()) {
        Some(at) => {
            text.truncate(at);
            true
        }
        None => false,
    }
}

fn language_of(
    given: Option<&str>,
    title: Option<&str>,
    summary: Option<&str>,
    text: &str,
    options: &Options,
) -> Option<String> {
    let longest =
        [text, summary.unwrap_or(""), title.unwrap_or("")].into_iter().max_by_key(|t| t.len()).unwrap_or("");
    given
        .and_then(language::normalise)
        .or_else(|| language::detect(longest))
        .map(str::to_owned)
        .or_else(|| options.language.clone())
}

/// SHA-256 (hex) over title, `\n\n`, summary, `\n\n`, text.
pub fn hash(title: Option<&str>, summary: Option<&str>, text: &str) -> String {
    let mut sha = Sha256::new();
    for part in [title.unwrap_or(""), "\n\n", summary.unwrap_or(""), "\n\n", text] {
        sha.update(part.as_bytes());
    }
    hex(&sha.finalize())
}

/// SHA-256 (hex) of bytes.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    let digit = |d: u8| char::from_digit(u32::from(d), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_of_cut_texts_go() {
        for (given, left, cut) in [
            ("The talks went on… [+1234 chars]", "The talks went on", true),
            ("The talks went on [+100 chars]", "The talks went on", true),
            ("The talks went on [...]", "The talks went on", true),
            ("The talks went on [sic]", "The talks went on [sic]", false),
        ] {
            let mut text = given.to_owned();
            assert_eq!((cut_off(&mut text), text.as_str()), (cut, left), "{given}");
        }
    }

    #[test]
    fn the_hash_is_the_documented_one() {
        // printf 'T\n\nS\n\nB' | sha256sum
        let wanted = "d840e41e68057d301e3ed1f3d055cbdb672afa4a273a4c8a8eb89d2ce1b893a8";
        assert_eq!(hash(Some("T"), Some("S"), "B"), wanted);
    }
}
