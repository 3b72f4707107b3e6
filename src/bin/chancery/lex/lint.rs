//! `lex lint`: what somebody should look at, each with file, line, caret and code.

use std::collections::BTreeMap;
use std::io::Write;

use chancery::curate::lint;
use chancery::lexicon::{File, Lexicon, Problem, Severity};

use crate::cli::Common;
use crate::cli_lex::LintArgs;
use crate::exit::{Exit, Outcome};

/// Exit 0 when there is nothing to say, 1 with findings.
pub fn run(common: &Common, args: &LintArgs) -> Outcome {
    let layers = super::layers(common)?;
    let layers: Vec<&[File]> = layers.iter().map(Vec::as_slice).collect();
    let mut found = lint::lint(&layers, super::day(args.on));
    found.retain(|p| args.only.is_empty() || args.only.iter().any(|c| c == p.code));
    let mut out = anstream::stdout().lock();
    for p in &found {
        if args.json {
            writeln!(out, "{}", json(p))?;
        } else {
            writeln!(out, "{}[{}]\n", p, p.code)?;
        }
    }
    if !found.is_empty() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        found.iter().for_each(|p| *counts.entry(p.code).or_default() += 1);
        let counts: Vec<String> = counts.iter().map(|(code, n)| format!("{n} {code}")).collect();
        anstream::eprintln!("{} findings: {}", found.len(), counts.join(", "));
        return Ok(Exit::Findings);
    }
    if !args.json
        && let Ok(lexicon) = Lexicon::load_layers(&layers)
    {
        writeln!(
            out,
            "{} entries with {} names, {} rules with {} triggers, {} topics, {} tests: nothing to mend",
            lexicon.actors.len(),
            lexicon.name_count(),
            lexicon.rules.rules.len(),
            lexicon.rules.trigger_count(),
            lexicon.topics.len(),
            lexicon.tests.len()
        )?;
    }
    Ok(Exit::Fine)
}

fn json(p: &Problem) -> serde_json::Value {
    let severity = if p.severity == Severity::Error { "error" } else { "warning" };
    serde_json::json!({
        "severity": severity, "code": p.code, "file": p.file, "line": p.line,
        "columns": [p.columns.start, p.columns.end], "message": p.message, "hint": p.hint,
    })
}
