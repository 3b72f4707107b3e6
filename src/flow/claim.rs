//! What was fetched becomes work, or a reason why not: the one place that decides whether something is new.

use std::os::unix::ffi::OsStrExt;

use super::Shared;
use crate::model::{Item, Undecodable};
use crate::sink::DeadLetter;
use crate::source::fetch::Fetched;
use crate::source::ledger::{Claim, Commit, Entry, Fate, Seen};
use crate::source::watch::{Hint, HintSender};
use crate::source::{Lines, LostLine, Spotted, Stamp, Until, from_micros, lock, now};

/// One found thing after its bytes were fetched.
pub(crate) enum Taken {
    /// A file.
    File(Spotted, String, Fetched),
    /// Lines.
    Lines(Lines),
}

/// Work to be done, with what the ledger will say once it is.
#[derive(Default)]
pub(crate) struct Work {
    /// To be read, in order.
    pub items: Vec<Item>,
    /// Lost before they could be read.
    pub dead: Vec<(&'static str, DeadLetter)>,
    /// What is finished with it.
    pub commit: Commit,
    /// When it was first seen.
    pub seen: Seen,
}

/// Decides about things in the order in which they were found.
pub(crate) struct Claims {
    shared: Shared,
    look_again: Option<HintSender>,
}

impl Claims {
    pub fn new(shared: Shared, look_again: Option<HintSender>) -> Claims {
        Claims { shared, look_again }
    }

    /// Turns fetched things into work.
    pub fn claim(&self, taken: Vec<Taken>) -> Work {
        let mut work = Work::default();
        for taken in taken {
            match taken {
                Taken::File(spotted, shown, fetched) => self.file(spotted, shown, fetched, &mut work),
                Taken::Lines(lines) => self.lines(lines, &mut work),
            }
        }
        work
    }

    fn file(&self, spotted: Spotted, shown: String, fetched: Fetched, work: &mut Work) {
        let limit = self.shared.max_file;
        let (stamp, lost) = match fetched {
            Fetched::Whole(bytes, stamp, content) => {
                return self.whole(&spotted, shown, bytes, stamp, content, work);
            }
            Fetched::Gone => {
                lock(&self.shared.known).give_back(&spotted.stamp);
                lock(&self.shared.summary).vanished += 1;
                return;
            }
            Fetched::Special => {
                lock(&self.shared.known).give_back(&spotted.stamp);
                *lock(&self.shared.summary).skipped.entry("special").or_default() += 1;
                return;
            }
            Fetched::Changing => return self.changing(spotted, shown, work),
            Fetched::TooLarge(stamp) => {
                let error = format!("a file of {} bytes; the limit is {limit}", stamp.size);
                (stamp, lost("too_large", error, "raise [input.limits] max_bytes, or split the file"))
            }
            Fetched::Unreadable(e) => {
                let hint = "check its rights; it is read as soon as they change";
                (spotted.stamp, lost("unreadable", e.to_string(), hint))
            }
        };
        let path = spotted.path.as_os_str().as_bytes();
        let mut known = lock(&self.shared.known);
        let told = known.is_current(&stamp);
        known.claim(path, &stamp, None);
        drop(known);
        if !told {
            self.entry(work, path, stamp, None, Fate::Dead);
            work.dead.push(letter(shown, lost));
        }
    }

    /// It changed while it was read: live it is looked at again, in a single pass that is told.
    fn changing(&self, spotted: Spotted, shown: String, work: &mut Work) {
        lock(&self.shared.known).give_back(&spotted.stamp);
        match &self.look_again {
            Some(hints) if self.shared.until == Until::Stopped => {
                hints.send(Hint::Touched(spotted.path.to_path_buf()));
            }
            _ => {
                let error = "it is being written all the time".to_owned();
                work.dead.push(letter(shown, lost("changing", error, "run again when it is finished")));
            }
        }
    }

    fn whole(
        &self,
        spotted: &Spotted,
        shown: String,
        bytes: Vec<u8>,
        stamp: Stamp,
        content: u128,
        work: &mut Work,
    ) {
        let path = spotted.path.as_os_str().as_bytes();
        let mut known = lock(&self.shared.known);
        let claim = known.claim(path, &stamp, Some(content));
        let seen_at = known.seen_at(content).map_or_else(now, from_micros);
        drop(known);
        let mut summary = lock(&self.shared.summary);
        match claim {
            Claim::Again => return,
            Claim::Unchanged => {
                summary.unchanged += 1;
                return self.entry(work, path, stamp, Some(content), Fate::Unchanged);
            }
            Claim::Duplicate => {
                summary.duplicates += 1;
                return self.entry(work, path, stamp, Some(content), Fate::Duplicate);
            }
            Claim::Revision => summary.revisions += 1,
            Claim::New => {}
        }
        summary.files_read += 1;
        summary.bytes_read += bytes.len() as u64;
        drop(summary);
        if self.shared.ledger {
            work.seen.contents.push((content, seen_at.timestamp_micros()));
        }
        work.items.push(Item { path: shown, range: None, bytes, seen_at });
        self.entry_at(work, path, stamp, Some(content), Fate::Read, seen_at.timestamp_micros());
    }

    fn entry(&self, work: &mut Work, path: &[u8], stamp: Stamp, content: Option<u128>, fate: Fate) {
        self.entry_at(work, path, stamp, content, fate, now().timestamp_micros());
    }

    fn entry_at(
        &self,
        work: &mut Work,
        path: &[u8],
        stamp: Stamp,
        content: Option<u128>,
        fate: Fate,
        seen_at: i64,
    ) {
        if self.shared.ledger {
            work.commit.entries.push(Entry { path: path.to_vec(), stamp, content, seen_at, fate });
        }
    }

    fn lines(&self, lines: Lines, work: &mut Work) {
        let mut summary = lock(&self.shared.summary);
        summary.lines_read += lines.items.len() as u64;
        summary.bytes_read += lines.items.iter().map(|i| i.bytes.len() as u64).sum::<u64>();
        drop(summary);
        if let (Some(mark), true) = (lines.mark, self.shared.ledger) {
            if let Some(first) = lines.items.first() {
                let file = Stamp { dev: mark.dev, ino: mark.ino, ..Stamp::default() }.file();
                let (from, to) = lines.range;
                work.seen.lines.push((file, mark.generation, from, to, first.seen_at.timestamp_micros()));
            }
            work.commit.marks.push(mark);
            work.commit.past.extend(lines.past);
        }
        work.items.extend(lines.items);
        for LostLine { path, range, what, sha256 } in lines.lost {
            let (reason, mut letter) = letter(path, what);
            letter.range = Some(range);
            letter.sha256 = sha256;
            work.dead.push((reason, letter));
        }
    }
}

fn lost(reason: &'static str, error: String, hint: &str) -> Undecodable {
    Undecodable { reason, format: None, error, hint: Some(hint.into()), ..Undecodable::default() }
}

fn letter(path: String, lost: Undecodable) -> (&'static str, DeadLetter) {
    let letter = DeadLetter {
        path,
        range: None,
        sha256: None,
        format: lost.format.map(Into::into),
        reason: lost.reason.into(),
        error: lost.error,
        hint: lost.hint,
        time: now(),
    };
    (lost.reason, letter)
}
