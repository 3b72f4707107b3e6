//! Records go on to databases, Parquet files and webhooks, each at its own pace.
//!
//! The committed JSONL is the queue. Every target reads it from the place it has reached, which is kept in the target
//! itself where that can be done in one transaction with the records (SQLite, PostgreSQL), else in a file beside the
//! output. So a slow target holds back nothing, one that was away catches up, and none is told twice what it keeps.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::postgres::Postgres;
use super::webhook::Webhook;
use crate::export::parquet::{Pair, write_days};
use crate::export::sqlite::Database;
use crate::feed::{Feed, Position, Told};
use crate::record::types::EventRecord;

/// Longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(30);
/// What is left at the end is tried for so long; the rest is for the next run.
const FAREWELL: Duration = Duration::from_secs(10);
/// Parquet files are written when so many records wait, or so much time has passed.
const PARQUET: (usize, Duration) = (50_000, Duration::from_secs(60));

/// Where records go on to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spec {
    /// `sqlite:FILE`
    Sqlite(PathBuf),
    /// `parquet:DIR`
    Parquet(PathBuf),
    /// `postgres://…`
    Postgres(String),
    /// `http://…` or `https://…`
    Webhook(String),
}

impl Spec {
    /// Reads `sqlite:FILE`, `parquet:DIR`, `postgres://…`, `http(s)://…`.
    pub fn parse(text: &str) -> Result<Spec, String> {
        match text.split_once(':') {
            Some(("sqlite", path)) if !path.is_empty() => Ok(Spec::Sqlite(path.into())),
            Some(("parquet", path)) if !path.is_empty() => Ok(Spec::Parquet(path.into())),
            Some(("postgres" | "postgresql", _)) => Ok(Spec::Postgres(text.into())),
            Some(("http" | "https", _)) => Ok(Spec::Webhook(text.into())),
            _ => Err(format!(
                "\"{text}\" is none of sqlite:FILE, parquet:DIR, postgres://…, http://…, https://…"
            )),
        }
    }

    /// A name for messages, counters and files: without password, the same in every run.
    pub fn name(&self) -> String {
        let hash = |text: &str| format!("{:08x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes()) as u32);
        match self {
            Spec::Sqlite(path) => format!("sqlite-{}", hash(&path.to_string_lossy())),
            Spec::Parquet(path) => format!("parquet-{}", hash(&path.to_string_lossy())),
            Spec::Postgres(url) => format!("postgres-{}", hash(url)),
            Spec::Webhook(url) => format!("webhook-{}", hash(url)),
        }
    }
}

/// What a target has done.
#[derive(Debug, Default)]
pub struct Counts {
    /// Records it has.
    pub delivered: AtomicU64,
    /// Tries that failed and were repeated.
    pub retries: AtomicU64,
    /// Records it will never take; they are dead letters.
    pub refused: AtomicU64,
    /// Bytes of output it has not reached yet.
    pub behind: AtomicU64,
}

/// A target with the output it follows.
pub struct Onward {
    spec: Spec,
    events: PathBuf,
    told: Option<Told>,
    counts: Arc<Counts>,
}

impl Onward {
    /// Passes on what stands in `events` and what is committed to it.
    pub fn new(spec: Spec, events: &Path, told: Option<Told>) -> Onward {
        Onward { spec, events: events.into(), told, counts: Arc::default() }
    }

    /// Its counters.
    pub fn counts(&self) -> Arc<Counts> {
        self.counts.clone()
    }

    /// Its name.
    pub fn name(&self) -> String {
        self.spec.name()
    }

    /// Where its place is kept, when the target cannot keep it.
    fn place(&self) -> PathBuf {
        self.beside(".position")
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.events.as_os_str().to_owned();
        name.push(format!(".{}{suffix}", self.spec.name()));
        name.into()
    }

