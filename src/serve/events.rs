//! Events themselves: a page of them, or all that match in another form.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Of;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::asked::{Asked, EventsMore, ExportMore, Order, To};
use super::problem::Problem;
use super::state::State;
use super::{ask, cursor};
use crate::export::{self, Form};
use crate::index::{Filter, Index, Spot};

/// Records written into a stream of an export at a time.
const PAGE: usize = 500;

/// `/api/events`: a JSON array, or NDJSON where `Accept` asks for it.
pub async fn list(
    Of(state): Of<Arc<State>>,
    headers: HeaderMap,
    asked: Asked<EventsMore>,
) -> Result<Response, Problem> {
    let lines = headers.get(header::ACCEPT).and_then(|a| a.to_str().ok()).is_some_and(wants_lines);
    ask(state, move |state| page(state, &asked, lines)).await
}

fn wants_lines(accept: &str) -> bool {
    ["application/x-ndjson", "application/jsonl", "application/ndjson"].iter().any(|t| accept.contains(t))
}

fn page(state: &State, asked: &Asked<EventsMore>, lines: bool) -> Result<Response, Problem> {
    let limit = asked.more.limit.map_or(100, |l| l.0) as usize;
    let index = state.index();
    let filter = Filter::new(&asked.ask, &index).map_err(Problem::question)?;
    let after = match asked.more.cursor.as_deref().filter(|c| !c.is_empty()) {
        Some(text) => Some(cursor::find(text, &index).ok_or_else(|| {
            Problem::missing("cursor: no record is there; it is from another output, or not one of ours")
        })?),
        None => None,
    };
    let newest = asked.more.order == Order::Newest;
    let (rows, more, total) = rows(&index, &filter, newest, after, limit);
    let next = more.then(|| rows.last()).flatten().map(|n| cursor::write(*n, index.rows()[*n as usize].key));
    let spots: Vec<Spot> = rows.iter().map(|n| index.rows()[*n as usize].spot).collect();
    drop(index);
    let body = join(state, &spots, lines)?;
    let kind = if lines { "application/x-ndjson" } else { "application/json" };
    let mut response = ([(header::CONTENT_TYPE, kind)], body).into_response();
    let headers = response.headers_mut();
    if let Some(value) = next.and_then(|n| HeaderValue::from_str(&n).ok()) {
        headers.insert("x-next-cursor", value);
    }
    if let Some(total) = total {
        headers.insert("x-total-count", HeaderValue::from(total));
    }
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

/// The rows of a page, whether there are more, and for the first page how many match in all.
fn rows(
    index: &Index,
    filter: &Filter,
    newest: bool,
    after: Option<u32>,
    limit: usize,
) -> (Vec<u32>, bool, Option<usize>) {
    let all = index.rows().len() as u32;
    let range = match after {
        None => 0..all,
        Some(after) if newest => 0..after,
        Some(after) => after + 1..all,
    };
    let mut found = index.matching(filter, range);
    let rows: Vec<u32> = match newest {
        true => found.by_ref().rev().take(limit).collect(),
        false => found.by_ref().take(limit).collect(),
    };
    // All are counted for the first page alone; behind the others it is enough to see one more.
    let total = after.is_none().then(|| rows.len() + found.by_ref().count());
    let more = total.map_or_else(|| found.next().is_some(), |total| total > rows.len());
    (rows, more, total)
}

/// The records at the spots, as they stand in the output.
fn join(state: &State, spots: &[Spot], lines: bool) -> Result<Vec<u8>, Problem> {
    let mut out = Vec::with_capacity(spots.iter().map(|s| s.len as usize + 1).sum::<usize>() + 2);
    if !lines {
        out.push(b'[');
    }
    for (i, spot) in spots.iter().enumerate() {
        if !lines && i > 0 {
            out.push(b',');
        }
        out.extend(
            state.record(*spot).map_err(|e| Problem::fault(format!("a record cannot be read again: {e}")))?,
        );
        if lines {
            out.push(b'\n');
        }
    }
    if !lines {
        out.push(b']');
    }
    Ok(out)
}

/// `/api/export`: all that match, oldest first, in the form asked for.
pub async fn export(Of(state): Of<Arc<State>>, asked: Asked<ExportMore>) -> Result<Response, Problem> {
    let to = asked.more.to;
    let found = state.clone();
    let spots = ask(found, move |state| {
        let index = state.index();
        let filter = Filter::new(&asked.ask, &index).map_err(Problem::question)?;
        let all = index.rows().len() as u32;
        Ok(index.matching(&filter, 0..all).map(|n| index.rows()[n as usize].spot).collect::<Vec<Spot>>())
    })
    .await?;
    let (kind, name) = match to {
        To::Jsonl => ("application/x-ndjson", "events.jsonl"),
        To::Csv => ("text/csv; charset=utf-8", "events.csv"),
        To::Gdelt2 => ("text/tab-separated-values; charset=utf-8", "events.gdelt2.tsv"),
        To::Polecat => ("text/tab-separated-values; charset=utf-8", "events.polecat.tsv"),
        To::Icews => ("text/tab-separated-values; charset=utf-8", "events.icews.tsv"),
        To::Geojson => ("application/geo+json", "events.geojson"),
        To::Cloudevents => ("application/x-ndjson", "events.cloudevents.jsonl"),
    };
    let (send, take) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(2);
    tokio::task::spawn_blocking(move || write_all(&state, &spots, to, &send));
    let body = Body::from_stream(futures::stream::unfold(take, |mut take| async {
        let part = take.recv().await?;
        Some((part, take))
    }));
    let name = format!("attachment; filename=\"{name}\"");
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name.as_str())], body)
        .into_response())
}

/// Writes page after page; a client that went away ends it.
fn write_all(
    state: &State,
    spots: &[Spot],
    to: To,
    send: &tokio::sync::mpsc::Sender<Result<Bytes, std::io::Error>>,
) {
    let mut form = Form::of(to);
    let mut part = form.as_ref().map(export::Form::head).unwrap_or_default();
    for page in spots.chunks(PAGE) {
        for spot in page {
            let line = match state.record(*spot) {
                Ok(line) => line,
                Err(e) => {
                    // The client sees a broken answer, not a short one.
                    let _ = send.blocking_send(Err(e));
                    return;
                }
            };
            match &mut form {
                None => {
                    part.extend_from_slice(&line);
                    part.push(b'\n');
                }
                Some(form) => {
                    if let Ok(record) = serde_json::from_slice(&line) {
                        form.write(&record, &mut part);
                    }
                }
            }
        }
        if send.blocking_send(Ok(Bytes::from(std::mem::take(&mut part)))).is_err() {
            return;
        }
    }
    part.extend(form.as_ref().map(export::Form::tail).unwrap_or_default());
    let _ = send.blocking_send(Ok(Bytes::from(part)));
}

impl Form {
    /// The form of a view; records as they stand have none.
    fn of(to: To) -> Option<Form> {
        Some(match to {
            To::Jsonl => return None,
            To::Csv => Form::csv(),
            To::Gdelt2 => Form::gdelt2(),
            To::Polecat => Form::polecat(),
            To::Icews => Form::icews(),
            To::Geojson => Form::geojson(),
            To::Cloudevents => Form::cloudevents(),
        })
    }
}
