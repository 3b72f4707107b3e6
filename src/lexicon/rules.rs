//! Event rules: which words report an event, and where its sides stand around them. Format: docs/lexicon.md.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::model::{EventType, RuleRef};

/// A map whose order and cost are the same in every run.
pub type FixedMap<K, V> = HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

/// A place around a trigger where an actor can stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The doer.
    Subj,
    /// The object of the verb, `of` of the noun.
    Obj,
    /// The indirect object.
    Iobj,
    /// The subject of the complement clause.
    CompSubj,
    /// Any actor in the complement clause.
    Comp,
    /// The subject of the verb above a noun trigger: "*X* rejected a request from Y".
    HeadSubj,
    /// After this preposition.
    Prep(Box<str>),
}

impl Slot {
    pub(super) fn parse(text: &str) -> Option<Slot> {
        Some(match text {
            "subj" => Slot::Subj,
            "obj" => Slot::Obj,
            "iobj" => Slot::Iobj,
            "comp.subj" => Slot::CompSubj,
            "comp" => Slot::Comp,
            "head.subj" => Slot::HeadSubj,
            p if !p.is_empty() && p.split(' ').all(|w| w.chars().all(|c| c.is_ascii_lowercase())) => {
                Slot::Prep(p.into())
            }
            _ => return None,
        })
    }

    /// As the lexicon writes it.
    pub fn as_str(&self) -> &str {
        match self {
            Slot::Subj => "subj",
            Slot::Obj => "obj",
            Slot::Iobj => "iobj",
            Slot::CompSubj => "comp.subj",
            Slot::Comp => "comp",
            Slot::HeadSubj => "head.subj",
            Slot::Prep(p) => p,
        }
    }
}

/// One event rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its id with file and line, as cited in evidence.
    pub cite: RuleRef,
    /// What it reports.
    pub event: EventType,
    /// The mode, when it tells one.
    pub mode: Option<Arc<str>>,
    /// CAMEO code.
    pub cameo: Option<Arc<str>>,
    /// PLOVER contexts.
    pub context: Vec<Arc<str>>,
    /// Intensity in place of the type's.
    pub intensity: Option<f32>,
    /// Lemmas of which the object must be one; empty for any.
    pub objects: Vec<Box<str>>,
    /// Lemmas that the object must not be.
    pub not_objects: Vec<Box<str>>,
    /// Where the doer stands.
    pub actor: Vec<Slot>,
    /// Where the one acted on stands.
    pub recipient: Vec<Slot>,
    /// Stands only with a recipient.
    pub needs_recipient: bool,
    /// Both sides act alike.
    pub reciprocal: bool,
    /// The grammatical subject is the recipient.
    pub swap: bool,
    /// Whether the passive counts.
    pub passive: bool,
    /// Only in headlines.
    pub headline: bool,
    /// Only with a complement clause.
    pub comp: bool,
    /// Events inside the complement are part of this one.
    pub scope: bool,
    /// Prior confidence.
    pub confidence: f32,
    /// Only when the complement has one of these auxiliaries: "said Iran *must* leave".
    pub comp_aux: Vec<Box<str>>,
    /// Only when the trigger is negated; the event itself is then not.
    pub negated: bool,
    /// Lemmas of which the subject must be one; empty for any.
    pub subjects: Vec<Box<str>>,
    /// Lemmas that the subject must not be.
    pub not_subjects: Vec<Box<str>>,
    /// Kinds of which the doer must be one (`leader`, `person`, `igo` …; `MIL` and other sectors too); empty for any.
    pub actor_kind: Vec<Box<str>>,
    /// Kinds of which the one acted on must be one; empty for any.
    pub recipient_kind: Vec<Box<str>>,
    /// Lemmas that kill it, anywhere in the trigger's clause.
    pub without: Vec<Box<str>>,
    /// Its verbs and nouns as written.
    pub triggers: Vec<(Box<str>, bool)>,
    /// Sentences that show it, the first with what is expected.
    pub examples: Vec<Box<str>>,
    /// The expectation for the first example, as in `.test` files.
    pub expect: Box<str>,
}

/// A way into a rule from a lemma.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Index into `RuleSet::rules`.
    pub rule: u32,
    /// Words after the lemma (particles, fixed prepositions), or before it for a noun (`air strike`: `air`).
    pub rest: Vec<Box<str>>,
    /// Whether the trigger is a noun.
    pub noun: bool,
}

/// All rules, found by the lemma of their trigger.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    /// In file order.
    pub rules: Vec<Rule>,
    pub(super) by_lemma: FixedMap<Box<str>, Vec<Entry>>,
}

