//! What happens to a followed file.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use crate::acts::text;
use crate::world::{SETTLE, World};

type Done = std::io::Result<()>;

fn path(world: &World) -> PathBuf {
    world.inbox("feed.jsonl")
}

fn open(world: &mut World) -> std::io::Result<File> {
    let mut file = OpenOptions::new().create(true).append(true).open(path(world))?;
    // The line before may still want its end.
    if std::mem::take(&mut world.open_line) {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// A line that nobody has read yet.
fn line(world: &mut World) -> Vec<u8> {
    let line = text(world);
    note(world, line.clone());
    line
}

fn note(world: &mut World, line: Vec<u8>) {
    if world.live {
        world.oracle.may_line(&line);
    }
    world.fresh.push(line);
}

/// Whole lines, some with CRLF, some after an empty one.
pub fn append(world: &mut World) -> Done {
    let mut file = open(world)?;
    for _ in 0..1 + world.dice.below(60) {
        let end = [b"\n".as_slice(), b"\r\n", b"\n\n"][world.dice.below(3)];
        let line = line(world);
        file.write_all(&[line.as_slice(), end].concat())?;
    }
    Ok(())
}

/// Half a line, a pause, the rest.
pub fn half(world: &mut World) -> Done {
    let mut file = open(world)?;
    let line = line(world);
    let (first, rest) = line.split_at(line.len() / 2);
    file.write_all(first)?;
    if world.live {
        std::thread::sleep(SETTLE * 3);
    }
    file.write_all(&[rest, b"\n"].concat())
}

/// A whole line without its newline.
pub fn without_end(world: &mut World) -> Done {
    let mut file = open(world)?;
    let line = line(world);
    world.open_line = true;
    file.write_all(&line)
}

/// The feed is renamed; the next line begins another.
pub fn rotate(world: &mut World) -> Done {
    world.feeds += 1;
    world.open_line = false;
    fs::rename(path(world), world.inbox(&format!("feed.jsonl.{}", world.feeds % 90 + 1)))
}

/// The feed is copied and emptied. What stands in it when its time comes stands in the copy too.
pub fn copytruncate(world: &mut World) -> Done {
    if world.live || !path(world).exists() {
        // While somebody reads, copy and original can be met side by side: done between runs alone.
        return Ok(());
    }
    world.feeds += 1;
    let to = world.inbox(&format!("feed.jsonl.{}", world.feeds % 90 + 1));
    fs::copy(path(world), to)?;
    world.open_line = false;
    OpenOptions::new().write(true).open(path(world))?.set_len(0)
}

/// A feed that was read to its end is written anew.
pub fn rewrite(world: &mut World) -> Done {
    if !world.fresh.is_empty() || world.live {
        return Ok(());
    }
    world.open_line = false;
    let line = line(world);
    fs::write(path(world), [line.as_slice(), b"\n"].concat())
}

/// A line over the limit between two others.
pub fn long_line(world: &mut World) -> Done {
    let mut file = open(world)?;
    world.serial += 1;
    let long = format!("{{\"n\":{},\"text\":\"{}\"}}", world.serial, "l".repeat(9 << 10)).into_bytes();
    note(world, long.clone());
    for line in [line(world), long, line(world)] {
        file.write_all(&[line.as_slice(), b"\n"].concat())?;
    }
    Ok(())
}

/// The same by a tool that keeps two copies: the older one is deleted, and its inode may be the new copy's.
pub fn logrotate(world: &mut World) -> Done {
    if world.live || !world.fresh.is_empty() || !path(world).exists() {
        return Ok(());
    }
    let (first, second) = (world.inbox("feed.jsonl.98"), world.inbox("feed.jsonl.99"));
    let _ = fs::remove_file(&second);
    let _ = fs::rename(&first, &second);
    fs::copy(path(world), &first)?;
    world.open_line = false;
    OpenOptions::new().write(true).open(path(world))?.set_len(0)
}
