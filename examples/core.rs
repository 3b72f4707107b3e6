//! The pure core on 100 seeded articles, up to a stage: the program that `benches/instructions.sh` counts.

#[path = "../benches/news/mod.rs"]
mod news;

use chancery::config;
use chancery::decode;
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Item};
use chancery::syntax::Syntax;
use chancery::{pipeline, segment, tag};
use chrono::{TimeZone, Utc};

fn articles() -> Vec<Article> {
    let mut dice = news::Dice::new(7);
    let item = |i: usize, text: String| Item {
        path: format!("news-{i}.json"),
        range: None,
        bytes: text.into_bytes(),
        seen_at: Utc.timestamp_opt(1_780_000_000, 0).single().unwrap_or_default(),
    };
    (0..100)
        .map(|i| item(i, news::file(&mut dice, "json", 2000, i)))
        .flat_map(|i| decode::decode(&i, &decode::Options::default()).articles)
        .collect()
}

fn main() {
    let stage = std::env::args().nth(1).unwrap_or_default();
    let files = config::lexicon_files(&[]).unwrap_or_default();
    let Ok(lexicon) = Lexicon::load(&files) else { std::process::exit(4) };
    let all = articles();
    let mut sum = 0;
    for article in &all {
        sum += match stage.as_str() {
            "segment" => segment::article(article).len(),
            "tag" => tag::tag(article, &segment::article(article), &lexicon).len(),
            "parse" => segment::article(article)
                .iter()
                .map(|s| Syntax::embedded().parse(article.field(s.field), s).words.len())
                .sum(),
            "read" => pipeline::read(article.clone(), &lexicon).events.len(),
            _ => 0,
        };
    }
    println!("{stage} {sum}");
}
