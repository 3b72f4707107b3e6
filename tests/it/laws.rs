//! The laws of ARCHITECTURE.md, on generated text.

use chancery::model::Document;
use proptest::prelude::*;

use crate::help::read;

/// Words that wake every stage, and some that break careless ones.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Russia".to_string()),
        Just("the".to_string()),
        Just("EU".to_string()),
        Just("attacked".to_string()),
        Just("imposed".to_string()),
        Just("sanctions".to_string()),
        Just("on".to_string()),
        Just("Belarus".to_string()),
        Just("President".to_string()),
        Just("Xi".to_string()),
        Just("met".to_string()),
        Just("with".to_string()),
        Just("Mr.".to_string()),
        Just("U.S.".to_string()),
        Just("said".to_string()),
        Just("\u{201c}".to_string()),
        Just("he".to_string()),
        Just("both".to_string()),
        Just("countries".to_string()),
        Just("Élysée".to_string()),
        Just("on Sunday".to_string()),
        Just("2026-11-22".to_string()),
        Just("(SCO)".to_string()),
        Just("—".to_string()),
        Just(".".to_string()),
        Just("?".to_string()),
        Just("\n".to_string()),
        Just("中国".to_string()),
        Just("🇺🇳".to_string()),
        "[a-zA-Z'’-]{1,12}",
        "\\PC{1,6}",
    ]
}

fn check(doc: &Document) {
    for s in &doc.sentences {
        let text = doc.article.field(s.field);
        assert!(s.span.end as usize <= text.len());
        let mut at = s.span.start;
        for t in &s.tokens {
            assert!(t.span.start >= at && t.span.end <= s.span.end && !t.span.is_empty());
            assert!(
                text[at as usize..t.span.start as usize].trim().is_empty(),
                "text between tokens is lost"
            );
            at = t.span.end;
        }
        assert!(text[at as usize..s.span.end as usize].trim().is_empty());
        if let Some(tree) = &s.tree {
            assert_eq!(tree.words.len(), s.tokens.len());
            assert_eq!(tree.words.iter().filter(|w| w.head.is_none()).count(), 1, "one root");
            for i in 0..tree.words.len() {
                let root = (0..tree.words.len()).find(|&r| tree.words[r].head.is_none()).unwrap();
                assert!(tree.within(i, root), "every word hangs on the root");
            }
        }
    }
    for pair in doc.sentences.windows(2).filter(|p| p[0].field == p[1].field) {
        assert!(pair[0].span.end <= pair[1].span.start);
    }
    for pair in doc.mentions.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        assert!(
            a.sentence < b.sentence || a.sentence == b.sentence && a.tokens.1 <= b.tokens.0,
            "mentions overlap"
        );
    }
    for m in &doc.mentions {
        let s = &doc.sentences[m.sentence as usize];
        assert!(s.span.contains(m.span) && (m.tokens.1 as usize) <= s.tokens.len());
    }
    for e in &doc.events {
        let s = &doc.sentences[e.claim.sentence as usize];
        assert!(s.span.contains(e.claim.span));
        assert!(!e.claim.actors.is_empty());
        for &i in e.claim.actors.iter().chain(&e.claim.recipients) {
            assert_eq!(doc.mentions[i].sentence, e.claim.sentence);
        }
        assert!((0.0..=1.0).contains(&e.claim.confidence));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, rng_seed: prop::test_runner::RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn hold_on_any_text(words in prop::collection::vec(word(), 1..60)) {
        let text = words.join(" ");
        if !text.trim().is_empty() {
            check(&read(&text));
        }
    }
}

#[test]
fn hold_on_the_sample_articles() {
    for (_, articles) in crate::help::seeds() {
        for article in articles {
            check(&crate::help::reader().understand(article));
        }
    }
}

#[test]
fn reading_twice_gives_the_same() {
    for (_, articles) in crate::help::seeds().into_iter().take(6) {
        for article in articles {
            let (a, b) = (
                crate::help::reader().understand(article.clone()),
                crate::help::reader().understand(article),
            );
            assert_eq!(a, b);
        }
    }
}
