//! Who reads the output: notes what was told, and takes finished segments away.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::world::file_name;

/// What was told so far.
pub struct Reader {
    dir: PathBuf,
    told: Vec<bool>,
    missing: usize,
    /// Ids of records.
    ids: HashSet<String>,
    /// Bytes read of each segment, by its final name.
    read: HashMap<String, u64>,
    /// Finished segments that were taken away.
    pub segments: usize,
}

impl Reader {
    /// Reads the outputs in `dir`, where so many documents are to be told.
    pub fn new(dir: &Path, documents: usize) -> Reader {
        let (dir, told, missing) = (dir.to_path_buf(), vec![false; documents], documents);
        Reader { dir, told, missing, ids: HashSet::new(), read: HashMap::new(), segments: 0 }
    }

    /// Documents not told yet.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// Whether all of these were told.
    pub fn all(&self, documents: &[usize]) -> bool {
        documents.iter().all(|n| self.told[*n])
    }

    /// Whether anything was set aside.
    pub fn has_dead_letters(&self) -> bool {
        self.dir.join("events.jsonl.dead.jsonl").metadata().is_ok_and(|m| m.len() > 0)
    }

    /// Reads what was written since, and deletes segments that are finished and read.
    pub fn look(&mut self) -> Result<(), String> {
        let all = fs::read_dir(&self.dir).map_err(|e| e.to_string())?.flatten().map(|e| e.path());
        let mut segments: Vec<PathBuf> = all.filter(|p| file_name(p).starts_with("events-")).collect();
        segments.sort();
        for path in segments {
            // It may be renamed at this moment: then it is there the next time.
            let Ok(mut file) = File::open(&path) else { continue };
            let name = file_name(&path);
            let finished = name.ends_with(".jsonl");
            let name = name.trim_end_matches(".inprogress").to_owned();
            let from = self.read.get(&name).copied().unwrap_or(0);
            let mut new = Vec::new();
            file.seek(SeekFrom::Start(from))
                .and_then(|_| file.read_to_end(&mut new))
                .map_err(|e| e.to_string())?;
            let whole = new.iter().rposition(|b| *b == b'\n').map_or(0, |end| end + 1);
            for line in new[..whole].split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
                self.note(line)?;
            }
            if !finished {
                self.read.insert(name, from + whole as u64);
            } else if whole < new.len() {
                return Err(format!("{name} is finished, and ends with half a line"));
            } else {
                self.read.remove(&name);
                self.segments += 1;
                fs::remove_file(&path).map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }

    fn note(&mut self, line: &[u8]) -> Result<(), String> {
        let odd = || format!("an odd record: {}", String::from_utf8_lossy(line));
        let record: serde_json::Value = serde_json::from_slice(line).map_err(|_| odd())?;
        let id = record["id"].as_str().ok_or_else(odd)?;
        if !self.ids.insert(id.to_owned()) {
            return Err(format!("told twice: {}", String::from_utf8_lossy(line)));
        }
        let text = record["evidence"]["text"].as_str().ok_or_else(odd)?;
        let number =
            text.rsplit("number ").next().and_then(|n| n.trim_end_matches('.').parse::<usize>().ok());
        let told = number.and_then(|n| self.told.get_mut(n)).ok_or_else(odd)?;
        self.missing -= usize::from(!std::mem::replace(told, true));
        Ok(())
    }
}
