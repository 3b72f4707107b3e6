//! Which rows are asked for.

use std::ops::Range;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::line::{aux_bit, days};
use super::table::{Index, Row};
use crate::model::{Aux, EventType};

/// What `event` may hold; nothing is no condition.
const EVENTS: &str = "^((AGREE|CONSULT|SUPPORT|CONCEDE|COOPERATE|AID|RETREAT|REQUEST|ACCUSE|REJECT|THREATEN|PROTEST|\
                      SANCTION|MOBILIZE|COERCE|ASSAULT)(,(AGREE|CONSULT|SUPPORT|CONCEDE|COOPERATE|AID|RETREAT|REQUEST|\
                      ACCUSE|REJECT|THREATEN|PROTEST|SANCTION|MOBILIZE|COERCE|ASSAULT))*)?$";
/// What `aux` may hold; nothing is no condition.
const CAVEATS: &str = "^((none|negation|future|hypothetical|historical|reported|denied|question|opinion)\
                       (,(none|negation|future|hypothetical|historical|reported|denied|question|opinion))*)?$";

/// Conditions on events, as a query string carries them. Several values stand with commas between them and mean "any
/// of these"; several conditions mean "all of these".
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Ask {
    /// First day of the event (YYYY-MM-DD).
    pub since: Option<NaiveDate>,
    /// Last day of the event (YYYY-MM-DD).
    pub until: Option<NaiveDate>,
    /// Event types, such as SANCTION.
    #[schemars(regex(pattern = EVENTS))]
    pub event: Option<String>,
    /// Quad classes, 1 to 4.
    #[schemars(regex(pattern = r"^([1-4](,[1-4])*)?$"))]
    pub quad: Option<String>,
    /// Lexicon ids of actors, on either side.
    #[schemars(length(max = 500))]
    pub actor: Option<String>,
    /// Country codes, on either side.
    #[schemars(length(max = 500))]
    pub country: Option<String>,
    /// A pair: `EUR>BLR` one way, `RUS<>USA` both ways and mutual acts.
    #[schemars(regex(pattern = r"^([A-Z]{3}<?>[A-Z]{3})?$"))]
    pub dyad: Option<String>,
    /// Topics.
    #[schemars(length(max = 500))]
    pub topic: Option<String>,
    /// Publishers.
    #[schemars(length(max = 500))]
    pub source: Option<String>,
    /// Caveats that must be there, or `none`.
    #[schemars(regex(pattern = CAVEATS))]
    pub aux: Option<String>,
    /// Country codes of the place named; `none` for no place.
    #[schemars(length(max = 500))]
    pub place: Option<String>,
    /// Story ids.
    #[schemars(length(max = 500))]
    pub story: Option<String>,
    /// Words that sentence or title must all hold.
    #[schemars(length(max = 200))]
    pub q: Option<String>,
    /// Least confidence, 0 to 1.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: Option<Percent>,
    /// Whether what an article tells twice is counted twice.
    pub duplicates: Option<bool>,
}

impl Ask {
    fn lists(&mut self) -> [&mut Option<String>; 10] {
        [
            &mut self.dyad,
            &mut self.event,
            &mut self.quad,
            &mut self.actor,
            &mut self.country,
            &mut self.topic,
            &mut self.source,
            &mut self.aux,
            &mut self.place,
            &mut self.story,
        ]
    }
}

/// A share between 0 and 1, kept in percent so that questions can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "f64")]
#[schemars(with = "f64")]
pub struct Percent(u8);

impl TryFrom<f64> for Percent {
    type Error = &'static str;

    fn try_from(share: f64) -> Result<Self, Self::Error> {
        if (0.0..=1.0).contains(&share) {
            return Ok(Percent((share * 100.0).round() as u8));
        }
        Err("it must lie between 0 and 1")
    }
}

/// A condition that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {why}")]
pub struct Fault {
    /// The parameter.
    pub name: &'static str,
    /// What is wrong, and what would be right.
    pub why: String,
}

/// Which pairs are meant.
#[derive(Clone, Copy, Debug)]
enum Pair {
    OneWay(u32, u32),
    BothWays(u32, u32),
}

/// Conditions made ready for one table.
#[derive(Debug, Default)]
pub struct Filter {
    since: Option<i32>,
    until: Option<i32>,
    events: Option<u16>,
    quads: Option<u8>,
    actors: Option<Vec<u32>>,
    countries: Option<Vec<u32>>,
    pair: Option<Pair>,
    topics: Option<u64>,
    sources: Option<Vec<u32>>,
    places: Option<Vec<u32>>,
    stories: Option<Vec<u32>>,
    aux: Option<u8>,
    /// In lower case.
    words: Vec<String>,
    confidence: u8,
    duplicates: bool,
}

