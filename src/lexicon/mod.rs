//! What a person writes down about the world, compiled for reading. The formats stand in docs/lexicon.md.

pub mod problem;
pub mod fold;
pub mod matcher;
pub mod notes;
pub mod table;
mod strings;
pub mod actors;
mod rows;
pub mod terms;
pub mod topics;
pub mod suppress;
pub mod rules;
pub mod tests;
mod query;
mod flat;

use sha2::{Digest, Sha256};

pub use actors::{Actors, Entry, NameOf, Sort, Term};
pub use fold::Words;
pub use problem::{Problem, Severity};
pub use strings::Str;
pub use suppress::{Scope, Suppressor, Suppressors};
pub use tests::{ExpectEvent, Expectation, LexTest, Who};
pub use topics::{Topic, Topics};

use rules::RuleSet;

/// A lexicon, ready to read with.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// From `VERSION`.
    pub version: String,
    /// Hash over all its files, hex.
    pub sha256: String,
    /// Who: countries, people, bodies, places, agent nouns.
    pub actors: Actors,
    /// What it is about.
    pub topics: Topics,
    /// What must stay silent.
    pub suppressors: Suppressors,
    /// What was done.
    pub rules: RuleSet,
    /// Plain sentences that it must read rightly; none in a lexicon from its flat form.
    pub tests: Vec<LexTest>,
    /// What somebody should look at; it loads all the same. None in a lexicon from its flat form.
    pub warnings: Vec<Problem>,
}

/// A file: its path inside the lexicon directory, and its text.
pub type File = (String, String);

impl Lexicon {
    /// Compiles a lexicon from its files, in order of their layers.
    ///
    /// Within a layer files stand sorted by path; a path that does not come after the one before it opens the next
    /// layer. What a later layer says of an id replaces what earlier ones said.
    ///
    /// # Errors
    /// Every fault found in any file.
    pub fn load(files: &[File]) -> Result<Lexicon, Vec<Problem>> {
        let mut layers: Vec<&[File]> = Vec::new();
        let mut start = 0;
        for i in 1..=files.len() {
            if i == files.len() || files[i].0 <= files[i - 1].0 {
                layers.push(&files[start..i]);
                start = i;
            }
        }
        Lexicon::load_layers(&layers)
    }

    /// Compiles a lexicon from layers told apart by the caller.
    ///
    /// # Errors
    /// Every fault found in any file.
    pub fn load_layers(layers: &[&[File]]) -> Result<Lexicon, Vec<Problem>> {
        let mut out = Lexicon::default();
        let mut problems = Vec::new();
        let mut actors = rows::Builder::default();
        let mut topics = topics::TopicsBuilder::default();
        let mut suppressors = suppress::SuppressBuilder::default();
        for (layer, files) in layers.iter().enumerate() {
            for (path, text) in files.iter() {
                match room(path) {
                    Room::Version => out.version = text.trim().to_string(),
                    Room::Actors => actors.add(layer, path, text, &mut problems),
                    Room::Topics => topics.add(path, text, &mut problems),
                    Room::Suppress => suppressors.add(path, text, &mut problems),
                    Room::Events => out.add_rules(path, text, &mut problems),
                    Room::Tests => out.tests.extend(tests::read(path, text, &mut problems)),
                    Room::None => {}
                }
            }
        }
        out.sha256 = digest(layers);
        out.actors = actors.finish();
        out.topics = topics.finish(&mut problems);
        out.suppressors = suppressors.finish(&mut problems);
        out.rules.index();
        out.check_examples(&mut problems);
        let (errors, warnings) = problems.into_iter().partition(|p| p.severity == Severity::Error);
        out.warnings = warnings;
        if errors.is_empty() { Ok(out) } else { Err(errors) }
    }

    fn add_rules(&mut self, path: &str, text: &str, problems: &mut Vec<Problem>) {
        for fault in self.rules.add(path, text).err().unwrap_or_default() {
            problems.push(Problem::at_line(path, text, fault.line, "rule", fault.message, &fault.hint));
        }
    }
}

/// Which part of the lexicon a path belongs to.
enum Room {
    Version,
    Actors,
    Topics,
    Suppress,
    Events,
    Tests,
    /// Notes, licences and the like.
    None,
}

fn room(path: &str) -> Room {
    match path.split_once('/') {
        None if path == "VERSION" => Room::Version,
        Some(("actors", f)) if f.ends_with(".tsv") => Room::Actors,
        Some(("topics", f)) if f.ends_with(".toml") => Room::Topics,
        Some(("suppress", f)) if f.ends_with(".toml") => Room::Suppress,
        Some(("events", f)) if f.ends_with(".toml") => Room::Events,
        Some(("tests", f)) if f.ends_with(".test") => Room::Tests,
        _ => Room::None,
    }
}

/// SHA-256 over the paths and texts, sorted by path and then by layer.
fn digest(layers: &[&[File]]) -> String {
    let mut all: Vec<(&str, usize, &str)> = Vec::new();
    for (layer, files) in layers.iter().enumerate() {
        all.extend(files.iter().map(|(path, text)| (path.as_str(), layer, text.as_str())));
    }
    all.sort();
    let mut hash = Sha256::new();
    for (path, _, text) in all {
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod checks;
