//! What people and programs do to files, one after the other and in any order.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::feed;
use crate::oracle::{POISON, REFUSED};
use crate::strikes::Fault;
use crate::world::{MOST, SETTLE, World};

type Done = std::io::Result<()>;

/// What is done to the world.
pub type Act = fn(&mut World) -> Done;

/// Every act: its name, what it does, and how.
pub const ACTS: &[(Fault, Act)] = &[
    (("written in place", "a document is written and closed"), put),
    (("temporary, then renamed", "written under a .tmp name, then renamed"), renamed_in),
    (("moved across directories", "a document is renamed into another directory"), moved),
    (("slow writer", "half is written, a pause longer than settle, the rest, then closed"), slow),
    (
        ("same size and mtime", "overwritten in place with as many other bytes, the mtime put back"),
        same_stamp,
    ),
    (("corrected article", "new content under a known name"), corrected),
    (("deleted", "a document is deleted, read or not"), deleted),
    (("inode reused", "deleted and another one created at once"), inode_reused),
    (("deleted while open", "a writer writes on in a file that was deleted under it"), deleted_while_open),
    (("hard link", "a second name for a document"), hard_link),
    (("symbolic links", "to a document, to nowhere, to the directory above"), links),
    (("touched", "mtime set to now, to 1970 or to 2200"), touched),
    (("same content again", "another file with bytes that were read before"), same_again),
    (("empty file", "0 bytes; some get their content later"), empty),
    (("same first 4 KiB", "ten documents that differ in their last bytes alone"), same_beginning),
    (("odd names", "not UTF-8, with a newline, 255 bytes"), odd_names),
    (("odd bytes", "BOM, CRLF, UTF-16, NUL, no newline at the end"), odd_bytes),
    (("special files", "a socket, a FIFO"), special),
    (("names to pass over", "hidden, .tmp, .part, ~"), passed_over),
    (("too large", "a document over the limit"), too_large),
    (("poison document", "its reading panics"), poison),
    (("refused document", "its reading refuses it"), refused),
    (("burst", "a hundred documents at once"), burst),
    (("directory tree", "a new tree with documents in it, or a tree renamed"), tree),
    (("directory recreated", "a directory is removed with all in it and made again"), recreated),
    (("lines appended", "whole lines to a followed file"), feed::append),
    (("half a line", "half a line, a pause, the rest"), feed::half),
    (("last line without end", "a whole line without its newline"), feed::without_end),
    (("rotated by rename", "the feed is renamed and begun anew"), feed::rotate),
    (("copytruncate", "the feed is copied and truncated"), feed::copytruncate),
    (("copytruncate, two kept", "the same by a tool that deletes the oldest copy first"), feed::logrotate),
    (("truncated and rewritten", "a feed that was read is written anew"), feed::rewrite),
    (("over-long line", "a line over the limit between two others"), feed::long_line),
];

/// A document by which to know that the scan at the start of a watch is over.
pub fn before_watching(world: &mut World) {
    // Without it the watch is merely judged less strictly.
    let _ = put(world);
}

/// One act by chance.
pub fn any(world: &mut World) {
    let ((name, _), act) = ACTS[world.dice.below(ACTS.len())];
    let done = act(world);
    // A file that is not there leaves nothing to do.
    world.tell(name, done.map_or_else(|e| format!("({e})"), |()| String::new()));
}

/// Fresh bytes for a document.
pub fn text(world: &mut World) -> Vec<u8> {
    world.serial += 1;
    let size = [0, 40, 700, 5000][world.dice.below(4)];
    format!("{{\"n\":{},\"text\":\"{}\"}}", world.serial, "x".repeat(size)).into_bytes()
}

fn new_path(world: &mut World) -> PathBuf {
    world.serial += 1;
    let dir = ["", "deep/", "deep/er/"][world.dice.below(3)];
    let path = world.inbox(&format!("{dir}{}.json", world.serial));
    // A tree may have been renamed away.
    let _ = fs::create_dir_all(path.parent().unwrap_or(Path::new(".")));
    path
}

fn any_doc(world: &mut World) -> std::io::Result<PathBuf> {
    let present = world.present();
    let nobody = || std::io::Error::other("no document");
    present.get(world.dice.below(present.len())).cloned().ok_or_else(nobody)
}

