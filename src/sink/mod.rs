//! Lines leave: to files that are exactly as long as the ledger says, or to stdout.

mod dead;
mod file;
mod onward;
mod postgres;
mod spool;
mod stdout;
mod webhook;

pub use dead::DeadLetter;
pub use file::{FileOut, Rotation};
pub use onward::{Counts, Onward, Spec};
pub use postgres::ddl as postgres_ddl;
pub use spool::{Mark, Room, Spool};
pub use stdout::Stdout;

use std::io;
use std::path::{Path, PathBuf};

use crate::model::Lane;
use crate::source::disk::Disk;

/// The outputs a run writes to. A closed set: each member is known to the commit.
pub enum Sink {
    /// Files under the ledger's guard: exactly once.
    Files(Box<Files>),
    /// Standard output (or any writer): at least once.
    Stdout(Stdout),
}

/// Where the files are.
#[derive(Clone, Debug)]
pub struct Places {
    /// Event records.
    pub events: PathBuf,
    /// Article records; `None` puts them into the events file.
    pub articles: Option<PathBuf>,
    /// Dead letters; by default `<events>.dead.jsonl`.
    pub dead: PathBuf,
    /// Whether the records' files are rotated; the dead letters never are.
    pub rotation: Rotation,
}

impl Places {
    /// Events at `events`, dead letters beside it, no rotation.
    pub fn at(events: &Path) -> Places {
        let mut dead = events.as_os_str().to_owned();
        dead.push(".dead.jsonl");
        Places { events: events.into(), articles: None, dead: dead.into(), rotation: Rotation::default() }
    }

    /// All names, for the source to leave alone.
    pub fn own(&self) -> Vec<PathBuf> {
        [Some(self.events.clone()), self.articles.clone(), Some(self.dead.clone())]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// The output files of a run.
pub struct Files {
    /// By lane: events, articles (when they have a file of their own), dead letters.
    pub(crate) outs: [Option<FileOut>; 3],
}

/// Numbers of the outputs, as the ledger writes them.
pub const EVENTS: usize = 0;
/// Article records.
pub const ARTICLES: usize = 1;
/// Dead letters.
pub const DEAD: usize = 2;

/// Which output a lane's lines go to, before it is known whether articles share the events' file.
pub fn output_of(lane: Lane) -> usize {
    match lane {
        Lane::Events => EVENTS,
        Lane::Articles => ARTICLES,
    }
}

impl Files {
    /// Prepares the files; nothing is created before there is something to write.
    pub fn new(places: &Places, disk: &Disk) -> Files {
        let out = |p: &PathBuf, r: &Rotation| FileOut::new(p.clone(), r.clone(), disk.clone());
        Files {
            outs: [
                Some(out(&places.events, &places.rotation)),
                places.articles.as_ref().map(|p| out(p, &places.rotation)),
                Some(out(&places.dead, &Rotation::default())),
            ],
        }
    }

    /// The outputs that exist, with their numbers.
    pub fn each(&mut self) -> impl Iterator<Item = (usize, &mut FileOut)> {
        self.outs.iter_mut().enumerate().filter_map(|(i, o)| Some((i, o.as_mut()?)))
    }

    /// Appends lines to output number `lane`; they count only after the commit.
    pub fn write(&mut self, lane: usize, bytes: &[u8]) -> Result<(), OutError> {
        let lane = if lane == ARTICLES && self.outs[ARTICLES].is_none() { EVENTS } else { lane };
        match &mut self.outs[lane] {
            Some(out) if !bytes.is_empty() => out.write(bytes),
            _ => Ok(()),
        }
    }

    /// Where output number `lane` stands.
    pub fn path(&self, lane: usize) -> PathBuf {
        self.outs[lane]
            .as_ref()
            .or(self.outs[EVENTS].as_ref())
            .map(|o| o.path().to_path_buf())
            .unwrap_or_default()
    }

    /// Makes all that was written durable.
    pub fn sync(&mut self) -> Result<(), OutError> {
        self.each().try_for_each(|(_, out)| out.sync())
    }

    /// Takes back all that was written since the last commit.
    pub fn cut_back(&mut self) -> Result<(), OutError> {
        self.each().try_for_each(|(_, out)| out.cut_back())
    }
}

/// An output that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: cannot {doing}: {source}")]
pub struct OutError {
    /// What was tried.
    pub doing: &'static str,
    /// On which file.
    pub path: PathBuf,
    /// Why not.
    pub source: io::Error,
}
