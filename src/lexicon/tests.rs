//! `tests/*.test`: plain sentences with what must and must not be read from them.

use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use super::problem::Problem;
use crate::model::{Actor, Aux, Document, Event, EventType};

/// One side of an expected event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// Not written, or `?`: whoever it is.
    Any,
    /// `-`: nobody that the text names.
    Nobody,
    /// This country code.
    Code(String),
}

impl Who {
    fn parse(word: Option<&str>) -> Result<Who, String> {
        match word {
            None | Some("?") => Ok(Who::Any),
            Some("-") => Ok(Who::Nobody),
            Some(code) if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
                Ok(Who::Code(code.to_string()))
            }
            Some(other) => Err(format!("\"{other}\" is no country code")),
        }
    }

    fn is(&self, doc: &Document, side: &[usize]) -> bool {
        let mut codes = side
            .iter()
            .flat_map(|&i| std::iter::once(&doc.mentions[i].actor).chain(&doc.mentions[i].also))
            .filter_map(|a| a.country.as_deref());
        match self {
            Who::Any => true,
            Who::Nobody => codes.next().is_none(),
            Who::Code(code) => codes.any(|c| c == code),
        }
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Who::Any => f.write_str("?"),
            Who::Nobody => f.write_str("-"),
            Who::Code(code) => f.write_str(code),
        }
    }
}

/// An event as a test writes it: `SANCTION EUR > BLR (future)`, `CONSULT CHN <> RUS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectEvent {
    /// What was done.
    pub event: EventType,
    /// Who did it.
    pub actor: Who,
    /// Who was acted on.
    pub recipient: Who,
    /// Whether both acted alike (`<>`).
    pub reciprocal: bool,
    /// Caveats that must be there.
    pub flags: Vec<Aux>,
}

/// One line below a test sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// This event is told.
    Event(ExpectEvent),
    /// This event is not told.
    NotEvent(ExpectEvent),
    /// No event at all.
    NoEvent,
    /// An actor of this country code, and of this sector where one is written, is named.
    Actor(String),
    /// None such is named.
    NotActor(String),
    /// The entry of this id is named.
    Entry(String),
    /// It is not named.
    NotEntry(String),
    /// Somebody of this country who holds this office on the day is named: `GBR Foreign Secretary`.
    Office(String),
    /// The topic is told.
    Topic(String),
    /// The topic is not told.
    NotTopic(String),
    /// The first event has this date.
    Date(NaiveDate),
}

/// One test sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LexTest {
    /// The sentence.
    pub sentence: String,
    /// Publication day, from the last `on DATE`.
    pub day: Option<NaiveDate>,
    /// `tests/traps.test:12`.
    pub at: Arc<str>,
    /// What must hold.
    pub expectations: Vec<Expectation>,
}

