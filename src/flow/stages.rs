//! The stages and how they are joined.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::stream::{self, Stream, StreamExt};
use sha2::{Digest, Sha256};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout_at};

use super::claim::{Claims, Taken, Work};
use super::commit::Committer;
use super::group::Group;
use super::{Flow, FlowError, Read, Shared, Tuning};
use crate::model::{Item, Outcome, Undecodable};
use crate::sink::{DeadLetter, Room, Spool, output_of};
use crate::source::fetch::{Fetched, fetch};
use crate::source::tail::hex;
use crate::source::watch::HintSender;
use crate::source::{Found, Until};

/// Items, and bytes of them, that go through the stages together.
const PIECE: (usize, u64) = (32, 256 << 10);
/// In-flight memory is counted in such units (bytes).
const UNIT: u64 = 1024;

/// A piece on its way, with the memory it holds.
struct Held<T> {
    what: T,
    permit: OwnedSemaphorePermit,
}

/// Joins the stages and runs them to the end of `found`.
pub(super) async fn work(
    found: impl Stream<Item = Found>,
    flow: Flow,
    shared: Shared,
    look_again: Option<HintSender>,
    committer: Committer,
) -> Result<(), FlowError> {
    let Flow { read, tuning } = flow;
    let under_way = Arc::new(AtomicUsize::new(0));
    let (done, to_write) = mpsc::channel::<Group>(tuning.workers * 2 + 2);
    let writer = tokio::spawn(write(to_write, committer, tuning.clone(), under_way.clone(), shared.clone()));
    let claims = Claims::new(shared.clone(), look_again);
    let ahead = tuning.workers.max(1) + 1;
    let (max_file, patient) = (shared.max_file, shared.until != Until::Stopped);

    let finished = pieces(found, tuning.in_flight, under_way.clone())
        .map(|held| spawn_blocking(move || fetch_all(held, max_file, patient)))
        .buffered(ahead)
        .map(|held| held.map(|held| Held { what: claims.claim(held.what), permit: held.permit }))
        .map(|held| {
            let (read, room) = (read.clone(), shared.room.clone());
            spawn_blocking(move || held.map(|held| read_all(held, &read, &room)))
        })
        .buffered(ahead);
    let mut finished = std::pin::pin!(finished);
    let mut failed = None;
    loop {
        let piece = tokio::select! {
            piece = finished.next() => piece,
            // The writer ends first only when it failed; its error is the one to tell.
            () = done.closed() => break,
        };
        let Some(piece) = piece else { break };
        let group = match piece {
            Ok(Ok(piece)) => gather(piece),
            Ok(Err(e)) | Err(e) => {
                failed = Some(FlowError::Task(e.to_string()));
                break;
            }
        };
        if done.send(group).await.is_err() {
            break;
        }
    }
    drop(done);
    let written = writer.await.unwrap_or_else(|e| Err(FlowError::Task(e.to_string())));
    failed.map_or(written, Err)
}

/// Groups what is ready into pieces and waits for the memory they need.
fn pieces(
    found: impl Stream<Item = Found>,
    in_flight: u64,
    under_way: Arc<AtomicUsize>,
) -> impl Stream<Item = Held<Vec<Found>>> {
    let units = (in_flight / UNIT).clamp(1, u64::from(u32::MAX)) as u32;
    let room = Arc::new(Semaphore::new(units as usize));
    let most = PIECE.1.min(in_flight);
    found.ready_chunks(PIECE.0).flat_map(move |chunk| stream::iter(split(chunk, most))).then(move |piece| {
        let weight: u64 = piece.iter().map(Found::weight).sum();
        // What is larger than all there is gets all there is, alone.
        let need = (weight.div_ceil(UNIT).max(1)).min(u64::from(units)) as u32;
        let (room, under_way) = (room.clone(), under_way.clone());
        async move {
            // The semaphore is never closed; without a permit the bound would be lost, so wait for ever.
            let Ok(permit) = room.acquire_many_owned(need).await else { return std::future::pending().await };
            under_way.fetch_add(1, Ordering::SeqCst);
            Held { what: piece, permit }
        }
    })
}

fn split(chunk: Vec<Found>, most: u64) -> Vec<Vec<Found>> {
    let mut pieces: Vec<Vec<Found>> = Vec::new();
    let (mut items, mut weight) = (0, 0);
    for found in chunk {
        let (more_items, more) = (found.items(), found.weight());
        match pieces.last_mut() {
            Some(piece) if items + more_items <= PIECE.0 && weight + more <= most => piece.push(found),
            _ => {
                pieces.push(vec![found]);
                (items, weight) = (0, 0);
            }
        }
        items += more_items;
        weight += more;
    }
    pieces
}

