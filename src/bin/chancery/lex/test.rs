//! `lex test`: plain sentences with what must be read from them, and what no sentence touches.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use chancery::lexicon::tests::{self, Expectation, LexTest};
use chancery::lexicon::{Lexicon, Sort};
use chancery::model::Document;
use chancery::model::codes::TYPES;
use chancery::{explain, pipeline};

use crate::cli::Common;
use crate::cli_lex::TestArgs;
use crate::eval::article_of;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Runs `.test` files and rule examples.
pub fn run(common: &Common, args: &TestArgs) -> Outcome {
    let mut lexicon = setup::lexicon_with_tests(common, &setup::config(common)?)?;
    lexicon.switch_all_topics_on();
    let known = args.known.as_deref().map(known_sentences).transpose()?.unwrap_or_default();
    let mut all: Vec<LexTest> = lexicon.tests.clone();
    all.extend(lexicon.example_tests());
    all.retain(|t| args.filter.as_deref().is_none_or(|f| t.sentence.contains(f) || t.at.contains(f)));
    // A fixed day, so that a test does not change its mind overnight.
    let today = chrono::NaiveDate::from_ymd_opt(2026, 11, 25);
    let mut out = anstream::stdout().lock();
    let mut cover = Cover::default();
    let (mut failed, mut misread) = (0, 0);
    for t in &all {
        let doc = pipeline::read(article_of(t.at.to_string(), t.sentence.clone(), t.day.or(today)), &lexicon);
        cover.saw(&doc);
        let broken: Vec<&Expectation> = t.expectations.iter().filter(|e| !tests::holds(e, &doc)).collect();
        if !broken.is_empty() && known.contains(&*t.sentence) {
            misread += 1;
        } else if !broken.is_empty() {
            failed += 1;
            report(&mut out, t, &broken, &doc)?;
        }
    }
    let gaps = args.cover.then(|| cover.tell(&mut out, &lexicon)).transpose()?.unwrap_or(false);
    writeln!(out, "{} sentences, {failed} failed, {misread} known to be misread", all.len())?;
    Ok(if failed > 0 || gaps { Exit::Findings } else { Exit::Fine })
}

/// The sentences of a `--known` file; `#` begins a comment.
fn known_sentences(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = super::text_of(path, "one sentence a line, as in the .test files")?;
    Ok(text.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(str::to_string).collect())
}

fn report(out: &mut impl Write, t: &LexTest, broken: &[&Expectation], doc: &Document) -> std::io::Result<()> {
    writeln!(out, "{}: {}", t.at, t.sentence)?;
    for e in broken {
        writeln!(out, "  wanted  {e}")?;
    }
    for m in &doc.mentions {
        let a = &m.actor;
        let (id, country) = (a.id.as_deref().unwrap_or("-"), a.country.as_deref().unwrap_or("-"));
        let office = a.office.as_deref().map_or(String::new(), |o| format!(", {o}"));
        writeln!(out, "  who     {id} {country} {}{office}", a.sectors.join(";"))?;
    }
    for event in &doc.events {
        writeln!(out, "  said    {}  by {}", explain::short(doc, event), event.claim.rule.id)?;
    }
    for near in &doc.near_misses {
        writeln!(out, "  near    {}: {}", near.rule, near.why)?;
    }
    Ok(())
}

/// What the tests have touched.
#[derive(Default)]
struct Cover {
    entries: BTreeSet<String>,
    rules: BTreeSet<String>,
    types: BTreeSet<&'static str>,
    topics: BTreeSet<String>,
    reasons: BTreeSet<String>,
}

impl Cover {
    fn saw(&mut self, doc: &Document) {
        let actors = doc.mentions.iter().flat_map(|m| std::iter::once(&m.actor).chain(&m.also));
        self.entries.extend(actors.filter_map(|a| a.id.as_deref()).map(str::to_string));
        for event in &doc.events {
            self.rules.insert(event.claim.rule.id.to_string());
            self.types.insert(event.claim.event.as_str());
        }
        self.topics.extend(doc.topics.iter().map(|t| t.id.to_string()));
        self.reasons.extend(doc.suppressed.iter().map(|s| s.reason.to_string()));
    }

    /// Lists what is untouched; says whether an event type, a topic or a suppressor is.
    fn tell(&self, out: &mut impl Write, lexicon: &Lexicon) -> std::io::Result<bool> {
        let missing = |all: Vec<&str>, seen: &dyn Fn(&str) -> bool| -> Vec<String> {
            all.into_iter().filter(|x| !seen(x)).map(str::to_string).collect()
        };
        let acting = lexicon.actors.entries().filter(|e| e.sort() != Sort::Agent);
        let entries = missing(acting.map(|e| e.id()).collect(), &|x| self.entries.contains(x));
        let rules = lexicon.rules.rules.iter().map(|r| &*r.cite.id).collect();
        let rules = missing(rules, &|x| self.rules.contains(x));
        let types = missing(TYPES.iter().map(|t| t.name).collect(), &|x| self.types.contains(x));
        let topics =
            missing(lexicon.topics.list.iter().map(|t| &*t.id).collect(), &|x| self.topics.contains(x));
        let reasons = lexicon.suppressors.list.iter().filter(|s| s.on).map(|s| &*s.id).collect();
        let reasons = missing(reasons, &|x| self.reasons.contains(x));
        let parts = [
            ("entry", &entries, lexicon.actors.entries().filter(|e| e.sort() != Sort::Agent).count()),
            ("rule", &rules, lexicon.rules.rules.len()),
            ("suppressor", &reasons, lexicon.suppressors.list.len()),
            ("topic", &topics, lexicon.topics.len()),
            ("event type", &types, TYPES.len()),
        ];
        for (what, ids, _) in &parts {
            for id in *ids {
                writeln!(out, "no test touches {what} {id}")?;
            }
        }
        for (what, ids, all) in &parts {
            writeln!(out, "{:<10} {} of {all} touched", what, all - ids.len())?;
        }
        Ok(!types.is_empty() || !topics.is_empty() || !reasons.is_empty())
    }
}
