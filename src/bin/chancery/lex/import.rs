//! `lex import`: other people's lists become an actor table.

use chancery::curate::import::{Form, import};
use chancery::lexicon::Severity;

use crate::cli::Common;
use crate::cli_lex::ImportArgs;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Writes the table; tells on stderr what was left out. Exit 1 when anything was.
pub fn run(common: &Common, args: &ImportArgs) -> Outcome {
    let bytes = std::fs::read(&args.file).map_err(|e| {
        let hint = "hint: check the path and its permissions";
        Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  {hint}", args.file.display()))
    })?;
    let name = args.file.display().to_string();
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(e) => {
            anstream::eprintln!("warning: {name} is not UTF-8; read as Windows-1252 (Latin-1)");
            encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned()
        }
    };
    let form = args.form.as_deref().and_then(Form::parse).or_else(|| Form::of(&text)).ok_or_else(|| {
        let hint = "hint: say what it is with --form patterns, wikidata or petrarch";
        Failure::new(Exit::Usage, format!("{name} looks like no list that is understood\n  {hint}"))
    })?;
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    let done = import(form, &name, &text, &lexicon);
    done.problems.iter().for_each(|p| anstream::eprintln!("{p}\n"));
    let source = args.source.clone().unwrap_or_else(|| {
        args.file.file_name().map_or_else(|| name.clone(), |n| n.to_string_lossy().into_owned())
    });
    let table = done.table(&args.licence, &source);
    match &args.out {
        None => print!("{table}"),
        Some(path) if path.exists() => {
            let hint = "hint: name another file; nothing is written over";
            return Err(Failure::new(Exit::Output, format!("{} exists already\n  {hint}", path.display())));
        }
        Some(path) => std::fs::write(path, table).map_err(|e| {
            let hint = "hint: check the directory, permissions and free space";
            Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
        })?,
    }
    let errors = done.problems.iter().filter(|p| p.severity == Severity::Error).count();
    anstream::eprintln!(
        "{} entries taken over as {} rows, {} left out, {errors} errors, {} doubts",
        done.taken,
        done.rows.len(),
        done.left,
        done.problems.len() - errors
    );
    Ok(if done.problems.is_empty() { Exit::Fine } else { Exit::Findings })
}
