//! This week against the weeks before it, with the rule of thumb that small numbers are no news.

use super::answer::{Spike, Spikes, Story};
use super::date;
use super::filter::Selection;
use super::names::Map;
use super::table::{Index, Row};
use crate::model::codes::TYPES;

/// A change of more than this many percent is red.
const RED: f32 = 25.0;
/// A change of more than this many percent is orange.
const ORANGE: f32 = 10.0;
/// A mean of at most this, with a latest week of at most [`LOW_LATEST`], is of limited meaning.
const LOW_MEAN: f32 = 2.0;
/// See [`LOW_MEAN`].
const LOW_LATEST: u32 = 5;
/// Stories told behind each change.
const STORIES: usize = 5;

/// What to compare.
#[derive(Clone, Copy, Debug)]
pub struct SpikeAsk {
    /// Last day of the week that is judged.
    pub until: i32,
    /// Weeks it is compared with.
    pub weeks: u32,
    /// Changes to tell at most.
    pub most: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Kind {
    Country,
    Dyad,
    Event,
    Topic,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Country => "country",
            Kind::Dyad => "dyad",
            Kind::Event => "event",
            Kind::Topic => "topic",
        }
    }
}

impl Index {
    /// The largest rises of the week that ends with `ask.until`, by day of publication.
    pub fn spikes(&self, selection: &Selection, ask: SpikeAsk) -> Spikes {
        let weeks = ask.weeks as i32;
        let oldest = ask.until - 7 * (weeks + 1) + 1;
        let mut history: Map<(Kind, u32), Vec<u32>> = Map::default();
        let mut latest: Vec<&Row> = Vec::new();
        for row in self.selected(selection) {
            if row.told < oldest || row.told > ask.until {
                continue;
            }
            let week = ((row.told - oldest) / 7) as usize;
            if week == weeks as usize {
                latest.push(row);
            }
            self.each_kind(row, |key| {
                history.entry(key).or_insert_with(|| vec![0; weeks as usize + 1])[week] += 1;
            });
        }
        let compared = history.len() as u64;
        let mut spikes: Vec<((Kind, u32), Spike)> = history
            .into_iter()
            .filter(|(_, weeks)| weeks.last().is_some_and(|n| *n > 0))
            .map(|(key, weeks)| (key, self.spike(key, weeks)))
            .collect();
        spikes.sort_by(|(a, x), (b, y)| {
            let weight =
                |s: &Spike| (s.level == "limited", -(s.latest as f32 - s.mean) / (s.mean + 1.0).sqrt());
            let (p, q) = (weight(x), weight(y));
            p.0.cmp(&q.0).then(p.1.total_cmp(&q.1)).then_with(|| (a.0, &x.key).cmp(&(b.0, &y.key)))
        });
        spikes.truncate(ask.most);
        let spikes = spikes
            .into_iter()
            .map(|(key, spike)| Spike { stories: self.stories_behind(key, &latest), ..spike })
            .collect();
        let (since, until) = (date(ask.until - 6), date(ask.until));
        Spikes { since, until, weeks: ask.weeks, spikes, compared }
    }

    fn spike(&self, (kind, key): (Kind, u32), history: Vec<u32>) -> Spike {
        let (latest, before) = history.split_last().map_or((0, &[][..]), |(l, b)| (*l, b));
        let mean = before.iter().sum::<u32>() as f32 / before.len().max(1) as f32;
        let change = (mean > 0.0).then(|| (latest as f32 - mean) / mean * 100.0);
        let level = match change {
            _ if mean <= LOW_MEAN && latest <= LOW_LATEST => "limited",
            Some(c) if c > RED => "red",
            None => "red",
            Some(c) if c >= ORANGE => "orange",
            Some(_) => "steady",
        };
        let key = match kind {
            Kind::Country => self.places.text(key),
            Kind::Dyad => self.dyads.text(key),
            Kind::Event => TYPES[key as usize].name,
            Kind::Topic => self.topics.text(key),
        };
        let key = key.to_string();
        Spike { kind: kind.as_str(), key, latest, mean, change, level, history, stories: Vec::new() }
    }

    fn stories_behind(&self, key: (Kind, u32), latest: &[&Row]) -> Vec<Story> {
        let mut stories: Map<u32, (u32, u32, u32)> = Map::default();
        for row in latest {
            let mut has = false;
            self.each_kind(row, |k| has |= k == key);
            if has {
                stories.entry(row.story).or_insert((0, row.article, row.source)).0 += 1;
            }
        }
        let mut stories: Vec<_> = stories.into_iter().collect();
        stories.sort_by_key(|(story, (n, ..))| (std::cmp::Reverse(*n), *story));
        stories.truncate(STORIES);
        stories
            .into_iter()
            .map(|(story, (events, article, source))| Story {
                id: self.stories.text(story).into(),
                title: self.title(article).into(),
                source: self.sources.text(source).into(),
                events,
            })
            .collect()
    }

    fn each_kind(&self, row: &Row, mut each: impl FnMut((Kind, u32))) {
        each((Kind::Event, u32::from(row.event)));
        if row.dyad != 0 {
            each((Kind::Dyad, row.dyad));
        }
        let (a, r) = self.countries_of(row);
        for (i, n) in a.iter().chain(r).enumerate() {
            if !a.iter().chain(r).take(i).any(|x| x == n) {
                each((Kind::Country, *n));
            }
        }
        let mut bits = row.topics;
        while bits != 0 {
            each((Kind::Topic, bits.trailing_zeros()));
            bits &= bits - 1;
        }
    }
}