/// The values of a list, without the empty ones.
fn values(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|v| !v.is_empty())
}

impl Filter {
    /// Makes the conditions ready. A name that no row has matches nothing.
    ///
    /// # Errors
    /// A value that can never be right: an unknown event type, caveat or quad, a pair without `>`.
    pub fn new(ask: &Ask, index: &Index) -> Result<Filter, Fault> {
        let fault = |name, why: String| Fault { name, why };
        // An empty value is no condition: forms send them.
        let mut ask = ask.clone();
        for list in ask.lists() {
            list.take_if(|l| values(l).next().is_none());
        }
        let numbers = |list: &Option<String>, names: &super::Names| {
            list.as_ref().map(|list| values(list).filter_map(|v| names.find(v)).collect())
        };
        let events = ask.event.as_ref().map(|list| event_bits(list)).transpose()?;
        let quads = ask.quad.as_ref().map(|list| {
            values(list).try_fold(0u8, |all, v| match v.parse::<u8>() {
                Ok(q @ 1..=4) => Ok(all | 1 << q),
                _ => Err(fault("quad", format!("\"{v}\" is none of 1, 2, 3, 4"))),
            })
        });
        let aux = ask.aux.as_ref().map(|list| aux_bits(list)).transpose()?;
        let topics = ask.topic.as_ref().map(|list| {
            let bit = |n: u32| 1u64.checked_shl(n).unwrap_or(0);
            values(list).filter_map(|v| index.topics.find(v)).fold(0, |all, n| all | bit(n))
        });
        let places = ask.place.as_ref().map(|list| {
            values(list).filter_map(|v| if v == "none" { Some(0) } else { index.places.find(v) }).collect()
        });
        Ok(Filter {
            since: ask.since.map(days),
            until: ask.until.map(days),
            events,
            quads: quads.transpose()?,
            actors: numbers(&ask.actor, &index.actors),
            countries: numbers(&ask.country, &index.places),
            pair: ask.dyad.as_ref().map(|d| pair(d, index)).transpose()?,
            topics,
            sources: numbers(&ask.source, &index.sources),
            places,
            stories: numbers(&ask.story, &index.stories),
            aux,
            words: words(ask.q.as_deref().unwrap_or_default()),
            confidence: ask.confidence.map_or(0, |p| p.0),
            duplicates: ask.duplicates.unwrap_or(false),
        })
    }

    /// Whether a row stands and is asked for.
    pub fn wants(&self, row: &Row, index: &Index) -> bool {
        !row.gone && self.meets(row, index)
    }

    /// Whether a row meets the conditions, even one that was taken back.
    pub fn meets(&self, row: &Row, index: &Index) -> bool {
        self.fits(row, index) && self.words.iter().all(|w| index.holds(row, w))
    }

    /// The conditions but the words. Cheap ones come first.
    fn fits(&self, row: &Row, index: &Index) -> bool {
        if (row.duplicate && !self.duplicates)
            || self.since.is_some_and(|d| row.day < d)
            || self.until.is_some_and(|d| row.day > d)
            || self.events.is_some_and(|bits| bits & (1 << row.event) == 0)
            || self.quads.is_some_and(|bits| bits & (1 << row.quad) == 0)
            || row.confidence < self.confidence
            || self.topics.is_some_and(|bits| bits & row.topics == 0)
            || self.aux.is_some_and(|bits| if bits == 0 { row.aux != 0 } else { row.aux & bits != bits })
            || self.sources.as_ref().is_some_and(|s| !s.contains(&row.source))
            || self.places.as_ref().is_some_and(|s| !s.contains(&row.place))
            || self.stories.as_ref().is_some_and(|s| !s.contains(&row.story))
        {
            return false;
        }
        if let Some(wanted) = &self.countries {
            let (a, r) = index.countries_of(row);
            if !a.iter().chain(r).any(|c| wanted.contains(c)) {
                return false;
            }
        }
        if let Some(wanted) = &self.actors {
            let (a, r) = index.parties_of(row);
            if !a.iter().chain(r).any(|p| wanted.contains(p)) {
                return false;
            }
        }
        self.pair.is_none_or(|pair| joins(pair, row, index))
    }
}

/// The rows that stand and are asked for: found once, counted in many ways.
#[derive(Debug)]
pub struct Selection {
    /// Numbers of the rows, in the order of the files.
    pub rows: Vec<u32>,
    /// First and last day that were asked for.
    pub days: (Option<i32>, Option<i32>),
}

