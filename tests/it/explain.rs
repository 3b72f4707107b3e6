//! Snapshots: what is understood of each sample article, as `explain` tells it. The diff is the review.

use chancery::explain;

use crate::help::{reader, seeds};

#[test]
fn what_is_understood_of_the_sample_articles() {
    for (name, articles) in seeds() {
        let text: Vec<String> = articles
            .into_iter()
            .map(|a| explain::text(&reader().understand(a), &explain::Options::default()))
            .collect();
        insta::with_settings!({snapshot_path => "snapshots", prepend_module_to_snapshot => false}, {
            insta::assert_snapshot!(name.replace('.', "_"), text.join("\n----\n"));
        });
    }
}

#[test]
fn there_are_enough_samples_and_the_silent_ones_are_silent() {
    let all = seeds();
    assert!(all.len() >= 24, "{} samples", all.len());
    let silent: Vec<_> = all.into_iter().filter(|(name, _)| name.starts_with("silent-")).collect();
    assert!(silent.len() >= 3);
    for (name, articles) in silent {
        for article in articles {
            let doc = reader().understand(article);
            let told: Vec<String> = doc.events.iter().map(|e| explain::short(&doc, e)).collect();
            assert!(told.is_empty(), "{name}: {told:?}");
        }
    }
}