/// A fault in a rule file: line (1-based), message, hint.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleFault {
    /// 1-based line.
    pub line: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    event: String,
    #[serde(default)]
    rule: Vec<Spanned<RawRule>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: String,
    #[serde(default)]
    mode: String,
    #[serde(default)]
    cameo: String,
    #[serde(default)]
    verbs: Vec<String>,
    #[serde(default)]
    nouns: Vec<String>,
    #[serde(default)]
    objects: Vec<String>,
    #[serde(default)]
    not_objects: Vec<String>,
    actor: Option<Vec<String>>,
    #[serde(default)]
    recipient: Vec<String>,
    #[serde(default)]
    needs: String,
    #[serde(default)]
    reciprocal: bool,
    #[serde(default)]
    swap: bool,
    passive: Option<bool>,
    #[serde(default)]
    headline: bool,
    #[serde(default)]
    comp: bool,
    scope: Option<bool>,
    confidence: Option<f32>,
    #[serde(default)]
    context: Vec<String>,
    intensity: Option<f32>,
    #[serde(default)]
    comp_aux: Vec<String>,
    #[serde(default)]
    negated: bool,
    #[serde(default)]
    subjects: Vec<String>,
    #[serde(default)]
    not_subjects: Vec<String>,
    #[serde(default)]
    actor_kind: Vec<String>,
    #[serde(default)]
    recipient_kind: Vec<String>,
    #[serde(default)]
    without: Vec<String>,
    #[serde(default)]
    example: String,
    #[serde(default)]
    expect: String,
    #[serde(default)]
    extra: Vec<String>,
}

fn boxed(list: Vec<String>) -> Vec<Box<str>> {
    list.into_iter().map(String::into_boxed_str).collect()
}

fn slots(list: &[String], line: usize, faults: &mut Vec<RuleFault>) -> Vec<Slot> {
    let mut out = Vec::new();
    for text in list {
        match Slot::parse(text) {
            Some(slot) => out.push(slot),
            None => faults.push(RuleFault {
                line,
                message: format!("unknown slot \"{text}\""),
                hint: "slots are subj, obj, iobj, comp, comp.subj, head.subj, or a preposition in lower case"
                    .into(),
            }),
        }
    }
    out
}

impl RawRule {
    fn check(&self, event: EventType, line: usize, faults: &mut Vec<RuleFault>) {
        let mut fault = |message: String, hint: &str| {
            faults.push(RuleFault { line, message, hint: hint.into() });
        };
        if self.verbs.is_empty() && self.nouns.is_empty() {
            fault(format!("rule {} has no trigger", self.id), "give it verbs or nouns");
        }
        if !self.mode.is_empty() && !event.facts().modes.contains(&self.mode.as_str()) {
            let modes = event.facts().modes.join(", ");
            fault(
                format!("{} has no mode \"{}\"", event.as_str(), self.mode),
                &format!("its modes are: {modes}"),
            );
        }
        if !matches!(self.needs.as_str(), "" | "none" | "recipient") {
            fault(format!("needs = \"{}\" is not known", self.needs), "write \"recipient\" or \"none\"");
        }
        if self.example.is_empty() || self.expect.is_empty() {
            fault(
                format!("rule {} has no example", self.id),
                "add example = \"a sentence\" and expect = \"TYPE A > B\"",
            );
        }
        if !self.cameo.is_empty() && !self.cameo.bytes().all(|b| b.is_ascii_digit()) {
            fault(format!("CAMEO code \"{}\" is not a number", self.cameo), "codes have 2 to 4 digits");
        }
    }

    fn build(self, event: EventType, file: &str, line: usize, faults: &mut Vec<RuleFault>) -> Rule {
        self.check(event, line, faults);
        let arc = |s: String| (!s.is_empty()).then(|| Arc::<str>::from(s));
        use EventType::*;
        let scope_by_default = matches!(event, Agree | Threaten | Request | Reject);
        let actor = self.actor.unwrap_or_else(|| vec!["subj".to_string()]);
        let triggers = self
            .verbs
            .into_iter()
            .map(|v| (v.into_boxed_str(), false))
            .chain(self.nouns.into_iter().map(|n| (n.into_boxed_str(), true)))
            .collect();
        Rule {
            cite: RuleRef { id: self.id.into(), at: format!("{file}:{line}").into() },
            event,
            mode: arc(self.mode),
            cameo: arc(self.cameo),
            context: self.context.into_iter().map(Arc::from).collect(),
            intensity: self.intensity,
            objects: boxed(self.objects),
            not_objects: boxed(self.not_objects),
            actor: slots(&actor, line, faults),
            recipient: slots(&self.recipient, line, faults),
            needs_recipient: self.needs == "recipient",
            reciprocal: self.reciprocal,
            swap: self.swap,
            passive: self.passive.unwrap_or(true),
            headline: self.headline,
            comp: self.comp,
            scope: self.scope.unwrap_or(scope_by_default),
            confidence: self.confidence.unwrap_or(0.8),
            comp_aux: boxed(self.comp_aux),
            negated: self.negated,
            subjects: boxed(self.subjects),
            not_subjects: boxed(self.not_subjects),
            actor_kind: boxed(self.actor_kind),
            recipient_kind: boxed(self.recipient_kind),
            without: boxed(self.without),
            triggers,
            examples: std::iter::once(self.example).chain(self.extra).map(String::into_boxed_str).collect(),
            expect: self.expect.into_boxed_str(),
        }
    }
}