impl Index {
    /// The rows of a range that stand and are asked for, each looked at when it is its turn; words are sought at once.
    pub fn matching(&self, filter: &Filter, range: Range<u32>) -> impl DoubleEndedIterator<Item = u32> {
        let held: Vec<Vec<bool>> = filter.words.iter().map(|word| self.holding(word)).collect();
        range.filter(move |&n| {
            let row = &self.rows()[n as usize];
            !row.gone && held.iter().all(|h| h[n as usize]) && filter.fits(row, self)
        })
    }

    /// What is asked for, of the whole table.
    pub fn select(&self, filter: &Filter) -> Selection {
        let rows = self.matching(filter, 0..self.rows().len() as u32).collect();
        Selection { rows, days: (filter.since, filter.until) }
    }

    /// The rows of a selection.
    pub(super) fn selected<'i>(&'i self, selection: &'i Selection) -> impl Iterator<Item = &'i Row> {
        selection.rows.iter().map(|n| &self.rows()[*n as usize])
    }
}

/// Whether a row tells of the pair. Records with several countries on a side count for each pair they hold.
fn joins(pair: Pair, row: &Row, index: &Index) -> bool {
    let (a, r) = index.countries_of(row);
    let forth = |x: &u32, y: &u32| a.contains(x) && r.contains(y);
    match pair {
        Pair::OneWay(x, y) => forth(&x, &y),
        Pair::BothWays(x, y) => {
            forth(&x, &y) || forth(&y, &x) || (r.is_empty() && a.contains(&x) && a.contains(&y))
        }
    }
}

fn event_bits(list: &str) -> Result<u16, Fault> {
    values(list).try_fold(0, |all, v| match EventType::parse(&v.to_uppercase()) {
        Some(event) => Ok(all | 1 << event as u16),
        None => {
            let why = format!("no event type is called \"{v}\"; chancery codes lists all 16");
            Err(Fault { name: "event", why })
        }
    })
}

fn aux_bits(list: &str) -> Result<u8, Fault> {
    values(list).filter(|v| *v != "none").try_fold(0, |all, v| {
        aux_bit(v).map(|bit| all | bit).ok_or_else(|| {
            let known: Vec<&str> = Aux::ALL.iter().map(|a| a.as_str()).collect();
            Fault {
                name: "aux",
                why: format!("no caveat is called \"{v}\"; they are none, {}", known.join(", ")),
            }
        })
    })
}

/// A pair; a country that no row has becomes a number that none has either.
fn pair(text: &str, index: &Index) -> Result<Pair, Fault> {
    let number = |code: &str| index.places.find(code.trim()).unwrap_or(u32::MAX);
    if let Some((a, b)) = text.split_once("<>") {
        return Ok(Pair::BothWays(number(a), number(b)));
    }
    if let Some((a, b)) = text.split_once('>') {
        return Ok(Pair::OneWay(number(a), number(b)));
    }
    let why = format!("\"{text}\" is no pair; write EUR>BLR for one way, RUS<>USA for both");
    Err(Fault { name: "dyad", why })
}

fn words(q: &str) -> Vec<String> {
    q.to_lowercase().split_whitespace().take(8).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::codes::TYPES;

    #[test]
    fn the_patterns_hold_every_name() {
        let fits = |pattern: &str, text: &str| regex::Regex::new(pattern).unwrap().is_match(text);
        assert!(TYPES.iter().all(|t| fits(EVENTS, t.name) && fits(EVENTS, &format!("AID,{}", t.name))));
        assert!(
            Aux::ALL
                .iter()
                .all(|a| fits(CAVEATS, a.as_str()) && fits(CAVEATS, &format!("none,{}", a.as_str())))
        );
        assert!(!fits(EVENTS, "SANKTION") && !fits(CAVEATS, "maybe"));
    }

    #[test]
    fn what_can_never_be_right_is_told_by_name() {
        let index = Index::default();
        let ask = |change: fn(&mut Ask)| {
            let mut ask = Ask::default();
            change(&mut ask);
            Filter::new(&ask, &index).map(|_| ()).map_err(|fault| fault.name)
        };
        assert_eq!(ask(|a| a.event = Some("SANKTION".into())), Err("event"));
        assert_eq!(ask(|a| a.dyad = Some("EURBLR".into())), Err("dyad"));
        assert_eq!(ask(|a| a.quad = Some("0".into())), Err("quad"));
        assert_eq!(ask(|a| a.event = Some(" , ".into())), Ok(()), "an empty value is no condition");
    }
}