/// Notes that `bytes` stand at `path` from now on.
fn stands(world: &mut World, path: &Path, bytes: &[u8]) {
    if world.live {
        world.oracle.may(bytes);
    }
    world.docs.insert(path.to_path_buf(), bytes.to_vec());
}

fn write(world: &mut World, path: &Path, bytes: &[u8]) -> Done {
    stands(world, path, bytes);
    if world.live && path.exists() && !world.notify {
        // Found by scans alone, a file may be met between being emptied and being written.
        world.oracle.may(b"");
    }
    fs::write(path, bytes)
}

fn put(world: &mut World) -> Done {
    let (path, bytes) = (new_path(world), text(world));
    write(world, &path, &bytes)
}

fn renamed_in(world: &mut World) -> Done {
    let (path, bytes) = (new_path(world), text(world));
    let temporary = path.with_extension("tmp");
    fs::write(&temporary, &bytes)?;
    stands(world, &path, &bytes);
    fs::rename(temporary, path)
}

fn moved(world: &mut World) -> Done {
    let (from, to) = (any_doc(world)?, new_path(world));
    fs::rename(&from, &to)?;
    if let Some(bytes) = world.docs.remove(&from) {
        stands(world, &to, &bytes);
    }
    Ok(())
}

fn slow(world: &mut World) -> Done {
    let bytes = text(world);
    // In a directory that has just been made a watch may come too late to know of the writer.
    let path = world.inbox(&format!("slow-{}.json", world.serial));
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    stands(world, &path, &bytes);
    if world.live && !world.all_watched {
        // Nobody tells that it is still open: what stands still is read.
        world.oracle.may(first);
    }
    let mut file = File::create(&path)?;
    file.write_all(first)?;
    if world.live {
        std::thread::sleep(SETTLE * 3);
    }
    file.write_all(rest)
}

fn same_stamp(world: &mut World) -> Done {
    let path = any_doc(world)?;
    let mtime = path.metadata()?.modified()?;
    let mut bytes = world.docs[&path].clone();
    let Some(digit) = bytes.iter().rposition(|b| *b == b'x') else { return corrected(world) };
    world.serial += 1;
    bytes[digit] = b'a' + (world.serial % 23) as u8;
    let file = OpenOptions::new().write(true).open(&path)?;
    stands(world, &path, &bytes);
    (&file).write_all(&bytes)?;
    file.set_modified(mtime)
}

fn corrected(world: &mut World) -> Done {
    let (path, bytes) = (any_doc(world)?, text(world));
    write(world, &path, &bytes)
}

fn deleted(world: &mut World) -> Done {
    let path = any_doc(world)?;
    world.docs.remove(&path);
    fs::remove_file(path)
}

fn inode_reused(world: &mut World) -> Done {
    deleted(world)?;
    put(world)
}

fn deleted_while_open(world: &mut World) -> Done {
    let (path, bytes) = (new_path(world), text(world));
    if world.live {
        world.oracle.may(&bytes);
        world.oracle.may(&bytes[..bytes.len() / 2]);
    }
    let mut file = File::create(&path)?;
    file.write_all(&bytes[..bytes.len() / 2])?;
    fs::remove_file(&path)?;
    file.write_all(&bytes[bytes.len() / 2..])
}

fn hard_link(world: &mut World) -> Done {
    let (from, to) = (any_doc(world)?, new_path(world));
    fs::hard_link(&from, &to)?;
    // Two names of one file change together: from here on it is left as it is.
    world.linked(&from, &to);
    Ok(())
}

fn links(world: &mut World) -> Done {
    let (to, above) = (any_doc(world)?, world.inbox(""));
    for target in [to, world.inbox("nowhere"), above] {
        symlink(target, new_path(world))?;
    }
    Ok(())
}

fn touched(world: &mut World) -> Done {
    let path = any_doc(world)?;
    let time = match world.dice.below(3) {
        0 => SystemTime::now(),
        1 => SystemTime::UNIX_EPOCH,
        _ => SystemTime::UNIX_EPOCH + Duration::from_secs(7_258_118_400),
    };
    OpenOptions::new().write(true).open(path)?.set_modified(time)
}

