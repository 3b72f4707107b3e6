//! How files are found: rights, deleted directories, lost notifications.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::Outcome;
use super::place::{Place, can};

/// Nobody's user number.
const NOBODY: &str = "--reuid=65534";

pub fn permission(place: &mut Place) -> Outcome {
    let wrap = ["setpriv", NOBODY, "--clear-groups"];
    if let Some(reason) = can(&[wrap[0], wrap[1], wrap[2], "true"]) {
        return Ok(Some(reason));
    }
    let open_to_all = fs::Permissions::from_mode(0o777);
    let closed = fs::Permissions::from_mode(0o000);
    let root = place.path("");
    for dir in [root.as_path(), &place.path("inbox")] {
        fs::set_permissions(dir, open_to_all.clone()).map_err(|e| e.to_string())?;
    }
    let me = std::env::current_exe().map_err(|e| e.to_string())?;
    if let Some(reason) = can(&[wrap[0], wrap[1], wrap[2], &me.to_string_lossy(), "list"]) {
        return Ok(Some(reason));
    }
    let path = place.inbox("closed.json");
    place.put_at(&path)?;
    fs::set_permissions(&path, closed).map_err(|e| e.to_string())?;
    let mut child = place.start(&wrap, &[])?;
    child.ready()?;
    place.put()?;
    let dead = place.path("events.jsonl.dead.jsonl");
    let begin = std::time::Instant::now();
    while !fs::read_to_string(&dead).is_ok_and(|text| text.contains("unreadable")) {
        if begin.elapsed() > crate::child::PATIENCE {
            return Err(format!("no dead letter: {}", child.said()));
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    fs::set_permissions(&path, open_to_all).map_err(|e| e.to_string())?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn recreated(place: &mut Place) -> Outcome {
    let mut child = place.watch(&[])?;
    for _ in 0..3 {
        place.put_many(20)?;
        place.until_told(&mut child)?;
        fs::remove_dir_all(place.path("inbox")).map_err(|e| e.to_string())?;
        std::thread::sleep(std::time::Duration::from_millis(50));
        fs::create_dir(place.path("inbox")).map_err(|e| e.to_string())?;
    }
    place.put_many(20)?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn overflow(place: &mut Place) -> Outcome {
    let mut child = place.watch(&[])?;
    place.put()?;
    place.until_told(&mut child)?;
    child.signal("-STOP")?;
    place.put_many(6000)?;
    child.signal("-CONT")?;
    place.until_told(&mut child)?;
    let said = child.stop()?;
    if !said.contains("notifications were lost") {
        return Ok(Some("the system's queue holds more".into()));
    }
    place.judge().map(|()| None)
}

/// Runs under a limit of a user namespace of its own.
fn limited(place: &mut Place, limit: &str) -> Outcome {
    let script = format!("echo 0 > /proc/sys/user/{limit} && exec \"$0\" \"$@\"");
    if let Some(reason) = can(&["unshare", "-Ur", "sh", "-c", &script, "true"]) {
        return Ok(Some(reason));
    }
    place.put_many(20)?;
    let mut child = place.start(&["unshare", "-Ur", "sh", "-c", &script], &[])?;
    child.ready()?;
    child.says("looking for files by polling")?;
    place.put_many(20)?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn no_watches(place: &mut Place) -> Outcome {
    limited(place, "max_inotify_watches")
}

pub fn no_instances(place: &mut Place) -> Outcome {
    limited(place, "max_inotify_instances")
}

pub fn burst(place: &mut Place) -> Outcome {
    let mut child = place.watch(&[])?;
    place.put_many(place.extent.burst)?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn own_reading(place: &mut Place) -> Outcome {
    place.out = place.inbox("events.jsonl");
    let mut child = place.watch(&["--rotate", "3000"])?;
    place.put_many(200)?;
    place.until_told(&mut child)?;
    let said = child.stop()?;
    let quiet = ["duplicates: 0", "unchanged: 0", "revisions: 0", "lines_read: 0", "generations: 0"];
    if let Some(loud) = quiet.iter().find(|words| !said.contains(**words)) {
        return Err(format!("not {loud}: {said}"));
    }
    place.judge().map(|()| None)
}
