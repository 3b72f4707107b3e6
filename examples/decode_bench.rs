//! Times decoding: `cargo run --release --example decode_bench FILE…`; prints articles, losses, MB/s and how many
//! texts normalisation changed in length (in characters), which shifts offsets against the input.

use std::time::Instant;

use chancery::decode::{Options, decode};
use chancery::model::Item;

fn main() {
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(&path) else {
            println!("{path}: cannot be read");
            continue;
        };
        let len = bytes.len();
        let seen_at = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
        let raw: Vec<serde_json::Value> = String::from_utf8_lossy(&bytes)
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let start = Instant::now();
        let decoded = decode(&Item { path: path.clone(), range: None, bytes, seen_at }, &Options::default());
        let took = start.elapsed().as_secs_f64();
        let shifted = decoded.articles.iter().zip(&raw).filter(|(article, raw)| {
            raw["text"].as_str().is_some_and(|text| text.chars().count() != article.text.chars().count())
        });
        println!(
            "{path}: {} articles, {} lost, {:.1} MB/s, {:.1} us an article, {} of another length",
            decoded.articles.len(),
            decoded.lost.len(),
            len as f64 / 1e6 / took,
            took * 1e6 / decoded.articles.len().max(1) as f64,
            shifted.count()
        );
        for lost in decoded.lost.iter().take(3) {
            println!("  {}: {}", lost.reason, lost.error);
        }
    }
}
