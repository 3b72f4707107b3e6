//! `lex`: tools for the people who look after the word lists.

mod add;
mod change;
mod due;
mod impact;
mod import;
mod lint;
mod show;
mod strings;
mod test;
mod tidy;

use std::path::Path;

use chancery::config;
use chancery::lexicon::File;
use chrono::{NaiveDate, Utc};

use crate::cli::Common;
use crate::cli_lex::LexCommand;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Runs the command.
pub fn run(common: &Common, command: &LexCommand) -> Outcome {
    match command {
        LexCommand::Lint(args) => lint::run(common, args),
        LexCommand::Test(args) => test::run(common, args),
        LexCommand::Show { id } => show::run(common, id),
        LexCommand::Diff { before, after } => change::run(before, after),
        LexCommand::Impact(args) => impact::run(common, args),
        LexCommand::Due(args) => due::run(common, args),
        LexCommand::Fmt(args) => tidy::run(common, args),
        LexCommand::Import(args) => import::run(common, args),
        LexCommand::Add(args) => add::run(args),
        LexCommand::Strings(args) => strings::run(common, args),
    }
}

/// The layers of the lexicon: the built-in one, then each directory.
fn layers(common: &Common) -> Result<Vec<Vec<File>>, Failure> {
    let config = setup::config(common)?;
    let mut out = vec![config::lexicon_files(&[])?];
    for dir in setup::lexicon_dirs(common, &config) {
        out.push(config::lexicon_layer(&dir)?);
    }
    Ok(out)
}

/// The day asked for, or today.
fn day(asked: Option<NaiveDate>) -> NaiveDate {
    asked.unwrap_or_else(|| Utc::now().date_naive())
}

/// Text of a file that a command was given.
fn text_of(path: &Path, hint: &str) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| {
        Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  hint: {hint}", path.display()))
    })
}
