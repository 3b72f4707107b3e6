//! What leaves: lines for the outputs, and what a run counted.

use std::collections::BTreeMap;

use super::item::Undecodable;

/// To which output a line belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Event records.
    Events,
    /// Article records.
    Articles,
}

/// Takes each record of an item as soon as it is made, as it will stand in an output: UTF-8 JSON on one line, without
/// `\n`. An item may have more of them than memory holds.
pub type Emit<'e> = &'e mut dyn FnMut(Lane, &[u8]);

/// What came of one item beside its records.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Outcome {
    /// What of the item could not be read; each becomes a dead letter.
    pub lost: Vec<Undecodable>,
    /// Articles found in the item, coded or not.
    pub articles: u64,
    /// Anything else worth counting, by a stable short name (`suppressed`, `language_skipped` …).
    pub facts: Vec<(&'static str, u64)>,
}

/// Every loss and every fact of a run has a name and a number here.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files found that were not known before.
    pub files_seen: u64,
    /// Files whose bytes were read to the end and handed on.
    pub files_read: u64,
    /// Lines of followed files and of stdin handed on.
    pub lines_read: u64,
    /// Bytes handed on.
    pub bytes_read: u64,
    /// Bytes found so far, read or waiting (for a progress bar).
    pub bytes_found: u64,
    /// Files whose content had been read under another name.
    pub duplicates: u64,
    /// Files touched, renamed or rewritten without a change of content.
    pub unchanged: u64,
    /// Files read again because their content changed.
    pub revisions: u64,
    /// Files gone before they could be read.
    pub vanished: u64,
    /// Articles found.
    pub articles: u64,
    /// Lines written to the events output.
    pub events: u64,
    /// Lines written to the articles output.
    pub article_records: u64,
    /// Bytes written to all outputs.
    pub bytes_written: u64,
    /// Names, kinds and links passed over, by reason; each file once.
    pub skipped: BTreeMap<&'static str, u64>,
    /// Dead letters, by reason.
    pub dead: BTreeMap<&'static str, u64>,
    /// Times the notification queue overflowed or failed; each was answered by a full scan.
    pub overflows: u64,
    /// Full scans, the first included.
    pub scans: u64,
    /// Followed files that started anew (truncated, or another beginning).
    pub generations: u64,
    /// Followed files that end in a piece of a line, left for the next run.
    pub unfinished_lines: u64,
    /// Group commits made durable.
    pub commits: u64,
    /// Times the disk was full and the run waited.
    pub disk_full: u64,
    /// Whether the run waits for room on the disk now.
    pub waits_for_room: bool,
    /// Bytes of uncommitted output cut off at the start.
    pub bytes_cut: u64,
    /// Bytes of a torn or damaged ledger tail cut off at the start.
    pub ledger_bytes_cut: u64,
    /// Files the ledger knew at the start.
    pub files_known: u64,
    /// Whether the ledger had less at the start than it once had.
    pub rolled_back: bool,
    /// Times something was made durable.
    pub syncs: u64,
    /// Time spent on that (microseconds).
    pub sync_micros: u64,
    /// Whether new files are found by polling alone.
    pub polling: bool,
    /// Whether the reader of stdout went away.
    pub reader_gone: bool,
    /// What the reading itself counted.
    pub facts: BTreeMap<&'static str, u64>,
}

impl Summary {
    /// Dead letters of all reasons.
    pub fn dead_letters(&self) -> u64 {
        self.dead.values().sum()
    }
}