impl RuleSet {
    /// Reads one `events/*.toml` and adds its rules; a rule with a known id replaces the older one.
    ///
    /// # Errors
    /// Every fault found, with its line; nothing is added then.
    pub fn add(&mut self, file: &str, text: &str) -> Result<(), Vec<RuleFault>> {
        let line_at = |byte: usize| 1 + text[..byte.min(text.len())].matches('\n').count();
        let raw: RawFile = toml::from_str(text).map_err(|e| {
            vec![RuleFault {
                line: e.span().map_or(1, |s| line_at(s.start)),
                message: e.message().to_string(),
                hint: "see docs/lexicon.md for the keys of a rule".into(),
            }]
        })?;
        let mut faults = Vec::new();
        let Some(event) = EventType::parse(&raw.event) else {
            return Err(vec![RuleFault {
                line: 1,
                message: format!("unknown event type \"{}\"", raw.event),
                hint: "chancery codes lists the 16 types".into(),
            }]);
        };
        let mut fresh = Vec::new();
        for spanned in raw.rule {
            let line = line_at(spanned.span().start);
            fresh.push(spanned.into_inner().build(event, file, line, &mut faults));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        for rule in fresh {
            match self.rules.iter_mut().find(|r| r.cite.id == rule.cite.id) {
                Some(old) => *old = rule,
                None => self.rules.push(rule),
            }
        }
        Ok(())
    }

    /// Builds the way in from lemmas; call once after the last `add`.
    pub fn index(&mut self) {
        self.by_lemma.clear();
        for (i, rule) in self.rules.iter().enumerate() {
            for (text, noun) in &rule.triggers {
                let mut words: Vec<Box<str>> = text.split(' ').map(Box::from).collect();
                // A verb leads its particles; a compound noun is led by what stands before its head.
                let key = if *noun { words.pop() } else { Some(words.remove(0)) };
                let Some(key) = key else { continue };
                let entry = Entry { rule: i as u32, rest: words, noun: *noun };
                self.by_lemma.entry(key).or_default().push(entry);
            }
        }
    }

    /// The rules that a lemma may trigger, in file order.
    pub fn of(&self, lemma: &str) -> &[Entry] {
        self.by_lemma.get(lemma).map_or(&[], Vec::as_slice)
    }

    /// Number of distinct triggers.
    pub fn trigger_count(&self) -> usize {
        self.by_lemma.values().map(Vec::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
event = "SANCTION"

[[rule]]
id = "sanction.impose"
cameo = "163"
verbs = ["impose", "slap"]
objects = ["sanction"]
nouns = ["trade embargo"]
recipient = ["on", "against"]
needs = "recipient"
example = "Norway imposed sanctions on Cuba."
expect = "SANCTION NOR > CUB"
"#;

    #[test]
    fn a_rule_knows_its_line_and_is_found_by_its_lemmas() {
        let mut set = RuleSet::default();
        set.add("events/SANCTION.toml", FILE).unwrap();
        set.index();
        let found = set.of("impose");
        assert_eq!(&*set.rules[found[0].rule as usize].cite.at, "events/SANCTION.toml:4");
        assert_eq!(set.of("embargo")[0].rest, vec![Box::from("trade")]);
        assert!(set.of("trade").is_empty());
    }

    #[test]
    fn a_wrong_mode_is_told_with_its_line() {
        let mut set = RuleSet::default();
        let text = FILE.replace("cameo = \"163\"", "mode = \"zeal\"");
        let faults = set.add("events/SANCTION.toml", &text).unwrap_err();
        assert_eq!(faults[0].line, 4);
        assert!(faults[0].message.contains("zeal"));
    }
}