impl ExpectEvent {
    /// Reads `TYPE A > B (flag, flag)`, `TYPE A <> B`, `TYPE A`.
    ///
    /// # Errors
    /// Why it is not understood.
    pub fn parse(text: &str) -> Result<ExpectEvent, String> {
        let (head, flags) = match text.split_once('(') {
            Some((head, rest)) => (head, rest.trim_end().strip_suffix(')').ok_or("flags must end with )")?),
            None => (text, ""),
        };
        let mut words = head.split_whitespace();
        let name = words.next().ok_or("an event type is missing")?;
        let event = EventType::parse(name).ok_or_else(|| format!("unknown event type \"{name}\""))?;
        let actor = Who::parse(words.next())?;
        let reciprocal = match words.next() {
            None | Some(">") => false,
            Some("<>") => true,
            Some(other) => return Err(format!("expected > or <>, found \"{other}\"")),
        };
        let recipient = Who::parse(words.next())?;
        if let Some(more) = words.next() {
            return Err(format!("nothing may stand after the recipient, found \"{more}\""));
        }
        let flags = flags
            .split(',')
            .map(str::trim)
            .filter(|f| !f.is_empty())
            .map(|f| {
                Aux::ALL.into_iter().find(|a| a.as_str() == f).ok_or_else(|| format!("unknown flag \"{f}\""))
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ExpectEvent { event, actor, recipient, reciprocal, flags })
    }
}

impl Expectation {
    /// Reads one expectation.
    ///
    /// # Errors
    /// Why it is not understood.
    pub fn parse(line: &str) -> Result<Expectation, String> {
        let (negated, rest) = match line.strip_prefix("no ") {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let (word, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let value = value.trim();
        Ok(match (word, negated) {
            ("event", true) if value.is_empty() => Expectation::NoEvent,
            ("actor" | "topic" | "entry" | "office", _) if value.is_empty() => {
                return Err(format!("{word} of what?"));
            }
            ("actor", true) => Expectation::NotActor(value.into()),
            ("actor", false) => Expectation::Actor(value.into()),
            ("entry", true) => Expectation::NotEntry(value.into()),
            ("entry", false) => Expectation::Entry(value.into()),
            ("office", false) => Expectation::Office(value.into()),
            ("topic", true) => Expectation::NotTopic(value.into()),
            ("topic", false) => Expectation::Topic(value.into()),
            ("date", false) => {
                Expectation::Date(value.parse().map_err(|_| format!("\"{value}\" is no date"))?)
            }
            (_, true) => Expectation::NotEvent(ExpectEvent::parse(rest)?),
            (_, false) => Expectation::Event(ExpectEvent::parse(rest)?),
        })
    }
}

impl ExpectEvent {
    fn is(&self, doc: &Document, event: &Event) -> bool {
        let claim = &event.claim;
        let told = |a: &Who, b: &Who| a.is(doc, &claim.actors) && b.is(doc, &claim.recipients);
        // The sides of a reciprocal act may all stand among its actors.
        let both = |a: &Who, b: &Who| a.is(doc, &claim.actors) && b.is(doc, &claim.actors);
        let (a, b) = (&self.actor, &self.recipient);
        let sides = match self.reciprocal {
            true => claim.reciprocal && (told(a, b) || told(b, a) || both(a, b)),
            false => told(a, b),
        };
        let negated = |flags: &[Aux]| flags.contains(&Aux::Negation);
        claim.event == self.event
            && sides
            && self.flags.iter().all(|f| claim.aux.contains(f))
            && negated(&self.flags) == negated(&claim.aux)
    }
}

impl fmt::Display for ExpectEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.reciprocal { "<>" } else { ">" };
        write!(f, "{} {} {sign} {}", self.event.as_str(), self.actor, self.recipient)?;
        let flags: Vec<&str> = self.flags.iter().map(|a| a.as_str()).collect();
        if flags.is_empty() { Ok(()) } else { write!(f, " ({})", flags.join(", ")) }
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Expectation::Event(e) => write!(f, "{e}"),
            Expectation::NotEvent(e) => write!(f, "no {e}"),
            Expectation::NoEvent => f.write_str("no event"),
            Expectation::Actor(c) => write!(f, "actor {c}"),
            Expectation::NotActor(c) => write!(f, "no actor {c}"),
            Expectation::Entry(id) => write!(f, "entry {id}"),
            Expectation::NotEntry(id) => write!(f, "no entry {id}"),
            Expectation::Office(o) => write!(f, "office {o}"),
            Expectation::Topic(t) => write!(f, "topic {t}"),
            Expectation::NotTopic(t) => write!(f, "no topic {t}"),
            Expectation::Date(d) => write!(f, "date {d}"),
        }
    }
}

