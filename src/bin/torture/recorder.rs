//! A disk that strikes at a chosen moment, and that knows what a power cut would take away.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chancery::source::disk::{Act, Disk, Op, Verdict};

use crate::dice::Dice;

/// What is to happen, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strike {
    /// The process dies.
    Crash,
    /// The power goes: what was not synced is lost in part, bytes and names.
    PowerCut,
    /// The same, and what is left of it is zeroes in part.
    PowerCutZeroes,
    /// No room for so many acts, then there is.
    Full(usize),
    /// Half the bytes are written, then there is no room for so many acts.
    FullHalfway(usize),
    /// A write fails.
    WriteError,
    /// Half the bytes are written, then it fails.
    ShortWrite,
    /// A sync fails, and what it was to keep is lost in part.
    SyncError,
    /// A rename or a sync of a directory fails.
    NameError,
    /// Every act takes its time.
    Slow,
}

/// On which files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// The ledger and its snapshots.
    Ledger,
    /// Outputs and dead letters.
    Outputs,
    /// Any file.
    Any,
}

#[derive(Clone, Copy, Debug)]
struct Length {
    len: u64,
    synced: u64,
}

/// A name that a power cut may take back.
#[derive(Debug)]
enum Name {
    Made(PathBuf),
    /// From, to, and what stood at the new name before.
    Renamed(PathBuf, PathBuf, Option<Vec<u8>>),
}

#[derive(Default)]
struct State {
    files: BTreeMap<PathBuf, Length>,
    names: Vec<Name>,
    acts: usize,
    dead: bool,
    struck: bool,
    full_left: usize,
}

/// The recording disk.
pub struct Recorder {
    state: Arc<Mutex<State>>,
    strike: Option<(Strike, On)>,
}

impl Recorder {
    /// Strikes at the first fitting act from the `at`-th on.
    pub fn new(strike: Option<(Strike, On, usize)>) -> (Recorder, Disk) {
        let state = Arc::new(Mutex::new(State::default()));
        let recorder = Recorder { state: state.clone(), strike: strike.map(|s| (s.0, s.1)) };
        let disk = Disk::judged(Arc::new(move |act: &Act| {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let verdict = state.judge(act, strike);
            match &verdict {
                Verdict::Go => state.record(act, act.len),
                Verdict::Short(bytes, _) => state.record(act, *bytes as u64),
                Verdict::Fail(_) => {}
            }
            verdict
        }));
        (recorder, disk)
    }

    /// Whether it struck.
    pub fn struck(&self) -> bool {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).struck
    }

    /// After the run: takes away what the strike would have taken.
    pub fn aftermath(&self, dice: &mut Dice) -> io::Result<()> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let zeroes = matches!(self.strike, Some((Strike::PowerCutZeroes, _)));
        match self.strike {
            Some((Strike::PowerCut | Strike::PowerCutZeroes, _)) if state.struck => {
                state.lose_bytes(dice, zeroes)?;
                state.lose_names(dice)
            }
            Some((Strike::SyncError, _)) if state.struck => state.lose_bytes(dice, false),
            _ => Ok(()),
        }
    }
}

fn is_on(path: &Path, on: On) -> bool {
    let ledger = path.to_string_lossy().contains(".ledger");
    match on {
        On::Ledger => ledger,
        On::Outputs => !ledger,
        On::Any => true,
    }
}

