//! `ledger`: what was read, why a file was not, and reading again.

mod again;
mod args;
mod book;
mod tell;
mod verify;
mod why;

pub use args::LedgerArgs;
use args::Verb;
use book::Book;

use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};

/// Runs the command.
pub fn run(common: &Common, args: &LedgerArgs) -> Outcome {
    let path = args.path();
    if !path.exists() {
        let hint =
            "hint: chancery watch DIR --out FILE keeps one as FILE.ledger; name it with --out or --ledger";
        return Err(Failure::new(Exit::Usage, format!("{}: no ledger there\n  {hint}", path.display())));
    }
    match &args.verb {
        Verb::Ls { fate, paths, json } => tell::list(&Book::open(&path)?, fate.as_deref(), paths, *json),
        Verb::Show { paths } => tell::show(&Book::open(&path)?, paths),
        Verb::Why { paths } => why::run(common, args, &Book::open(&path)?, paths),
        Verb::Forget { paths, dead, dry_run } => again::forget(args, paths, *dead, *dry_run),
        Verb::Replay { paths, to } => again::replay(common, &Book::open(&path)?, paths, to),
        Verb::Verify { inputs } => verify::run(args, *inputs),
    }
}

impl From<chancery::source::ledger::LedgerError> for Failure {
    fn from(error: chancery::source::ledger::LedgerError) -> Failure {
        Failure::new(Exit::Output, error)
    }
}
