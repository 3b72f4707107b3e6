//! `export`: records in the forms of others.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use chancery::export::{Form, parquet, sqlite};
use chancery::feed::Feed;
use chancery::record::types::EventRecord;

use crate::cli::{Common, ExportArgs};
use crate::exit::{Exit, Failure, Outcome};

/// Records written into a database or a part at a time.
const BATCH: usize = 5_000;
/// Records held for a directory of parts; then a part is written for each day among them.
const PART: usize = 200_000;
/// Lines told one by one when they are no records.
const TOLD: u64 = 5;

/// Runs the command.
pub fn run(common: &Common, args: &ExportArgs) -> Outcome {
    let mut lines = Lines::default();
    let stdout = args.out == Path::new("-");
    match args.to.as_str() {
        "sqlite" | "parquet" if stdout => {
            let hint = format!("hint: -o events.{}", args.to);
            return Err(Failure::new(Exit::Usage, format!("--to {} needs a file\n  {hint}", args.to)));
        }
        "sqlite" => into_sqlite(args, &mut lines)?,
        "parquet" => into_parquet(args, &mut lines)?,
        name => {
            let mut out: Box<dyn Write> = match stdout {
                true => Box::new(BufWriter::new(std::io::stdout().lock())),
                false => {
                    Box::new(BufWriter::new(File::create(&args.out).map_err(|e| refused(&args.out, e))?))
                }
            };
            into_form(args, form(name), &mut out, &mut lines)?;
            out.flush()?;
        }
    }
    if !common.quiet {
        lines.tell(&args.to);
    }
    Ok(Exit::Fine)
}

fn form(name: &str) -> Option<Form> {
    Some(match name {
        "csv" => Form::csv(),
        "gdelt2" => Form::gdelt2(),
        "polecat" => Form::polecat(),
        "icews" => Form::icews(),
        "geojson" => Form::geojson(),
        "cloudevents" => Form::cloudevents(),
        _ => return None,
    })
}

fn refused(path: &Path, e: impl std::fmt::Display) -> Failure {
    let hint = "hint: check the directory and its permissions";
    Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
}

/// What was read, and what of it was no record.
#[derive(Default)]
struct Lines {
    records: u64,
    articles: u64,
    bad: u64,
    left_out: u64,
}