/// Whether a document, as read, is as expected. An event whose negation is not expected does not count.
pub fn holds(expectation: &Expectation, doc: &Document) -> bool {
    let told = |e: &ExpectEvent| doc.events.iter().any(|event| e.is(doc, event));
    let named = |fits: &dyn Fn(&Actor) -> bool| doc.mentions.iter().any(|m| fits(&m.actor));
    let actor = |text: &str| {
        let (code, sector) = text.split_once(' ').unwrap_or((text, ""));
        named(&|a| {
            a.country.as_deref() == Some(code)
                && (sector.is_empty() || a.sectors.iter().any(|s| **s == *sector))
        })
    };
    let entry = |id: &str| named(&|a| a.id.as_deref() == Some(id));
    let office = |text: &str| {
        let (code, office) = text.split_once(' ').unwrap_or((text, ""));
        named(&|a| a.country.as_deref() == Some(code) && a.office.as_deref() == Some(office))
    };
    let topic = |t: &str| doc.topics.iter().any(|hit| &*hit.id == t);
    match expectation {
        Expectation::Event(e) => told(e),
        Expectation::NotEvent(e) => !told(e),
        Expectation::NoEvent => doc.events.is_empty(),
        Expectation::Actor(c) => actor(c),
        Expectation::NotActor(c) => !actor(c),
        Expectation::Entry(id) => entry(id),
        Expectation::NotEntry(id) => !entry(id),
        Expectation::Office(o) => office(o),
        Expectation::Topic(t) => topic(t),
        Expectation::NotTopic(t) => !topic(t),
        Expectation::Date(d) => doc.events.iter().any(|e| e.date == *d),
    }
}

/// Reads one `.test` file.
pub(super) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<LexTest> {
    let mut out: Vec<LexTest> = Vec::new();
    let mut date = None;
    let mut open = false;
    for (i, line) in text.lines().enumerate() {
        let mut fault = |message: String, hint: &str| {
            problems.push(Problem::at_line(file, text, i + 1, "test", message, hint));
        };
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with('#') {
            open &= !bare.is_empty();
        } else if line.starts_with([' ', '\t']) {
            let Some(test) = out.last_mut().filter(|_| open) else {
                fault("an expectation without a sentence above it".into(), "sentences are not indented");
                continue;
            };
            match Expectation::parse(bare) {
                Ok(expect) => test.expectations.push(expect),
                Err(why) => fault(
                    why,
                    "e.g. SANCTION EUR > BLR, no event, actor FRA MIL, office FRA President, no topic trade, date 2026-11-22",
                ),
            }
        } else if let Some(Ok(day)) = bare.strip_prefix("on ").map(|d| d.trim().parse::<NaiveDate>()) {
            date = Some(day);
            open = false;
        } else {
            open = true;
            let (at, expectations) = (format!("{file}:{}", i + 1).into(), Vec::new());
            out.push(LexTest { sentence: bare.into(), day: date, at, expectations });
        }
    }
    for test in out.iter().filter(|t| t.expectations.is_empty()) {
        let line = test.at.rsplit(':').next().and_then(|n| n.parse().ok()).unwrap_or(1);
        let message = "a sentence without any expectation".into();
        problems.push(Problem::at_line(file, text, line, "test", message, "indent one below it").warn());
    }
    out
}

#[cfg(test)]
mod checks {
    use super::*;

    #[test]
    fn a_test_file_is_read() {
        let text = "# notes\non 2026-11-25\nNorway fined Peru.\n  SANCTION NOR > PER (future, reported)\n  no actor CHL\n\n\
                    Two sides met.\n  CONSULT CHN <> RUS\n  no event\n  date 2026-11-22\n";
        let mut problems = Vec::new();
        let tests = read("tests/a.test", text, &mut problems);
        assert_eq!(problems, []);
        assert_eq!((tests.len(), &*tests[0].at, tests[1].expectations.len()), (2, "tests/a.test:3", 3));
        assert_eq!(tests[1].day, NaiveDate::from_ymd_opt(2026, 11, 25));
        let Expectation::Event(e) = &tests[0].expectations[0] else { panic!() };
        assert_eq!(e.flags, [Aux::Future, Aux::Reported]);
        assert_eq!(tests[1].expectations[1], Expectation::NoEvent);
    }

    #[test]
    fn a_wrong_line_is_told() {
        let mut problems = Vec::new();
        read("t", "A sentence.\n  SANKTION NOR > PER\n  no event\n", &mut problems);
        assert_eq!((problems[0].line, problems.len()), (2, 1));
    }
}
