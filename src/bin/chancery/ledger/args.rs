//! What can be typed behind `chancery ledger`.

use std::path::{Path, PathBuf};

use chancery::flow;
use clap::{Args, Subcommand};

/// `ledger`.
#[derive(Debug, Args)]
pub struct LedgerArgs {
    /// The output whose ledger it is.
    #[arg(
        short,
        long,
        global = true,
        default_value = "events.jsonl",
        env = "CHANCERY_OUT",
        value_name = "FILE"
    )]
    pub out: PathBuf,
    /// The ledger; default: `OUT.ledger`.
    #[arg(long, global = true, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    #[command(subcommand)]
    pub verb: Verb,
}

impl LedgerArgs {
    /// Where the ledger is.
    pub fn path(&self) -> PathBuf {
        self.ledger.clone().unwrap_or_else(|| flow::ledger_of(&self.out))
    }

    /// Where the dead letters are.
    pub fn dead(&self) -> PathBuf {
        beside(&self.out, ".dead.jsonl")
    }
}

/// `path` with more behind its name.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// What to do with it.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// List what was read: one line a file, with what became of it.
    Ls {
        /// Only files with this fate.
        #[arg(long, value_parser = ["read", "duplicate", "unchanged", "dead", "followed"])]
        fate: Option<String>,
        /// Only files at or below these paths.
        paths: Vec<PathBuf>,
        /// As JSON lines.
        #[arg(long)]
        json: bool,
    },
    /// Show all that the ledger says of files.
    Show {
        /// The files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Say why a file was read, or was not, and what would be done with it now.
    Why {
        /// The files.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Have files read again by the next watch; their records are then written again.
    Forget {
        /// The files, or directories with all below them.
        paths: Vec<PathBuf>,
        /// Files with a dead letter: after the settings, or the program, were mended.
        #[arg(long)]
        dead: bool,
        /// Only say which.
        #[arg(long)]
        dry_run: bool,
    },
    /// Read again what the ledger knows, in the order of then, to another place; the ledger stays as it is.
    Replay {
        /// Only files at or below these paths.
        paths: Vec<PathBuf>,
        /// Where to write records; `-` is stdout.
        #[arg(long, default_value = "-", value_name = "FILE")]
        to: PathBuf,
    },
    /// Check ledger and outputs: frames, lengths, whole lines, no record twice.
    Verify {
        /// Also that the inputs still hold what was read.
        #[arg(long)]
        inputs: bool,
    },
}
