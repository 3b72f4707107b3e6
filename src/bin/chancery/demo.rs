//! `demo`: the built-in sample articles, read before your eyes.

use std::io::Write;

use chancery::model::{Document, Item};
use chancery::{config, decode, explain, record};
use chrono::Utc;

use crate::cli::{Common, DemoArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Runs the command.
pub fn run(common: &Common, args: &DemoArgs) -> Outcome {
    let reader = setup::reader(common, &setup::config(common)?)?;
    let coder = record::Coder {
        lexicon: reader.lexicon.version.clone(),
        lexicon_sha256: reader.lexicon.sha256.clone(),
    };
    let mut out = anstream::stdout().lock();
    let mut lines = Vec::new();
    let (mut articles, mut events) = (0, 0);
    let now = Utc::now();
    for (name, bytes) in config::seeds() {
        let item = Item { path: format!("seeds/{name}"), range: None, bytes: bytes.to_vec(), seen_at: now };
        for article in decode::decode(&item, &reader.options).articles {
            let doc = reader.understand(article);
            articles += 1;
            events += doc.events.len();
            show(&mut out, &name, &doc)?;
            for event in record::records(&doc, &coder, now).0 {
                lines.extend(serde_json::to_vec(&event).map_err(std::io::Error::from)?);
                lines.push(b'\n');
            }
        }
    }
    writeln!(out, "\n{articles} articles, {events} events.")?;
    if let Some(path) = &args.out {
        std::fs::write(path, &lines).map_err(|e| {
            let hint = "hint: check the directory and its permissions";
            Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
        })?;
        writeln!(out, "The records are in {}.", path.display())?;
    }
    writeln!(out, "Next:  chancery explain -t \"The EU imposed new sanctions on Belarus on Sunday.\"")?;
    writeln!(out, "       chancery watch inbox --out events.jsonl     (then drop articles into inbox/)")?;
    Ok(Exit::Fine)
}

fn show(out: &mut impl Write, name: &str, doc: &Document) -> std::io::Result<()> {
    let title = doc.article.title.as_deref().unwrap_or(name);
    writeln!(out, "\n{title}")?;
    for event in &doc.events {
        let sentence = &doc.sentences[event.claim.sentence as usize];
        let text = event.claim.span.of(doc.article.field(sentence.field)).replace('\n', " ");
        let trigger: String = text.chars().take(60).collect();
        writeln!(out, "  {}  {:<40} \"{trigger}\"", event.date, explain::short(doc, event))?;
    }
    if doc.events.is_empty() {
        let why =
            doc.suppressed.iter().find(|s| s.sentence.is_none()).map_or("nothing to report", |s| &s.reason);
        writeln!(out, "  silent: {why}")?;
    }
    Ok(())
}
