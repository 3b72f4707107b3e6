//! An article and what was understood of it: read again from where it came, if it is still there and unchanged.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path as Named, State as Of};
use chrono::Utc;
use schemars::JsonSchema;
use serde::Serialize;

use super::ask;
use super::problem::Problem;
use super::state::State;
use crate::index::{Index, Spot};
use crate::model::{Document, Field, Item};
use crate::pipeline::Reader;
use crate::record::types::{ArticleRecord, EventRecord};
use crate::record::{Coder, records};
use crate::{config, decode};

/// An article with its events.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArticleAnswer {
    /// The article's id.
    pub id: String,
    /// Its headline.
    pub title: String,
    /// Its own line, where articles are written too.
    pub article: Option<ArticleRecord>,
    /// Its events, in the order of the output.
    pub events: Vec<EventRecord>,
}

/// What was understood, layer by layer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Explained {
    /// `article` when the text was read again; `records` when it is gone or changed, and the records are all there is.
    pub basis: &'static str,
    /// Why the text could not be read again; null when it was.
    pub why: Option<String>,
    /// The text, sentence by sentence; empty without it.
    pub sentences: Vec<SentenceAnswer>,
    /// Candidates that were not told.
    pub near_misses: Vec<NearMissAnswer>,
    /// What was silenced.
    pub suppressed: Vec<SuppressedAnswer>,
    /// The article's line.
    pub article: Option<ArticleRecord>,
    /// The events as they are understood now, or as they were written.
    pub events: Vec<EventRecord>,
}

/// One sentence.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SentenceAnswer {
    /// Its number.
    pub sentence: u32,
    /// `title`, `summary` or `text`.
    pub field: String,
    /// Its words.
    pub text: String,
    /// Where it begins in the field, in Unicode scalars.
    pub start: u32,
    /// Whether a new paragraph begins with it.
    pub paragraph: bool,
}

/// One candidate that was not told.
#[derive(Debug, Serialize, JsonSchema)]
pub struct NearMissAnswer {
    /// Number of its sentence.
    pub sentence: u32,
    /// The trigger.
    pub text: String,
    /// The rule.
    pub rule: String,
    /// Its file and line.
    pub rule_at: String,
    /// Why not.
    pub why: String,
}

/// One thing that was silenced.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SuppressedAnswer {
    /// Number of its sentence; null for the whole article.
    pub sentence: Option<u32>,
    /// The reason.
    pub reason: String,
    /// The rule.
    pub rule: String,
    /// The words that made it.
    pub text: String,
}

/// `/api/articles/{id}`.
pub async fn article(
    Of(state): Of<Arc<State>>,
    Named(id): Named<String>,
) -> Result<Json<ArticleAnswer>, Problem> {
    ask(state, move |state| {
        let (spots, line, title) = spots(&state.index(), &id).ok_or_else(|| missing(&id))?;
        let article = line.map(|spot| record(state, spot)).transpose()?;
        Ok(Json(ArticleAnswer { id, title, article, events: events(state, &spots)? }))
    })
    .await
}

/// `/api/explain/{id}`: an event's or an article's id.
pub async fn explain(
    Of(state): Of<Arc<State>>,
    Named(id): Named<String>,
) -> Result<Json<Explained>, Problem> {
    ask(state, move |state| {
        let article = {
            let index = state.index();
            index.find(&id).map(|(_, row)| index.articles.text(row.article).to_string())
        };
        let id = article.unwrap_or(id);
        let (spots, line, _) = spots(&state.index(), &id).ok_or_else(|| missing(&id))?;
        let events = events(state, &spots)?;
        let article: Option<ArticleRecord> = line.map(|spot| record(state, spot)).transpose()?;
        let first = events.first().map(|e| (e.article.path.clone(), e.article.sha256.clone()));
        let own = article.as_ref().map(|a| (a.path.clone(), a.sha256.clone()));
        let told = match first.or(own) {
            Some((Some(path), sha256)) => read_again(state, &path, &id, &sha256),
            _ => Err("the record names no file".into()),
        };
        Ok(Json(match told {
            Ok((doc, reader)) => explained(&doc, &reader),
            Err(why) => Explained {
                basis: "records",
                why: Some(why),
                sentences: Vec::new(),
                near_misses: Vec::new(),
                suppressed: Vec::new(),
                article,
                events,
            },
        }))
    })
    .await
}

fn missing(id: &str) -> Problem {
    Problem::missing(format!(
        "no article or event has the id \"{}\"",
        id.chars().take(80).collect::<String>()
    ))
}

