//! How long a lexicon takes to load, and what its size costs while reading: `cargo run --release --example lexicon_size`.
//!
//! Made-up names of one to three words, a third of them several names of one entry, stand beside the built-in ones; the
//! text names some of them in every sentence. Times are the best of several rounds, so that a busy machine disturbs less.

#[path = "../benches/news/mod.rs"]
mod news;

use std::fmt::Write;
use std::hint::black_box;
use std::time::{Duration, Instant};

use chancery::config;
use chancery::decode;
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Item};
use chancery::{pipeline, segment, tag};
use chrono::{TimeZone, Utc};

const ROUNDS: usize = 7;

fn main() {
    let flat = best(ROUNDS, || Lexicon::from_flat(config::LEXICON_FLAT).is_some());
    println!("default, flat form   {flat:>9.1?}  {} bytes", config::LEXICON_FLAT.len());
    let files = config::lexicon_files(&[]).unwrap_or_default();
    println!("default, from files  {:>9.1?}", best(ROUNDS, || Lexicon::load(&files).is_ok()));
    let mut spent = Vec::new();
    for n in [30_000, 300_000] {
        let table = [("actors/made-up.tsv".to_string(), table(n))];
        let load = best(3, || Lexicon::load(&table).is_ok());
        let Ok(lexicon) = Lexicon::load(&table) else { std::process::exit(4) };
        let articles = articles(n);
        let tagged = best(ROUNDS, || {
            articles.iter().map(|a| tag::tag(a, &segment::article(a), &lexicon).len()).sum::<usize>()
        });
        let read = best(3, || {
            articles.iter().map(|a| pipeline::read(a.clone(), &lexicon).events.len()).sum::<usize>()
        });
        println!("{n:>7} entries: load {load:>9.1?}  tag {tagged:>9.1?}  read {read:>9.1?}");
        spent.push((tagged, read));
    }
    let ratio = |a: Duration, b: Duration| b.as_secs_f64() / a.as_secs_f64();
    println!(
        "300,000 against 30,000: tag {:.2}, read {:.2}",
        ratio(spent[0].0, spent[1].0),
        ratio(spent[0].1, spent[1].1)
    );
}

/// The shortest of so many runs.
fn best<T>(rounds: usize, mut run: impl FnMut() -> T) -> Duration {
    let once = |run: &mut dyn FnMut() -> T| {
        let begin = Instant::now();
        black_box(run());
        begin.elapsed()
    };
    (0..rounds).map(|_| once(&mut run)).min().unwrap_or_default()
}

/// The made-up name of an entry.
fn name(i: usize) -> String {
    const SYLLABLES: [&str; 16] = [
        "ba", "ker", "lo", "min", "tra", "vos", "hel", "ni", "du", "gar", "sei", "po", "zun", "wil", "cha",
        "ret",
    ];
    let word = |mut n: usize| {
        let mut out = String::new();
        for _ in 0..4 {
            out.push_str(SYLLABLES[n % 16]);
            n /= 16;
        }
        out[..1].to_uppercase() + &out[1..]
    };
    let spread = i.wrapping_mul(2_654_435_761) >> 3;
    match i % 3 {
        0 => word(spread % 65_536),
        1 => format!("{} {}", word(spread % 4_096), word(i)),
        _ => format!("{} of {} {}", word(spread % 512), word(i / 512), word(i)),
    }
}

fn table(n: usize) -> String {
    let mut out = String::from(
        "# licence: CC0\n# source: made up\nid\tname\tkind\tcountry\tsector\toffice\tfrom\tto\taliases\n",
    );
    let countries = ["NOR", "SWE", "DNK", "FIN", "CHL", "PER", "KEN", "FJI"];
    for i in 0..n {
        let (name, country) = (name(i), countries[i % 8]);
        let _ = match i % 3 {
            0 => {
                writeln!(out, "made-{i}\t{name}\tcompany\t{country}\tBUS\t\t\t\t{name} Group; {name} Holding")
            }
            1 => writeln!(out, "made-{i}\t{name}\tperson\t{country}\tGOV\tTrade Minister\t2010\t2015\t"),
            _ => writeln!(out, "made-{i}\t{name}\tigo\tIGO\t\t\t\t\t"),
        };
    }
    out
}

/// News of the usual kind, with a made-up name in a sentence of each.
fn articles(n: usize) -> Vec<Article> {
    let mut dice = news::Dice::new(7);
    let mut out = Vec::new();
    for i in 0..300 {
        let item = Item {
            path: format!("news-{i}.json"),
            range: None,
            bytes: news::file(&mut dice, "json", 2000, i).into_bytes(),
            seen_at: Utc.timestamp_opt(1_780_000_000, 0).single().unwrap_or_default(),
        };
        for mut article in decode::decode(&item, &decode::Options::default()).articles {
            let (a, b) = (name(i * 97 % n), name(i * 89 % n));
            let _ = write!(article.text, " {a} accused {b} of fraud on Sunday.");
            out.push(article);
        }
    }
    out
}
