//! Counts over time.

use chrono::{Datelike, Months, NaiveDate};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::{Line, Series};
use super::date;
use super::filter::Selection;
use super::line::days;
use super::table::{Index, Row};
use crate::model::codes::TYPES;

/// Buckets in one answer at most; longer spans get wider buckets.
const MOST_BUCKETS: usize = 800;

/// How wide a bucket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Bucket {
    /// A day.
    Day,
    /// Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

/// What is counted apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Event types.
    #[default]
    Event,
    /// Quad classes.
    Quad,
    /// Topics; an event with two counts in both.
    Topic,
    /// All together.
    All,
}

impl Bucket {
    fn as_str(self) -> &'static str {
        match self {
            Bucket::Day => "day",
            Bucket::Week => "week",
            Bucket::Month => "month",
            Bucket::Year => "year",
        }
    }

    /// First day of the bucket a day lies in.
    fn first(self, day: NaiveDate) -> NaiveDate {
        let month = |m| NaiveDate::from_ymd_opt(day.year(), m, 1).unwrap_or(day);
        match self {
            Bucket::Day => day,
            Bucket::Week => day.week(chrono::Weekday::Mon).checked_first_day().unwrap_or(day),
            Bucket::Month => month(day.month()),
            Bucket::Year => month(1),
        }
    }

    fn next(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Bucket::Day => first.succ_opt(),
            Bucket::Week => first.checked_add_days(chrono::Days::new(7)),
            Bucket::Month => first.checked_add_months(Months::new(1)),
            Bucket::Year => first.checked_add_months(Months::new(12)),
        }
    }

    fn wider(self) -> Option<Bucket> {
        match self {
            Bucket::Day => Some(Bucket::Week),
            Bucket::Week => Some(Bucket::Month),
            Bucket::Month => Some(Bucket::Year),
            Bucket::Year => None,
        }
    }

    /// First days of all buckets from one day to another; none when there would be too many.
    fn all(self, from: i32, to: i32) -> Option<Vec<NaiveDate>> {
        let (mut at, last) = (self.first(date(from)), date(to));
        let mut out = Vec::new();
        while at <= last {
            if out.len() == MOST_BUCKETS {
                return None;
            }
            out.push(at);
            at = self.next(at)?;
        }
        Some(out)
    }

    /// A width that shows a span well.
    fn for_span(days: i32) -> Bucket {
        match days {
            ..=120 => Bucket::Day,
            121..=1100 => Bucket::Week,
            1101..=7300 => Bucket::Month,
            _ => Bucket::Year,
        }
    }
}

/// From days to buckets, and what is counted in them.
struct Grid {
    from: i32,
    bucket_of: Vec<u32>,
    firsts: Vec<NaiveDate>,
    bucket: Bucket,
}

impl Grid {
    fn new(from: i32, to: i32, wished: Option<Bucket>) -> Grid {
        let mut bucket = wished.unwrap_or_else(|| Bucket::for_span(to - from));
        loop {
            if let Some(firsts) = bucket.all(from, to) {
                let mut bucket_of = Vec::with_capacity((to - from + 1).max(0) as usize);
                let mut at = 0;
                for day in from..=to {
                    while firsts.get(at + 1).is_some_and(|next| days(*next) <= day) {
                        at += 1;
                    }
                    bucket_of.push(at as u32);
                }
                return Grid { from, bucket_of, firsts, bucket };
            }
            match bucket.wider() {
                Some(wider) => bucket = wider,
                None => return Grid { from, bucket_of: Vec::new(), firsts: Vec::new(), bucket },
            }
        }
    }

    fn at(&self, day: i32) -> Option<usize> {
        self.bucket_of.get(usize::try_from(day - self.from).ok()?).map(|b| *b as usize)
    }
}

