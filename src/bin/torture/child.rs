//! A process that watches, started by this program as itself: what is killed, stopped and starved is a real one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chancery::config::{self, Config};
use chancery::flow::{self, Flow, Job, Output, Tuning, ledger_of};
use chancery::lexicon::Lexicon;
use chancery::model::{Emit, Item, Lane, Outcome};
use chancery::pipeline::Reader;
use chancery::sink::{Places, Rotation, Stdout};
use chancery::source::{Options, Until};
use clap::Args;
use tokio::signal::unix::{SignalKind, signal};

use crate::oracle;

/// For a broken program, not for a slow machine.
pub const PATIENCE: Duration = Duration::from_secs(300);

/// What the process is told.
#[derive(Debug, Args)]
pub struct ChildArgs {
    /// The directory to watch.
    inbox: PathBuf,
    /// The output.
    out: PathBuf,
    /// The ledger, if not beside the output.
    #[arg(long)]
    ledger: Option<PathBuf>,
    /// Ends when all is read.
    #[arg(long)]
    once: bool,
    /// Rotates after so many bytes.
    #[arg(long)]
    rotate: Option<u64>,
    /// Reads as `chancery watch` does, not as the oracle can foretell.
    #[arg(long)]
    real: bool,
    /// Writes to standard output.
    #[arg(long)]
    stdout: bool,
    /// Commits after so many bytes.
    #[arg(long, default_value_t = 8 << 20)]
    commit_bytes: usize,
}

/// The reading of `chancery watch` with its default settings.
pub fn real_reading() -> Result<impl Fn(&Item, Emit) -> Outcome + Send + Sync + 'static, String> {
    let config = Config::load(None, std::iter::empty()).map_err(|e| e.to_string())?;
    let files = config::lexicon_files(&[]).map_err(|e| e.to_string())?;
    let lexicon = Lexicon::load(&files).map_err(|p| format!("{} faults in the lexicon", p.len()))?;
    let reader = Reader { lexicon, options: Default::default(), languages: config.input.languages };
    Ok(move |item: &Item, emit: Emit| {
        let read = reader.read_each(item, chrono::Utc::now(), &mut |lane, json| {
            if lane == Lane::Events {
                emit(lane, json.as_bytes());
            }
        });
        Outcome { lost: read.lost, articles: read.found as u64, facts: vec![] }
    })
}

/// What the process does.
pub fn run(args: &ChildArgs) -> Result<(), String> {
    let filter = tracing_subscriber::EnvFilter::new("info,chancery::flow::group=error");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(false).init();
    let mut places = Places::at(&args.out);
    places.rotation = Rotation { size: args.rotate, daily: false };
    let output = if args.stdout { Output::Stdout(Stdout::default()) } else { Output::Files(places) };
    let ledger = (!args.stdout).then(|| args.ledger.clone().unwrap_or_else(|| ledger_of(&args.out)));
    let source = Options {
        settle: Duration::from_millis(50),
        rescan: Duration::from_secs(1),
        max_line: oracle::LONGEST_LINE,
        ..Options::default()
    };
    let until = if args.once { Until::Present } else { Until::Stopped };
    let job = Job { paths: vec![args.inbox.clone()], source, until, output, ledger };
    let mut flow = if args.real { Flow::reading(real_reading()?) } else { Flow::reading(oracle::read) };
    flow.tuning = Tuning {
        retry: Duration::from_millis(50),
        linger: Duration::from_millis(20),
        commit_bytes: args.commit_bytes,
        started: Some(Arc::new(|| eprintln!("ready"))),
        ..Tuning::default()
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let result = runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        // As chancery does: a file size limit makes a write fail, it does not kill.
        drop(signal(SignalKind::from_raw(25))?);
        Ok::<_, std::io::Error>(
            flow::run(job, flow, async move {
                let _ = terminate.recv().await;
            })
            .await,
        )
    });
    let summary = result.map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
    eprintln!("summary {summary:?}");
    eprintln!("memory {}", memory("self"));
    Ok(())
}

