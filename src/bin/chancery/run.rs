//! What `scan` and `watch` share: a flow made of settings, signals, progress, the summary.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chancery::config::Config;
use chancery::flow::{self, Flow, FlowError, Job, Output, Tuning};
use chancery::model::{Item, Lane, Outcome as Read, RecordLine, Summary};
use chancery::pipeline::Reader;
use chancery::sink::{Places, Rotation, Stdout};
use chancery::source;
use chrono::Utc;
use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};

/// The records to write: as typed, else as set.
pub fn emit(typed: &[String], config: &Config) -> Vec<Lane> {
    let names = if typed.is_empty() { &config.output.emit } else { typed };
    let lane = |name: &String| if name == "articles" { Lane::Articles } else { Lane::Events };
    names.iter().map(lane).collect()
}

/// The flow's reading: decode, understand, record; lines nobody asked for are left out.
pub fn reading(reader: Reader, lanes: Vec<Lane>, config: &Config) -> Flow<Read> {
    let mut flow = Flow::reading(move |item: &Item| {
        let read = reader.read(item.clone(), Utc::now());
        let line = |lane: Lane| move |json: String| RecordLine { lane, json: json.into_bytes() };
        let articles = read.articles.len() as u64;
        let records = read
            .events
            .into_iter()
            .map(line(Lane::Events))
            .chain(read.articles.into_iter().map(line(Lane::Articles)))
            .filter(|r| lanes.contains(&r.lane))
            .collect();
        let facts = if read.foreign > 0 { vec![("language_not_covered", read.foreign)] } else { Vec::new() };
        Read { records, lost: read.lost, articles, facts }
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

/// Where records go: `-` is stdout. Articles asked for beside events get a file of their own, `OUT.articles.jsonl`.
pub fn output(out: &Path, dead: Option<&Path>, lanes: &[Lane], config: &Config) -> Result<Output, Failure> {
    if out == Path::new("-") {
        return Ok(Output::Stdout(Stdout::default()));
    }
    let daily = match config.output.rotate.as_str() {
        "" => false,
        "day" => true,
        other => {
            let message =
                format!("output.rotate: \"{other}\" is not known\n  hint: write \"day\" or nothing");
            return Err(Failure::new(Exit::BadConfig, message));
        }
    };
    let mut places = Places::at(out);
    if let Some(dead) = dead {
        places.dead = dead.to_path_buf();
    }
    if lanes.len() > 1 {
        let mut name = out.as_os_str().to_owned();
        name.push(".articles.jsonl");
        places.articles = Some(name.into());
    }
    let size = config.output.rotate_bytes;
    places.rotation = Rotation { size: (size > 0).then_some(size), daily };
    Ok(Output::Files(places))
}

/// Runs the flow until its source ends or the user stops it, and tells what came of it.
pub fn run(common: &Common, job: Job, mut flow: Flow<Read>, strict: bool, bar: bool) -> Outcome {
    let begin = Instant::now();
    let bar = progress(&mut flow.tuning, bar && !common.quiet);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stopped = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let flag = stopped.clone();
    let result = runtime.block_on(flow::run(job, flow, async move {
        asked_to_stop().await;
        flag.store(true, std::sync::atomic::Ordering::SeqCst);
        // A second request does not wait for what is being finished.
        tokio::spawn(async {
            asked_to_stop().await;
            std::process::exit(Exit::Stopped as i32);
        });
    }));
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    let summary = result.map_err(|e| failure(&e))?;
    if !common.quiet {
        tell(&summary, begin.elapsed());
    }
    if stopped.load(std::sync::atomic::Ordering::SeqCst) {
        return Ok(Exit::Stopped);
    }
    Ok(if strict && summary.dead_letters() > 0 { Exit::Unreadable } else { Exit::Fine })
}

fn failure(error: &FlowError) -> Failure {
    let exit = match error {
        FlowError::Source(_) => Exit::Unreadable,
        _ => Exit::Output,
    };
    Failure::new(exit, error)
}

/// SIGINT or SIGTERM.
async fn asked_to_stop() {
    let mut term = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(term) => term,
        Err(_) => return std::future::pending().await,
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
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

/// Every counter that is not zero, by name.
fn tell(s: &Summary, spent: Duration) {
    let seconds = spent.as_secs_f64().max(1e-6);
    anstream::eprintln!(
        "{} articles, {} events, {} files, {:.1} MB in {seconds:.2} s ({:.0} articles/s, {:.1} MB/s)",
        s.articles,
        s.events,
        s.files_read,
        s.bytes_read as f64 / 1e6,
        s.articles as f64 / seconds,
        s.bytes_read as f64 / 1e6 / seconds
    );
    let counts = [
        ("lines read", s.lines_read),
        ("same content under another name", s.duplicates),
        ("touched without a change", s.unchanged),
        ("read again because they changed", s.revisions),
        ("gone before they could be read", s.vanished),
        ("article records", s.article_records),
        ("notification overflows, each answered by a full scan", s.overflows),
        ("followed files that started anew", s.generations),
        ("unfinished last lines", s.unfinished_lines),
        ("waits for a full disk", s.disk_full),
        ("uncommitted bytes cut off at the start", s.bytes_cut),
        ("damaged ledger bytes cut off at the start", s.ledger_bytes_cut),
    ];
    for (name, n) in counts.into_iter().filter(|(_, n)| *n > 0) {
        anstream::eprintln!("  {n} {name}");
    }
    for (name, n) in &s.skipped {
        anstream::eprintln!("  {n} passed over: {name}");
    }
    for (name, n) in &s.facts {
        anstream::eprintln!("  {n} {}", name.replace('_', " "));
    }
    if s.dead_letters() > 0 {
        let reasons: Vec<String> = s.dead.iter().map(|(reason, n)| format!("{n} {reason}")).collect();
        anstream::eprintln!(
            "  {} could not be read and were set aside: {}",
            s.dead_letters(),
            reasons.join(", ")
        );
    }
}
