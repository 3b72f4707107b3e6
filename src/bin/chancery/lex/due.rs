//! `lex due`: open terms of office that somebody must look at again.

use std::io::Write;

use chrono::{Days, NaiveDate};

use crate::cli::Common;
use crate::cli_lex::DueArgs;
use crate::exit::{Exit, Outcome};
use crate::setup;

/// Lists them, the oldest first; exit 1 when there are any.
pub fn run(common: &Common, args: &DueArgs) -> Outcome {
    let lexicon = setup::lexicon(common, &setup::config(common)?)?;
    let actors = &lexicon.actors;
    let until = super::day(args.on).checked_add_days(Days::new(args.within.into())).unwrap_or(NaiveDate::MAX);
    let mut due = Vec::new();
    let mut open = 0;
    for entry in actors.entries() {
        for term in entry.terms().iter().filter(|t| t.to.is_none() && t.review_by.is_some()) {
            let wanted = args.country.as_deref().is_none_or(|c| c == actors.text(term.country));
            open += usize::from(wanted);
            if wanted && let Some(by) = term.review_by.filter(|by| *by <= until) {
                due.push((by, entry, term));
            }
        }
    }
    due.sort_by_key(|(by, entry, _)| (*by, entry.id().to_string()));
    let mut out = anstream::stdout().lock();
    for (by, entry, term) in &due {
        let (country, office) = (actors.text(term.country), actors.text(term.office));
        let at = format!("{}:{}", actors.files[term.file as usize], term.line);
        writeln!(out, "{by}  {country:3}  {}  {office}  {at}", entry.name())?;
    }
    anstream::eprintln!("{} of {open} open terms are due by {until}", due.len());
    Ok(if due.is_empty() { Exit::Fine } else { Exit::Findings })
}
