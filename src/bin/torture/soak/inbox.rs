//! What comes into the inbox, and goes again.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::reader::Reader;
use crate::dice::Dice;
use crate::story::story;

/// Lines of a feed before it is rotated.
const FEED: usize = 2000;

/// A file that is there.
struct Present {
    path: PathBuf,
    since: Instant,
    /// Documents in it.
    holds: Vec<usize>,
}

/// The inbox as its writers see it.
pub struct Inbox {
    place: PathBuf,
    dice: Dice,
    /// How long a file stays.
    stay: Duration,
    present: VecDeque<Present>,
    feed: Option<(File, Present)>,
    feeds: usize,
    /// Files and lines that have come, doubled ones too.
    pub arrived: u64,
    corrected: usize,
    doubled: usize,
    deleted: usize,
}

impl Inbox {
    /// Each file stays for so long.
    pub fn new(place: PathBuf, dice: Dice, stay: Duration) -> Inbox {
        let (present, feed) = (VecDeque::new(), None);
        Inbox { place, dice, stay, present, feed, feeds: 0, arrived: 0, corrected: 0, doubled: 0, deleted: 0 }
    }

    /// Document number `n` comes: as a file, a line, a moved file, or in the place of one that was read.
    pub fn arrive(&mut self, n: usize, told: &Reader) -> io::Result<()> {
        self.arrived += 1;
        let path = self.place.join(format!("{n}.json"));
        match self.dice.below(20) {
            0..4 => return self.line(n),
            4..6 => {
                let aside = path.with_extension("tmp");
                fs::write(&aside, story(n))?;
                fs::rename(aside, &path)?;
            }
            6 => {
                if let Some(file) = self.any_told(told) {
                    fs::write(&file.path, story(n))?;
                    file.holds = vec![n];
                    self.corrected += 1;
                    return Ok(());
                }
                fs::write(&path, story(n))?;
            }
            7 => {
                fs::write(&path, story(n))?;
                if let Some(file) = self.any_told(told) {
                    let copy = path.with_file_name(format!("{n}-again.json"));
                    let holds = file.holds.clone();
                    fs::copy(&file.path, &copy)?;
                    self.keep(copy, holds);
                    self.doubled += 1;
                    self.arrived += 1;
                }
            }
            _ => fs::write(&path, story(n))?,
        }
        self.keep(path, vec![n]);
        Ok(())
    }

    fn keep(&mut self, path: PathBuf, holds: Vec<usize>) {
        self.present.push_back(Present { path, since: Instant::now(), holds });
    }

    /// A file, by chance, if all in it was told: what is overwritten before it was read is lost by right.
    fn any_told(&mut self, told: &Reader) -> Option<&mut Present> {
        let n = self.dice.below(self.present.len());
        self.present.get_mut(n).filter(|file| file.holds.len() == 1 && told.all(&file.holds))
    }

    fn line(&mut self, n: usize) -> io::Result<()> {
        if self.feed.as_ref().is_some_and(|(_, feed)| feed.holds.len() >= FEED) {
            // Its writer has moved on; it is read to its end under another name, and deleted after a while.
            if let Some((_, mut feed)) = self.feed.take() {
                let old = feed.path.with_extension("jsonl.1");
                fs::rename(&feed.path, &old)?;
                (feed.path, feed.since) = (old, Instant::now());
                self.present.push_back(feed);
            }
        }
        if self.feed.is_none() {
            self.feeds += 1;
            let path = self.place.join(format!("feed-{}.jsonl", self.feeds));
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            self.feed = Some((file, Present { path, since: Instant::now(), holds: Vec::new() }));
        }
        if let Some((file, feed)) = &mut self.feed {
            file.write_all(format!("{}\n", story(n)).as_bytes())?;
            feed.holds.push(n);
        }
        Ok(())
    }

    /// Deletes what has been here long enough and was told.
    pub fn clear(&mut self, told: &Reader) -> io::Result<()> {
        while let Some(oldest) = self.present.front()
            && oldest.since.elapsed() > self.stay
            && told.all(&oldest.holds)
        {
            fs::remove_file(&oldest.path)?;
            self.present.pop_front();
            self.deleted += 1;
        }
        Ok(())
    }

    /// What was done, in words.
    pub fn summary(&self) -> String {
        let Inbox { arrived, corrected, doubled, deleted, feeds, .. } = self;
        format!(
            "{arrived} files and lines came, {corrected} of them corrections and {doubled} doubles; {deleted} files \
             deleted, {feeds} feeds"
        )
    }
}
