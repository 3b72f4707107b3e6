//! Trials with real means: processes, signals, limits, small file systems.

mod disks;
mod finding;
mod limits;
mod place;
mod process;

use std::time::Instant;

use crate::strikes::Fault;
pub use place::Extent;
use place::Place;

/// What came of a trial: `Some(reason)` when this machine does not allow it.
pub type Outcome = Result<Option<String>, String>;

/// One trial, in a place of its own.
pub type Trial = fn(&mut Place) -> Outcome;

/// Every trial.
pub const TRIALS: &[(Fault, Trial)] = &[
    (("killed", "kill -9 at random moments while files arrive"), process::killed),
    (("SIGTERM under load", "it ends what it began, and the next run does the rest"), process::terminated),
    (("SIGSTOP", "stopped for a while under load, then continued"), process::stopped),
    (("two instances", "a second one on the same output is refused"), process::two_instances),
    (
        ("file size limit", "prlimit --fsize: writes fail as on a full disk, then the limit is gone"),
        process::file_size,
    ),
    (("few open files", "prlimit --nofile=48 with many files"), process::few_files),
    (
        ("little memory", "a control group of 48 MiB, page cache and all, and 160 MB of documents"),
        limits::memory,
    ),
    (("hardly any processor", "a control group with a twentieth of one processor"), limits::processor),
    (("few threads", "a control group of 7 threads"), limits::threads),
    (("frozen", "a control group is frozen under load, then thawed"), limits::frozen),
    (("reader that blocks", "nobody reads standard output for a while"), process::blocked_reader),
    (("reader that goes away", "standard output is closed under it"), process::gone_reader),
    (("output's disk full", "a file system of 512 KiB fills up, then room is made"), disks::output_full),
    (("ledger's disk full", "the same under the ledger alone"), disks::ledger_full),
    (("no inodes left", "a file system without a free inode when a segment is to begin"), disks::no_inodes),
    (
        ("failing device", "an ext4 device whose writes and syncs fail, and that is mounted again later"),
        disks::refused,
    ),
    (
        (
            "turned read-only",
            "ext4 finds an error in itself and goes read-only under open files; mended, mounted again",
        ),
        disks::read_only,
    ),
    (("inodes reused on ext4", "files deleted and made again on a small ext4"), disks::inodes_reused),
    (("mount vanishes", "a file system is unmounted from the inbox, and comes back"), disks::mount_vanishes),
    (("permission denied, then granted", "run as another user on a file of mode 000"), finding::permission),
    (("watched directory recreated", "the inbox itself is deleted and made again"), finding::recreated),
    (
        ("queue overflows", "stopped while 6,000 files arrive, more than the system's queue holds"),
        finding::overflow,
    ),
    (("no watches", "a user namespace that allows none: polling"), finding::no_watches),
    (("no notification queue", "a user namespace that allows none: polling"), finding::no_instances),
    (
        ("burst of thousands", "thousands of files at once into a running watch (5,000 unless told)"),
        finding::burst,
    ),
    (
        ("own reading is no news", "what it reads and writes does not come back as something to read"),
        finding::own_reading,
    ),
];

/// Runs every trial, or those whose name holds `only`.
pub fn run(seed: u64, only: Option<&str>, extent: Extent) -> Result<(), String> {
    let mut failed = Vec::new();
    for ((name, how), trial) in TRIALS.iter().filter(|t| only.is_none_or(|only| t.0.0.contains(only))) {
        let begin = Instant::now();
        let outcome = Place::new(seed, extent).and_then(|mut place| trial(&mut place));
        let (word, more) = match &outcome {
            Ok(None) => ("well", String::new()),
            Ok(Some(reason)) => ("not possible here", format!(": {reason}")),
            Err(why) => ("FAILED", format!(": {why}")),
        };
        println!("{name:34} {word}{more}  ({how}; {:.1?})", begin.elapsed());
        if outcome.is_err() {
            failed.push(*name);
        }
    }
    if failed.is_empty() { Ok(()) } else { Err(failed.join(", ")) }
}
