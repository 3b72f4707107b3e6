//! How long from a file's closing to its event on disk, at a steady pace, and how much of that is waiting for syncs.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chancery::flow::{self, Flow, Job, Output, ledger_of};
use chancery::sink::Places;
use chancery::source::{Options, Until};

use crate::child::real_reading;
use crate::story::story;

/// Writes `rate` files a second for `seconds`, and tells how long each took.
pub fn run(rate: f64, seconds: f64) -> Result<(), String> {
    let dir = tempfile::Builder::new().prefix("torture").tempdir().map_err(|e| e.to_string())?;
    let (inbox, out) = (dir.path().join("inbox"), dir.path().join("events.jsonl"));
    fs::create_dir(&inbox).map_err(|e| e.to_string())?;
    let durable: Arc<Mutex<HashMap<String, Instant>>> = Arc::default();
    let (ready, started) = std::sync::mpsc::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut flow = Flow::reading(real_reading()?);
    let noted = durable.clone();
    flow.tuning.tap = Some(Arc::new(move |lines: &[u8]| note(lines, &noted)));
    flow.tuning.started = Some(Arc::new(move || ready.send(()).unwrap_or_default()));
    let disk = flow.tuning.disk.clone();
    let job = Job {
        paths: vec![inbox.clone()],
        source: Options::default(),
        until: Until::Stopped,
        output: Output::Files(Places::at(&out)),
        ledger: Some(ledger_of(&out)),
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let running = std::thread::spawn(move || {
        runtime.block_on(flow::run(job, flow, async {
            let _ = stopped.await;
        }))
    });
    started.recv_timeout(Duration::from_secs(60)).map_err(|e| e.to_string())?;
    // Whatever is made ready at the first reading is made ready before the measuring.
    fs::write(inbox.join("first.json"), story(9_999_999)).map_err(|e| e.to_string())?;
    wait_for(1, &durable)?;
    let syncs_before = disk.syncs();
    let begin = Instant::now();
    let count = (rate * seconds) as usize;
    let mut closed = Vec::with_capacity(count);
    for n in 0..count {
        let due = begin + Duration::from_secs_f64(n as f64 / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        let name = format!("{n}.json");
        fs::write(inbox.join(&name), story(n)).map_err(|e| e.to_string())?;
        closed.push((name, Instant::now()));
    }
    let pace = count as f64 / begin.elapsed().as_secs_f64();
    wait_for(count + 1, &durable)?;
    let spent = begin.elapsed();
    let syncs_after = disk.syncs();
    let _ = stop.send(());
    let summary = running.join().map_err(|_| "the flow panicked")?.map_err(|e| e.to_string())?;

    let syncs = (syncs_after.0 - syncs_before.0, syncs_after.1 - syncs_before.1);
    tell(&closed, &durable, pace);
    share(syncs, spent, summary.commits);
    Ok(())
}

/// Tells how long the files took.
fn tell(closed: &[(String, Instant)], durable: &Mutex<HashMap<String, Instant>>, pace: f64) {
    let durable = durable.lock().unwrap_or_else(PoisonError::into_inner);
    let mut times: Vec<Duration> = closed
        .iter()
        .filter_map(|(name, closed)| Some(durable.get(name)?.saturating_duration_since(*closed)))
        .collect();
    times.sort();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    println!(
        "{} files at {pace:.0} a second, closed to durable: p50 {:.2?}  p90 {:.2?}  p99 {:.2?}  max {:.2?}",
        times.len(),
        at(0.5),
        at(0.9),
        at(0.99),
        at(1.0)
    );
}

/// Tells the share of syncs; a commit has two, one for the output and one for the ledger.
fn share((syncs, time): (u64, Duration), spent: Duration, commits: u64) {
    let each = time.as_secs_f64() / (syncs.max(1)) as f64;
    println!(
        "{commits} commits, {syncs} syncs of {:.2} ms each, two a commit; {:.0} % of the time was spent in them",
        each * 1e3,
        100.0 * time.as_secs_f64() / spent.as_secs_f64()
    );
}

/// Notes when an article's first record became durable.
fn note(lines: &[u8], durable: &Mutex<HashMap<String, Instant>>) {
    let now = Instant::now();
    for line in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
        let record: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        let path = record["article"]["path"].as_str().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        durable.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_insert(now);
    }
}

fn wait_for(count: usize, durable: &Mutex<HashMap<String, Instant>>) -> Result<(), String> {
    let begin = Instant::now();
    while durable.lock().unwrap_or_else(PoisonError::into_inner).len() < count {
        if begin.elapsed() > Duration::from_secs(120) {
            return Err("not every article came".into());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok(())
}
