//! Live events: Server-Sent Events, with what was missed told again from the output.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::State as Of;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use tokio::sync::broadcast::{self, error::RecvError};
use tokio::sync::mpsc;

use super::asked::{Asked, StreamMore};
use super::cursor;
use super::problem::Problem;
use super::state::{Batch, State};
use crate::index::{Ask, Filter, Spot};

/// Records replayed at a time.
const PAGE: usize = 200;

/// `/api/stream`.
pub async fn stream(
    Of(state): Of<Arc<State>>,
    headers: HeaderMap,
    asked: Asked<StreamMore>,
) -> Result<Response, Problem> {
    Filter::new(&asked.ask, &state.index()).map_err(Problem::question)?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_string);
    let last = last.or(asked.more.last_event_id).filter(|l| !l.is_empty());
    let place = Place::take(&state)?;
    // Subscribed before the table is looked at: nothing falls between replay and live.
    let live = state.live.subscribe();
    let (send, take) = mpsc::channel::<Bytes>(4);
    // A feed tells all there is unless it is asked not to.
    let duplicates = asked.ask.duplicates.or(Some(true));
    let client = Client { ask: Ask { duplicates, ..asked.ask }, state, send, next: 0 };
    tokio::spawn(async move {
        client.run(live, last).await;
        drop(place);
    });
    let body = Body::from_stream(futures::stream::unfold(take, |mut take| async {
        let part = take.recv().await?;
        Some((Ok::<_, std::convert::Infallible>(part), take))
    }));
    let head = [
        (header::CONTENT_TYPE.as_str(), "text/event-stream"),
        (header::CACHE_CONTROL.as_str(), "no-store"),
        ("x-accel-buffering", "no"),
    ];
    Ok((head, body).into_response())
}

/// A place among the streams; given back when it is dropped.
struct Place(Arc<State>);

impl Place {
    fn take(state: &Arc<State>) -> Result<Place, Problem> {
        let most = state.limits.streams;
        let taken =
            state.streams.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| (n < most).then_some(n + 1));
        taken.map(|_| Place(state.clone())).map_err(|_| Problem::busy())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::SeqCst);
    }
}

/// One client.
struct Client {
    ask: Ask,
    state: Arc<State>,
    send: mpsc::Sender<Bytes>,
    /// The first row it has not been told of.
    next: u32,
}

/// The client went away.
struct Gone;

impl Client {
    async fn run(mut self, mut live: broadcast::Receiver<Arc<Batch>>, last: Option<String>) {
        let mut beat = tokio::time::interval(self.state.limits.heartbeat);
        beat.tick().await;
        if self.greet(last).await.is_err() {
            return;
        }
        loop {
            let done = tokio::select! {
                batch = live.recv() => match batch {
                    Ok(batch) => self.tell(&batch).await,
                    Err(RecvError::Lagged(batches)) => self.gap(batches).await,
                    Err(RecvError::Closed) => Err(Gone),
                },
                _ = beat.tick() => self.put(Bytes::from_static(b": beat\n\n")).await,
                () = self.send.closed() => Err(Gone),
            };
            if done.is_err() {
                return;
            }
        }
    }

    async fn put(&self, bytes: Bytes) -> Result<(), Gone> {
        self.send.send(bytes).await.map_err(|_| Gone)
    }

    /// Replays what came after the last event it knows.
    async fn greet(&mut self, last: Option<String>) -> Result<(), Gone> {
        self.put(Bytes::from_static(b"retry: 2000\n\n")).await?;
        self.next = self.state.index().rows().len() as u32;
        let Some(last) = last else { return Ok(()) };
        let found = cursor::find(&last, &self.state.index());
        match found {
            Some(row) => self.replay(row + 1).await,
            None => {
                let gap = "event: gap\ndata: {\"reason\":\"the last event is not known here\"}\n\n";
                self.put(Bytes::from_static(gap.as_bytes())).await
            }
        }
    }

    async fn replay(&mut self, from: u32) -> Result<(), Gone> {
        let mut from = from;
        while from < self.next {
            let to = self.next.min(from + 20_000);
            let rows = self.wanted(from..to);
            for page in rows.chunks(PAGE) {
                let mut frames = Vec::new();
                for (row, key, spot) in page {
                    // A file that was taken away leaves a hole, and the client is told of it.
                    let Ok(line) = self.state.record(*spot) else {
                        frames.extend_from_slice(b"event: gap\ndata: {\"reason\":\"unreadable\"}\n\n");
                        continue;
                    };
                    let head = format!("id: {}\nevent: event\ndata: ", cursor::write(*row, *key));
                    frames.extend_from_slice(head.as_bytes());
                    frames.extend_from_slice(&line);
                    frames.extend_from_slice(b"\n\n");
                }
                self.put(Bytes::from(frames)).await?;
            }
            from = to;
        }
        Ok(())
    }

    /// Rows of a range that it asked for.
    fn wanted(&self, range: std::ops::Range<u32>) -> Vec<(u32, u64, Spot)> {
        let index = self.state.index();
        let Ok(filter) = Filter::new(&self.ask, &index) else { return Vec::new() };
        let all = index.rows();
        range
            .map(|n| (n, &all[n as usize]))
            .filter(|(_, row)| filter.meets(row, &index))
            .map(|(n, row)| (n, row.key, row.spot))
            .collect()
    }

    async fn tell(&mut self, batch: &Batch) -> Result<(), Gone> {
        if batch.anew {
            self.next = self.state.index().rows().len() as u32;
            let gap =
                "event: gap\ndata: {\"reason\":\"the output was cut; all that stands was read anew\"}\n\n";
            return self.put(Bytes::from_static(gap.as_bytes())).await;
        }
        let Some((last, _)) = batch.rows.last() else { return Ok(()) };
        if *last < self.next {
            return Ok(());
        }
        let all = Ask { duplicates: Some(true), ..Ask::default() };
        let whole = self.ask == all && batch.rows.first().is_some_and(|(row, _)| *row >= self.next);
        let frames = if whole { batch.frames.clone() } else { self.pick(batch) };
        self.next = last + 1;
        if frames.is_empty() { Ok(()) } else { self.put(frames).await }
    }

    /// The frames of a batch that it asked for.
    fn pick(&self, batch: &Batch) -> Bytes {
        let index = self.state.index();
        let Ok(filter) = Filter::new(&self.ask, &index) else { return Bytes::new() };
        let mut out = Vec::new();
        for (row, range) in batch.rows.iter().filter(|(row, _)| *row >= self.next) {
            if filter.meets(&index.rows()[*row as usize], &index) {
                out.extend_from_slice(&batch.frames[range.clone()]);
            }
        }
        Bytes::from(out)
    }

    /// It was too slow: told so, and then what it missed is read from the output again.
    async fn gap(&mut self, batches: u64) -> Result<(), Gone> {
        let to = self.state.index().rows().len() as u32;
        let from = self.next.min(to);
        self.state.missed.fetch_add(u64::from(to - from), Ordering::Relaxed);
        let text = format!(
            "event: gap\ndata: {{\"reason\":\"too slow\",\"batches\":{batches},\"events\":{}}}\n\n",
            to - from
        );
        self.next = to;
        self.put(Bytes::from(text)).await
    }
}