    /// Runs until `stop`; then passes on what is left, for a while.
    pub fn run(self, stop: &AtomicBool) {
        let mut pause = Duration::from_millis(200);
        let mut ending: Option<Instant> = None;
        let mut said = false;
        loop {
            let done = self.session(stop, &mut ending, &mut said, &mut pause);
            match done {
                Ok(()) => return,
                Err(why) => {
                    self.counts.retries.fetch_add(1, Ordering::Relaxed);
                    if !std::mem::replace(&mut said, true) {
                        warn!(target = self.name(), why, "records wait for their target; nothing is lost");
                    }
                }
            }
            let until = Instant::now() + pause;
            while Instant::now() < until {
                if stop.load(Ordering::SeqCst) && ending.get_or_insert_with(Instant::now).elapsed() > FAREWELL
                {
                    warn!(target = self.name(), "stopped before it took all; it goes on with the next run");
                    return;
                }
                std::thread::sleep(Duration::from_millis(50));
            }
            pause = (pause * 2).min(LONGEST);
        }
    }

    /// One connection's life: from the place the target has reached.
    fn session(
        &self,
        stop: &AtomicBool,
        ending: &mut Option<Instant>,
        said: &mut bool,
        pause: &mut Duration,
    ) -> Result<(), String> {
        let mut target = Target::open(self)?;
        let position = target.position()?.map(|p| serde_json::from_str(&p)).transpose();
        let position: Position = position.map_err(|e| format!("its position: {e}"))?.unwrap_or_default();
        let mut feed = Feed::new(std::slice::from_ref(&self.events), self.told.clone()).from(position);
        let bell = self.told.as_ref().map(|t| t.bell.clone()).unwrap_or_default();
        let mut heard = 0;
        loop {
            // Asked before reading: what was committed before the end is read after it.
            let last = stop.load(Ordering::SeqCst);
            while let Some(chunk) = feed.next_chunk().map_err(|e| e.to_string())? {
                let records = self.records(&chunk);
                target.write(self, &records, &feed.position())?;
                self.counts.behind.store(feed.behind(), Ordering::Relaxed);
                *pause = Duration::from_millis(200);
                if std::mem::replace(said, false) {
                    info!(target = self.name(), "the target takes records again");
                }
                if last && ending.get_or_insert_with(Instant::now).elapsed() > FAREWELL {
                    break;
                }
            }
            target.flush(self, last)?;
            if last {
                return Ok(());
            }
            heard = bell.wait(heard, Duration::from_millis(200));
        }
    }

    /// The events of a chunk. Lines that are no events are not for targets.
    fn records(&self, chunk: &crate::feed::Chunk) -> Vec<Pair> {
        let text = |line: &[u8]| std::str::from_utf8(line).ok().map(str::to_string);
        let lines = chunk
            .lines()
            .filter(|(_, l)| l.starts_with(b"{\"schema\":\"event/"))
            .filter_map(|(_, l)| text(l));
        lines.filter_map(|line| Some((serde_json::from_str::<EventRecord>(&line).ok()?, line))).collect()
    }

    /// Records that the target will never take, with its reason.
    pub(super) fn bury(&self, records: &[Pair], why: &str) -> io::Result<()> {
        use io::Write;
        let path = self.beside(".dead.jsonl");
        let mut out = fs::OpenOptions::new().create(true).append(true).open(&path)?;
        for (record, line) in records {
            let event: Box<serde_json::value::RawValue> =
                serde_json::value::RawValue::from_string(line.clone())?;
            let letter =
                Letter { target: &self.name(), reason: "refused", error: why, id: &record.id, event: &event };
            serde_json::to_writer(&mut out, &letter)?;
            out.write_all(b"\n")?;
        }
        self.counts.refused.fetch_add(records.len() as u64, Ordering::Relaxed);
        warn!(target = self.name(), records = records.len(), why, ?path, "refused; set aside");
        out.sync_all()
    }
}

#[derive(serde::Serialize)]
struct Letter<'a> {
    target: &'a str,
    reason: &'a str,
    error: &'a str,
    id: &'a str,
    event: &'a serde_json::value::RawValue,
}

/// An open target.
enum Target {
    Sqlite(Box<Database>),
    Postgres(Box<Postgres>),
    Parquet(Parquet),
    Webhook(Box<Webhook>, PathBuf),
}

/// Records waiting to be a file.
struct Parquet {
    dir: PathBuf,
    place: PathBuf,
    from: String,
    to: String,
    held: Vec<Pair>,
    since: Instant,
    first: bool,
}

