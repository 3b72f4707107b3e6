//! `watch`: follows a directory, each record exactly once.

use std::path::Path;

use chancery::flow::{self, Job};
use chancery::source::Until;

use crate::cli::{Common, WatchArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::reload::Shelf;
use crate::{output, run, setup};

/// Runs the command until the user stops it, or with --once until all that is there was read.
pub fn run(common: &Common, args: &WatchArgs) -> Outcome {
    if !args.dir.is_dir() {
        let hint = "hint: create it (mkdir -p), or read single files with chancery scan";
        let message = format!("{} is not a directory\n  {hint}", args.dir.display());
        return Err(Failure::new(Exit::Usage, message));
    }
    let config = setup::config(common)?;
    let lanes = output::lanes(&args.emit, &config)?;
    let output = output::open(&args.out, None, &lanes, &config)?;
    let stdout = args.out == Path::new("-");
    let ledger = match &args.ledger {
        Some(path) => Some(path.clone()),
        None if stdout => None,
        None => Some(flow::ledger_of(&args.out)),
    };
    let job = Job {
        paths: vec![args.dir.clone()],
        source: run::source_options(&config),
        until: if args.once { Until::Present } else { Until::Stopped },
        output,
        ledger,
    };
    let shelf = Shelf::new(setup::reader(common, &config)?);
    let flow = run::reading(shelf.clone(), lanes, &config);
    let promise =
        if stdout { "at least once: stdout cannot be cut back" } else { "each record exactly once" };
    let end = if args.once { "until all that is there is read" } else { "Ctrl-C stops" };
    let ready = format!("watching {} -> {} ({promise}); {end}", args.dir.display(), args.out.display());
    let reload = Some((shelf, setup::lexicon_dirs(common, &config)));
    run::run(common, job, flow, &run::Manner { strict: args.strict, bar: false, ready: Some(ready), reload })
}
