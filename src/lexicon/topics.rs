//! Topics: what an article is about, as weighted terms.

use std::sync::Arc;

use serde::Deserialize;

use super::problem::Problem;
use super::terms::{Effect, RawTerms, Terms, TermsBuilder};

/// One topic.
#[derive(Clone, Debug, PartialEq)]
pub struct Topic {
    /// Its id.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// What belongs to it.
    pub about: Arc<str>,
    /// Whether it is told at all.
    pub on: bool,
    /// The sum of weights from which it is told.
    pub threshold: f32,
}

/// All topics with their terms.
#[derive(Clone, Debug, Default)]
pub struct Topics {
    /// Sorted by id.
    pub list: Vec<Topic>,
    /// Their terms; `group` is the index in `list`.
    pub terms: Terms,
}

impl Topics {
    /// Number of topics.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTopic {
    id: String,
    name: Option<String>,
    #[serde(default)]
    about: String,
    on: Option<bool>,
    threshold: Option<f32>,
    #[serde(default)]
    term: Vec<RawTerms>,
    #[serde(default)]
    exclude: Vec<RawTerms>,
}

/// Collects the files of all layers; a later one with the same id replaces the earlier.
#[derive(Default)]
pub(super) struct TopicsBuilder<'t> {
    files: std::collections::BTreeMap<String, (RawTopic, (&'t str, &'t str))>,
}

impl<'t> TopicsBuilder<'t> {
    pub fn add(&mut self, file: &'t str, text: &'t str, problems: &mut Vec<Problem>) {
        match toml::from_str::<RawTopic>(text) {
            Ok(raw) => {
                self.files.insert(raw.id.clone(), (raw, (file, text)));
            }
            Err(e) => {
                let span = e.span().unwrap_or(0..0);
                let hint = "see docs/lexicon.md for the keys of a topic";
                problems.push(Problem::at_bytes(file, text, span, "toml", e.message().to_string(), hint));
            }
        }
    }

    pub fn finish(self, problems: &mut Vec<Problem>) -> Topics {
        let mut out = Topics::default();
        let mut terms = TermsBuilder::default();
        for (id, (raw, file)) in self.files {
            let group = out.list.len();
            let on = raw.on.unwrap_or(true);
            // A topic that is off is compiled all the same: settings may switch it on.
            terms.add(group, Effect::Adds, &raw.term, file, problems);
            terms.add(group, Effect::Hides, &raw.exclude, file, problems);
            out.list.push(Topic {
                name: raw.name.as_deref().unwrap_or(&id).into(),
                id: id.into(),
                about: raw.about.into(),
                on,
                threshold: raw.threshold.unwrap_or(1.0),
            });
        }
        out.terms = terms.finish(out.list.len());
        out
    }
}
