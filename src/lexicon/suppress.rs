//! Suppressors: what must stay silent, as weighted terms.

use std::sync::Arc;

use serde::Deserialize;

use super::problem::Problem;
use super::terms::{Effect, RawTerms, Terms, TermsBuilder};

/// What a suppressor looks at, and silences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// The whole article.
    Article,
    /// One sentence.
    Sentence,
}

/// One reason to stay silent.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppressor {
    /// Its id, told as the reason.
    pub id: Arc<str>,
    /// What it silences.
    pub about: Arc<str>,
    /// What it looks at.
    pub scope: Scope,
    /// Whether it works.
    pub on: bool,
    /// The sum of weights from which it silences.
    pub threshold: f32,
}

/// All suppressors with their terms.
#[derive(Clone, Debug, Default)]
pub struct Suppressors {
    /// Sorted by id.
    pub list: Vec<Suppressor>,
    /// Their terms; `group` is the index in `list`.
    pub terms: Terms,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuppressor {
    id: String,
    #[serde(default)]
    about: String,
    scope: Option<Scope>,
    on: Option<bool>,
    threshold: Option<f32>,
    #[serde(default)]
    term: Vec<RawTerms>,
    #[serde(default)]
    unless: Vec<RawTerms>,
    #[serde(default)]
    exclude: Vec<RawTerms>,
}

/// Collects the files of all layers; a later one with the same id replaces the earlier.
#[derive(Default)]
pub(super) struct SuppressBuilder<'t> {
    files: std::collections::BTreeMap<String, (RawSuppressor, (&'t str, &'t str))>,
}

impl<'t> SuppressBuilder<'t> {
    pub fn add(&mut self, file: &'t str, text: &'t str, problems: &mut Vec<Problem>) {
        match toml::from_str::<RawSuppressor>(text) {
            Ok(raw) => {
                self.files.insert(raw.id.clone(), (raw, (file, text)));
            }
            Err(e) => {
                let span = e.span().unwrap_or(0..0);
                let hint = "see docs/lexicon.md for the keys of a suppress file";
                problems.push(Problem::at_bytes(file, text, span, "toml", e.message().to_string(), hint));
            }
        }
    }

    pub fn finish(self, problems: &mut Vec<Problem>) -> Suppressors {
        let mut out = Suppressors::default();
        let mut terms = TermsBuilder::default();
        for (id, (raw, file)) in self.files {
            let group = out.list.len();
            let on = raw.on.unwrap_or(true);
            if on {
                terms.add(group, Effect::Adds, &raw.term, file, problems);
                terms.add(group, Effect::Takes, &raw.unless, file, problems);
                terms.add(group, Effect::Hides, &raw.exclude, file, problems);
            }
            out.list.push(Suppressor {
                id: id.into(),
                about: raw.about.into(),
                scope: raw.scope.unwrap_or(Scope::Article),
                on,
                threshold: raw.threshold.unwrap_or(1.0),
            });
        }
        out.terms = terms.finish(out.list.len());
        out
    }
}
