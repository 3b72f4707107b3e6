//! `lex strings`: how well single actor strings are read, against labels.

use std::io::Write;

use chancery::model::{Document, Kind, Mention, Via};
use chancery::pipeline;
use serde_json::Value;

use crate::cli::Common;
use crate::cli_lex::StringsArgs;
use crate::eval::article_of;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Prints the share of right countries, and of right sectors, over the strings where one is given.
pub fn run(common: &Common, args: &StringsArgs) -> Outcome {
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    let text = super::text_of(&args.gold, "JSONL with text, country and code_1 on each line")?;
    let mut out = anstream::stdout().lock();
    let (mut countries, mut sectors) = (Tally::default(), Tally::default());
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let gold: Value = serde_json::from_str(line)
            .map_err(|e| Failure::new(Exit::Usage, format!("{}:{}: {e}", args.gold.display(), n + 1)))?;
        let (Some(text), wanted) = (gold["text"].as_str(), Wanted::of(&gold)) else { continue };
        let day = gold["date"].as_str().and_then(|d| d.parse().ok()).or(args.on);
        let doc = pipeline::read(article_of(format!("{n}"), text.to_string(), day), &lexicon);
        let said = main_actor(&doc);
        let country = said.and_then(|m| m.actor.country.as_deref()).unwrap_or("");
        let found = sectors_of(said);
        let right_country = wanted.country.as_ref().is_none_or(|c| c == country);
        let right_sector =
            wanted.sectors.is_empty() || wanted.sectors.iter().any(|s| found.contains(&s.as_str()));
        countries.count(wanted.country.is_some(), right_country);
        sectors.count(!wanted.sectors.is_empty(), right_sector);
        if args.misses && !(right_country && right_sector) {
            writeln!(
                out,
                "{text:?}: wanted {} {}, read {country} {}",
                wanted.country.as_deref().unwrap_or("-"),
                wanted.sectors.join(";"),
                found.join(";")
            )?;
        }
    }
    writeln!(out, "country {countries}\nsector  {sectors}")?;
    Ok(Exit::Fine)
}

/// What a line asks for. `UNK` and `JNK` say that there is none.
struct Wanted {
    country: Option<String>,
    sectors: Vec<String>,
}

impl Wanted {
    fn of(gold: &Value) -> Wanted {
        const OTHERWISE: [(&str, &str); 4] = [("ROM", "ROU"), ("TMP", "TLS"), ("ZAR", "COD"), ("KOS", "XKX")];
        let text = |key: &str| gold[key].as_str().filter(|t| !t.is_empty()).map(str::to_string);
        let ours = |code: String| OTHERWISE.iter().find(|o| o.0 == code).map_or(code, |o| o.1.to_string());
        let sectors = ["code_1", "code_2"].into_iter().filter_map(text).filter(|s| s != "UNK" && s != "JNK");
        Wanted { country: text("country").map(ours), sectors: sectors.collect() }
    }
}

/// The naming that a string as a whole is: the longest that knows a country, else the longest.
fn main_actor(doc: &Document) -> Option<&Mention> {
    doc.mentions
        .iter()
        .max_by_key(|m| (m.actor.country.is_some(), m.tokens.1 - m.tokens.0, std::cmp::Reverse(m.tokens.0)))
}

/// Its sectors. A capital or a seat stands for the government, and bodies across borders are told by their kind.
fn sectors_of(said: Option<&Mention>) -> Vec<&str> {
    let Some(m) = said else { return Vec::new() };
    let mut out: Vec<&str> = m.actor.sectors.iter().map(|s| &**s).collect();
    if out.is_empty() && matches!(m.via, Via::Capital | Via::Metonym) {
        out.push("GOV");
    }
    match m.actor.kind {
        Kind::Ngo => out.push("NGO"),
        Kind::Igo => out.push("IGO"),
        _ => {}
    }
    out
}

#[derive(Default)]
struct Tally {
    given: usize,
    right: usize,
}

impl Tally {
    fn count(&mut self, given: bool, right: bool) {
        self.given += usize::from(given);
        self.right += usize::from(given && right);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = if self.given == 0 { 0.0 } else { self.right as f64 / self.given as f64 };
        write!(f, "right on {share:.3}  ({} of {} where given)", self.right, self.given)
    }
}
