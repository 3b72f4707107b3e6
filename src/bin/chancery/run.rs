//! What `scan` and `watch` share: a flow made of settings, signals, progress, the summary.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chancery::config::Config;
use chancery::flow::{self, Flow, FlowError, Job, Output, Tuning};
use chancery::model::{Emit, Item, Lane, Outcome as Read, Summary};
use chancery::source;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};
use crate::reload::{self, Shelf};
use crate::summary;

/// How a run behaves towards the person who started it.
pub struct Manner {
    /// Input that cannot be read makes the exit code 3.
    pub strict: bool,
    /// Whether progress is shown, where stderr is a terminal.
    pub bar: bool,
    /// Said once everything stands.
    pub ready: Option<String>,
    /// The reader to exchange on SIGHUP and when files in these directories change.
    pub reload: Option<(Arc<Shelf>, Vec<std::path::PathBuf>)>,
}

/// The flow's reading: decode, understand, record; lines nobody asked for are left out.
pub fn reading(shelf: Arc<Shelf>, lanes: Vec<Lane>, config: &Config) -> Flow {
    let mut flow = Flow::reading(move |item: &Item, emit: Emit| {
        let read = shelf.reader().read_each(item, Utc::now(), &mut |lane, json| {
            if lanes.contains(&lane) {
                emit(lane, json.as_bytes());
            }
        });
        // A followed line is no file of its own.
        let file = item.range.is_none();
        let (some, lost) = (read.found > 0, !read.lost.is_empty());
        let facts = [
            ("files_read_whole", u64::from(file && !lost)),
            ("files_read_in_part", u64::from(file && some && lost)),
            ("files_set_aside_whole", u64::from(file && !some && lost)),
            ("articles_in_a_language_not_covered", read.foreign),
            ("characters_replaced", read.replaced),
            ("entries_passed_over", read.passed_over),
        ];
        let mut facts: Vec<_> = facts.into_iter().filter(|(_, n)| *n > 0).collect();
        facts.extend(shelf.facts());
        Read { lost: read.lost, articles: read.found, facts }
    });
    let set = &config.flow;
    flow.tuning = Tuning {
        in_flight: set.in_flight_bytes,
        linger: Duration::from_millis(set.linger_ms),
        commit_bytes: set.commit_bytes,
        fault: flow::fault_from_env(),
        ..Tuning::default()
    };
    if set.workers > 0 {
        flow.tuning.workers = set.workers;
    }
    flow
}

/// How files are found, from the settings.
pub fn source_options(config: &Config) -> source::Options {
    let watch = &config.watch;
    source::Options {
        settle: Duration::from_millis(watch.settle_ms),
        rescan: Duration::from_secs(watch.rescan_seconds.max(1)),
        follow_symlinks: watch.follow_symlinks,
        ignore: watch.ignore.clone(),
        follow: watch.follow.clone(),
        max_file: config.input.limits.max_bytes,
        max_line: config.input.limits.max_line as usize,
        ..source::Options::default()
    }
}

/// Runs the flow until its source ends or the user stops it, and tells what came of it.
pub fn run(common: &Common, job: Job, mut flow: Flow, manner: &Manner) -> Outcome {
    let begin = Instant::now();
    let json = common.log_format == "json";
    let bar = progress(&mut flow.tuning, manner.bar && !common.quiet && !json);
    if let Some(ready) = manner.ready.clone().filter(|_| !common.quiet) {
        let before = flow.tuning.started.take();
        flow.tuning.started = Some(Arc::new(move || {
            if let Some(before) = &before {
                before();
            }
            summary::say(json, &ready, serde_json::Map::new());
        }));
    }
    let dead = match &job.output {
        Output::Files(places) => Some(places.dead.clone()),
        Output::Stdout(_) => None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stopped = Arc::new(AtomicBool::new(false));
    let result = runtime.block_on(async {
        // From here on a signal ends the source, not the process.
        let signals = Signals::listen()?;
        if let Some((shelf, dirs)) = manner.reload.clone() {
            reload::keep(shelf, common.clone(), dirs)?;
        }
        Ok::<_, std::io::Error>(flow::run(job, flow, stop(signals, stopped.clone())).await)
    });
    // A reading of stdin that nobody answers any more is not waited for.
    runtime.shutdown_background();
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let counts = result?.map_err(|e| failure(&e))?;
    if !common.quiet {
        summary::tell(&counts, begin.elapsed(), dead.as_deref(), json);
    }
    if stopped.load(Ordering::SeqCst) {
        return Ok(Exit::Stopped);
    }
    Ok(if manner.strict && counts.dead_letters() > 0 { Exit::Unreadable } else { Exit::Fine })
}

fn failure(error: &FlowError) -> Failure {
    let exit = match error {
        FlowError::Source(source::SourceError::Pattern(_)) => Exit::BadConfig,
        FlowError::Source(_) => Exit::Unreadable,
        _ => Exit::Output,
    };
    Failure::new(exit, error)
}

/// SIGINT and SIGTERM.
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// From here on they end what runs, not the process.
    pub fn listen() -> std::io::Result<Signals> {
        // Left alone, the signal of a file size limit would kill; so the write fails, and it is waited for room.
        drop(signal(SignalKind::from_raw(25))?);
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Resolves at the first one.
    pub async fn stopped(mut self) {
        self.next().await;
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// Resolves at the first signal; a second one does not wait for what is being finished.
async fn stop(mut signals: Signals, stopped: Arc<AtomicBool>) {
    signals.next().await;
    stopped.store(true, Ordering::SeqCst);
    tokio::spawn(async move {
        signals.next().await;
        std::process::exit(Exit::Stopped as i32);
    });
}

/// A bar on a terminal, nothing elsewhere.
fn progress(tuning: &mut Tuning, wanted: bool) -> Option<ProgressBar> {
    if !wanted || !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new(0);
    let template = "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {msg}";
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let shown = bar.clone();
    tuning.progress = Some(Arc::new(move |s: &Summary| {
        shown.set_length(s.bytes_found.max(s.bytes_read));
        shown.set_position(s.bytes_read);
        shown.set_message(format!("{} articles, {} events", s.articles, s.events));
    }));
    Some(bar)
}
