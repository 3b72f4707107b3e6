//! Rules that can never be the ones to speak.

use std::fmt::Write;

use crate::lexicon::fold::FixedMap;
use crate::lexicon::rules::Rule;
use crate::lexicon::{File, Lexicon, Problem};

/// A rule of which every trigger meets an earlier rule of the same conditions is never chosen.
pub(super) fn shadowed(lexicon: &Lexicon, layers: &[&[File]], out: &mut Vec<Problem>) {
    let mut first: FixedMap<String, usize> = FixedMap::default();
    let rules = &lexicon.rules.rules;
    for (i, rule) in rules.iter().enumerate() {
        let conditions = conditions(rule);
        let mut by = None;
        let mut free = false;
        for (trigger, noun) in &rule.triggers {
            match first.get(&format!("{trigger} {noun} {conditions}")) {
                Some(earlier) => by = Some((*earlier, trigger)),
                None => free = true,
            }
        }
        for (trigger, noun) in &rule.triggers {
            first.entry(format!("{trigger} {noun} {conditions}")).or_insert(i);
        }
        let Some((earlier, trigger)) = by.filter(|_| !free) else { continue };
        let earlier = &rules[earlier].cite;
        let message = format!(
            "rule {} never speaks: {} ({}) comes first for \"{trigger}\"",
            rule.cite.id, earlier.id, earlier.at
        );
        let hint = "give it a condition of its own (objects, subjects, comp …), or take it out";
        out.push(at(rule, layers, message, hint));
    }
}

/// Everything about a rule that decides whether it fits where its trigger stands, and how it ranks.
fn conditions(r: &Rule) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {} {} {} {} {} {}",
        r.objects,
        r.not_objects,
        r.subjects,
        r.not_subjects,
        r.comp_aux,
        r.actor_kind,
        r.recipient_kind,
        r.without,
        r.headline,
        r.comp,
        r.negated,
        r.passive,
        r.needs_recipient,
        r.reciprocal
    );
    let _ = write!(out, " {:?} {:?}", r.actor, r.recipient);
    out
}

/// A warning at the line of a rule, as the last layer that has its file writes it.
fn at(rule: &Rule, layers: &[&[File]], message: String, hint: &str) -> Problem {
    let (file, line) = rule.cite.at.rsplit_once(':').unwrap_or((&rule.cite.at, "1"));
    let text = layers.iter().rev().flat_map(|l| l.iter()).find(|f| f.0 == file).map_or("", |f| f.1.as_str());
    // The line that shows which rule it is, below [[rule]].
    let line = line.parse::<usize>().unwrap_or(1);
    let named =
        text.lines().skip(line - 1).position(|l| l.contains(&*rule.cite.id)).map_or(line, |n| line + n);
    Problem::at_line(file, text, named, "shadowed", message, hint).warn()
}
