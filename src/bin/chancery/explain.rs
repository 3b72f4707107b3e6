//! `explain`: what was understood, and why.

use std::io::{Read, Write};
use std::path::Path;

use chancery::model::{Document, EventType, Item, Undecodable};
use chancery::pipeline::Reader;
use chancery::record::{Coder, records};
use chancery::{decode, explain};
use chrono::Utc;

use crate::cli::{Common, ExplainArgs};
use crate::eval::article_of;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Runs the command.
pub fn run(common: &Common, args: &ExplainArgs) -> Outcome {
    if args.files.is_empty() && args.text.is_none() {
        let hint = "hint: chancery explain FILE, or chancery explain -t \"a sentence\"";
        return Err(Failure::new(Exit::Usage, format!("nothing to explain\n  {hint}")));
    }
    let why_not = args.why_not.as_deref().map(event_type).transpose()?;
    let reader = setup::reader(common, &setup::config(common)?)?;
    let mut out = anstream::stdout().lock();
    let options = explain::Options { color: setup::color_on(&std::io::stdout()), trees: args.trees, why_not };
    let mut show = |doc: &Document| -> Result<(), Failure> {
        if args.json {
            write_json(&mut out, doc, &reader)
        } else {
            Ok(writeln!(out, "{}", explain::text(doc, &options))?)
        }
    };
    if let Some(text) = &args.text {
        let day = args.date.unwrap_or_else(|| Utc::now().date_naive());
        show(&reader.understand(article_of("text".into(), text.clone(), Some(day))))?;
    }
    let mut lost = false;
    for file in &args.files {
        let decoded = decode::decode(&item(file)?, &reader.options);
        for u in &decoded.lost {
            lost = true;
            anstream::eprintln!("error: {}", undecodable(&file.display().to_string(), u));
        }
        for article in decoded.articles {
            show(&reader.understand(article))?;
        }
    }
    Ok(if lost { Exit::Unreadable } else { Exit::Fine })
}

fn write_json(out: &mut impl Write, doc: &Document, reader: &Reader) -> Result<(), Failure> {
    let coder =
        Coder { lexicon: reader.lexicon.version.clone(), lexicon_sha256: reader.lexicon.sha256.clone() };
    let (events, article) = records(doc, &coder, Utc::now());
    let near: Vec<_> = doc
        .near_misses
        .iter()
        .map(|n| serde_json::json!({"sentence": n.sentence, "rule": &*n.rule, "rule_at": &*n.at, "why": n.why}))
        .collect();
    let all = serde_json::json!({"article": article, "events": events, "near_misses": near});
    serde_json::to_writer_pretty(&mut *out, &all).map_err(std::io::Error::from)?;
    Ok(writeln!(out)?)
}

/// An event type by its name, in any case.
pub fn event_type(name: &str) -> Result<EventType, Failure> {
    EventType::parse(&name.to_uppercase()).ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            format!("no event type is called \"{name}\"\n  hint: chancery codes lists all 16"),
        )
    })
}

/// A file, or stdin for `-`, as an item.
pub fn item(path: &Path) -> Result<Item, Failure> {
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        bytes
    } else {
        crate::scan::there(path)?;
        std::fs::read(path).map_err(|e| {
            let hint = "hint: check the path and its permissions";
            Failure::new(Exit::Unreadable, format!("cannot read {}: {e}\n  {hint}", path.display()))
        })?
    };
    Ok(Item { path: path.display().to_string(), range: None, bytes, seen_at: Utc::now() })
}

/// A loss in words: what, where, why, and a hint.
pub fn undecodable(path: &str, u: &Undecodable) -> String {
    let range = u.range.as_ref().map_or(String::new(), |r| format!(" bytes {}-{}", r.start, r.end));
    let hint = u.hint.as_ref().map_or(String::new(), |h| format!("\n  hint: {h}"));
    format!("{path}{range}: {}{hint}", u.error)
}
