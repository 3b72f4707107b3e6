//! Small file systems of our own that fill up, refuse, vanish.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Outcome;
use super::place::Place;
use crate::child::Child;

/// Fills a file system until this much is left (bytes).
fn ballast(disk: &Path, bytes: usize) -> Result<PathBuf, String> {
    let path = disk.join("ballast");
    fs::write(&path, vec![0; bytes]).map_err(|e| e.to_string())?;
    Ok(path)
}

fn fills_and_is_freed(place: &mut Place, mut child: Child, ballast: &Path) -> Outcome {
    child.ready()?;
    place.put_many(600)?;
    child.says("the disk is full: waiting for room; nothing is lost")?;
    fs::remove_file(ballast).map_err(|e| e.to_string())?;
    child.says("there is room again")?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn output_full(place: &mut Place) -> Outcome {
    let disk = place.path("disk");
    if let Some(reason) = place.mount(&["-t", "tmpfs", "-o", "size=512k", "none"], &disk)? {
        return Ok(Some(reason));
    }
    let ballast = ballast(&disk, 440 << 10)?;
    place.out = disk.join("events.jsonl");
    let ledger = place.path("ledger").to_string_lossy().into_owned();
    let child = place.start(&[], &["--ledger", &ledger, "--commit-bytes", "3000"])?;
    fills_and_is_freed(place, child, &ballast)
}

pub fn ledger_full(place: &mut Place) -> Outcome {
    let disk = place.path("disk");
    if let Some(reason) = place.mount(&["-t", "tmpfs", "-o", "size=512k", "none"], &disk)? {
        return Ok(Some(reason));
    }
    let ballast = ballast(&disk, 440 << 10)?;
    let ledger = disk.join("ledger").to_string_lossy().into_owned();
    let child = place.start(&[], &["--ledger", &ledger, "--commit-bytes", "3000"])?;
    fills_and_is_freed(place, child, &ballast)
}

pub fn no_inodes(place: &mut Place) -> Outcome {
    let disk = place.path("disk");
    if let Some(reason) = place.mount(&["-t", "tmpfs", "-o", "size=4m,nr_inodes=12", "none"], &disk)? {
        return Ok(Some(reason));
    }
    place.out = disk.join("events.jsonl");
    let fillers: Vec<PathBuf> = (0..6).map(|n| disk.join(format!("filler-{n}"))).collect();
    fillers.iter().try_for_each(|f| fs::write(f, b"")).map_err(|e| e.to_string())?;
    let mut child = place.start(&[], &["--rotate", "20000", "--commit-bytes", "3000"])?;
    child.ready()?;
    place.put_many(600)?;
    child.says("the disk is full")?;
    // Its reader takes finished segments away, too.
    let taken = place.path("taken");
    fs::create_dir(&taken).map_err(|e| e.to_string())?;
    let mut archive = Vec::new();
    let begin = std::time::Instant::now();
    fillers.iter().try_for_each(fs::remove_file).map_err(|e| e.to_string())?;
    loop {
        for entry in fs::read_dir(&disk).map_err(|e| e.to_string())?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("events-") && name.ends_with(".jsonl") {
                let to = taken.join(&name);
                fs::copy(entry.path(), &to).and_then(|_| fs::remove_file(entry.path())).map_err(|e| e.to_string())?;
                archive.push(to);
            }
        }
        let found = crate::oracle::collect(&place.out, &archive, true).unwrap_or_default();
        if place.oracle.is_satisfied(&found, &Default::default()) {
            break;
        }
        if begin.elapsed() > crate::child::PATIENCE {
            return Err(format!("it stands still: {}", child.said()));
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    child.stop()?;
    let found = crate::oracle::collect(&place.out, &archive, false)?;
    place.oracle.judge(&found, &Default::default()).map(|()| None)
}

/// A small ext4 in a file, mounted through a loop device: (mount point, device), or why not.
fn ext4(place: &mut Place, name: &str) -> Result<Result<(PathBuf, String), String>, String> {
    let at = place.path(name);
    // Beside the inbox, never in it.
    let image = place.path(&format!("{}.img", name.replace('/', "-")));
    let file = fs::File::create(&image).map_err(|e| e.to_string())?;
    file.set_len(16 << 20).map_err(|e| e.to_string())?;
    let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image).output();
    match made {
        Ok(output) if output.status.success() => {}
        Ok(output) => return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned())),
        Err(e) => return Ok(Err(format!("mkfs.ext4: {e}"))),
    }
    let source = image.to_string_lossy().into_owned();
    if let Some(reason) = place.mount(&["-o", "loop", &source], &at)? {
        return Ok(Err(reason));
    }
    let mounts = fs::read_to_string("/proc/mounts").map_err(|e| e.to_string())?;
    let here = at.to_string_lossy().into_owned();
    let line = mounts.lines().find(|l| l.split(' ').nth(1) == Some(&here));
    let device = line.and_then(|l| l.split(' ').next()).unwrap_or_default().to_owned();
    Ok(Ok((at, device)))
}

