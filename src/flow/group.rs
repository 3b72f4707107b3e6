//! What is waiting for the next commit.

use tokio::sync::OwnedSemaphorePermit;
use tracing::warn;

use crate::model::{Outcome, Summary};
use crate::sink::{ARTICLES, DEAD, DeadLetter, EVENTS, Spool};
use crate::source::ledger::{Commit, Seen};

/// Finished work: lines for the outputs with the identities they came from.
#[derive(Default)]
pub(crate) struct Group {
    /// Lines for each output.
    pub bytes: [Spool; 3],
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
    pub fn weight(&self) -> u64 {
        self.bytes.iter().map(Spool::len).sum()
    }

    /// Takes in the outcome of an item, whose records are in already; its losses become dead letters with what `letter` adds.
    pub fn add(&mut self, outcome: Outcome, mut letter: impl FnMut(crate::model::Undecodable) -> DeadLetter) {
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
        self.bytes[DEAD].push(&letter.json());
        self.counts.dead.push(reason);
    }

    /// Takes in all of another group, behind its own.
    pub fn append(&mut self, other: Group) {
        for (mine, theirs) in self.bytes.iter_mut().zip(other.bytes) {
            mine.append(theirs);
        }
        self.commit.entries.extend(other.commit.entries);
        self.commit.marks.extend(other.commit.marks);
        self.commit.past.extend(other.commit.past);
        self.seen.contents.extend(other.seen.contents);
        self.seen.lines.extend(other.seen.lines);
        self.counts.articles += other.counts.articles;
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
        summary.events += self.bytes[EVENTS].lines();
        summary.article_records += self.bytes[ARTICLES].lines();
        summary.bytes_written += self.weight();
        for reason in &self.counts.dead {
            *summary.dead.entry(reason).or_default() += 1;
        }
        for (fact, n) in &self.counts.facts {
            *summary.facts.entry(fact).or_default() += n;
        }
    }
}
