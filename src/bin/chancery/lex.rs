//! `lex`: lint, test and show the lexicon.

use chancery::lexicon::tests::{Expectation, LexTest};
use chancery::lexicon::{Lexicon, tests};
use chancery::model::Document;
use chancery::{explain, pipeline};
use chrono::Utc;

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
        LexCommand::Test { filter } => test(&lexicon, filter.as_deref()),
        LexCommand::Show { id } => show(&lexicon, id),
    }
}

/// Runs `.test` files and rule examples.
fn test(lexicon: &Lexicon, filter: Option<&str>) -> Outcome {
    let mut all: Vec<LexTest> = lexicon.tests.clone();
    all.extend(lexicon.example_tests());
    all.retain(|t| filter.is_none_or(|f| t.sentence.contains(f) || t.at.contains(f)));
    let today = Utc::now().date_naive();
    let mut failed = 0;
    for t in &all {
        let doc =
            pipeline::read(article_of(t.at.to_string(), t.sentence.clone(), t.day.or(Some(today))), lexicon);
        let broken: Vec<&Expectation> = t.expectations.iter().filter(|e| !tests::holds(e, &doc)).collect();
        if !broken.is_empty() {
            failed += 1;
            report(t, &broken, &doc);
        }
    }
    println!("{} sentences, {failed} failed", all.len());
    Ok(if failed > 0 { Exit::Findings } else { Exit::Fine })
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
