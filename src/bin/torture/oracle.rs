//! What each document must become, and whether it did.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chancery::model::{Emit, Item, Lane, Outcome, Undecodable};
use xxhash_rust::xxh3::xxh3_128;

/// The document's own word that makes the reading panic.
pub const POISON: &str = "poison";
/// The word that makes it refuse.
pub const REFUSED: &str = "unreadable";

/// A longer line is set aside (bytes).
pub const LONGEST_LINE: usize = 8 << 10;

/// A document's name in the records: the hash of its bytes.
pub fn id(bytes: &[u8]) -> String {
    format!("{:032x}", xxh3_128(bytes))
}

/// How many records a document gives: one to three, by its bytes.
pub fn parts(bytes: &[u8]) -> usize {
    (xxh3_128(bytes) % 3) as usize + 1
}

fn holds(bytes: &[u8], word: &str) -> bool {
    bytes.windows(word.len()).any(|w| w == word.as_bytes())
}

/// The reading of all random rounds: as deterministic as the real one, and its outcome can be foretold.
pub fn read(item: &Item, emit: Emit) -> Outcome {
    assert!(!holds(&item.bytes, POISON), "asked to panic");
    if holds(&item.bytes, REFUSED) {
        let error = "asked to refuse".to_owned();
        let lost =
            Undecodable { reason: "no_text", format: None, error, hint: None, range: None, inside: None };
        return Outcome { lost: vec![lost], ..Outcome::default() };
    }
    let (id, parts) = (id(&item.bytes), parts(&item.bytes));
    let begin = begin_of(&item.bytes);
    for part in 0..parts {
        let seen_at = item.seen_at.timestamp_micros();
        let line = serde_json::json!({"id": id, "part": part, "seen_at": seen_at, "begin": begin});
        emit(Lane::Events, line.to_string().as_bytes());
    }
    Outcome { articles: 1, ..Outcome::default() }
}

/// How a document begins, to tell it from others in a report.
fn begin_of(bytes: &[u8]) -> String {
    format!("{} ({} bytes)", String::from_utf8_lossy(&bytes[..bytes.len().min(24)]), bytes.len())
}

/// What is expected of the outputs.
#[derive(Default)]
pub struct Oracle {
    /// Documents that must be told, with the number of their records.
    must: BTreeMap<String, usize>,
    /// Documents that may be told: nobody can say whether they stood long enough.
    may: BTreeMap<String, usize>,
    /// Documents that must be set aside, by the SHA-256 of their bytes.
    must_dead: BTreeSet<String>,
    /// How each document begins, to name it by.
    begins: BTreeMap<String, String>,
    may_dead: BTreeSet<String>,
}

/// What stands in the outputs.
#[derive(Default)]
pub struct Found {
    /// Parts of each document, in the order found.
    pub told: BTreeMap<String, Vec<u64>>,
    /// SHA-256 of what was set aside, with how often.
    pub dead: BTreeMap<String, usize>,
    /// How the documents told begin.
    pub begins: BTreeMap<String, String>,
    /// Dead letters without a hash.
    pub nameless: usize,
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

impl Oracle {
    fn is_dead(bytes: &[u8]) -> bool {
        holds(bytes, POISON) || holds(bytes, REFUSED)
    }

    fn begin(&mut self, bytes: &[u8]) {
        self.begins.insert(id(bytes), begin_of(bytes));
    }

    fn named(&self, id: &str) -> String {
        format!("document {id} {}", self.begins.get(id).map_or("", String::as_str))
    }

    /// This document stands where it will be found.
    pub fn must(&mut self, bytes: &[u8]) {
        if Oracle::is_dead(bytes) {
            self.must_dead.insert(sha256(bytes));
        } else {
            self.begin(bytes);
            self.must.insert(id(bytes), parts(bytes));
        }
    }

    /// This document may have been found.
    pub fn may(&mut self, bytes: &[u8]) {
        if Oracle::is_dead(bytes) {
            self.may_dead.insert(sha256(bytes));
        } else {
            self.begin(bytes);
            self.may.insert(id(bytes), parts(bytes));
        }
    }

    /// The same for a line of a followed file, which may be too long.
    pub fn must_line(&mut self, line: &[u8]) {
        if line.len() > LONGEST_LINE {
            self.must_dead.insert(sha256(line));
        } else {
            self.must(line);
        }
    }

    /// The same for a line of a followed file.
    pub fn may_line(&mut self, line: &[u8]) {
        if line.len() > LONGEST_LINE {
            self.may_dead.insert(sha256(line));
        } else {
            self.may(line);
        }
    }

