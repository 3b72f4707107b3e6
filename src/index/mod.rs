//! Lines become a table in memory that answers questions: what matches, how many by day, by dyad, by topic.
//!
//! The table is only a memory of the JSONL: it holds for each line where it stands, and what is asked for. Nothing in
//! it is not in the files, so losing it loses nothing.

pub mod answer;
mod filter;
mod line;
mod names;
mod series;
mod spikes;
mod table;
mod tally;

pub use filter::{Ask, Fault, Filter, Selection};
pub use line::{Line, aux_bit, day_of, days, parse};
pub use names::Names;
pub use series::{Bucket, By};
pub use spikes::SpikeAsk;
pub use table::{Added, Index, Row, Spot};

use chrono::NaiveDate;

/// A day's number as a date.
pub fn date(day: i32) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day).unwrap_or_default()
}
