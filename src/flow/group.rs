//! What is waiting for the next commit.

use tokio::sync::OwnedSemaphorePermit;
use tracing::warn;

use crate::model::{Lane, Outcome, Summary};
use crate::sink::{ARTICLES, DEAD, DeadLetter, EVENTS, output_of};
use crate::source::ledger::{Commit, Seen};

/// Finished work: lines for the outputs with the identities they came from.
#[derive(Default)]
pub(crate) struct Group {
    /// Bytes for each output.
    pub bytes: [Vec<u8>; 3],
    /// Identities finished.
    pub commit: Commit,
    /// Times of first sight.
    pub seen: Seen,
    /// What is counted once the commit stands.
    pub counts: Counts,
    /// The memory this takes is given back when it is dropped.
    pub permits: Vec<OwnedSemaphorePermit>,
}

/// Numbers of a group.
#[derive(Default)]
pub(crate) struct Counts {
    pub articles: u64,
    pub events: u64,
    pub article_records: u64,
    pub dead: Vec<&'static str>,
    pub facts: Vec<(&'static str, u64)>,
}

impl Group {
    /// Whether nothing is waiting.
    pub fn is_empty(&self) -> bool {
        self.commit.entries.is_empty()
            && self.commit.marks.is_empty()
            && self.seen.is_empty()
            && self.weight() == 0
            && self.counts.articles == 0
            && self.counts.facts.is_empty()
    }

    /// Bytes waiting to be written.
    pub fn weight(&self) -> usize {
        self.bytes.iter().map(Vec::len).sum()
    }

    /// Takes in the outcome of an item; its losses become dead letters with what `letter` adds.
    pub fn add(&mut self, outcome: Outcome, mut letter: impl FnMut(crate::model::Undecodable) -> DeadLetter) {
        for record in &outcome.records {
            let out = &mut self.bytes[output_of(record.lane)];
            out.extend_from_slice(&record.json);
            out.push(b'\n');
            match record.lane {
                Lane::Events => self.counts.events += 1,
                Lane::Articles => self.counts.article_records += 1,
            }
        }
        self.counts.articles += outcome.articles;
        self.counts.facts.extend(outcome.facts);
        for lost in outcome.lost {
            let reason = lost.reason;
            self.add_dead(reason, &letter(lost));
        }
    }

    /// Takes in a dead letter.
    pub fn add_dead(&mut self, reason: &'static str, letter: &DeadLetter) {
        // Standard output has no file for dead letters beside it: the log tells them too.
        warn!(path = letter.path, reason, error = letter.error, "set aside");
        self.bytes[DEAD].extend(letter.line());
        self.counts.dead.push(reason);
    }

    /// Takes in all of another group, behind its own.
    pub fn append(&mut self, other: Group) {
        for (mine, theirs) in self.bytes.iter_mut().zip(other.bytes) {
            if mine.is_empty() { *mine = theirs } else { mine.extend(theirs) }
        }
        self.commit.entries.extend(other.commit.entries);
        self.commit.marks.extend(other.commit.marks);
        self.commit.past.extend(other.commit.past);
        self.seen.contents.extend(other.seen.contents);
        self.seen.lines.extend(other.seen.lines);
        self.counts.articles += other.counts.articles;
        self.counts.events += other.counts.events;
        self.counts.article_records += other.counts.article_records;
        self.counts.dead.extend(other.counts.dead);
        self.counts.facts.extend(other.counts.facts);
        self.permits.extend(other.permits);
    }

    /// Of several marks of one file only the last one matters.
    pub fn thin_marks(&mut self) {
        let mut kept = std::collections::HashSet::new();
        let mut marks = std::mem::take(&mut self.commit.marks);
        marks.reverse();
        marks.retain(|m| kept.insert((m.dev, m.ino)));
        marks.reverse();
        self.commit.marks = marks;
    }

    /// Adds its numbers to the run's.
    pub fn count(&self, summary: &mut Summary) {
        summary.articles += self.counts.articles;
        summary.events += self.counts.events;
        summary.article_records += self.counts.article_records;
        summary.bytes_written +=
            [EVENTS, ARTICLES, DEAD].iter().map(|&o| self.bytes[o].len() as u64).sum::<u64>();
        for reason in &self.counts.dead {
            *summary.dead.entry(reason).or_default() += 1;
        }
        for (fact, n) in &self.counts.facts {
            *summary.facts.entry(fact).or_default() += n;
        }
    }
}
