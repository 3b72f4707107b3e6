//! `lex add`: one actor into a lexicon directory of one's own.

use std::path::PathBuf;

use chancery::config;
use chancery::curate::cells::{Cells, id_of};
use chancery::curate::{form, lint, table};
use chancery::lexicon::File;
use chancery::lexicon::table::Col;
use chrono::{Months, Utc};

use crate::cli_lex::AddArgs;
use crate::exit::{Exit, Failure, Outcome};

/// Checks the row in its place before anything is written.
pub fn run(args: &AddArgs) -> Outcome {
    let row = row(args)?;
    let path = args.dir.join("actors").join(format!("{}.tsv", args.table));
    let inside = format!("actors/{}.tsv", args.table);
    let old = if path.exists() { Some(super::text_of(&path, "check its permissions")?) } else { None };
    let text = with_row(&inside, old.as_deref(), &row)?;
    let line = row.line(&Col::ALL);
    let mut mine: Vec<File> = if args.dir.is_dir() { config::lexicon_layer(&args.dir)? } else { Vec::new() };
    mine.retain(|f| f.0 != inside);
    mine.push((inside.clone(), text.clone()));
    mine.sort();
    let built_in = config::lexicon_files(&[])?;
    let mut found = lint::lint(&[&built_in, &mine], Utc::now().date_naive());
    found.retain(|p| p.file == inside && p.source.split('\t').next() == Some(row.get(Col::Id)));
    found.iter().for_each(|p| anstream::eprintln!("{p}\n"));
    if lint::has_errors(&found) {
        let hint = "hint: aliases take notes: --alias \"Orange [not: juice]\"";
        return Err(Failure::new(Exit::BadConfig, format!("the row was not written\n  {hint}")));
    }
    println!("{}", line.trim_end());
    if args.dry_run {
        return Ok(Exit::Fine);
    }
    write(&path, &text)?;
    let name = row.get(Col::Name);
    anstream::eprintln!("added to {}; see it at work:", path.display());
    anstream::eprintln!(
        "  chancery --lexicon {} explain -t \"{name} criticised France on Sunday.\"",
        args.dir.display()
    );
    Ok(Exit::Fine)
}

/// The row as it was typed.
fn row(args: &AddArgs) -> Result<Cells, Failure> {
    let bare = args.name.split('[').next().unwrap_or("").trim();
    let id = args.id.clone().unwrap_or_else(|| id_of(bare));
    if id.is_empty() {
        let hint = "hint: give one with --id";
        return Err(Failure::new(Exit::Usage, format!("no id can be made of \"{bare}\"\n  {hint}")));
    }
    let mut row = Cells::default();
    let cells = [
        (Col::Id, &id),
        (Col::Name, &args.name),
        (Col::Kind, &args.kind),
        (Col::Country, &args.country),
        (Col::Sector, &args.sector),
        (Col::Office, &args.office),
        (Col::From, &args.from),
        (Col::To, &args.to),
        (Col::ReviewBy, &args.review_by),
    ];
    cells.iter().for_each(|(col, text)| row.set(*col, text));
    args.alias.iter().for_each(|a| row.add_name(Col::Aliases, a));
    let open = !args.office.is_empty() && args.to.is_empty() && args.review_by.is_empty();
    if let Some(day) = Utc::now().date_naive().checked_add_months(Months::new(12)).filter(|_| open) {
        row.set(Col::ReviewBy, &day.format("%Y-%m").to_string());
    }
    Ok(row)
}

/// The table with the row in it, in its usual form.
fn with_row(file: &str, old: Option<&str>, row: &Cells) -> Result<String, Failure> {
    let text = match old {
        None => {
            let comments = ["# licence: our own".to_string(), "# source: our own".to_string()];
            table(&comments, &Col::ALL, std::slice::from_ref(row))
        }
        Some(old) => {
            let mut problems = Vec::new();
            let opened = chancery::lexicon::table::Table::open(file, old, &mut problems);
            // A table of fewer columns is widened: the row may need any of them.
            let Some(opened) = opened else { return Err(broken(&problems)) };
            let head: Vec<String> =
                old.lines().take_while(|l| l.starts_with('#')).map(str::to_string).collect();
            let mut rows: Vec<Cells> = opened.rows().map(|r| Cells::of(&r)).collect();
            rows.push(row.clone());
            table(&head, &Col::ALL, &rows)
        }
    };
    form::tidy(file, &text, None).map_err(|p| broken(&p))
}

fn broken(problems: &[chancery::lexicon::Problem]) -> Failure {
    let told: Vec<String> = problems.iter().map(|p| p.to_string()).collect();
    Failure::new(Exit::BadConfig, format!("the table cannot be added to\n{}", told.join("\n")))
}

fn write(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let done =
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text));
    done.map_err(|e| {
        let hint = "hint: check permissions and free space";
        Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
    })
}