    /// Whether all that must be there is.
    pub fn is_satisfied(&self, found: &Found, kept: &Found) -> bool {
        let told = |id| found.told.get(id).or(kept.told.get(id)).map_or(0, Vec::len);
        self.must.iter().all(|(id, parts)| told(id) >= *parts)
            && self.must_dead.iter().all(|sha| found.dead.contains_key(sha) || kept.dead.contains_key(sha))
    }

    /// Conservation: nothing lost, nothing twice, nothing from nowhere. `kept` is what was put beside.
    pub fn judge(&self, found: &Found, kept: &Found) -> Result<(), String> {
        for (id, parts) in &self.must {
            let told = found.told.get(id).or(kept.told.get(id));
            match told.map(Vec::len) {
                Some(n) if n == *parts => {}
                Some(n) => return Err(format!("{} has {n} records, not {parts}: {told:?}", self.named(id))),
                None => return Err(format!("{} is lost", self.named(id))),
            }
        }
        for (id, told) in &found.told {
            let Some(parts) = self.must.get(id).or(self.may.get(id)) else {
                let begin = found.begins.get(id).map_or("", String::as_str);
                return Err(format!("document {id} {begin} came from nowhere (half a document?)"));
            };
            let whole: Vec<u64> = (0..*parts as u64).collect();
            if *told != whole {
                return Err(format!("{} has records {told:?}, not {whole:?}", self.named(id)));
            }
        }
        for sha in &self.must_dead {
            match found.dead.get(sha).or(kept.dead.get(sha)) {
                Some(1) => {}
                n => return Err(format!("dead letter {sha} stands {} times", n.unwrap_or(&0))),
            }
        }
        for (sha, n) in &found.dead {
            if !self.must_dead.contains(sha) && !self.may_dead.contains(sha) {
                return Err(format!("dead letter {sha} came from nowhere"));
            }
            if *n > 1 {
                return Err(format!("dead letter {sha} stands {n} times"));
            }
        }
        Ok(())
    }

    /// Documents expected.
    pub fn len(&self) -> usize {
        self.must.len() + self.must_dead.len()
    }
}

/// Reads whole lines of a file; with `torn` a last piece is left alone, else it is an error.
fn lines(path: &Path, torn: bool, mut each: impl FnMut(serde_json::Value)) -> Result<(), String> {
    let bytes = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        match serde_json::from_slice(line) {
            Ok(value) if line.ends_with(b"\n") => each(value),
            _ if torn => {}
            _ => return Err(format!("{}: half a line: {}", path.display(), String::from_utf8_lossy(line))),
        }
    }
    Ok(())
}

/// All that stands in the outputs beside `events` (segments, final or in progress, and the dead letters), and in
/// further files.
pub fn collect(events: &Path, archive: &[PathBuf], torn: bool) -> Result<Found, String> {
    let mut found = Found::default();
    let dir = events.parent().unwrap_or(Path::new("."));
    let mut paths: Vec<PathBuf> = archive.to_vec();
    for entry in fs::read_dir(dir).map_err(|e| e.to_string())?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let output = name.ends_with(".jsonl") || name.ends_with(".jsonl.inprogress");
        if name.starts_with("events") && output {
            paths.push(entry.path());
        }
    }
    paths.sort();
    for path in paths {
        take(&path, torn, &mut found)?;
    }
    Ok(found)
}

/// What was kept of cut ends.
pub fn kept(events: &Path) -> Result<Found, String> {
    let mut found = Found::default();
    for entry in fs::read_dir(events.parent().unwrap_or(Path::new("."))).map_err(|e| e.to_string())?.flatten()
    {
        if entry.path().extension().is_some_and(|e| e == "cut") {
            take(&entry.path(), true, &mut found)?;
        }
    }
    // The same end may have been cut off, written again and cut off again.
    found.told.values_mut().for_each(|parts| {
        parts.sort_unstable();
        parts.dedup();
    });
    found.dead.values_mut().for_each(|n| *n = 1);
    Ok(found)
}

fn take(path: &Path, torn: bool, found: &mut Found) -> Result<(), String> {
    lines(path, torn, |line| match line["id"].as_str() {
        Some(id) => {
            found.begins.insert(id.to_owned(), line["begin"].as_str().unwrap_or_default().to_owned());
            found.told.entry(id.to_owned()).or_default().push(line["part"].as_u64().unwrap_or(u64::MAX));
        }
        None => match line["sha256"].as_str() {
            Some(sha) => *found.dead.entry(sha.to_owned()).or_default() += 1,
            None => found.nameless += 1,
        },
    })
}