impl Lines {
    /// Calls `each` for every event record of the inputs, with its line.
    fn each(
        &mut self,
        inputs: &[PathBuf],
        mut each: impl FnMut(EventRecord, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for input in inputs {
            let name = input.display().to_string();
            if input == Path::new("-") {
                let stdin = BufReader::new(std::io::stdin().lock());
                for (n, line) in stdin.split(b'\n').enumerate() {
                    self.one(&name, n as u64 + 1, &line?, &mut each)?;
                }
                continue;
            }
            let mut feed = Feed::new(std::slice::from_ref(input), None);
            let unreadable = |e: std::io::Error| {
                Failure::new(Exit::Unreadable, format!("cannot read {name}: {e}\n  hint: check the path"))
            };
            let (mut n, mut any) = (0, false);
            while let Some(chunk) = feed.next_chunk().map_err(unreadable)? {
                any = true;
                for (_, line) in chunk.lines() {
                    n += 1;
                    self.one(&name, n, line, &mut each)?;
                }
            }
            if !any {
                let why = if input.exists() { "it holds no whole line" } else { "there is no such file" };
                if input.metadata().map_or(true, |m| m.len() > 0) {
                    let hint = "hint: name the file that scan or watch wrote";
                    return Err(Failure::new(
                        Exit::Unreadable,
                        format!("cannot read {name}: {why}\n  {hint}"),
                    ));
                }
            }
        }
        Ok(())
    }

    fn one(
        &mut self,
        name: &str,
        number: u64,
        line: &[u8],
        each: &mut impl FnMut(EventRecord, &str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        if line.iter().all(u8::is_ascii_whitespace) {
            return Ok(());
        }
        if line.starts_with(b"{\"schema\":\"article/") {
            self.articles += 1;
            return Ok(());
        }
        let text = std::str::from_utf8(line).map_err(|e| e.to_string());
        match text.and_then(|t| Ok((serde_json::from_str(t).map_err(|e| e.to_string())?, t))) {
            Ok((record, text)) => {
                self.records += 1;
                each(record, text)
            }
            Err(why) => {
                self.bad += 1;
                if self.bad <= TOLD {
                    anstream::eprintln!("passed over: {name}:{number} is no event record: {why}");
                }
                Ok(())
            }
        }
    }

    fn tell(&self, to: &str) {
        anstream::eprintln!("{} records as {to}", self.records - self.left_out);
        let line = |n: u64, what: &str| {
            if n > 0 {
                anstream::eprintln!("  {n} {what}");
            }
        };
        line(
            self.left_out,
            "left out: the form cannot say that an act was denied or supposed, or has no code for it",
        );
        line(self.articles, "article records passed over");
        line(self.bad, "lines passed over that are no records");
    }
}

fn into_form(
    args: &ExportArgs,
    mut form: Option<Form>,
    out: &mut dyn Write,
    lines: &mut Lines,
) -> Result<(), Failure> {
    let mut part = form.as_ref().map(Form::head).unwrap_or_default();
    lines.each(&args.events, |record, line| {
        match &mut form {
            Some(form) => form.write(&record, &mut part),
            None => {
                part.extend_from_slice(line.as_bytes());
                part.push(b'\n');
            }
        }
        if part.len() > 1 << 16 {
            out.write_all(&part)?;
            part.clear();
        }
        Ok(())
    })?;
    part.extend(form.as_ref().map(Form::tail).unwrap_or_default());
    out.write_all(&part)?;
    lines.left_out = form.map_or(0, |f| f.left_out);
    Ok(())
}

fn into_sqlite(args: &ExportArgs, lines: &mut Lines) -> Result<(), Failure> {
    let wrong = |e: rusqlite::Error| refused(&args.out, e);
    if is_foreign(&args.out)? {
        return Err(refused(&args.out, "it exists, and is no SQLite database"));
    }
    let mut database = sqlite::Database::open(&args.out).map_err(wrong)?;
    let mut batch = Vec::new();
    lines.each(&args.events, |record, line| {
        batch.push((record, line.to_string()));
        if batch.len() == BATCH {
            database.write(&batch, None).map_err(wrong)?;
            batch.clear();
        }
        Ok(())
    })?;
    database.write(&batch, None).map_err(wrong)?;
    database.finish().map_err(wrong)
}

/// Whether a file is there that is no database.
fn is_foreign(path: &Path) -> Result<bool, Failure> {
    let Ok(file) = File::open(path) else { return Ok(false) };
    let mut start = Vec::new();
    file.take(16).read_to_end(&mut start).map_err(|e| refused(path, e))?;
    Ok(!start.is_empty() && start != b"SQLite format 3\0")
}

fn into_parquet(args: &ExportArgs, lines: &mut Lines) -> Result<(), Failure> {
    let single = args.out.extension().is_some_and(|e| e == "parquet");
    let mut held = Vec::new();
    let mut part = 0;
    lines.each(&args.events, |record, line| {
        held.push((record, line.to_string()));
        if !single && held.len() == PART {
            let name = format!("part-{part:05}");
            parquet::write_days(&args.out, &name, std::mem::take(&mut held))
                .map_err(|e| refused(&args.out, e))?;
            part += 1;
        }
        Ok(())
    })?;
    if single {
        parquet::write_file(&args.out, &held).map_err(|e| refused(&args.out, e))?;
    } else {
        let name = format!("part-{part:05}");
        parquet::write_days(&args.out, &name, held).map_err(|e| refused(&args.out, e))?;
    }
    Ok(())
}
