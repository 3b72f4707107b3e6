//! What the system must give: watches, files, a disk that keeps its word, a clock.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use chancery::flow;
use chancery::source::ledger::Ledger;
use chancery::source::name::dir_of;

use super::Finding;

/// File systems without notifications from other machines, by the number that `statfs` gives, with their names.
const NETWORK: &[(u64, &str)] = &[
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xfe53_4d42, "SMB 2"),
    (0xff53_4d42, "CIFS"),
    (0x6573_5546, "FUSE"),
    (0x00c3_6400, "Ceph"),
    (0x0102_1997, "9P"),
    (0x5346_414f, "AFS"),
    (0x0bd0_0bd0, "Lustre"),
];
/// Kept only while the machine runs.
const VOLATILE: u64 = 0x0102_1994;
/// Less free space than this is told (bytes).
const ROOM: u64 = 1 << 30;
/// Fewer open files than this may not do.
const FILES: u64 = 256;

/// The directory that will be watched.
pub fn input(dir: &Path) -> Vec<Finding> {
    [file_system(dir), writers_clock(dir)].into_iter().flatten().collect()
}

/// The directory in which outputs and ledger will stand.
pub fn output(out: &Path) -> Vec<Finding> {
    let dir = dir_of(out);
    let mut findings: Vec<Finding> = [room(dir), keeps(dir), in_use(out)].into_iter().flatten().collect();
    findings.extend(promise(dir));
    findings
}

/// Of the machine.
pub fn machine() -> Vec<Finding> {
    [instances(), queue(), open_files(), clock()].into_iter().flatten().collect()
}

fn setting(name: &str) -> Option<u64> {
    fs::read_to_string(Path::new("/proc/sys").join(name)).ok()?.trim().parse().ok()
}

fn instances() -> Option<Finding> {
    let limit = setting("fs/inotify/max_user_instances")?;
    let used = watchers();
    let text = format!("{used} programs of this user take notifications, the system allows {limit}");
    Some(if used + 1 < limit {
        Finding::Well(text)
    } else {
        Finding::Ill(
            text,
            "raise it: sysctl fs.inotify.max_user_instances=512; until then the directory is polled".into(),
        )
    })
}

