//! Throughput of each stage and of the whole, on seeded news. `cargo bench --bench stages`.

mod news;

use std::sync::OnceLock;

use chancery::config;
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Field, Item};
use chancery::pipeline::Reader;
use chancery::syntax::Syntax;
use chancery::{date, decode, pipeline, segment, tag};
use chrono::{TimeZone, Utc};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

fn main() {
    divan::main();
}

fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let lexicon = Lexicon::load(&config::lexicon_files(&[]).expect("embedded"))
            .unwrap_or_else(|p| panic!("the built-in lexicon is valid: {}", p[0]));
        let options = decode::Options::default();
        Reader { lexicon, options, languages: vec!["en".into()] }
    })
}

fn items() -> Vec<Item> {
    let mut dice = news::Dice::new(7);
    (0..200)
        .map(|i| Item {
            path: format!("news-{i}.json"),
            range: None,
            bytes: news::file(&mut dice, "json", 2000, i).into_bytes(),
            seen_at: Utc.timestamp_opt(1_780_000_000, 0).single().expect("a moment"),
        })
        .collect()
}

fn articles() -> Vec<Article> {
    items().into_iter().flat_map(|i| decode::decode(&i, &reader().options).articles).collect()
}

fn bytes(articles: &[Article]) -> BytesCount {
    BytesCount::new(articles.iter().map(|a| a.text.len()).sum::<usize>())
}

#[divan::bench]
fn decoding(bencher: Bencher) {
    let all = items();
    let total: usize = all.iter().map(|i| i.bytes.len()).sum();
    bencher
        .counter(BytesCount::new(total))
        .bench(|| all.iter().map(|i| decode::decode(i, &reader().options).articles.len()).sum::<usize>());
}

#[divan::bench]
fn segmenting(bencher: Bencher) {
    let all = articles();
    bencher.counter(bytes(&all)).bench(|| all.iter().map(|a| segment::article(a).len()).sum::<usize>());
}

#[divan::bench]
fn tagging(bencher: Bencher) {
    let all: Vec<_> = articles().into_iter().map(|a| (segment::article(&a), a)).collect();
    let total: usize = all.iter().map(|(_, a)| a.text.len()).sum();
    bencher
        .counter(BytesCount::new(total))
        .bench(|| all.iter().map(|(s, a)| tag::tag(a, s, &reader().lexicon).len()).sum::<usize>());
}

#[divan::bench]
fn parsing(bencher: Bencher) {
    let all: Vec<_> = articles().into_iter().map(|a| (segment::article(&a), a)).collect();
    let tokens: usize = all.iter().flat_map(|(s, _)| s).map(|s| s.tokens.len()).sum();
    let syntax = Syntax::embedded();
    bencher.counter(ItemsCount::new(tokens)).bench(|| {
        let mut words = 0;
        for (sentences, article) in &all {
            for s in sentences {
                let field: Field = s.field;
                words += syntax.parse(article.field(field), s).words.len();
            }
        }
        words
    });
}

#[divan::bench]
fn dating(bencher: Bencher) {
    let all: Vec<_> = articles().into_iter().map(|a| (segment::article(&a), a)).collect();
    let total: usize = all.iter().map(|(_, a)| a.text.len()).sum();
    bencher
        .counter(BytesCount::new(total))
        .bench(|| all.iter().map(|(s, a)| date::find(a, s).len()).sum::<usize>());
}

#[divan::bench]
fn whole_reading(bencher: Bencher) {
    let all = articles();
    bencher.counter(bytes(&all)).bench(|| {
        all.iter().map(|a| pipeline::read(a.clone(), &reader().lexicon).events.len()).sum::<usize>()
    });
}

#[divan::bench(sample_count = 10)]
fn loading_the_lexicon(bencher: Bencher) {
    let files = config::lexicon_files(&[]).expect("embedded");
    bencher.bench(|| Lexicon::load(&files).map(|l| l.name_count()).unwrap_or_default());
}
