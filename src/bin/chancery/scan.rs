//! `scan`: one pass over files and directories.

use std::path::Path;

use chancery::flow::{Job, Output};
use chancery::source::Until;

use crate::cli::{Common, ScanArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::{run, setup};

/// Runs the command. A file named by --out is written anew: a scan remembers nothing.
pub fn run(common: &Common, args: &ScanArgs) -> Outcome {
    for path in args.paths.iter().filter(|p| *p != Path::new("-")) {
        std::fs::metadata(path).map_err(|e| {
            let hint = "hint: check the path and its permissions; - reads stdin";
            Failure::new(Exit::Unreadable, format!("cannot read {}: {e}\n  {hint}", path.display()))
        })?;
    }
    let config = setup::config(common)?;
    let lanes = run::emit(&args.emit, &config);
    let output = run::output(&args.out, args.dead.as_deref(), &lanes, &config)?;
    if let Output::Files(places) = &output {
        for file in places.own() {
            fresh(&file)?;
        }
    }
    let job = Job {
        paths: args.paths.clone(),
        source: run::source_options(&config),
        until: Until::Scanned,
        output,
        ledger: None,
    };
    let reader = setup::reader(common, &config)?;
    run::run(common, job, run::reading(reader, lanes, &config), args.strict, true)
}

/// Removes what an earlier scan wrote; refuses what is no file, and a directory that is not there.
fn fresh(file: &Path) -> Result<(), Failure> {
    let dir = file.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !dir.is_dir() {
        let message = format!("cannot write {}: there is no directory {}", file.display(), dir.display());
        return Err(Failure::new(
            Exit::Output,
            format!("{message}\n  hint: create it (mkdir -p), or give another --out"),
        ));
    }
    match std::fs::remove_file(file) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => {
            let hint = "hint: check the directory and its permissions, or give another --out";
            Err(Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", file.display())))
        }
    }
}
