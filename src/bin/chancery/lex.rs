//! `lex`: lint, test and show the lexicon.

use std::collections::BTreeSet;
use std::path::Path;

use chancery::lexicon::tests::{Expectation, LexTest};
use chancery::lexicon::{Lexicon, tests};
use chancery::model::Document;
use chancery::{explain, pipeline};

use crate::cli::{Common, LexCommand};
use crate::eval::article_of;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Runs the command.
pub fn run(common: &Common, command: &LexCommand) -> Outcome {
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    match command {
        LexCommand::Lint => {
            // Loading is the lint: a fault of any file has already been told.
            println!(
                "{} names, {} rules with {} triggers, {} topics, {} tests: no faults",
                lexicon.name_count(),
                lexicon.rules.rules.len(),
                lexicon.rules.trigger_count(),
                lexicon.topics.len(),
                lexicon.tests.len()
            );
            Ok(Exit::Fine)
        }
        LexCommand::Test { filter, known } => test(&lexicon, filter.as_deref(), known.as_deref()),
        LexCommand::Show { id } => show(&lexicon, id),
    }
}

/// Runs `.test` files and rule examples.
fn test(lexicon: &Lexicon, filter: Option<&str>, known: Option<&Path>) -> Outcome {
    let known = known.map(known_sentences).transpose()?.unwrap_or_default();
    let mut all: Vec<LexTest> = lexicon.tests.clone();
    all.extend(lexicon.example_tests());
    all.retain(|t| filter.is_none_or(|f| t.sentence.contains(f) || t.at.contains(f)));
    // A fixed day, so that a test does not change its mind overnight.
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25);
    let (mut failed, mut misread) = (0, 0);
    for t in &all {
        let doc = pipeline::read(article_of(t.at.to_string(), t.sentence.clone(), t.day.or(today)), lexicon);
        let broken: Vec<&Expectation> = t.expectations.iter().filter(|e| !tests::holds(e, &doc)).collect();
        if !broken.is_empty() && known.contains(&*t.sentence) {
            misread += 1;
        } else if !broken.is_empty() {
            failed += 1;
            report(t, &broken, &doc);
        }
    }
    println!("{} sentences, {failed} failed, {misread} known to be misread", all.len());
    Ok(if failed > 0 { Exit::Findings } else { Exit::Fine })
}

/// The sentences of a `--known` file; `#` begins a comment.
fn known_sentences(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| {
        let hint = "hint: one sentence a line, as in the .test files";
        Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  {hint}", path.display()))
    })?;
    Ok(text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(str::to_string).collect())
}

fn report(t: &LexTest, broken: &[&Expectation], doc: &Document) {
    println!("{}: {}", t.at, t.sentence);
    for e in broken {
        println!("  wanted  {e}");
    }
    for event in &doc.events {
        println!("  said    {}  by {}", explain::short(doc, event), event.claim.rule.id);
    }
    for near in &doc.near_misses {
        println!("  near    {}: {}", near.rule, near.why);
    }
}

fn show(lexicon: &Lexicon, id: &str) -> Outcome {
    let shown = lexicon.show(id).ok_or_else(|| {
        let hint = "hint: ids stand in the first column of actors/*.tsv and as id = in events/*.toml";
        Failure::new(Exit::Usage, format!("nothing in the lexicon is called \"{id}\"\n  {hint}"))
    })?;
    println!("{shown}");
    Ok(Exit::Fine)
}
