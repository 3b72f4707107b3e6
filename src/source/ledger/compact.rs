//! The snapshot: the ledger again, without what later frames made void.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::entry::{Commit, Entry, Length, Mark};
use super::frame::{self, HEADER, Kind};
use super::guard::Note;
use super::known::Known;
use super::walk::{Told, walk};
use crate::source::disk::{Disk, OwnFile};

/// Entries a frame of the snapshot holds.
const GROUP: usize = 4096;

/// Writes the snapshot of the ledger at `path` to `temporary`, durably; returns it, open for appending, with where it ends.
pub(super) fn write(
    disk: &Disk,
    path: &Path,
    temporary: &Path,
    known: &Known,
    lengths: &[Length],
    dead: u64,
) -> io::Result<(OwnFile, Note)> {
    let mut out = Writer { out: BufWriter::new(disk.create(temporary)?), at: Note { len: HEADER, check: 0 } };
    out.out.write_all(&frame::header())?;

    let is_last = last_entries(path)?;
    let mut group = Vec::with_capacity(GROUP);
    let mut ordinal = 0;
    each_entry(path, |entry| {
        let keeps_content =
            entry.content.is_some_and(|c| is_last.get(ordinal) == Some(&true) && known.has_content(c));
        ordinal += 1;
        if keeps_content || known.is_current(&entry.stamp) {
            group.push(entry);
        }
        if group.len() == GROUP {
            out.commit(&Commit { entries: std::mem::take(&mut group), dead, ..Commit::default() })?;
        }
        Ok(())
    })?;
    let sorted = |mut marks: Vec<Mark>| {
        marks.sort_by_key(|m| (m.dev, m.ino));
        marks
    };
    let marks = sorted(known.marks.values().cloned().collect());
    let past = sorted(known.past.values().cloned().collect());
    // The lengths stand in the last frame alone: a snapshot cut short says nothing of the outputs.
    out.commit(&Commit { entries: group, marks, lengths: lengths.to_vec(), dead, past })?;

    let at = out.at;
    let file = out.out.into_inner().map_err(|e| e.into_error())?;
    file.sync()?;
    Ok((file, at))
}

/// Which entries are the last ones of their content: those are to keep; an older one matters only as its file's
/// present state.
fn last_entries(path: &Path) -> io::Result<Vec<bool>> {
    // Sorted, not hashed: half the memory, and there are a million of them.
    let mut contents: Vec<(u128, u32)> = Vec::new();
    let mut count = 0u32;
    each_entry(path, |entry| {
        contents.extend(entry.content.map(|c| (c, count)));
        count += 1;
        Ok(())
    })?;
    contents.sort_unstable();
    let mut is_last = vec![false; count as usize];
    for (i, (content, ordinal)) in contents.iter().enumerate() {
        is_last[*ordinal as usize] = contents.get(i + 1).is_none_or(|next| next.0 != *content);
    }
    Ok(is_last)
}

struct Writer {
    out: BufWriter<OwnFile>,
    at: Note,
}

impl Writer {
    fn commit(&mut self, commit: &Commit) -> io::Result<()> {
        let bytes = frame::write(Kind::Commit, &commit.encode(), self.at.len);
        self.at = Note { len: self.at.len + bytes.len() as u64, check: frame::check_of(&bytes) };
        self.out.write_all(&bytes)
    }
}

fn each_entry(path: &Path, mut each: impl FnMut(Entry) -> io::Result<()>) -> io::Result<()> {
    let mut result = Ok(());
    walk(path, |told| {
        let Told::Commit(commit) = told else { return };
        for entry in commit.entries {
            if result.is_ok() {
                result = each(entry);
            }
        }
    })
    .map_err(io::Error::other)?;
    result
}
