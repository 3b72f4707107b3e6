//! A directory to read, the outputs beside it, and runs of the flow between which, and during which, things happen.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chancery::flow::{self, Flow, FlowError, Job, Output, Tuning, ledger_of};
use chancery::model::Summary;
use chancery::sink::{Places, Rotation};
use chancery::source::disk::Disk;
use chancery::source::{Options, Until};

use crate::dice::Dice;
use crate::oracle::{self, Oracle};
use crate::recorder::{On, Recorder, Strike};

/// How long a file stands still before it is read.
pub const SETTLE: Duration = Duration::from_millis(20);
/// Larger documents are set aside (bytes).
pub const MOST: u64 = 64 << 10;
/// For a broken program, not for a slow machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A strike, where it falls, and before how many acts it does not.
pub type Planned = (Strike, On, usize);

/// The world of one round.
pub struct World {
    dir: tempfile::TempDir,
    pub dice: Dice,
    pub oracle: Oracle,
    /// Documents that stand in the inbox now, by path.
    pub docs: BTreeMap<PathBuf, Vec<u8>>,
    /// Files of two names.
    pub pairs: Vec<(PathBuf, PathBuf, Vec<u8>)>,
    /// Lines of the feed that nobody has surely read yet.
    pub fresh: Vec<Vec<u8>>,
    /// Whether the feed's last line wants its end.
    pub open_line: bool,
    /// Feeds rotated away.
    pub feeds: usize,
    /// Serial number, so that no two documents are alike by accident.
    pub serial: usize,
    pub rotation: Rotation,
    pub notify: bool,
    /// Whether a flow runs now.
    pub live: bool,
    /// Whether it is sure that all watches stand, so that an open writer is known to be one.
    pub all_watched: bool,
    /// Whether the operator had to step in during the last run.
    operated: bool,
    /// Whether the ledger was damaged from outside since it was last made.
    pub ledger_hurt: bool,
    /// Output files moved away by somebody.
    pub archive: Vec<PathBuf>,
    /// What happened, for the report of a failure.
    pub story: Vec<String>,
    /// How often each thing happened.
    pub counts: BTreeMap<&'static str, usize>,
}

impl World {
    pub fn new(mut dice: Dice) -> std::io::Result<World> {
        let dir = tempfile::Builder::new().prefix("torture").tempdir()?;
        fs::create_dir_all(dir.path().join("inbox/deep/er"))?;
        let size = (!dice.one_in(3)).then(|| 300 + dice.below(4000) as u64);
        let rotation = Rotation { size, daily: dice.one_in(4) };
        Ok(World {
            dir,
            oracle: Oracle::default(),
            docs: BTreeMap::new(),
            pairs: Vec::new(),
            fresh: Vec::new(),
            open_line: false,
            feeds: 0,
            serial: 0,
            notify: !dice.one_in(5),
            rotation,
            live: false,
            all_watched: false,
            operated: false,
            ledger_hurt: false,
            archive: Vec::new(),
            story: Vec::new(),
            counts: BTreeMap::new(),
            dice,
        })
    }

