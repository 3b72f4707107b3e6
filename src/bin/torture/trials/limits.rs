//! Limits that the kernel sets to a group of processes: memory, processor, threads, being frozen.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::Outcome;
use super::place::Place;
use crate::child::Child;

/// Where the kernel shows its control groups.
const GROUPS: &str = "/sys/fs/cgroup";

/// A setting by the names that the two versions of control groups have for it, and what is written to it.
type Setting = (&'static str, &'static str, &'static str);

/// A control group of our own.
struct Group {
    dir: PathBuf,
    old: bool,
}

impl Group {
    /// Makes one under a controller, or says why that may not be done here.
    fn new(controller: &str, settings: &[Setting]) -> Result<Group, String> {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("torture-{}-{number}", std::process::id());
        let hierarchy = PathBuf::from(GROUPS).join(controller);
        let old = hierarchy.is_dir();
        let dir = if old { hierarchy.join(name) } else { PathBuf::from(GROUPS).join(name) };
        fs::create_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        let group = Group { dir, old };
        settings.iter().try_for_each(|setting| group.set(*setting))?;
        Ok(group)
    }

    fn set(&self, (old, new, value): Setting) -> Result<(), String> {
        let file = self.dir.join(if self.old { old } else { new });
        // The new version has some of the old one's settings in one line; nothing is left to write then.
        if file == self.dir {
            return Ok(());
        }
        fs::write(&file, value).map_err(|e| format!("{}: {e}", file.display()))
    }

    /// Starts a process in it.
    fn start(&self, place: &Place, more: &[&str]) -> Result<Child, String> {
        let enter = format!("echo $$ > {}/cgroup.procs && exec \"$0\" \"$@\"", self.dir.display());
        place.start(&["sh", "-c", &enter], more)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Only an empty one can be removed; whoever was in it has been waited for.
        let _ = fs::remove_dir(&self.dir);
    }
}

/// Runs in a group of its own, with documents before and after its start.
fn within(place: &mut Place, controller: &str, settings: &[Setting], documents: usize) -> Outcome {
    let group = match Group::new(controller, settings) {
        Ok(group) => group,
        Err(reason) => return Ok(Some(reason)),
    };
    place.put_many(documents)?;
    let mut child = group.start(place, &["--rotate", "100000"])?;
    child.ready()?;
    place.put_many(documents)?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn memory(place: &mut Place) -> Outcome {
    // Large documents, so that together they are several times what it may have.
    place.pad(200_000);
    within(place, "memory", &[("memory.limit_in_bytes", "memory.max", "50331648")], 400)
}

pub fn processor(place: &mut Place) -> Outcome {
    let settings = [("cpu.cfs_period_us", "", "100000"), ("cpu.cfs_quota_us", "cpu.max", "5000")];
    within(place, "cpu", &settings, 150)
}

pub fn threads(place: &mut Place) -> Outcome {
    within(place, "pids", &[("pids.max", "pids.max", "7")], 300)
}

pub fn frozen(place: &mut Place) -> Outcome {
    let group = match Group::new("freezer", &[]) {
        Ok(group) => group,
        Err(reason) => return Ok(Some(reason)),
    };
    let freeze = |value: [&'static str; 2]| {
        group.set(("freezer.state", "cgroup.freeze", value[usize::from(!group.old)]))
    };
    let mut child = group.start(place, &["--commit-bytes", "2000"])?;
    child.ready()?;
    for _ in 0..3 {
        place.put_many(100)?;
        freeze(["FROZEN", "1"])?;
        place.put_many(200)?;
        std::thread::sleep(Duration::from_millis(200));
        freeze(["THAWED", "0"])?;
    }
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}
