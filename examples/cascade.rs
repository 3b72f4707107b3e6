//! How fast articles of a file are read on one core, stage by stage: `cargo run --release --example cascade FILE.jsonl`.
//!
//! Prints sentences a second through the whole walk, and tokens a second through tags and trees.

use std::time::{Duration, Instant};

use chancery::config;
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Item};
use chancery::syntax::{Scratch, Syntax};
use chancery::{decode, pipeline, segment, tag};
use chrono::Utc;

/// Rounds over the file; the fastest counts, since whatever else runs can only slow one down.
const ROUNDS: usize = 5;

fn fastest(mut work: impl FnMut() -> usize) -> (Duration, usize) {
    let mut best = (Duration::MAX, 0);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        let count = work();
        best = best.min((begin.elapsed(), count));
    }
    best
}

fn main() {
    let path = std::env::args().nth(1).expect("a JSONL file of articles");
    let bytes = std::fs::read(&path).expect("the file can be read");
    let files = config::lexicon_files(&[]).expect("the built-in lexicon");
    let lexicon = Lexicon::load(&files).unwrap_or_else(|p| panic!("the built-in lexicon is valid: {}", p[0]));
    let item = Item { path, range: None, bytes, seen_at: Utc::now() };
    let articles: Vec<Article> = decode::decode(&item, &decode::Options::default()).articles;
    let cut: Vec<_> = articles.iter().map(|a| (a, segment::article(a))).collect();
    let sentences: usize = cut.iter().map(|(_, s)| s.len()).sum();
    let syntax = Syntax::embedded();
    let say = |name: &str, (time, count): (Duration, usize), what: &str| {
        println!(
            "{name:<12} {:>10.0} {what}/s   {:>8.1} ms",
            count as f64 / time.as_secs_f64(),
            time.as_secs_f64() * 1e3
        );
    };
    println!("{} articles, {sentences} sentences", articles.len());
    say("segment", fastest(|| articles.iter().map(|a| segment::article(a).len()).sum()), "sentences");
    say(
        "tag",
        fastest(|| {
            cut.iter().for_each(|(a, s)| {
                std::hint::black_box(tag::tag(a, s, &lexicon));
            });
            sentences
        }),
        "sentences",
    );
    let mut scratch = Scratch::default();
    let parse = fastest(|| {
        let all = cut.iter().flat_map(|(a, s)| s.iter().map(|s| (a.field(s.field), s)));
        all.map(|(text, s)| syntax.parse_with(text, s, &mut scratch).words.len()).sum()
    });
    say("parse", parse, "tokens");
    let whole = fastest(|| {
        articles.iter().for_each(|a| {
            std::hint::black_box(pipeline::read(a.clone(), &lexicon));
        });
        sentences
    });
    say("whole walk", whole, "sentences");
}