/// Resident memory of a process, now and at its highest (KiB).
pub fn memory(process: &str) -> String {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find(|l| l.starts_with(name));
        line.and_then(|l| l.split_whitespace().nth(1)).unwrap_or("0").to_owned()
    };
    format!("resident {} highest {}", of("VmRSS:"), of("VmHWM:"))
}

/// Resident memory of a process (KiB).
pub fn resident(pid: u32) -> u64 {
    memory(&pid.to_string()).split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// A started process.
pub struct Child {
    pub process: std::process::Child,
    log: PathBuf,
}

/// How to start one.
pub struct Start<'a> {
    pub inbox: &'a Path,
    pub out: &'a Path,
    /// A program before it that sets limits.
    pub wrap: &'a [&'a str],
    pub more: &'a [&'a str],
    pub stdout: Stdio,
}

impl Child {
    /// Starts it; what it says goes to a file beside the inbox.
    pub fn start(how: Start) -> Result<Child, String> {
        let me = std::env::current_exe().map_err(|e| e.to_string())?;
        let log = how.inbox.with_file_name(format!("child-{}.log", next_number()));
        let stderr = File::create(&log).map_err(|e| e.to_string())?;
        let mut command = match how.wrap {
            [] => Command::new(me),
            [program, rest @ ..] => {
                let mut command = Command::new(program);
                command.args(rest).arg(me);
                command
            }
        };
        command.arg("child").arg(how.inbox).arg(how.out).args(how.more);
        command.stdin(Stdio::null()).stdout(how.stdout).stderr(stderr);
        Ok(Child { process: command.spawn().map_err(|e| format!("{:?}: {e}", how.wrap))?, log })
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Waits until it says this.
    pub fn says(&mut self, words: &str) -> Result<(), String> {
        let begin = Instant::now();
        while !self.said().contains(words) {
            if let Ok(Some(status)) = self.process.try_wait()
                && !self.said().contains(words)
            {
                return Err(format!("it ended ({status}) without saying {words:?}:\n{}", self.said()));
            }
            if begin.elapsed() > PATIENCE {
                return Err(format!("it does not say {words:?}:\n{}", self.said()));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    pub fn ready(&mut self) -> Result<(), String> {
        self.says("ready")
    }

    /// Processor time it has taken so far.
    pub fn processor(&self) -> Result<Duration, String> {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.process.id())).map_err(|e| e.to_string())?;
        // Behind the name, which may hold anything, come the fields from the third on; a tick is 10 ms.
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<u64>().ok()).unwrap_or(0);
        Ok(Duration::from_millis((ticks(11) + ticks(12)) * 10))
    }

    /// Sends a signal, by its name.
    pub fn signal(&self, name: &str) -> Result<(), String> {
        let pid = self.process.id().to_string();
        let status = Command::new("kill").args([name, &pid]).status().map_err(|e| e.to_string())?;
        status.success().then_some(()).ok_or(format!("kill {name} failed"))
    }

    /// Kills it without warning.
    pub fn kill(&mut self) -> Result<ExitStatus, String> {
        self.process.kill().and_then(|()| self.process.wait()).map_err(|e| e.to_string())
    }

    /// Waits for its end.
    pub fn ends(&mut self) -> Result<ExitStatus, String> {
        let begin = Instant::now();
        loop {
            match self.process.try_wait().map_err(|e| e.to_string())? {
                Some(status) => return Ok(status),
                None if begin.elapsed() > PATIENCE => {
                    return Err(format!("it does not end:\n{}", self.said()));
                }
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }

    /// Asks it to stop and waits; what it said.
    pub fn stop(&mut self) -> Result<String, String> {
        self.signal("-TERM")?;
        let status = self.ends()?;
        if status.success() { Ok(self.said()) } else { Err(format!("{status}: {}", self.said())) }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nobody to end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn next_number() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    NUMBER.fetch_add(1, Ordering::Relaxed)
}
