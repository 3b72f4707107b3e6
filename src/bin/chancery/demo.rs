//! `demo`: the built-in sample articles, read before your eyes.

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

use chancery::feed::{Feed, Wake};
use chancery::model::{Document, Item};
use chancery::pipeline::Reader;
use chancery::serve::Server;
use chancery::{config, decode, explain, record};
use chrono::Utc;

use crate::cli::{Common, DemoArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::serve::Http;
use crate::{run, setup};

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
    let path = args.out.clone().unwrap_or_else(temporary);
    std::fs::write(&path, &lines).map_err(|e| {
        let hint = "hint: check the directory and its permissions";
        Failure::new(Exit::Output, format!("cannot write {}: {e}\n  {hint}", path.display()))
    })?;
    writeln!(out, "The records are in {}.", path.display())?;
    writeln!(out, "Next:  chancery explain -t \"The EU imposed new sanctions on Belarus on Sunday.\"")?;
    writeln!(
        out,
        "       chancery watch inbox --out events.jsonl --serve     (then drop articles into inbox/)"
    )?;
    drop(out);
    if args.no_serve { Ok(Exit::Fine) } else { serve(common, args, path, reader) }
}

/// The page over the samples' records, until the user stops it.
fn serve(common: &Common, args: &DemoArgs, path: PathBuf, reader: Reader) -> Outcome {
    let http = Http::open(&args.http, args.open)?;
    let bases = [path];
    let reader = Arc::new(reader);
    let options = http.options(Arc::new(move || reader.clone()), &bases, true);
    let server = Server::new(Feed::new(&bases, None), Wake::default(), options);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let listener = http.listener().await?;
        http.say(common, &listener)?;
        anstream::eprintln!("Ctrl-C stops it.");
        server.run(listener, run::Signals::listen()?.stopped()).await?;
        Ok::<(), Failure>(())
    });
    runtime.shutdown_background();
    served.map(|()| Exit::Fine)
}

/// A file of our own among the temporary ones.
fn temporary() -> PathBuf {
    std::env::temp_dir().join(format!("chancery-demo-{}.jsonl", std::process::id()))
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
