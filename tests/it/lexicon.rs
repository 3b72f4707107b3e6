//! The lexicon: its own tests, its rules' examples, its faults.

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

#[test]
fn plain_sentence_tests_pass() {
    let failed = failures(&reader().lexicon.tests);
    assert!(reader().lexicon.tests.len() >= 150);
    assert!(failed.is_empty(), "{} failed\n{}", failed.len(), failed.join("\n"));
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
    let problems = Lexicon::load(&files).err().expect("a wrong country code is a fault");
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