fn fetch_all(held: Held<Vec<Found>>, max_file: u64, patient: bool) -> Held<Vec<Taken>> {
    let take = |found| match found {
        Found::Lines(lines) => Taken::Lines(lines),
        Found::File(spotted, shown) => {
            let mut fetched = fetch(&spotted.path, max_file);
            // Live, a changing file is sent back to settle; a single pass has nowhere to send it.
            for _ in 0..if patient { 100 } else { 1 } {
                if !matches!(fetched, Fetched::Changing) {
                    break;
                }
                std::thread::sleep(Duration::from_millis(10));
                fetched = fetch(&spotted.path, max_file);
            }
            Taken::File(spotted, shown, fetched)
        }
    };
    Held { what: held.what.into_iter().map(take).collect(), permit: held.permit }
}

/// Work that was read: each item with what came of it, or with what its panic said; and the records of all of them.
struct Done {
    results: Vec<(Item, Result<Outcome, String>)>,
    lines: [Spool; 2],
    work: Work,
}

fn read_all(held: Held<Work>, read: &Read, room: &Room) -> Held<Done> {
    let Held { what: mut work, permit } = held;
    let mut lines = [Spool::new(room), Spool::new(room)];
    let results = std::mem::take(&mut work.items)
        .into_iter()
        .map(|item| {
            let before = lines.each_ref().map(Spool::mark);
            let mut emit = |lane, json: &[u8]| lines[output_of(lane)].push(json);
            // An item that panics is set aside; `read` is pure, so nothing half-done is left behind.
            let result = catch_unwind(AssertUnwindSafe(|| read(&item, &mut emit))).map_err(|e| said(&*e));
            if result.is_err() {
                lines.iter_mut().zip(before).for_each(|(lines, before)| lines.cut(before));
            }
            (item, result)
        })
        .collect();
    Held { what: Done { results, lines, work }, permit }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("a panic").to_owned()
}

/// The ordered step: what came of a piece is laid out for the outputs.
fn gather(piece: Held<Done>) -> Group {
    let Held { what: Done { results, lines: [events, articles], work }, permit } = piece;
    let bytes = [events, articles, Spool::default()];
    let mut group =
        Group { bytes, commit: work.commit, seen: work.seen, permits: vec![permit], ..Group::default() };
    for (reason, letter) in &work.dead {
        group.add_dead(reason, letter);
    }
    for (item, result) in results {
        let outcome = result.unwrap_or_else(|error| {
            let hint = Some("this is a bug: please report it with the file".to_owned());
            let lost = Undecodable { reason: "panic", format: None, error, hint, ..Undecodable::default() };
            Outcome { lost: vec![lost], ..Outcome::default() }
        });
        group.add(outcome, |lost| dead_letter(&item, lost));
    }
    group
}

/// Tells a loss with the place and the hash of the bytes lost.
fn dead_letter(item: &Item, lost: Undecodable) -> DeadLetter {
    let inside = lost.range.clone().unwrap_or(0..item.bytes.len() as u64);
    let (from, to) = (inside.start as usize, inside.end as usize);
    let bytes = item.bytes.get(from..to.min(item.bytes.len())).unwrap_or(&item.bytes);
    let base = item.range.as_ref().map_or(0, |r| r.start);
    let part = item.range.is_some() || lost.range.is_some();
    // What lies inside a container has a path, a range and a hash of its own.
    let range = match &lost.inside {
        Some(_) => lost.range.clone(),
        None => part.then(|| base + inside.start..base + inside.end),
    };
    let (path, sha256) = lost.inside.map_or((None, None), |inside| (Some(inside.path), inside.sha256));
    DeadLetter {
        path: path.unwrap_or_else(|| item.path.clone()),
        range,
        sha256: sha256.or_else(|| Some(hex(&Sha256::digest(bytes)))),
        format: lost.format.map(Into::into),
        reason: lost.reason.into(),
        error: lost.error,
        hint: lost.hint,
        time: item.seen_at,
    }
}

/// Gathers groups and commits them: at once when nothing else is under way, else after `linger` or `commit_bytes`.
async fn write(
    mut groups: mpsc::Receiver<Group>,
    committer: Committer,
    tuning: Tuning,
    under_way: Arc<AtomicUsize>,
    shared: Shared,
) -> Result<(), FlowError> {
    let mut committer = Some(committer);
    while let Some(mut group) = groups.recv().await {
        under_way.fetch_sub(1, Ordering::SeqCst);
        let until = Instant::now() + tuning.linger;
        while group.weight() < tuning.commit_bytes as u64 {
            let next = match groups.try_recv() {
                Ok(next) => next,
                Err(_) if under_way.load(Ordering::SeqCst) == 0 => break,
                Err(_) => match timeout_at(until, groups.recv()).await {
                    Ok(Some(next)) => next,
                    Ok(None) | Err(_) => break,
                },
            };
            under_way.fetch_sub(1, Ordering::SeqCst);
            group.append(next);
        }
        let Some(mut mine) = committer.take() else { break };
        let known = shared.known.clone();
        let job = spawn_blocking(move || {
            let result = mine.commit(group, &known);
            (mine, result)
        });
        let (mine, result) = job.await.map_err(|e| FlowError::Task(e.to_string()))?;
        result?;
        committer = Some(mine);
    }
    Ok(())
}