impl Target {
    fn open(onward: &Onward) -> Result<Target, String> {
        let text = |e: &dyn std::fmt::Display| e.to_string();
        match &onward.spec {
            Spec::Sqlite(path) => {
                Database::open(path).map(|d| Target::Sqlite(Box::new(d))).map_err(|e| text(&e))
            }
            Spec::Postgres(url) => Postgres::open(url, &onward.name())
                .map(|p| Target::Postgres(Box::new(p)))
                .map_err(|e| text(&e)),
            Spec::Webhook(url) => Ok(Target::Webhook(Box::new(Webhook::new(url)), onward.place())),
            Spec::Parquet(dir) => {
                let place = onward.place();
                let from = read_place(&place)?.unwrap_or_default();
                Ok(Target::Parquet(Parquet {
                    dir: dir.clone(),
                    place,
                    to: from.clone(),
                    from,
                    held: Vec::new(),
                    since: Instant::now(),
                    first: true,
                }))
            }
        }
    }

    fn position(&mut self) -> Result<Option<String>, String> {
        match self {
            Target::Sqlite(database) => database.position().map_err(|e| e.to_string()),
            Target::Postgres(postgres) => postgres.position(),
            Target::Parquet(parquet) => Ok(Some(parquet.from.clone()).filter(|p| !p.is_empty())),
            Target::Webhook(_, place) => read_place(place),
        }
    }

    fn write(&mut self, onward: &Onward, records: &[Pair], position: &Position) -> Result<(), String> {
        let position = serde_json::to_string(position).map_err(|e| e.to_string())?;
        match self {
            Target::Sqlite(database) => {
                database.write(records, Some(&position)).map_err(|e| e.to_string())?;
            }
            Target::Postgres(postgres) => postgres.write(records, &position)?,
            Target::Webhook(webhook, place) => {
                webhook.write(records, onward)?;
                write_place(place, &position)?;
            }
            Target::Parquet(parquet) => {
                parquet.held.extend_from_slice(records);
                parquet.to = position;
                // Counted when they are in a file.
                return parquet.flush(onward, false);
            }
        }
        onward.counts.delivered.fetch_add(records.len() as u64, Ordering::Relaxed);
        Ok(())
    }

    fn flush(&mut self, onward: &Onward, last: bool) -> Result<(), String> {
        match self {
            Target::Parquet(parquet) => parquet.flush(onward, last),
            _ => Ok(()),
        }
    }
}

impl Parquet {
    fn flush(&mut self, onward: &Onward, last: bool) -> Result<(), String> {
        let due = self.held.len() >= PARQUET.0 || self.since.elapsed() >= PARQUET.1 || last;
        if !due || self.held.is_empty() {
            return Ok(());
        }
        let name = format!("from-{:016x}", xxhash_rust::xxh3::xxh3_64(self.from.as_bytes()));
        // A run that died between its files and its place left files of the same beginning: they are written anew.
        if std::mem::replace(&mut self.first, false) {
            remove_parts(&self.dir, &name).map_err(|e| e.to_string())?;
        }
        let n = self.held.len() as u64;
        write_days(&self.dir, &name, self.held.clone()).map_err(|e| e.to_string())?;
        write_place(&self.place, &self.to)?;
        self.held.clear();
        self.from = self.to.clone();
        self.since = Instant::now();
        onward.counts.delivered.fetch_add(n, Ordering::Relaxed);
        Ok(())
    }
}

fn remove_parts(dir: &Path, name: &str) -> io::Result<()> {
    let Ok(days) = fs::read_dir(dir) else { return Ok(()) };
    for day in days {
        let part = day?.path().join(format!("{name}.parquet"));
        match fs::remove_file(&part) {
            Err(e) if e.kind() != io::ErrorKind::NotFound && e.kind() != io::ErrorKind::NotADirectory => {
                return Err(e);
            }
            _ => {}
        }
    }
    Ok(())
}

fn read_place(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) => Err(format!("{}: {e}", path.display())),
    }
}

/// Whole or not at all.
fn write_place(path: &Path, position: &str) -> Result<(), String> {
    use io::Write;
    let beside = crate::source::ledger::with_suffix(path, ".tmp");
    let write = || -> io::Result<()> {
        let mut file = fs::File::create(&beside)?;
        file.write_all(position.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|e| format!("{}: {e}", path.display()))
}
