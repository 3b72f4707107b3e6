//! Topics and suppressors: terms that come twice or never count.

use std::ops::Range;

use toml::Spanned;

use crate::lexicon::fold::FixedMap;
use crate::lexicon::notes::Notes;
use crate::lexicon::{File, Problem};

/// Every list of a topic or suppress file, read loosely: what is wrong with its form was told when it was loaded.
#[derive(serde::Deserialize)]
struct Lists {
    #[serde(default)]
    term: Vec<List>,
    #[serde(default)]
    unless: Vec<List>,
    #[serde(default)]
    exclude: Vec<List>,
}

#[derive(serde::Deserialize)]
struct List {
    words: Vec<Spanned<String>>,
}

/// Looks at the topic and suppress files of all layers.
pub(super) fn files(layers: &[&[File]], out: &mut Vec<Problem>) {
    let weighed = |f: &&File| f.0.starts_with("topics/") || f.0.starts_with("suppress/");
    for (path, text) in layers.iter().flat_map(|l| l.iter()).filter(weighed) {
        let Ok(lists) = toml::from_str::<Lists>(text) else { continue };
        let mut seen: FixedMap<String, Range<usize>> = FixedMap::default();
        let all = lists.term.iter().chain(&lists.unless).chain(&lists.exclude).flat_map(|l| &l.words);
        for word in all {
            let name = Notes::split(word.get_ref()).map_or("", |n| n.0);
            if let Some(first) = seen.get(name) {
                let line = 1 + text[..first.start].matches('\n').count();
                let message = format!("\"{name}\" stands at line {line} already");
                let hint = "only one of them can count; take the other out";
                out.push(Problem::at_bytes(path, text, word.span(), "twice", message, hint).warn());
            } else {
                seen.insert(name.to_string(), word.span());
            }
        }
    }
}