impl State {
    fn judge(&mut self, act: &Act, strike: Option<(Strike, On, usize)>) -> Verdict {
        self.acts += 1;
        if self.dead {
            return Verdict::Fail(io::Error::other("the process is dead"));
        }
        let Some((strike, on, at)) = strike else { return Verdict::Go };
        let full = || io::Error::from(ErrorKind::StorageFull);
        let makes_room_matter = matches!(act.op, Op::Write | Op::Open) && is_on(act.path, on);
        if self.full_left > 0 && makes_room_matter {
            self.full_left -= 1;
            return Verdict::Fail(full());
        }
        if strike == Strike::Slow {
            self.struck = true;
            std::thread::sleep(Duration::from_millis(3));
            return Verdict::Go;
        }
        let fits = match strike {
            Strike::Full(_) | Strike::FullHalfway(_) | Strike::WriteError | Strike::ShortWrite => {
                act.op == Op::Write
            }
            Strike::SyncError => act.op == Op::Sync,
            Strike::NameError => matches!(act.op, Op::Rename | Op::SyncDir),
            _ => true,
        };
        if self.struck || self.acts < at || !fits || !is_on(act.path, on) {
            return Verdict::Go;
        }
        self.struck = true;
        let half = act.len as usize / 2;
        match strike {
            Strike::Full(acts) => {
                self.full_left = acts;
                Verdict::Fail(full())
            }
            Strike::FullHalfway(acts) => {
                self.full_left = acts;
                Verdict::Short(half, full())
            }
            Strike::ShortWrite => Verdict::Short(half, io::Error::other("an input/output error")),
            Strike::WriteError | Strike::SyncError | Strike::NameError => {
                Verdict::Fail(io::Error::other("an input/output error"))
            }
            _ => {
                self.dead = true;
                if act.op == Op::Write && act.len.is_multiple_of(2) {
                    return Verdict::Short(half, io::Error::other("the process dies while it writes"));
                }
                Verdict::Fail(io::Error::other("the process dies"))
            }
        }
    }

    fn record(&mut self, act: &Act, bytes: u64) {
        let there = act.path.metadata().map(|m| m.len());
        match act.op {
            Op::Open => {
                if there.is_err() {
                    self.names.push(Name::Made(act.path.into()));
                }
                let len = there.unwrap_or(0);
                self.files.entry(act.path.into()).or_insert(Length { len, synced: len });
            }
            Op::Write => {
                if let Some(file) = self.files.get_mut(act.path) {
                    file.len += bytes;
                }
            }
            Op::Sync => {
                if let Some(file) = self.files.get_mut(act.path) {
                    file.synced = file.len;
                }
            }
            Op::Cut => {
                if let Some(file) = self.files.get_mut(act.path) {
                    (file.len, file.synced) = (act.len.min(file.len), file.synced.min(act.len));
                }
            }
            Op::Rename => {
                let before = fs::read(act.to).ok();
                self.names.push(Name::Renamed(act.path.into(), act.to.into(), before));
                if let Some(length) = self.files.remove(act.path) {
                    self.files.insert(act.to.into(), length);
                }
            }
            Op::Remove => {
                self.files.remove(act.path);
                self.names.retain(|n| !matches!(n, Name::Made(path) if path == act.path));
            }
            Op::SyncDir => self.names.clear(),
        }
    }

    /// Of what was not synced some bytes are lost, or are zeroes.
    fn lose_bytes(&self, dice: &mut Dice, zeroes: bool) -> io::Result<()> {
        for (path, length) in &self.files {
            let Ok(file) = OpenOptions::new().write(true).open(path) else { continue };
            let loose = length.len.saturating_sub(length.synced);
            let kept = length.synced + dice.below(loose as usize + 1) as u64;
            file.set_len(kept)?;
            if zeroes && kept > length.synced {
                use std::os::unix::fs::FileExt;
                let from = length.synced + dice.below((kept - length.synced) as usize) as u64;
                file.write_all_at(&vec![0; (kept - from) as usize], from)?;
            }
        }
        Ok(())
    }

    /// Of the names that were not synced the last ones are taken back.
    fn lose_names(&self, dice: &mut Dice) -> io::Result<()> {
        let kept = dice.below(self.names.len() + 1);
        for name in self.names[kept..].iter().rev() {
            match name {
                Name::Made(path) => drop(fs::remove_file(path)),
                Name::Renamed(from, to, before) => {
                    fs::rename(to, from)?;
                    if let Some(bytes) = before {
                        fs::write(to, bytes)?;
                    }
                }
            }
        }
        Ok(())
    }
}
