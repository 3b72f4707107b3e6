//! A real process, killed without warning again and again; an oracle knows what must come out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chancery::flow;
use chancery::sink::Rotation;
use chancery::source::Until;

use super::{Bench, append, sorted};

const DIR: &str = "CHANCERY_TEST_CHILD_DIR";

/// Not a test of its own: what the child process does. It watches the directory named in its environment for ever.
#[tokio::test]
async fn the_child() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    let bench = bench(&dir);
    let run = flow::run(bench.job(Until::Stopped), bench.flow(), std::future::pending());
    run.await.unwrap();
}

fn bench(dir: &Path) -> Bench {
    let mut bench = Bench::new();
    bench.tuning.commit_bytes = 4096;
    bench.tuning.fault = flow::fault_from_env();
    bench.tuning.in_flight = 64 << 10;
    bench.at(dir);
    bench.places.rotation = Rotation { size: Some(64 << 10), daily: false };
    bench
}

fn child(dir: &Path, failpoint: Option<String>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let name = module_path!().split_once("::").map_or("", |m| m.1);
    command.args(["--exact", &format!("{name}::the_child")]).env(DIR, dir);
    if let Some(failpoint) = failpoint {
        command.env("CHANCERY_FAILPOINT", failpoint);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Random enough, and the same every time.
fn next(seed: &mut u64) -> u64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    *seed >> 33
}

#[tokio::test]
async fn killed_at_any_moment_it_loses_and_doubles_nothing() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("inbox")).unwrap();
    let bench = bench(dir.path());
    let mut seed = std::env::var("CHANCERY_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20261125);
    let mut want = Vec::new();
    let steps = ["seen", "half", "written", "synced", "logged", "committed", "rotated"];
    for round in 0..24u64 {
        // Every other time it ends itself at a step of a commit; the kill comes either way.
        let step = steps[next(&mut seed) as usize % steps.len()];
        let failpoint = (round % 2 == 0).then(|| format!("{step}:{}", 1 + next(&mut seed) % 3));
        let mut child = child(dir.path(), failpoint);
        for i in 0..40 {
            let text = format!("round {round} text {i} {}", "x".repeat(next(&mut seed) as usize % 900));
            match i % 4 {
                0 => append(&bench.inbox("feed.jsonl"), &format!("{text}\n")),
                1 => {
                    let aside = dir.path().join("aside");
                    fs::write(&aside, &text).unwrap();
                    fs::rename(&aside, bench.inbox(&format!("{round}-{i}"))).unwrap();
                }
                _ => bench.put(&format!("{round}-{i}"), &text),
            }
            want.push(text);
            std::thread::sleep(Duration::from_micros(next(&mut seed) % 3000));
        }
        if round % 5 == 4 {
            fs::rename(bench.inbox("feed.jsonl"), bench.inbox(&format!("feed.jsonl.{round}"))).unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let before = texts(dir.path()).len();
    assert!(before > 100, "the children did their part: {before}");
    let mut bench = bench;
    bench.tuning.fault = None;
    let summary = bench.once().await.unwrap();
    assert_eq!(summary.dead_letters(), 0);
    assert_eq!(texts(dir.path()), sorted(want));
}

/// The texts in all segments, sorted. While a child may have been killed, half a line may stand at an end.
fn texts(dir: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("events-") {
            let text = fs::read_to_string(path).unwrap();
            texts.extend(text.lines().filter_map(|l| {
                let line: serde_json::Value = serde_json::from_str(l).ok()?;
                Some(line["text"].as_str()?.to_owned())
            }));
        }
    }
    sorted(texts)
}
