//! Sweeps a file of JSON shapes that scrapers write and prints how each is mapped:
//! `cargo run --example shapes [FILE]` (default `../shared/formats/json-shapes.jsonl`; says so when it is absent).
//! Each line is `{"shape": name, "item": object}`.

use chancery::decode::{Options, decode};
use chancery::model::Item;

fn main() {
    let path = std::env::args().nth(1).unwrap_or_else(|| "../shared/formats/json-shapes.jsonl".into());
    let Ok(file) = std::fs::read_to_string(&path) else {
        println!("{path} is not here: nothing to sweep");
        return;
    };
    let seen_at = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        let shape: serde_json::Value =
            serde_json::from_str(line).expect("a line of the shapes file is an object");
        let name = shape["shape"].as_str().unwrap_or("?");
        let item =
            Item { path: name.into(), range: None, bytes: shape["item"].to_string().into_bytes(), seen_at };
        let decoded = decode(&item, &Options::default());
        for a in &decoded.articles {
            let published = a.published.map(|p| {
                format!("{} {:?}{}", p.at.to_rfc3339(), p.zone, if p.day_only { " day" } else { "" })
            });
            println!("{name:14} title={:?} text={:?} summary={:?}", a.title, a.text, a.summary);
            println!("{:14} url={:?} source={:?} lang={:?} id={:?}", "", a.url, a.source, a.language, a.id);
            println!(
                "{:14} published={published:?} author={:?} section={:?} cut={} version={:?}",
                "", a.author, a.section, a.truncated, a.version
            );
        }
        for lost in &decoded.lost {
            println!("{name:14} LOST {}: {}", lost.reason, lost.error);
        }
    }
}