    /// Leaves its directory where it is, to be looked at.
    pub fn keep(&mut self) -> PathBuf {
        self.dir.disable_cleanup(true);
        self.dir.path().to_path_buf()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn inbox(&self, name: &str) -> PathBuf {
        self.dir.path().join("inbox").join(name)
    }

    pub fn events(&self) -> PathBuf {
        self.path("events.jsonl")
    }

    /// Notes that something happened.
    pub fn tell(&mut self, name: &'static str, what: impl std::fmt::Display) {
        *self.counts.entry(name).or_default() += 1;
        self.story.push(format!("{}{name} {what}", if self.live { "  live: " } else { "" }));
    }

    fn job(&self, until: Until) -> Job {
        let mut places = Places::at(&self.events());
        places.rotation = self.rotation.clone();
        let source = Options {
            settle: SETTLE,
            rescan: Duration::from_secs(1),
            notify: self.notify,
            max_file: MOST,
            max_line: oracle::LONGEST_LINE,
            ..Options::default()
        };
        let ledger = Some(ledger_of(&self.events()));
        Job { paths: vec![self.inbox("")], source, until, output: Output::Files(places), ledger }
    }

    fn flow(&mut self, disk: Disk) -> Flow {
        let mut flow = Flow::reading(oracle::read);
        flow.tuning = Tuning {
            workers: 1 + self.dice.below(3),
            in_flight: [2 << 10, 64 << 10, 1 << 20][self.dice.below(3)],
            linger: Duration::from_millis(self.dice.below(8) as u64),
            commit_bytes: [1, 500, 1 << 20][self.dice.below(3)],
            retry: Duration::from_millis(2),
            compact_from: [600, 3000, 1 << 20][self.dice.below(3)],
            disk,
            ..Tuning::default()
        };
        flow
    }

    /// All that stands in the inbox is now to be found.
    fn expect_what_stands(&mut self) {
        for bytes in self.docs.values() {
            self.oracle.must(bytes);
        }
        for (one, other, bytes) in &self.pairs {
            if one.exists() || other.exists() {
                self.oracle.must(bytes);
            }
        }
        for line in std::mem::take(&mut self.fresh) {
            self.oracle.must_line(&line);
        }
    }

    /// A struck run may have told anything that stood there.
    fn may_be_told(&mut self) {
        for bytes in self.docs.values() {
            self.oracle.may(bytes);
        }
        for line in &self.fresh {
            self.oracle.may_line(line);
        }
    }

    /// Two names of one file: neither is written in place from here on.
    pub fn linked(&mut self, one: &Path, other: &Path) {
        if let Some(bytes) = self.docs.remove(one) {
            self.oracle.may(&bytes);
            self.pairs.push((one.to_path_buf(), other.to_path_buf(), bytes));
        }
    }

    /// One run that reads all that is there. A strike may end it; then the next one goes on.
    pub fn run(&mut self, strike: Option<Planned>) -> Result<(), String> {
        if strike.is_some() {
            self.may_be_told();
        }
        let (recorder, disk) = Recorder::new(strike);
        let (job, flow) = (self.job(Until::Present), self.flow(disk));
        self.story.push(format!("run {}", strike.map_or(String::new(), |s| format!("struck by {s:?}"))));
        let runtime = runtime()?;
        let run =
            async { tokio::time::timeout(PATIENCE, flow::run(job, flow, std::future::pending())).await };
        let result = runtime.block_on(run).map_err(|_| "the run does not end".to_owned())?;
        drop(runtime);
        self.ended(strike, &recorder, result)?;
        if strike.is_none() && std::mem::take(&mut self.operated) {
            return self.run(None);
        }
        if strike.is_none() {
            self.expect_what_stands();
            self.judge()?;
        }
        Ok(())
    }

    /// A run for ever, during which `acts` happen; then all must be told, and it is stopped.
    pub fn watch(&mut self, strike: Option<Planned>, acts: impl FnOnce(&mut World)) -> Result<(), String> {
        // It reads from the first moment on, before anything is done to what stands there.
        self.may_be_told();
        let (recorder, disk) = Recorder::new(strike);
        let (job, mut flow) = (self.job(Until::Stopped), self.flow(disk));
        self.story.push(format!("watch {}", strike.map_or(String::new(), |s| format!("struck by {s:?}"))));
        let (ready, started) = std::sync::mpsc::channel();
        flow.tuning.started = Some(Arc::new(move || ready.send(()).unwrap_or_default()));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let runtime = runtime()?;
        let running = std::thread::spawn(move || {
            runtime.block_on(flow::run(job, flow, async {
                let _ = stopped.await;
            }))
        });
        // A strike may end it before it says that it has started.
        let stands = started.recv_timeout(PATIENCE).is_ok() && strike.is_none();
        self.live = true;
        if stands && self.notify {
            // What stood there is read when the scan at the start is over, and with it all watches are set.
            self.expect_what_stands();
            self.settle_down(&running)?;
            self.all_watched = !running.is_finished();
        }
        acts(self);
        (self.live, self.all_watched) = (false, false);
        // One that was refused a start has read nothing.
        if stands {
            self.expect_what_stands();
            self.settle_down(&running)?;
        }
        let _ = stop.send(());
        let begin = Instant::now();
        while !running.is_finished() {
            if begin.elapsed() > PATIENCE {
                return Err("it does not stop".into());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let result = running.join().map_err(|_| "the flow panicked".to_owned())?;
        self.ended(strike, &recorder, result)
    }

    /// Liveness: all that must be told is told while it runs.
    fn settle_down<T>(&self, running: &std::thread::JoinHandle<T>) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            // A segment may get its final name between being listed and being read: then it is looked again.
            let found = oracle::collect(&self.events(), &self.archive, true).unwrap_or_default();
            if self.oracle.is_satisfied(&found, &oracle::kept(&self.events())?) {
                return Ok(());
            }
            if running.is_finished() {
                // Why it did is judged by the caller.
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                let lost = self.oracle.judge(&found, &Default::default());
                return Err(format!("it stands still: {lost:?}"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn ended(
        &mut self,
        strike: Option<Planned>,
        recorder: &Recorder,
        result: Result<Summary, FlowError>,
    ) -> Result<(), String> {
        let (struck, kind) = (recorder.struck(), strike.map(|s| s.0));
        let harmless = matches!(kind, None | Some(Strike::Full(_) | Strike::FullHalfway(_) | Strike::Slow));
        match &result {
            Err(FlowError::LedgerGone { .. }) if self.ledger_hurt => self.operator()?,
            // A full disk ends a run only when the ledger or an output cannot even be opened.
            Err(FlowError::DiskFull { .. } | FlowError::Ledger(_) | FlowError::Output(_)) if struck => {}
            Err(error) if harmless || !struck => return Err(format!("it failed by itself: {error}")),
            Err(error) => self.story.push(format!("  ended: {}", error.to_string().replace('\n', ";"))),
            Ok(_) => {}
        }
        if struck {
            let name = strike.map_or("", |s| crate::strikes::name(s.0));
            *self.counts.entry(name).or_default() += 1;
        }
        let mut dice = self.dice.split();
        recorder.aftermath(&mut dice).map_err(|e| e.to_string())
    }

    /// What the message about a lost ledger says to do: the outputs are moved away, all is read anew.
    fn operator(&mut self) -> Result<(), String> {
        self.story.push("operator: outputs moved away, ledger removed".into());
        self.operated = true;
        let outputs = |n: &str| n.ends_with(".jsonl") || n.ends_with(".inprogress");
        let outcome = self.beside(outputs).iter().try_for_each(|path| {
            self.serial += 1;
            fs::rename(path, path.with_extension(format!("{}.cut", self.serial)))
        });
        for name in ["events.jsonl.ledger", "events.jsonl.ledger.lock"] {
            let _ = fs::remove_file(self.path(name));
        }
        outcome.map_err(|e| e.to_string())
    }

    /// Conservation and integrity, between runs.
    pub fn judge(&self) -> Result<(), String> {
        let found = oracle::collect(&self.events(), &self.archive, false)?;
        self.oracle.judge(&found, &oracle::kept(&self.events())?)
    }

    /// Files of a kind beside the output.
    pub fn beside(&self, fits: impl Fn(&str) -> bool) -> Vec<PathBuf> {
        let mut paths: Vec<PathBuf> = fs::read_dir(self.dir.path())
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path())
            .filter(|p| fits(&file_name(p)))
            .collect();
        paths.sort();
        paths
    }

    /// Names of documents in the inbox.
    pub fn present(&self) -> Vec<PathBuf> {
        self.docs.keys().cloned().collect()
    }

    /// Every name that the outputs of this world may have.
    pub fn names(&self) -> BTreeSet<String> {
        self.beside(|_| true).iter().map(|p| file_name(p)).collect()
    }
}

pub fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn runtime() -> Result<tokio::runtime::Runtime, String> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().map_err(|e| e.to_string())
}