/// Notification queues that we can see open.
fn watchers() -> u64 {
    let of = |process: PathBuf| {
        let open = fs::read_dir(process.join("fd")).into_iter().flatten().flatten();
        open.filter(|fd| fs::read_link(fd.path()).is_ok_and(|to| to.as_os_str() == "anon_inode:inotify"))
            .count()
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    processes.map(|p| of(p.path()) as u64).sum()
}

fn queue() -> Option<Finding> {
    let limit = setting("fs/inotify/max_queued_events")?;
    let text = format!("{limit} notifications are kept before they overflow (then everything is scanned)");
    Some(if limit >= 1024 {
        Finding::Well(text)
    } else {
        Finding::Ill(text, "raise it: sysctl fs.inotify.max_queued_events=16384".into())
    })
}

fn open_files() -> Option<Finding> {
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find(|l| l.starts_with("Max open files"))?;
    let limit: u64 = line.split_whitespace().nth(3)?.parse().unwrap_or(u64::MAX);
    let text = format!("{limit} files may be open at a time");
    Some(if limit >= FILES {
        Finding::Well(text)
    } else {
        Finding::Ill(text, format!("raise it: ulimit -n {FILES}, or LimitNOFILE= in the unit"))
    })
}

/// A clock before this program was written would date everything wrongly.
fn clock() -> Option<Finding> {
    let now = chrono::Utc::now();
    let text = format!("the clock says {}", now.format("%Y-%m-%d %H:%M UTC"));
    Some(if now.timestamp() > 1_735_689_600 && now.timestamp() < 4_102_444_800 {
        Finding::Well(text)
    } else {
        Finding::Ill(text, "set it (timedatectl set-ntp true): seen_at and daily rotation go by it".into())
    })
}

/// Whether the newest files come from the future: then whoever writes them has another clock.
fn writers_clock(dir: &Path) -> Option<Finding> {
    let newest = fs::read_dir(dir)
        .ok()?
        .flatten()
        .take(10_000)
        .filter_map(|e| e.metadata().ok()?.modified().ok())
        .max()?;
    let ahead = newest.duration_since(SystemTime::now()).unwrap_or_default();
    (ahead > Duration::from_secs(60)).then(|| {
        Finding::Ill(
            format!("the newest file in {} is from the future ({} s ahead)", dir.display(), ahead.as_secs()),
            "compare the clocks of this machine and of the writer's; order of a backlog goes by it, nothing else".into(),
        )
    })
}

fn file_system(dir: &Path) -> Option<Finding> {
    let kind = rustix::fs::statfs(dir).ok()?.f_type as u64;
    let network = NETWORK.iter().find(|n| n.0 == kind & 0xffff_ffff);
    Some(match network {
        Some((_, name)) => Finding::Ill(
            format!(
                "{} lies on {name}: notifications of other machines' writes do not arrive",
                dir.display()
            ),
            "new files are found at each rescan alone: set [watch] rescan_seconds = 1".into(),
        ),
        None => Finding::Well(format!("{} lies on a local file system", dir.display())),
    })
}

fn room(dir: &Path) -> Option<Finding> {
    let stat = rustix::fs::statvfs(dir).ok()?;
    let (free, inodes) = (stat.f_bavail * stat.f_frsize, stat.f_favail);
    let text = format!("{} MiB and {inodes} files are free for the output", free >> 20);
    // Some file systems have no fixed number of files, and say 0 of 0.
    let short = free < ROOM || (stat.f_files > 0 && inodes < 1000);
    Some(if short {
        Finding::Ill(text, "make room; when the disk is full chancery waits, and loses nothing".into())
    } else {
        Finding::Well(text)
    })
}

fn keeps(dir: &Path) -> Option<Finding> {
    let kind = rustix::fs::statfs(dir).ok()?.f_type as u64;
    if kind & 0xffff_ffff == VOLATILE {
        let text = format!("{} lies in memory: it is gone after a restart of the machine", dir.display());
        return Some(Finding::Ill(text, "give an --out on a disk".into()));
    }
    let network = NETWORK.iter().find(|n| n.0 == kind & 0xffff_ffff)?;
    Some(Finding::Ill(
        format!("{} lies on {}: locks and syncs are only as good as the server's", dir.display(), network.1),
        "give an --out on a local disk".into(),
    ))
}

/// Tries what a commit does: append, sync, rename, sync the directory, lock.
fn promise(dir: &Path) -> Option<Finding> {
    let probe = dir.join(format!(".chancery-check-{}", std::process::id()));
    let renamed = probe.with_extension("renamed");
    let tried = try_commit(dir, &probe, &renamed);
    for leftover in [&probe, &renamed] {
        let _ = fs::remove_file(leftover);
    }
    Some(match tried {
        Ok(took) => Finding::Well(format!("a commit's syncs take {:.1} ms there", took.as_secs_f64() * 1e3)),
        Err(e) => Finding::Ill(
            format!("{}: append, sync, rename or lock does not work there: {e}", dir.display()),
            "give an --out on another file system".into(),
        ),
    })
}

fn try_commit(dir: &Path, probe: &Path, renamed: &Path) -> std::io::Result<Duration> {
    let mut file = File::options().create_new(true).append(true).open(probe)?;
    file.try_lock()?;
    file.write_all(&[b'x'; 4096])?;
    let begin = SystemTime::now();
    file.sync_data()?;
    fs::rename(probe, renamed)?;
    File::open(dir)?.sync_all()?;
    Ok(begin.elapsed().unwrap_or_default())
}

fn in_use(out: &Path) -> Option<Finding> {
    let ledger = flow::ledger_of(out);
    if !ledger.exists() {
        return None;
    }
    Some(if Ledger::is_in_use(&ledger) {
        Finding::Well(format!("an instance is at work with {}", ledger.display()))
    } else {
        Finding::Well(format!("{} waits for the next run", ledger.display()))
    })
}