/// Where an article's events stand, where its own line stands, and its title.
fn spots(index: &Index, id: &str) -> Option<(Vec<Spot>, Option<Spot>, String)> {
    let number = index.articles.find(id)?;
    let spots = index.standing().filter(|(_, r)| r.article == number).map(|(_, r)| r.spot).collect();
    Some((spots, index.article_line(number), index.title(number).to_string()))
}

fn record<T: serde::de::DeserializeOwned>(state: &State, spot: Spot) -> Result<T, Problem> {
    let line =
        state.record(spot).map_err(|e| Problem::fault(format!("a record cannot be read again: {e}")))?;
    serde_json::from_slice(&line).map_err(|e| Problem::fault(format!("a record is not as it should be: {e}")))
}

fn events(state: &State, spots: &[Spot]) -> Result<Vec<EventRecord>, Problem> {
    spots.iter().map(|spot| record(state, *spot)).collect()
}

/// Finds the article's file, decodes it and understands the article that has the record's hash. Only files under the
/// directories that may be read are opened, and only a text whose hash the record holds is shown.
fn read_again(state: &State, path: &str, id: &str, sha256: &str) -> Result<(Document, Arc<Reader>), String> {
    let reader = state.reader().ok_or("this server reads no articles")?;
    let bytes = bytes_of(state, path, reader.options.limits.max_bytes as u64)?;
    let item = Item { path: path.into(), range: None, bytes, seen_at: Utc::now() };
    let decoded = decode::decode(&item, &reader.options);
    let article = decoded
        .articles
        .into_iter()
        .find(|a| a.sha256 == sha256 && a.id == id)
        .ok_or_else(|| format!("{path} no longer holds the article as it was read"))?;
    Ok((reader.understand(article), reader))
}

fn bytes_of(state: &State, path: &str, most: u64) -> Result<Vec<u8>, String> {
    if state.texts.samples
        && let Some(name) = path.strip_prefix("seeds/")
        && let Some((_, bytes)) = config::seeds().into_iter().find(|(n, _)| n == name)
    {
        return Ok(bytes.to_vec());
    }
    let inside = |file: &PathBuf| {
        let real = file.canonicalize().ok()?;
        let root = |r: &PathBuf| r.canonicalize().is_ok_and(|r| real.starts_with(r));
        state.texts.roots.iter().any(root).then_some(real)
    };
    let mut places = vec![PathBuf::from(path)];
    places.extend(state.texts.roots.iter().map(|r| r.join(path)));
    let file = places.iter().find_map(inside).ok_or_else(|| {
        format!("{path} is not in a directory that this server may read; --articles DIR names one")
    })?;
    read_file(&file, most).map_err(|e| format!("{path}: {e}"))
}

fn read_file(file: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    if file.metadata()?.len() > most {
        return Err(std::io::Error::other("it is larger than an input may be"));
    }
    std::fs::read(file)
}

fn explained(doc: &Document, reader: &Reader) -> Explained {
    let coder =
        Coder { lexicon: reader.lexicon.version.clone(), lexicon_sha256: reader.lexicon.sha256.clone() };
    let (events, article) = records(doc, &coder, Utc::now());
    let field_of = |n: u32| doc.sentences.get(n as usize).map_or(Field::Text, |s| s.field);
    let cut = |field: Field, span: crate::model::Span| {
        let text = doc.article.field(field);
        text.get(span.start as usize..span.end as usize).unwrap_or_default().to_string()
    };
    let mut last_end = (Field::Title, 0);
    let sentences = doc.sentences.iter().enumerate().map(|(n, s)| {
        let text = doc.article.field(s.field);
        let between = if last_end.0 == s.field { text.get(last_end.1..s.span.start as usize) } else { None };
        last_end = (s.field, s.span.end as usize);
        SentenceAnswer {
            sentence: n as u32,
            field: s.field.as_str().into(),
            text: s.span.of(text).into(),
            start: text[..s.span.start as usize].chars().count() as u32,
            paragraph: between.is_none_or(|b| b.contains('\n')),
        }
    });
    Explained {
        basis: "article",
        why: None,
        sentences: sentences.collect(),
        near_misses: doc
            .near_misses
            .iter()
            .map(|n| NearMissAnswer {
                sentence: n.sentence,
                text: cut(field_of(n.sentence), n.span),
                rule: n.rule.to_string(),
                rule_at: n.at.to_string(),
                why: n.why.clone(),
            })
            .collect(),
        suppressed: doc
            .suppressed
            .iter()
            .map(|s| SuppressedAnswer {
                sentence: s.sentence,
                reason: s.reason.to_string(),
                rule: s.rule.to_string(),
                text: cut(s.sentence.map_or(Field::Text, field_of), s.span),
            })
            .collect(),
        article: Some(article),
        events,
    }
}
