//! `watch --to`: records go on to other places while the flow runs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use chancery::flow::{Flow, Job, Output};
use chancery::sink::{Counts, Onward, Spec};

use crate::exit::{Exit, Failure};
use crate::watch::told;

/// Targets at work. When it is dropped, what was committed is passed on first, for a while.
pub struct Targets {
    stop: Arc<AtomicBool>,
    threads: Vec<(String, Arc<Counts>, JoinHandle<()>)>,
}

/// Starts a thread for each target.
pub fn start(to: &[String], job: &Job, flow: &mut Flow) -> Result<Targets, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for text in to.iter().filter(|t| !t.is_empty()) {
        let wrong = |why: String| Failure::new(Exit::Usage, format!("--to: {why}"));
        let spec = Spec::parse(text).map_err(wrong)?;
        let Output::Files(places) = &job.output else {
            let hint = "hint: name a file with --out; targets read the records from it";
            return Err(wrong(format!("it needs records in a file\n  {hint}")));
        };
        let told = told(flow, std::slice::from_ref(&places.events));
        let onward = Onward::new(spec, &places.events, Some(told));
        let (name, counts, stop) = (onward.name(), onward.counts(), stop.clone());
        let thread = std::thread::Builder::new().name(name.clone()).spawn(move || onward.run(&stop))?;
        threads.push((name, counts, thread));
    }
    Ok(Targets { stop, threads })
}

impl Drop for Targets {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        for (name, counts, thread) in self.threads.drain(..) {
            // A panic in it was told by its own message.
            let _ = thread.join();
            let of = |n: &std::sync::atomic::AtomicU64| n.load(Ordering::Relaxed);
            tracing::info!(
                target = name,
                delivered = of(&counts.delivered),
                retries = of(&counts.retries),
                refused = of(&counts.refused),
                "passed on"
            );
        }
    }
}
