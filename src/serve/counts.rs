//! Aggregates: the table's answers, as JSON.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ask;
use super::asked::{ActorsMore, Asked, SeriesMore, SpikesMore, TopMore};
use super::problem::Problem;
use super::state::State;
use crate::index::answer::{Count, Dyads, Series, Spikes, Suggestion, Tally};
use crate::index::{Filter, Index, Selection, SpikeAsk};

type Answer<T> = Result<Json<T>, Problem>;

/// Topics over time, and the most frequent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Topics {
    /// The most frequent.
    pub top: Tally,
    /// Over time.
    pub series: Series,
}

/// Countries, by what they do and by what is placed in them.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Countries {
    /// As actor or recipient.
    pub parties: Tally,
    /// As the place named.
    pub places: Tally,
}

/// Actors.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Actors {
    /// The most frequent.
    pub top: Vec<Count>,
    /// Events that match.
    pub total: u64,
}

/// What was typed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Typed {
    /// The beginning or a part of a name.
    #[schemars(length(min = 1, max = 80))]
    pub q: String,
}

/// `/api/series`.
pub async fn series(Of(state): Of<Arc<State>>, asked: Asked<SeriesMore>) -> Answer<Series> {
    let Asked { ask: conditions, more } = asked;
    with(state, conditions, move |index, selection| index.series(selection, more.by, more.bucket)).await
}

/// `/api/dyads`.
pub async fn dyads(Of(state): Of<Arc<State>>, asked: Asked<TopMore>) -> Answer<Dyads> {
    let most = asked.more.limit.map_or(16, |l| l.0) as usize;
    with(state, asked.ask, move |index, selection| index.dyads(selection, most)).await
}

/// `/api/topics`.
pub async fn topics(Of(state): Of<Arc<State>>, asked: Asked<TopMore>) -> Answer<Topics> {
    let most = asked.more.limit.map_or(20, |l| l.0) as usize;
    with(state, asked.ask, move |index, selection| Topics {
        top: index.top_topics(selection, most),
        series: index.series(selection, crate::index::By::Topic, None),
    })
    .await
}

/// `/api/countries`.
pub async fn countries(Of(state): Of<Arc<State>>, asked: Asked<TopMore>) -> Answer<Countries> {
    let most = asked.more.limit.map_or(300, |l| l.0) as usize;
    with(state, asked.ask, move |index, selection| Countries {
        parties: index.countries(selection, most),
        places: index.located(selection, most),
    })
    .await
}

/// `/api/actors`.
pub async fn actors(Of(state): Of<Arc<State>>, asked: Asked<ActorsMore>) -> Answer<Actors> {
    let most = asked.more.limit.map_or(20, |l| l.0) as usize;
    let new = asked.more.new;
    with(state, asked.ask, move |index, selection| match new {
        Some(days) => {
            let top = index.new_actors(selection, index.newest - days.0 as i32 + 1, most);
            Actors { total: top.len() as u64, top }
        }
        None => {
            let tally = index.top_actors(selection, most);
            Actors { top: tally.top, total: tally.total }
        }
    })
    .await
}

/// `/api/sources`.
pub async fn sources(Of(state): Of<Arc<State>>, asked: Asked<TopMore>) -> Answer<Tally> {
    let most = asked.more.limit.map_or(20, |l| l.0) as usize;
    with(state, asked.ask, move |index, selection| index.top_sources(selection, most)).await
}

/// `/api/spikes`: the week that ends with `until`, else with the newest article.
pub async fn spikes(Of(state): Of<Arc<State>>, asked: Asked<SpikesMore>) -> Answer<Spikes> {
    let SpikesMore { weeks, limit } = asked.more;
    let mut conditions = asked.ask;
    let until = conditions.until.take();
    conditions.since = None;
    with(state, conditions, move |index, selection| {
        let until = until.map_or(index.newest, crate::index::days);
        let ask =
            SpikeAsk { until, weeks: weeks.map_or(4, |w| w.0), most: limit.map_or(20, |l| l.0) as usize };
        index.spikes(selection, ask)
    })
    .await
}

/// `/api/suggest`.
pub async fn suggest(
    Of(state): Of<Arc<State>>,
    typed: Result<Query<Typed>, axum::extract::rejection::QueryRejection>,
) -> Answer<Vec<Suggestion>> {
    let Query(Typed { q }) = typed.map_err(|e| Problem::question(e.body_text()))?;
    if q.is_empty() || q.chars().count() > 80 {
        return Err(Problem::question("q: 1 to 80 characters"));
    }
    ask(state, move |state| Ok(Json(state.index().suggest(&q, 12)))).await
}

async fn with<T: Send + 'static>(
    state: Arc<State>,
    conditions: crate::index::Ask,
    answer: impl FnOnce(&Index, &Selection) -> T + Send + 'static,
) -> Answer<T> {
    ask(state, move |state| {
        let index = state.index();
        let filter = Filter::new(&conditions, &index).map_err(Problem::question)?;
        Ok(Json(answer(&index, &index.select(&filter))))
    })
    .await
}
