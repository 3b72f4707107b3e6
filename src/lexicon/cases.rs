//! `tests/*.test`: plain sentences with what must and must not be read from them.

use chrono::NaiveDate;

use super::problem::Problem;
use crate::model::{Aux, EventType};

/// An event as a test writes it: `SANCTION EUR > BLR (future)`, `CONSULT CHN <> RUS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectEvent {
    /// What was done.
    pub event: EventType,
    /// Who did it; `None` written as `?` or `-`.
    pub actor: Option<String>,
    /// Who was acted on; `None` when not written.
    pub recipient: Option<String>,
    /// Whether both acted alike (`<>`).
    pub reciprocal: bool,
    /// Caveats that must be there.
    pub flags: Vec<Aux>,
}

/// One line below a test sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    /// This event is told.
    Event(ExpectEvent),
    /// This event is not told.
    NotEvent(ExpectEvent),
    /// No event at all.
    NoEvent,
    /// An actor of this country code is named.
    Actor(String),
    /// No actor of this country code is named.
    NotActor(String),
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
    /// Publication date, from the last `on DATE`.
    pub date: Option<NaiveDate>,
    /// File inside the lexicon.
    pub file: String,
    /// 1-based line of the sentence.
    pub line: usize,
    /// What must hold, with the line of each.
    pub expect: Vec<(usize, Expect)>,
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
        let side = |w: Option<&str>| match w {
            None | Some("?" | "-") => Ok(None),
            Some(code) if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
                Ok(Some(code.to_string()))
            }
            Some(other) => Err(format!("\"{other}\" is no country code")),
        };
        let actor = side(words.next())?;
        let reciprocal = match words.next() {
            None | Some(">") => false,
            Some("<>") => true,
            Some(other) => return Err(format!("expected > or <>, found \"{other}\"")),
        };
        let recipient = side(words.next())?;
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

impl Expect {
    /// Reads one expectation.
    ///
    /// # Errors
    /// Why it is not understood.
    pub fn parse(line: &str) -> Result<Expect, String> {
        let (negated, rest) = match line.strip_prefix("no ") {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        let (word, value) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let value = value.trim();
        Ok(match (word, negated) {
            ("event", true) if value.is_empty() => Expect::NoEvent,
            ("actor" | "topic", _) if value.is_empty() => return Err(format!("{word} of what?")),
            ("actor", true) => Expect::NotActor(value.into()),
            ("actor", false) => Expect::Actor(value.into()),
            ("topic", true) => Expect::NotTopic(value.into()),
            ("topic", false) => Expect::Topic(value.into()),
            ("date", false) => Expect::Date(value.parse().map_err(|_| format!("\"{value}\" is no date"))?),
            (_, true) => Expect::NotEvent(ExpectEvent::parse(rest)?),
            (_, false) => Expect::Event(ExpectEvent::parse(rest)?),
        })
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
            match Expect::parse(bare) {
                Ok(expect) => test.expect.push((i + 1, expect)),
                Err(why) => fault(
                    why,
                    "e.g. SANCTION EUR > BLR, no event, actor FRA, no topic trade, date 2026-11-22",
                ),
            }
        } else if let Some(Ok(day)) = bare.strip_prefix("on ").map(|d| d.trim().parse::<NaiveDate>()) {
            date = Some(day);
            open = false;
        } else {
            open = true;
            let (file, line, expect) = (file.to_string(), i + 1, Vec::new());
            out.push(LexTest { sentence: bare.into(), date, file, line, expect });
        }
    }
    for test in out.iter().filter(|t| t.expect.is_empty()) {
        let message = "a sentence without any expectation".into();
        problems.push(Problem::at_line(file, text, test.line, "test", message, "indent one below it").warn());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_file_is_read() {
        let text = "# notes\non 2026-11-25\nNorway fined Peru.\n  SANCTION NOR > PER (future, reported)\n  no actor CHL\n\n\
                    Two sides met.\n  CONSULT CHN <> RUS\n  no event\n  date 2026-11-22\n";
        let mut problems = Vec::new();
        let tests = read("tests/a.test", text, &mut problems);
        assert_eq!(problems, []);
        assert_eq!((tests.len(), tests[0].line, tests[1].expect.len()), (2, 3, 3));
        assert_eq!(tests[1].date, NaiveDate::from_ymd_opt(2026, 11, 25));
        let Expect::Event(e) = &tests[0].expect[0].1 else { panic!() };
        assert_eq!(e.flags, [Aux::Future, Aux::Reported]);
        assert_eq!(tests[1].expect[1].1, Expect::NoEvent);
    }

    #[test]
    fn a_wrong_line_is_told() {
        let mut problems = Vec::new();
        read("t", "A sentence.\n  SANKTION NOR > PER\n  no event\n", &mut problems);
        assert_eq!((problems[0].line, problems.len()), (2, 1));
    }
}