fn tool(program: &str, args: &[&str]) -> Result<(), String> {
    let status = Command::new(program).args(args).output().map_err(|e| format!("{program}: {e}"))?.status;
    status.success().then_some(()).ok_or(format!("{program} {args:?}: {status}"))
}

pub fn refused(place: &mut Place) -> Outcome {
    let (disk, device) = match ext4(place, "disk")? {
        Ok(made) => made,
        Err(reason) => return Ok(Some(reason)),
    };
    place.out = disk.join("events.jsonl");
    let mut child = place.watch(&["--commit-bytes", "3000"])?;
    place.put_many(100)?;
    place.until_told(&mut child)?;
    if let Err(reason) = tool("blockdev", &["--setro", &device]) {
        return Ok(Some(reason));
    }
    place.put_many(100)?;
    let status = child.ends()?;
    let said = child.said();
    let clear = said.contains("is read again by the next run");
    drop(child);
    tool("blockdev", &["--setrw", &device])?;
    if status.success() || !clear {
        return Err(format!("it went on, or did not say why it ended: {status} {said}"));
    }
    place.unmount(&disk)?;
    let image = place.path("disk.img").to_string_lossy().into_owned();
    let mounted = place.mount(&["-o", "loop", &image], &disk)?;
    if let Some(reason) = mounted {
        return Err(format!("it could not be mounted again: {reason}"));
    }
    place.ends_well(&[]).map(|()| None)
}

pub fn inodes_reused(place: &mut Place) -> Outcome {
    let disk = match ext4(place, "inbox")? {
        Ok((disk, _)) => disk,
        Err(reason) => return Ok(Some(reason)),
    };
    let mut child = place.watch(&[])?;
    let (mut inodes, mut reused) = (std::collections::HashSet::new(), 0);
    for n in 0..40 {
        // As a document, then as a followed file, then as a document again.
        let path = disk.join(if n % 3 == 1 { format!("{n}.jsonl") } else { format!("{n}.json") });
        place.put_at(&path)?;
        let inode = path.metadata().map_err(|e| e.to_string())?.ino();
        reused += usize::from(!inodes.insert(inode));
        place.until_told(&mut child)?;
        fs::remove_file(&path).map_err(|e| e.to_string())?;
    }
    child.stop()?;
    if reused == 0 {
        return Ok(Some("this ext4 does not use inodes again".into()));
    }
    place.judge().map(|()| None)
}

pub fn mount_vanishes(place: &mut Place) -> Outcome {
    let at = place.inbox("share");
    let (disk, _) = match ext4(place, "inbox/share")? {
        Ok(made) => made,
        Err(reason) => return Ok(Some(reason)),
    };
    let mut child = place.watch(&[])?;
    for n in 0..20 {
        place.put_at(&disk.join(format!("{n}.json")))?;
    }
    place.until_told(&mut child)?;
    place.unmount(&at)?;
    place.put_many(10)?;
    place.until_told(&mut child)?;
    let image = place.path("inbox-share.img").to_string_lossy().into_owned();
    if let Some(reason) = place.mount(&["-o", "loop", &image], &at)? {
        return Err(format!("it could not be mounted again: {reason}"));
    }
    place.put_at(&at.join("after.json"))?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge()?;
    // And once more after a restart.
    place.ends_well(&[]).map(|()| None)
}
