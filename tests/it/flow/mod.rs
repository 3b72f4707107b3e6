//! Never lose one, never repeat one: the flow from files to outputs, with faults.

mod faults;
mod files;
mod follow;
mod killed;
mod many;
mod oracle;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chancery::flow::{self, Flow, FlowError, Job, Output, Step, Tuning, ledger_of};
use chancery::model::{Emit, Item, Lane, Outcome, Summary};
use chancery::sink::Places;
use chancery::source::{Options, Until};

/// A directory to read, an output beside it, and the settings of a run.
struct Bench {
    dir: tempfile::TempDir,
    root: PathBuf,
    options: Options,
    tuning: Tuning,
    places: Places,
}

/// One record an item: its text; `panic` in it panics.
fn read(item: &Item, emit: Emit) -> Outcome {
    let text = String::from_utf8_lossy(&item.bytes).into_owned();
    assert!(!text.contains("panic"), "asked to panic");
    let json = serde_json::json!({ "text": text, "seen_at": item.seen_at.to_rfc3339() });
    emit(Lane::Events, &serde_json::to_vec(&json).unwrap());
    Outcome { articles: 1, ..Outcome::default() }
}

impl Bench {
    fn new() -> Bench {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("inbox")).unwrap();
        let places = Places::at(&dir.path().join("events.jsonl"));
        let options = Options { settle: Duration::from_millis(40), ..Options::default() };
        let root = dir.path().to_path_buf();
        Bench {
            dir,
            root,
            options,
            tuning: Tuning { retry: Duration::from_millis(5), ..Tuning::default() },
            places,
        }
    }

    /// Works in another directory, which someone else looks after.
    fn at(&mut self, dir: &Path) {
        self.root = dir.to_path_buf();
        self.places = Places::at(&dir.join("events.jsonl"));
    }

    fn inbox(&self, name: &str) -> PathBuf {
        self.root.join("inbox").join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.inbox(name), text).unwrap();
    }

    fn out(&self) -> PathBuf {
        self.places.events.clone()
    }

    fn job(&self, until: Until) -> Job {
        Job {
            paths: vec![self.root.join("inbox")],
            source: self.options.clone(),
            until,
            output: Output::Files(self.places.clone()),
            ledger: Some(ledger_of(&self.out())),
        }
    }

    fn flow(&self) -> Flow {
        Flow { tuning: self.tuning.clone(), ..Flow::reading(read) }
    }

    async fn once(&self) -> Result<Summary, FlowError> {
        flow::run(self.job(Until::Present), self.flow(), std::future::pending()).await
    }

    /// Watches while `act` runs, then stops.
    async fn watching(&self, act: impl Future<Output = ()>) -> Summary {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let run = flow::run(self.job(Until::Stopped), self.flow(), async {
            let _ = stopped.await;
        });
        let act = async {
            act.await;
            let _ = stop.send(());
        };
        tokio::join!(run, act).0.unwrap()
    }

    /// The texts in the output; every line must be whole.
    fn texts(&self) -> Vec<String> {
        lines(&self.out()).iter().map(|l| l["text"].as_str().unwrap().to_owned()).collect()
    }

    fn dead(&self) -> Vec<serde_json::Value> {
        lines(&self.places.dead)
    }

    async fn until_texts(&self, count: usize) {
        until(|| complete_lines(&self.out()) >= count).await;
    }

    fn with_fault(&mut self, fault: impl Fn(Step) -> io::Result<()> + Send + Sync + 'static) {
        self.tuning.fault = Some(Arc::new(fault));
    }
}

fn append(path: &Path, text: &str) {
    let mut file = fs::File::options().create(true).append(true).open(path).unwrap();
    io::Write::write_all(&mut file, text.as_bytes()).unwrap();
}

fn complete_lines(path: &Path) -> usize {
    fs::read(path).unwrap_or_default().iter().filter(|b| **b == b'\n').count()
}

fn lines(path: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    assert!(text.is_empty() || text.ends_with('\n'), "{path:?} ends in half a line");
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// Waits for a condition; the time limit is for a broken program, not for a slow machine.
async fn until(mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(30), "waited in vain");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort();
    texts
}

#[tokio::test]
async fn a_backlog_is_read_once_in_the_order_of_time_and_name() {
    let bench = Bench::new();
    for (i, name) in ["c", "a", "b"].iter().enumerate() {
        bench.put(name, &format!("text {name}"));
        let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(if i == 0 { 10 } else { 20 });
        fs::File::options().write(true).open(bench.inbox(name)).unwrap().set_modified(time).unwrap();
    }
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.files_read, summary.events, summary.articles), (3, 3, 3));
    assert_eq!(bench.texts(), ["text c", "text a", "text b"]);
    let again = bench.once().await.unwrap();
    assert_eq!((again.files_seen, again.events), (0, 0));
    assert_eq!(bench.texts().len(), 3);
}

#[tokio::test]
async fn files_written_and_moved_in_while_watching_are_read() {
    let bench = Bench::new();
    let summary = bench
        .watching(async {
            bench.put("new.txt", "written");
            bench.until_texts(1).await;
            let aside = bench.dir.path().join("aside");
            fs::write(&aside, "moved").unwrap();
            fs::rename(&aside, bench.inbox("moved.txt")).unwrap();
            bench.until_texts(2).await;
            fs::create_dir_all(bench.inbox("2026/11")).unwrap();
            bench.put("2026/11/deep.txt", "deep");
            bench.until_texts(3).await;
        })
        .await;
    assert_eq!(bench.texts(), ["written", "moved", "deep"]);
    assert_eq!((summary.duplicates, summary.dead_letters(), summary.overflows), (0, 0, 0));
}

#[tokio::test]
async fn the_same_content_is_one_article_and_new_content_a_revision() {
    let bench = Bench::new();
    bench.put("a.txt", "one");
    bench.put("b.txt", "one");
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.files_read, summary.duplicates, summary.events), (1, 1, 1));
    fs::rename(bench.inbox("a.txt"), bench.inbox("c.txt")).unwrap();
    bench.put("b.txt", "two");
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.revisions, summary.unchanged, summary.duplicates), (1, 1, 0));
    assert_eq!(bench.texts(), ["one", "two"]);
}

#[tokio::test]
async fn a_panic_sets_the_item_aside_and_the_rest_goes_on() {
    let bench = Bench::new();
    for (name, text) in [("a", "first"), ("b", "please panic"), ("c", "last")] {
        bench.put(name, text);
    }
    let summary = bench.once().await.unwrap();
    assert_eq!(sorted(bench.texts()), ["first", "last"]);
    assert_eq!(summary.dead, BTreeMap::from([("panic", 1)]));
    let dead = bench.dead();
    assert_eq!((&dead[0]["reason"], &dead[0]["error"]), (&"panic".into(), &"asked to panic".into()));
    assert_eq!(dead[0]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(bench.once().await.unwrap().dead_letters(), 0, "it is not tried again by itself");
}
