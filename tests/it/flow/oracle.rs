//! Any sequence of things that happen to files, with crashes in between, against an oracle that knows what must come.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chancery::flow::Step;
use proptest::prelude::*;

use super::{Bench, append, sorted};

/// One thing that happens.
#[derive(Clone, Debug)]
enum Act {
    /// File number `.0` gets content number `.1`, written in place.
    Put(u8, u8),
    /// The same by a temporary file and a rename.
    Replace(u8, u8),
    /// A file is renamed.
    Rename(u8, u8),
    /// A file is deleted.
    Delete(u8),
    /// A second name for a file.
    Link(u8, u8),
    /// The time of a file is set.
    Touch(u8),
    /// So many lines are added to the feed.
    Append(u8),
    /// The feed is renamed; the next line begins a new one.
    RotateFeed,
    /// The feed is emptied in place and begun anew.
    TruncateFeed,
    /// A run; with a step and a count it crashes there, and another run follows.
    Run(Option<(u8, u8)>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let (file, content) = (0..6u8, 0..12u8);
    let act = prop_oneof![
        3 => (file.clone(), content.clone()).prop_map(|(f, c)| Act::Put(f, c)),
        2 => (file.clone(), content).prop_map(|(f, c)| Act::Replace(f, c)),
        1 => (file.clone(), file.clone()).prop_map(|(a, b)| Act::Rename(a, b)),
        1 => file.clone().prop_map(Act::Delete),
        1 => (file.clone(), file.clone()).prop_map(|(a, b)| Act::Link(a, b)),
        1 => file.prop_map(Act::Touch),
        2 => (1..80u8).prop_map(Act::Append),
        1 => Just(Act::RotateFeed),
        1 => Just(Act::TruncateFeed),
        3 => prop::option::of((0..Step::ALL.len() as u8, 1..4u8)).prop_map(Act::Run),
    ];
    prop::collection::vec(act, 1..40)
}

struct World {
    bench: Bench,
    /// Contents that were in a file at the time of a run.
    want: BTreeSet<String>,
    /// Lines that were in the feed at the time of a run.
    lines: Vec<String>,
    feeds: usize,
}

impl World {
    fn new() -> World {
        let mut bench = Bench::new();
        bench.options.settle = Duration::ZERO;
        bench.tuning.in_flight = 2048;
        bench.tuning.commit_bytes = 1;
        World { bench, want: BTreeSet::new(), lines: Vec::new(), feeds: 0 }
    }

    fn run(&mut self, crash: Option<(u8, u8)>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        for i in 0..6 {
            self.want.extend(fs::read_to_string(self.bench.inbox(&i.to_string())));
        }
        if let Some((step, hit)) = crash {
            let (step, left) = (Step::ALL[step as usize], AtomicUsize::new(hit as usize));
            self.bench.with_fault(move |at| {
                let crash = at == step && left.fetch_sub(1, Ordering::SeqCst) == 1;
                if crash { Err(io::Error::other("crash")) } else { Ok(()) }
            });
            // With little to do it may end before it comes to the crash.
            let _ = runtime.block_on(self.bench.once());
            self.bench.tuning.fault = None;
        }
        runtime.block_on(self.bench.once()).unwrap();
        let want: Vec<_> = self.want.iter().cloned().chain(self.lines.iter().cloned()).collect();
        assert_eq!(sorted(self.bench.texts()), sorted(want));
    }

    fn act(&mut self, act: &Act) {
        let path = |n: &u8| self.bench.inbox(&n.to_string());
        let feed = self.bench.inbox("feed.jsonl");
        match act {
            Act::Put(file, content) => fs::write(path(file), format!("content {content}")).unwrap(),
            Act::Replace(file, content) => {
                let temporary = self.bench.inbox("new.tmp");
                fs::write(&temporary, format!("content {content}")).unwrap();
                fs::rename(temporary, path(file)).unwrap();
            }
            // These may find nothing to act on.
            Act::Rename(from, to) => drop(fs::rename(path(from), path(to))),
            Act::Delete(file) => drop(fs::remove_file(path(file))),
            Act::Link(from, to) => drop(fs::hard_link(path(from), path(to))),
            Act::Touch(file) => {
                if let Ok(file) = fs::File::options().write(true).open(path(file)) {
                    file.set_modified(std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(7)).unwrap();
                }
            }
            Act::Append(count) => {
                for _ in 0..*count {
                    let line = format!("line {}", self.lines.len());
                    append(&feed, &format!("{line}\n"));
                    self.lines.push(line);
                }
            }
            Act::RotateFeed => {
                self.feeds += 1;
                let _ = fs::rename(&feed, self.bench.inbox(&format!("feed.jsonl.{}", self.feeds)));
            }
            Act::TruncateFeed => {
                // What nobody has read yet would be lost to anyone.
                self.run(None);
                let line = format!("line {}", self.lines.len());
                fs::write(&feed, format!("{line}\n")).unwrap();
                self.lines.push(line);
            }
            Act::Run(crash) => self.run(*crash),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_to_files_each_content_is_told_once(acts in acts()) {
        let mut world = World::new();
        for act in &acts {
            world.act(act);
        }
        world.run(None);
    }
}

/// A few by default; `PROPTEST_CASES` asks for more.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(24)
}