fn same_again(world: &mut World) -> Done {
    let (from, path) = (any_doc(world)?, new_path(world));
    let bytes = world.docs[&from].clone();
    write(world, &path, &bytes)
}

fn empty(world: &mut World) -> Done {
    let path = new_path(world);
    fs::write(&path, b"")?;
    // An empty file gives records like any other here, once each time.
    fs::remove_file(&path)?;
    let bytes = text(world);
    let file = File::create(&path)?;
    if world.live {
        std::thread::sleep(SETTLE * 2);
        if !world.notify {
            world.oracle.may(b"");
        }
    }
    drop(file);
    write(world, &path, &bytes)
}

fn same_beginning(world: &mut World) -> Done {
    let beginning = "y".repeat(4096);
    for _ in 0..10 {
        let path = new_path(world);
        let bytes = format!("{{\"a\":\"{beginning}\",\"n\":{}}}", world.serial).into_bytes();
        write(world, &path, &bytes)?;
    }
    Ok(())
}

fn odd_names(world: &mut World) -> Done {
    world.serial += 1;
    let number = world.serial.to_string().into_bytes();
    let long = [&vec![b'n'; 255 - number.len()], number.as_slice()].concat();
    let names = [[b"\xff\xfe", number.as_slice()].concat(), [b"new\nline", number.as_slice()].concat(), long];
    for name in names {
        let path = world.inbox("").join(OsStr::from_bytes(&name));
        let bytes = text(world);
        write(world, &path, &bytes)?;
    }
    Ok(())
}

fn odd_bytes(world: &mut World) -> Done {
    world.serial += 1;
    let n = world.serial;
    let utf16: Vec<u8> = format!("\u{feff}wide {n}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let texts = [
        format!("\u{feff}marked {n}").into_bytes(),
        format!("one {n}\r\ntwo\r\n").into_bytes(),
        utf16,
        format!("nul \0 {n}").into_bytes(),
    ];
    for bytes in texts {
        let path = new_path(world);
        write(world, &path, &bytes)?;
    }
    Ok(())
}

fn special(world: &mut World) -> Done {
    let path = new_path(world);
    // A path too long for a socket is no socket.
    if let Ok(socket) = UnixListener::bind(path) {
        drop(socket);
    }
    let fifo = new_path(world);
    std::process::Command::new("mkfifo").arg(fifo).status().map(drop)
}

fn passed_over(world: &mut World) -> Done {
    for name in [".hidden", "a.tmp", "a.part", "a~"] {
        fs::write(world.inbox(name), format!("never {}", world.serial))?;
    }
    Ok(())
}

fn too_large(world: &mut World) -> Done {
    let path = new_path(world);
    fs::write(path, vec![b'z'; MOST as usize + 1])
}

fn poison(world: &mut World) -> Done {
    let path = new_path(world);
    let bytes = format!("{POISON} {}", world.serial).into_bytes();
    write(world, &path, &bytes)
}

fn refused(world: &mut World) -> Done {
    let path = new_path(world);
    let bytes = format!("{REFUSED} {}", world.serial).into_bytes();
    write(world, &path, &bytes)
}

fn burst(world: &mut World) -> Done {
    (0..100).try_for_each(|_| put(world))
}

fn tree(world: &mut World) -> Done {
    let (from, to) = (world.inbox("deep"), world.inbox(&format!("tree-{}", world.serial)));
    if world.dice.one_in(2) && from.exists() {
        fs::rename(&from, &to)?;
        for path in world.present() {
            if let Ok(rest) = path.strip_prefix(&from)
                && let Some(bytes) = world.docs.remove(&path)
            {
                world.docs.insert(to.join(rest), bytes);
            }
        }
        return Ok(());
    }
    fs::create_dir_all(to.join("a/b"))?;
    for name in ["1.json", "a/2.json", "a/b/3.json"] {
        let bytes = text(world);
        write(world, &to.join(name), &bytes)?;
    }
    Ok(())
}

fn recreated(world: &mut World) -> Done {
    let dir = world.inbox("deep");
    fs::remove_dir_all(&dir)?;
    world.docs.retain(|path, _| !path.starts_with(&dir));
    fs::create_dir_all(dir.join("er"))?;
    let bytes = text(world);
    write(world, &dir.join(format!("er/again-{}.json", world.serial)), &bytes)
}
