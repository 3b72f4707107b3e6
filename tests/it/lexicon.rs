//! The lexicon: its own tests, its rules' examples, its faults.

use std::collections::BTreeSet;

use chancery::config;
use chancery::lexicon::{Lexicon, tests};

use crate::help::{article, reader};

/// Sentences that fail are listed all at once: a word list is mended by reading them together.
fn failures(all: &[tests::LexTest]) -> Vec<String> {
    let mut out = Vec::new();
    for t in all {
        let doc = reader().understand(article(&t.sentence, t.day));
        for e in t.expectations.iter().filter(|e| !tests::holds(e, &doc)) {
            let said: Vec<String> = doc.events.iter().map(|e| chancery::explain::short(&doc, e)).collect();
            out.push(format!("{}: {}\n    wanted {e}, said {said:?}", t.at, t.sentence));
        }
    }
    out
}

/// Sentences known to be misread: each is a bug report of ours, and the list may only shrink by mending.
fn known() -> BTreeSet<String> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/misreadings.txt")).unwrap();
    text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(str::to_string).collect()
}

#[test]
fn plain_sentence_tests_pass_but_for_the_known_misreadings() {
    let lexicon = &reader().lexicon;
    let mut all = lexicon.tests.clone();
    all.extend(lexicon.example_tests());
    assert!(lexicon.tests.len() >= 400 && all.len() >= 1000);
    let known = known();
    let (listed, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|t| known.contains(&*t.sentence));
    let failed = failures(&rest);
    assert!(failed.is_empty(), "{} failed\n{}", failed.len(), failed.join("\n"));
    // A sentence that is read rightly now must leave the list, or it could be lost again unseen.
    let mended: Vec<_> = listed
        .iter()
        .filter(|t| failures(std::slice::from_ref(*t)).is_empty())
        .map(|t| &t.sentence)
        .collect();
    assert!(mended.is_empty(), "no longer misread, take them off the list: {mended:#?}");
    assert!(listed.len() * 4 < rest.len() + listed.len(), "more than a quarter is misread");
}

#[test]
fn every_event_type_has_rules_and_a_test() {
    for t in &chancery::model::codes::TYPES {
        assert!(reader().lexicon.rules.rules.iter().any(|r| r.event == t.event), "{} has no rule", t.name);
    }
}

#[test]
fn every_cameo_code_of_a_rule_exists() {
    for rule in &reader().lexicon.rules.rules {
        if let Some(code) = &rule.cameo {
            assert!(chancery::model::cameo::cameo(code).is_some(), "{} has code {code}", rule.cite.at);
        }
    }
}

#[test]
fn a_broken_row_is_told_with_file_and_line() {
    let mut files = config::lexicon_files(&[]).unwrap();
    files.push((
        "actors/mine.tsv".into(),
        "# licence: ours\n# source: us\nid\tname\tkind\tcountry\nx-1\tXanadu\tcountry\tXANADU\n".into(),
    ));
    let problems = Lexicon::load(&files).expect_err("a wrong country code is a fault");
    let text = problems.iter().map(|p| p.to_string()).collect::<String>();
    assert!(text.contains("actors/mine.tsv:4"), "{text}");
}

#[test]
fn an_overlay_adds_an_actor_and_a_topic_without_code() {
    let mut files = config::lexicon_files(&[]).unwrap();
    files.push((
        "actors/mine.tsv".into(),
        "# licence: ours\n# source: us\nid\tname\tkind\tcountry\nborduria\tBorduria\tcountry\tALB\n".into(),
    ));
    files.push(("topics/whales.toml".into(), "id = \"whales\"\nname = \"Whales\"\nabout = \"Whaling.\"\non = true\nthreshold = 1.0\n[[term]]\nweight = 1.0\nwords = [\"whaling fleet\"]\n".into()));
    let lexicon = Lexicon::load(&files).unwrap_or_else(|p| panic!("{}", p[0]));
    let doc =
        chancery::pipeline::read(article("Borduria attacked a Norwegian whaling fleet.", None), &lexicon);
    assert!(doc.topics.iter().any(|t| &*t.id == "whales"));
    assert!(doc.mentions.iter().any(|m| m.actor.id.as_deref() == Some("borduria")));
}
