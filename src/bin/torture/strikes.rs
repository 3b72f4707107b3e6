//! What befalls the process and its disk in the random rounds, and what befalls its files between runs.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::FileExt;

use crate::recorder::{On, Strike};
use crate::world::{Planned, World};

/// Name and manner of a fault.
pub type Fault = (&'static str, &'static str);

/// Strikes of the disk under a run.
pub const STRIKES: &[Fault] = &[
    (
        "crash",
        "the process dies at a random act on its files, in a start, a commit, a rotation or a snapshot",
    ),
    ("power cut", "the same, and of bytes and names that were not synced a random part is lost"),
    ("power cut, zeroes", "the same, and the end of what is left is zeroes"),
    ("full disk", "a write finds no room, nor do the next ones; then there is"),
    ("full disk halfway", "half of a write is done, then there is no room for a while"),
    ("write error", "a write fails with an input/output error"),
    ("short write", "half of a write is done, then it fails"),
    ("sync error", "a sync fails, and a random part of what it was to keep is lost"),
    ("rename error", "a rename or the sync of a directory fails"),
    ("slow disk", "every act on outputs and ledger takes 3 ms longer"),
];

/// Damage between runs.
pub const DAMAGE: &[Fault] = &[
    ("ledger torn", "bytes are cut off the ledger's end"),
    ("ledger flipped", "a bit in the ledger's last 400 bytes is flipped"),
    ("ledger rolled back", "the ledger is replaced by an older copy of itself"),
    ("output tail garbage", "bytes are appended to the output behind its committed length"),
    ("outputs taken away", "finished segments are moved away by their reader"),
    ("leftovers", "a half-written snapshot and a half-written segment lie about"),
    ("rotation changed", "the next run rotates otherwise, or not at all"),
    ("notifications switched", "the next run polls, or no longer does"),
];

/// The fault's name of a strike.
pub fn name(strike: Strike) -> &'static str {
    let at = match strike {
        Strike::Crash => 0,
        Strike::PowerCut => 1,
        Strike::PowerCutZeroes => 2,
        Strike::Full(_) => 3,
        Strike::FullHalfway(_) => 4,
        Strike::WriteError => 5,
        Strike::ShortWrite => 6,
        Strike::SyncError => 7,
        Strike::NameError => 8,
        Strike::Slow => 9,
    };
    STRIKES[at].0
}

/// A strike for the next run; half of them fall early, into the recovery.
pub fn plan(world: &mut World) -> Planned {
    let dice = &mut world.dice;
    let strike = match dice.below(14) {
        0..=2 => Strike::Crash,
        3 | 4 => Strike::PowerCut,
        5 => Strike::PowerCutZeroes,
        6 => Strike::Full(1 + dice.below(12)),
        7 => Strike::FullHalfway(1 + dice.below(12)),
        8 => Strike::WriteError,
        9 => Strike::ShortWrite,
        10 | 11 => Strike::SyncError,
        12 => Strike::NameError,
        _ => Strike::Slow,
    };
    let on = [On::Any, On::Any, On::Ledger, On::Outputs][dice.below(4)];
    let reach = [4, 12, 60][dice.below(3)];
    (strike, on, 1 + dice.below(reach))
}

/// Something happens to our own files while nobody runs.
pub fn damage(world: &mut World) {
    let which = world.dice.below(DAMAGE.len());
    // What a reader has taken away cannot be cut back: then the ledger must keep its word.
    if which < 3 && !world.archive.is_empty() {
        return;
    }
    // Nothing of this may fail for good: a file that is not there is simply not damaged.
    let done: std::io::Result<bool> = match which {
        0 => torn(world),
        1 => flipped(world),
        2 => rolled_back(world),
        3 => garbage(world),
        4 => taken_away(world),
        5 => leftovers(world),
        6 => {
            let size = (!world.dice.one_in(3)).then(|| 300 + world.dice.below(4000) as u64);
            world.rotation = chancery::sink::Rotation { size, daily: world.dice.one_in(3) };
            Ok(true)
        }
        _ => {
            world.notify = !world.notify;
            Ok(true)
        }
    };
    if done.unwrap_or(false) {
        world.ledger_hurt |= which < 3;
        world.tell(DAMAGE[which].0, "");
    }
}

fn ledger(world: &World) -> std::path::PathBuf {
    world.path("events.jsonl.ledger")
}

fn torn(world: &mut World) -> std::io::Result<bool> {
    let len = ledger(world).metadata()?.len();
    if len <= 12 {
        return Ok(false);
    }
    let lost = 1 + world.dice.below((len as usize - 12).min(300)) as u64;
    OpenOptions::new().write(true).open(ledger(world))?.set_len(len - lost)?;
    Ok(true)
}

fn flipped(world: &mut World) -> std::io::Result<bool> {
    let file = OpenOptions::new().read(true).write(true).open(ledger(world))?;
    let len = file.metadata()?.len();
    if len <= 12 {
        return Ok(false);
    }
    let at = len - 1 - world.dice.below((len as usize - 12).min(400)) as u64;
    let mut byte = [0];
    file.read_exact_at(&mut byte, at)?;
    file.write_all_at(&[byte[0] ^ 1 << world.dice.below(8)], at)?;
    Ok(true)
}

/// Keeps a copy, or puts the kept one back.
fn rolled_back(world: &mut World) -> std::io::Result<bool> {
    let copy = world.path("older-ledger");
    if copy.exists() && copy.metadata()?.len() < ledger(world).metadata()?.len() {
        fs::rename(&copy, ledger(world))?;
        return Ok(true);
    }
    fs::copy(ledger(world), &copy)?;
    Ok(false)
}

fn garbage(world: &mut World) -> std::io::Result<bool> {
    // Of the file that is being written alone the ledger knows the length: a finished one is not looked at again.
    let rotated = !world.beside(|n| n.starts_with("events-")).is_empty();
    let written = |n: &str| n.ends_with(".inprogress") || (!rotated && n == "events.jsonl");
    let Some(path) = world.beside(written).pop() else {
        return Ok(false);
    };
    OpenOptions::new().append(true).open(path)?.write_all(b"{\"id\":\"half a line of somebody")?;
    Ok(true)
}

fn taken_away(world: &mut World) -> std::io::Result<bool> {
    let finished = world.beside(|n| n.starts_with("events-") && n.ends_with(".jsonl"));
    let Some((_last, rest)) = finished.split_last() else { return Ok(false) };
    fs::create_dir_all(world.path("archive"))?;
    for path in rest {
        let to =
            world.path("archive").join(format!("{}-{}", world.archive.len(), crate::world::file_name(path)));
        fs::rename(path, &to)?;
        world.archive.push(to);
    }
    Ok(!rest.is_empty())
}

fn leftovers(world: &mut World) -> std::io::Result<bool> {
    fs::write(world.path("events.jsonl.ledger.tmp"), b"CHLEDGER half a snapshot")?;
    if !world.beside(|n| n.ends_with(".inprogress")).is_empty() {
        fs::write(world.path("events-000900.jsonl.inprogress"), b"{\"id\":\"half\n")?;
    }
    Ok(true)
}
