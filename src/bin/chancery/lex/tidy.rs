//! `lex fmt`: actor tables in their usual form and order.

use std::path::{Path, PathBuf};

use chancery::config;
use chancery::curate::form;
use chancery::lexicon::File;

use crate::cli::Common;
use crate::cli_lex::FmtArgs;
use crate::exit::{Exit, Failure, Outcome};

/// Rewrites what is not in its usual form; with --check only tells. Exit 1 for findings, 4 for tables that are not
/// understood, which are left as they are.
pub fn run(common: &Common, args: &FmtArgs) -> Outcome {
    let mut tables = Vec::new();
    args.paths.iter().try_for_each(|p| collect(p, &mut tables))?;
    if tables.is_empty() {
        let hint = "hint: give a .tsv file or a lexicon directory";
        return Err(Failure::new(Exit::Usage, format!("no actor table to put into form\n  {hint}")));
    }
    let built_in = config::lexicon_files(&[])?;
    let (mut changed, mut broken) = (0, 0);
    for path in &tables {
        let text = super::text_of(path, "check the path; tables are UTF-8")?;
        match form::tidy(&path.display().to_string(), &text, head(path, &built_in)) {
            Ok(usual) if usual == text => {}
            Ok(usual) => {
                changed += 1;
                println!("{}{}", path.display(), if args.check { " is not in its usual form" } else { "" });
                if !args.check {
                    replace(path, &usual)?;
                }
            }
            Err(problems) => {
                broken += 1;
                problems.iter().for_each(|p| anstream::eprintln!("{p}\n"));
            }
        }
    }
    if !common.quiet {
        let done = if args.check { "not in their usual form" } else { "put into form" };
        anstream::eprintln!("{} tables: {changed} {done}, {broken} not understood", tables.len());
    }
    Ok(match (broken, changed) {
        (0, n) if n > 0 && args.check => Exit::Findings,
        (0, _) => Exit::Fine,
        _ => Exit::BadConfig,
    })
}

/// The tables below a path.
fn collect(path: &Path, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if path.is_file() {
        out.push(path.to_path_buf());
        return Ok(());
    }
    let list =
        std::fs::read_dir(path).and_then(|d| d.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>());
    let mut list = list.map_err(|e| {
        let hint = "hint: check the path and its permissions";
        Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  {hint}", path.display()))
    })?;
    list.sort();
    for p in list {
        if p.is_dir() {
            collect(&p, out)?;
        } else if p.extension().is_some_and(|e| e == "tsv") {
            out.push(p);
        }
    }
    Ok(())
}

/// The built-in table of the same name, whose comments a table takes that has lost its own.
fn head<'f>(path: &Path, built_in: &'f [File]) -> Option<&'f str> {
    let name = path.file_name()?.to_string_lossy();
    built_in.iter().find(|f| f.0.strip_prefix("actors/") == Some(&*name)).map(|f| f.1.as_str())
}

/// Writes beside and renames over, so that a crash leaves the one or the other.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let beside = path.with_extension("tsv.new");
    std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, path)).map_err(|e| {
        let hint = "hint: check permissions and free space";
        Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
    })
}
