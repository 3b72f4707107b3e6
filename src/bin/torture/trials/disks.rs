//! Small file systems of our own that fill up, refuse, vanish.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

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
    stays_full(place, &mut child)?;
    fs::remove_file(ballast).map_err(|e| e.to_string())?;
    child.says("there is room again")?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

/// The disk stays full while more comes: it waits, says so once, and hardly works.
fn stays_full(place: &mut Place, child: &mut Child) -> Result<(), String> {
    let (before, full_for) = (child.processor()?, Duration::from_secs_f64(place.extent.full_for));
    std::thread::sleep(full_for);
    place.put_many(50)?;
    if let Some(status) = child.process.try_wait().map_err(|e| e.to_string())? {
        return Err(format!("it did not wait for room: {status} {}", child.said()));
    }
    let (spent, said) = (child.processor()? - before, child.said().matches("the disk is full").count());
    if said != 1 || child.said().contains("there is room again") {
        return Err(format!("it spoke {said} times of the full disk: {}", child.said()));
    }
    if full_for > Duration::from_secs(10) && spent > full_for / 20 {
        return Err(format!("waiting for {full_for:?} it worked for {spent:?}"));
    }
    Ok(())
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
                fs::copy(entry.path(), &to)
                    .and_then(|_| fs::remove_file(entry.path()))
                    .map_err(|e| e.to_string())?;
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

/// A small ext4 in a file, mounted through a loop device, or why not. The image of `a/b` is `a/b.img`, that of a
/// mount point in the inbox lies beside the inbox.
fn ext4(place: &mut Place, name: &str) -> Result<Result<PathBuf, String>, String> {
    let at = place.path(name);
    let image = place.path(&format!("{}.img", name.replace("inbox/", "inbox-")));
    let file = fs::File::create(&image).map_err(|e| e.to_string())?;
    file.set_len(16 << 20).map_err(|e| e.to_string())?;
    let made = Command::new("mkfs.ext4").args(["-q", "-F"]).arg(&image).output();
    match made {
        Ok(output) if output.status.success() => {}
        Ok(output) => return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned())),
        Err(e) => return Ok(Err(format!("mkfs.ext4: {e}"))),
    }
    let source = image.to_string_lossy().into_owned();
    Ok(place.mount_image(&source, &at)?.map_or(Ok(at), Err))
}

/// The image of the device lies on a file system that has no room for it: then the device fails.
pub fn refused(place: &mut Place) -> Outcome {
    let under = place.path("under");
    if let Some(reason) = place.mount(&["-t", "tmpfs", "-o", "size=12m", "none"], &under)? {
        return Ok(Some(reason));
    }
    let disk = match ext4(place, "under/disk")? {
        Ok(disk) => disk,
        Err(reason) => return Ok(Some(reason)),
    };
    place.out = disk.join("events.jsonl");
    let mut child = place.watch(&["--commit-bytes", "3000"])?;
    place.put_many(100)?;
    place.until_told(&mut child)?;
    // All that is left under the device is taken.
    let ballast = under.join("ballast");
    let mut file = fs::File::create(&ballast).map_err(|e| e.to_string())?;
    while std::io::Write::write_all(&mut file, &[0; 4096]).is_ok() {}
    // Held open it would keep its room after it is removed.
    drop(file);
    let begin = std::time::Instant::now();
    while child.process.try_wait().map_err(|e| e.to_string())?.is_none() {
        if begin.elapsed() > std::time::Duration::from_secs(60) {
            return Ok(Some("the device did not fail".into()));
        }
        place.put_many(20)?;
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let (status, said) = (child.ends()?, child.said());
    drop(child);
    if status.success() || !said.contains("is read again by the next run") {
        return Err(format!("it did not say why it ended: {status} {said}"));
    }
    fs::remove_file(&ballast).map_err(|e| e.to_string())?;
    place.unmount(&disk)?;
    let image = place.path("under/disk.img").to_string_lossy().into_owned();
    if let Some(reason) = place.mount_image(&image, &disk)? {
        return Err(format!("it could not be mounted again: {reason}"));
    }
    place.ends_well(&[]).map(|()| None)
}

/// The kernel finds an error in the file system under the output, with our files open, and allows no more writes.
pub fn read_only(place: &mut Place) -> Outcome {
    let disk = match ext4(place, "disk")? {
        Ok(disk) => disk,
        Err(reason) => return Ok(Some(reason)),
    };
    let strict = ["-o", "remount,errors=remount-ro"].map(str::to_owned);
    let text = |output: std::process::Output| String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let run = |program: &str, args: &[String]| {
        let output = Command::new(program).args(args).arg(&disk).output();
        output.map_err(|e| format!("{program}: {e}"))
    };
    run("mount", &strict)?;
    let device = text(run("findmnt", &["-no".to_owned(), "SOURCE".to_owned()])?);
    let device = device.rsplit('/').next().unwrap_or_default().to_owned();
    place.out = disk.join("events.jsonl");
    let mut child = place.watch(&["--commit-bytes", "3000", "--rotate", "20000"])?;
    place.put_many(100)?;
    place.until_told(&mut child)?;
    place.put_many(100)?;
    let error = format!("/sys/fs/ext4/{device}/trigger_fs_error");
    if let Err(e) = fs::write(&error, "a trial of a file system that fails") {
        return Ok(Some(format!("{error}: {e}")));
    }
    place.put_many(50)?;
    let (status, said) = (child.ends()?, child.said());
    drop(child);
    // The first to meet it is a write (read-only), a sync (the journal is aborted) or a change of names (either).
    let why = ["Read-only file system", "sync failed", "Input/output error"];
    if status.success() || !why.iter().any(|why| said.contains(why)) || !said.contains("hint:") {
        return Err(format!("it did not say why it ended: {status} {said}"));
    }
    place.unmount(&disk)?;
    let image = place.path("disk.img");
    // Its exit code says that errors were mended; what cannot be mended the mount tells.
    let _ = Command::new("fsck.ext4").arg("-p").arg(&image).output();
    if let Some(reason) = place.mount_image(&image.to_string_lossy(), &disk)? {
        return Err(format!("it could not be mounted again: {reason}"));
    }
    place.ends_well(&[]).map(|()| None)
}

pub fn inodes_reused(place: &mut Place) -> Outcome {
    let disk = match ext4(place, "inbox")? {
        Ok(disk) => disk,
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
    let disk = match ext4(place, "inbox/share")? {
        Ok(disk) => disk,
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
    if let Some(reason) = place.mount_image(&image, &at)? {
        return Err(format!("it could not be mounted again: {reason}"));
    }
    place.put_at(&at.join("after.json"))?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge()?;
    // And once more after a restart.
    place.ends_well(&[]).map(|()| None)
}
