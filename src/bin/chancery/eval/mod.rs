//! `eval`: how well events are read, against labelled articles.

mod score;

use std::fs;
use std::io::Write;

use chancery::model::{Article, Document, Published, Status, Zone};
use chancery::pipeline;
use chrono::{NaiveDate, TimeZone, Utc};
use serde_json::Value;

use crate::cli::{Common, EvalArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;
use score::{Said, Score};

/// Runs the command.
pub fn run(common: &Common, args: &EvalArgs) -> Outcome {
    let text = fs::read_to_string(&args.gold).map_err(|e| {
        let hint = "hint: give a JSONL file with id, date, text and events, or CoNLL-U with --conllu";
        Failure::new(Exit::Usage, format!("cannot read {}: {e}\n  {hint}", args.gold.display()))
    })?;
    if args.conllu {
        let report = chancery::syntax::evaluate::evaluate(&text, chancery::syntax::Syntax::embedded());
        println!("{report}");
        return Ok(Exit::Fine);
    }
    let config = setup::config(common)?;
    let lexicon = setup::lexicon(common, &config)?;
    let mut score = Score::default();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let gold: Value = serde_json::from_str(line)
            .map_err(|e| Failure::new(Exit::Usage, format!("{}:{}: {e}", args.gold.display(), n + 1)))?;
        let read = if args.rules { pipeline::read_by_rules } else { pipeline::read };
        let doc = read(article(&gold), &lexicon);
        score.add(&gold, &doc, &said(&doc));
    }
    let mut out = anstream::stdout().lock();
    if args.json {
        writeln!(out, "{}", score.json())?;
    } else {
        score.print(&mut out, args.worst)?;
    }
    match args.gate {
        Some(gate) if score.f1() < gate => {
            anstream::eprintln!("gate missed: F1 {:.3} is below {gate}", score.f1());
            Ok(Exit::Findings)
        }
        _ => Ok(Exit::Fine),
    }
}

/// The events of a document as (actor, recipient, root, reciprocal, confidence), negated ones left out.
fn said(doc: &Document) -> Vec<Said> {
    let mut out = Vec::new();
    for event in &doc.events {
        let claim = &event.claim;
        if claim.aux.contains(&chancery::model::Aux::Negation) {
            continue;
        }
        let codes = |side: &[usize]| -> Vec<Option<String>> {
            let mut codes: Vec<Option<String>> = Vec::new();
            for &i in side {
                let m = &doc.mentions[i];
                for actor in std::iter::once(&m.actor).chain(&m.also) {
                    let code = actor.country.as_deref().map(str::to_string);
                    if code.is_some() && !codes.contains(&code) {
                        codes.push(code);
                    }
                }
            }
            if codes.is_empty() { vec![None] } else { codes }
        };
        let (actors, recipients) = (codes(&claim.actors), codes(&claim.recipients));
        let pair = |a: &Option<String>, b: &Option<String>| Said {
            actor: a.clone(),
            recipient: b.clone(),
            root: score::root(claim.event.as_str()).to_string(),
            mutual: claim.reciprocal,
            confidence: claim.confidence,
            rule: format!("{} ({})", claim.rule.id, claim.rule.at),
        };
        if claim.reciprocal && recipients == [None] && actors.len() > 1 {
            for (i, a) in actors.iter().enumerate() {
                out.extend(actors[i + 1..].iter().map(|b| pair(a, b)));
            }
        } else {
            for a in &actors {
                out.extend(recipients.iter().map(|b| pair(a, b)));
            }
        }
    }
    out
}

/// A labelled item as an article.
fn article(gold: &Value) -> Article {
    let text = gold["text"].as_str().unwrap_or_default().to_string();
    let day = gold["date"].as_str().and_then(|d| d.parse::<NaiveDate>().ok());
    article_of(gold["id"].as_str().unwrap_or("?").to_string(), text, day)
}

/// An article made of a text alone; also for `explain -t` and lexicon tests.
pub fn article_of(id: String, text: String, day: Option<NaiveDate>) -> Article {
    let seen_at =
        day.and_then(|d| d.and_hms_opt(12, 0, 0)).map_or_else(Utc::now, |t| Utc.from_utc_datetime(&t));
    Article {
        sha256: String::new(),
        id,
        title: None,
        summary: None,
        text,
        url: None,
        source: None,
        author: None,
        section: None,
        language: Some("en".into()),
        published: day.and_then(|d| d.and_hms_opt(12, 0, 0)).map(|t| Published {
            at: Utc.from_utc_datetime(&t).fixed_offset(),
            zone: Zone::AssumedUtc,
            day_only: true,
        }),
        seen_at,
        dateline: None,
        truncated: false,
        version: None,
        status: Status::Usable,
        path: "-".into(),
        range: None,
    }
}
