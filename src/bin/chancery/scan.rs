//! `scan`: one pass over files and directories.

use std::io::ErrorKind;
use std::path::Path;

use chancery::flow::{Job, Output};
use chancery::source::Until;

use crate::cli::{Common, ScanArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::reload::Shelf;
use crate::{output, run, setup};

/// Runs the command. A file named by --out is written anew: a scan remembers nothing.
pub fn run(common: &Common, args: &ScanArgs) -> Outcome {
    let stdin = Path::new("-");
    args.paths.iter().filter(|p| *p != stdin).try_for_each(|path| there(path))?;
    let config = setup::config(common)?;
    let lanes = output::lanes(&args.emit, &config)?;
    let output = output::open(&args.out, args.dead.as_deref(), &lanes, &config)?;
    let reader = setup::reader(common, &config)?;
    let mut flow = run::reading(Shelf::new(reader), lanes, &config);
    match &output {
        Output::Files(places) => {
            places.own().iter().try_for_each(|file| output::empty(file, &args.paths))?;
        }
        Output::Stdout(_) => {
            let silent = common.quiet || common.log_format == "json";
            flow.tuning.lost = Some(output::letters(args.dead.as_deref(), &args.paths, silent)?);
        }
    }
    let mut source = run::source_options(&config);
    source.own.extend(args.dead.clone());
    let job = Job { paths: args.paths.clone(), source, until: Until::Scanned, output, ledger: None };
    run::run(common, job, flow, &run::Manner { strict: args.strict, bar: true, ready: None, reload: None })
}

/// A path that is not there is a slip of the pen; one that may not be read is an input like any other.
pub fn there(path: &Path) -> Result<(), Failure> {
    match std::fs::metadata(path) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let hint = "hint: check the path; - reads stdin";
            Err(Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  {hint}", path.display())))
        }
        _ => Ok(()),
    }
}