impl Index {
    /// Counts by bucket. Without days asked for, from the oldest to the newest event that matches.
    pub fn series(&self, selection: &Selection, by: By, wished: Option<Bucket>) -> Series {
        let (from, to) = self.span(selection);
        let grid = Grid::new(from, to, wished);
        let n = grid.firsts.len();
        let mut lines: Vec<(u32, Vec<u32>, Vec<i64>)> = Vec::new();
        let mut at_key: Vec<Option<usize>> = vec![None; 64];
        let mut articles = Seen::new(self.articles.len(), n);
        let mut any = Seen::new(self.articles.len(), n);
        let mut total = 0;
        let have_lines = self.article_counts().0 > 0;
        for row in self.selected(selection) {
            let Some(bucket) = grid.at(row.day) else { continue };
            total += 1;
            articles.note(row.article, bucket);
            for_each_key(row, by, |key| {
                let slot = *at_key[key as usize].get_or_insert_with(|| {
                    lines.push((key, vec![0; n], vec![0; n]));
                    lines.len() - 1
                });
                lines[slot].1[bucket] += 1;
                lines[slot].2[bucket] += i64::from(row.intensity);
            });
        }
        if have_lines {
            self.article_days().filter_map(|d| grid.at(d)).for_each(|bucket| any.counts[bucket] += 1);
        } else {
            let all = self.standing().filter_map(|(_, row)| Some((row.article, grid.at(row.day)?)));
            all.for_each(|(article, bucket)| any.note(article, bucket));
        }
        lines.sort_by_key(|(key, counts, _)| (std::cmp::Reverse(counts.iter().sum::<u32>()), *key));
        let series = lines.into_iter().map(|(key, counts, sums)| self.line(by, key, counts, &sums)).collect();
        Series {
            bucket: grid.bucket.as_str(),
            buckets: grid.firsts,
            by: by.as_str(),
            series,
            articles: articles.counts,
            of_articles: any.counts,
            of: if have_lines { "read" } else { "with_events" },
            total,
        }
    }

    fn line(&self, by: By, key: u32, counts: Vec<u32>, sums: &[i64]) -> Line {
        let mean = |(n, sum): (&u32, &i64)| (*n > 0).then(|| *sum as f32 / 10.0 / *n as f32);
        let key = match by {
            By::Event => TYPES[key as usize].name.to_string(),
            By::Quad => key.to_string(),
            By::Topic => self.topics.text(key).to_string(),
            By::All => "all".into(),
        };
        Line { key, intensity: counts.iter().zip(sums).map(mean).collect(), counts }
    }

    /// The days a selection speaks of: as asked, else those of what matches.
    fn span(&self, selection: &Selection) -> (i32, i32) {
        if let (Some(from), Some(to)) = selection.days {
            return (from, to);
        }
        let mut all: Option<(i32, i32)> = None;
        for row in self.selected(selection) {
            let (from, to) = all.unwrap_or((row.day, row.day));
            all = Some((from.min(row.day), to.max(row.day)));
        }
        let (from, to) = all.unwrap_or((self.newest, self.newest));
        (selection.days.0.unwrap_or(from), selection.days.1.unwrap_or(to))
    }
}

impl By {
    fn as_str(self) -> &'static str {
        match self {
            By::Event => "event",
            By::Quad => "quad",
            By::Topic => "topic",
            By::All => "all",
        }
    }
}

fn for_each_key(row: &Row, by: By, mut each: impl FnMut(u32)) {
    match by {
        By::Event => each(u32::from(row.event)),
        By::Quad => each(u32::from(row.quad)),
        By::All => each(0),
        By::Topic => {
            let mut bits = row.topics;
            while bits != 0 {
                each(bits.trailing_zeros());
                bits &= bits - 1;
            }
        }
    }
}

/// Distinct articles by bucket. An article's events stand together, so its last bucket is memory enough; one whose
/// events alternate between two buckets counts again at each turn.
struct Seen {
    last: Vec<u32>,
    counts: Vec<u32>,
}

impl Seen {
    fn new(articles: usize, buckets: usize) -> Seen {
        Seen { last: vec![u32::MAX; articles], counts: vec![0; buckets] }
    }

    fn note(&mut self, article: u32, bucket: usize) {
        let last = &mut self.last[article as usize];
        if *last != bucket as u32 {
            *last = bucket as u32;
            self.counts[bucket] += 1;
        }
    }
}
