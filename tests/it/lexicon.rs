//! The lexicon: its own tests, its rules' examples, its faults.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use chancery::config;
use chancery::lexicon::{Lexicon, tests};
use chancery::pipeline::Reader;

use crate::help::{article, reader};

/// Sentences that fail are listed all at once: a word list is mended by reading them together.
fn failures(all: &[tests::LexTest]) -> Vec<String> {
    let mut out = Vec::new();
    for t in all {
        let doc = all_topics().understand(article(&t.sentence, t.day));
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

/// The built-in lexicon with every topic on: tests speak of those too that are off by default.
fn all_topics() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let mut lexicon = reader().lexicon.clone();
        lexicon.switch_all_topics_on();
        Reader { lexicon, options: reader().options.clone(), languages: reader().languages.clone() }
    })
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

#[test]
fn the_flat_form_says_what_the_files_say() {
    let flat = Lexicon::from_flat(config::LEXICON_FLAT).expect("the built-in lexicon has no fault");
    assert_eq!(flat.sha256, reader().lexicon.sha256, "compiled from these very files");
    assert_eq!(flat.to_flat(), reader().lexicon.to_flat());
    assert!(flat.tests.is_empty());
}

#[test]
fn the_built_in_tables_are_in_their_usual_form_and_pass_lint() {
    let files = config::lexicon_files(&[]).unwrap();
    for (path, text) in files.iter().filter(|f| f.0.starts_with("actors/")) {
        let usual = chancery::curate::form::tidy(path, text, None).unwrap();
        assert!(usual == *text, "{path}: run chancery lex fmt config/lexicon");
    }
    // The day is fixed: what falls due later is for `lex due` to tell.
    let found = chancery::curate::lint::lint(&[&files], "2026-11-30".parse().unwrap());
    assert!(found.is_empty(), "{}", found.iter().map(|p| format!("{p}\n")).collect::<String>());
}

/// What the lexicon promises to hold, by files: at least so many entries of these kinds.
#[test]
fn the_world_is_in_it() {
    let actors = &reader().lexicon.actors;
    let of = |file: &str| {
        let at = actors.files.iter().position(|f| **f == *format!("actors/{file}.tsv")).unwrap();
        actors.entries().filter(|e| e.terms().iter().any(|t| usize::from(t.file) == at)).count()
    };
    for (file, least) in [
        ("igos", 500),
        ("armed-groups", 300),
        ("parties", 400),
        ("companies", 600),
        ("media", 300),
        ("agencies", 200),
        ("ngos", 200),
        ("countries", 250),
    ] {
        assert!(of(file) >= least, "{file}: {} of {least}", of(file));
    }
    assert!(actors.entries().filter(|e| e.is_person()).count() >= 6000);
    let terms = actors.entries().filter(|e| e.is_person()).flat_map(|e| e.terms());
    let open: Vec<_> = terms.filter(|t| t.office != Default::default() && t.to.is_none()).collect();
    assert!(open.len() > 1000 && open.iter().all(|t| t.review_by.is_some()));
}
