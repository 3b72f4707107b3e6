//! Questions that people ask a lexicon: what stands under an id, what its examples promise.

use std::fmt::Write;

use super::actors::Sort;
use super::fold::fold;
use super::tests::{ExpectEvent, Expectation, LexTest};
use super::{Lexicon, Problem};

impl Lexicon {
    /// Number of names of actors, places and agent nouns.
    pub fn name_count(&self) -> usize {
        self.actors.names().len()
    }

    /// Switches a topic on or off; false when there is none of this id.
    pub fn switch_topic(&mut self, id: &str, on: bool) -> bool {
        let found = self.topics.list.iter_mut().find(|t| &*t.id == id);
        found.map(|t| t.on = on).is_some()
    }

    /// Switches every topic on: tests speak of those too that are off by default.
    pub fn switch_all_topics_on(&mut self) {
        self.topics.list.iter_mut().for_each(|t| t.on = true);
    }

    /// The ids of all entries that bear a name, whatever its capitals and accents, in order of the files.
    pub fn bearers(&self, name: &str) -> Vec<String> {
        let plain = |text: &str| -> String {
            let words = text.split([' ', '-']).filter(|w| !w.is_empty());
            words.map(|w| fold(w).to_lowercase()).collect::<Vec<_>>().join(" ")
        };
        let wanted = plain(name);
        let mut found: Vec<u32> = Vec::new();
        for (payload, text) in self.actors.matcher().texts() {
            let entry = self.actors.names()[payload as usize].entry;
            if text.len() <= wanted.len() + 8 && plain(&text) == wanted && !found.contains(&entry) {
                found.push(entry);
            }
        }
        found.sort_unstable();
        found.into_iter().map(|e| self.actors.entry(e).id().to_string()).collect()
    }

    /// Up to eight ids that hold these letters.
    pub fn ids_like(&self, part: &str) -> Vec<String> {
        let part = part.to_lowercase().replace(' ', "-");
        let actors = self.actors.entries().map(|e| e.id());
        let rules = self.rules.rules.iter().map(|r| &*r.cite.id);
        let topics = self.topics.list.iter().map(|t| &*t.id);
        let fits = |id: &&str| part.len() > 2 && id.contains(&part);
        rules.chain(topics).chain(actors).filter(fits).take(8).map(str::to_string).collect()
    }

    /// What the first example of each rule promises, as tests.
    pub fn example_tests(&self) -> Vec<LexTest> {
        let of = |rule: &super::rules::Rule| {
            let event = ExpectEvent::parse(&rule.expect).ok()?;
            let sentence = rule.examples.first().filter(|e| !e.is_empty())?.to_string();
            let (at, expectations) = (rule.cite.at.clone(), vec![Expectation::Event(event)]);
            Some(LexTest { sentence, day: None, at, expectations })
        };
        self.rules.rules.iter().filter_map(of).collect()
    }

    /// Everything that stands under an id, as text.
    pub fn show(&self, id: &str) -> Option<String> {
        self.show_actor(id)
            .or_else(|| self.show_topic(id))
            .or_else(|| self.show_suppressor(id))
            .or_else(|| self.show_rule(id))
    }

    fn show_actor(&self, id: &str) -> Option<String> {
        let index = self.actors.by_id(id)?;
        let entry = self.actors.entry(index);
        let sort = match entry.sort() {
            Sort::Actor => entry.kind().as_str(),
            Sort::Place => "place",
            Sort::Agent => "agent",
        };
        let mut out = format!("{id}: {} ({sort})\n", entry.name());
        for term in entry.terms() {
            let day = |d: Option<chrono::NaiveDate>| d.map_or("…".to_string(), |d| d.to_string());
            let text = |s| self.actors.text(s);
            let at = &self.actors.files[term.file as usize];
            let country = if text(term.country).is_empty() { "-" } else { text(term.country) };
            let (sectors, office) = (text(term.sectors), text(term.office));
            let span = format!("{} to {}", day(term.from), day(term.to));
            let _ = writeln!(out, "  {country} {sectors} {office} {span}  {at}:{}", term.line);
        }
        for name in self.actors.names_of(index) {
            let _ = writeln!(out, "  {} {}", name.1.via.as_str(), name.0);
        }
        Some(out)
    }

    fn show_topic(&self, id: &str) -> Option<String> {
        let group = self.topics.list.iter().position(|t| &*t.id == id)?;
        let topic = &self.topics.list[group];
        let state = if topic.on { "on" } else { "off" };
        let mut out =
            format!("{id}: {} ({state}, from {})\n  {}\n", topic.name, topic.threshold, topic.about);
        for term in self.topics.terms.of_group(group as u32) {
            let _ = writeln!(out, "  {:?} {} {}", term.effect, term.weight, term.text);
        }
        Some(out)
    }

    fn show_suppressor(&self, id: &str) -> Option<String> {
        let group = self.suppressors.list.iter().position(|t| &*t.id == id)?;
        let it = &self.suppressors.list[group];
        let state = if it.on { "on" } else { "off" };
        let mut out =
            format!("{id}: silences the {:?} ({state}, from {})\n  {}\n", it.scope, it.threshold, it.about);
        for term in self.suppressors.terms.of_group(group as u32) {
            let _ = writeln!(out, "  {:?} {} {}", term.effect, term.weight, term.text);
        }
        Some(out)
    }

    fn show_rule(&self, id: &str) -> Option<String> {
        let rule = self.rules.rules.iter().find(|r| &*r.cite.id == id)?;
        let triggers: Vec<&str> = rule.triggers.iter().map(|t| &*t.0).collect();
        let mut out = format!("{id}: {}  {}\n  {}\n", rule.event.as_str(), rule.cite.at, triggers.join(", "));
        for example in &rule.examples {
            let _ = writeln!(out, "  {example}");
        }
        let _ = writeln!(out, "  {}", rule.expect);
        Some(out)
    }

    /// Examples whose expectation cannot be read.
    pub(super) fn check_examples(&self, problems: &mut Vec<Problem>) {
        for rule in &self.rules.rules {
            if let Err(why) = ExpectEvent::parse(&rule.expect) {
                let (file, line) = rule.cite.at.rsplit_once(':').unwrap_or((&rule.cite.at, "1"));
                let message = format!("expect = \"{}\": {why}", rule.expect);
                let mut p =
                    Problem::at_line(file, "", 1, "expect", message, "e.g. SANCTION EUR > BLR (future)");
                p.line = line.parse().unwrap_or(1);
                problems.push(p.warn());
            }
        }
    }
}
