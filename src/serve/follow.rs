//! The thread that keeps the table in step with the output, and tells the live clients.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::Utc;
use tracing::{info, warn};

use super::state::{Batch, State, held};
use crate::feed::{Chunk, Feed, Wake};
use crate::index::{Added, Index, Line, Spot, parse};

/// Lines told one by one when they are no records; the rest is only counted.
const TOLD: u64 = 5;
/// Without a bell the files are looked at so often.
const LOOK: Duration = Duration::from_millis(200);

/// A chunk that was understood.
struct Parsed {
    chunk: Chunk,
    lines: Vec<(Spot, Result<Line, String>)>,
}

fn understand(chunk: Chunk) -> Parsed {
    let lines = chunk
        .lines()
        .map(|(at, line)| (Spot { file: chunk.file, at, len: line.len() as u32 }, parse(line)))
        .collect();
    Parsed { chunk, lines }
}

/// Reads what stands, then follows until `stop`; the table is swapped for a new one when a file was cut.
pub fn follow(mut feed: Feed, state: &State, bell: &Wake, stop: &AtomicBool) {
    let begin = Instant::now();
    match all_that_stands(&mut feed, state) {
        Ok(bytes) => info!(bytes, seconds = begin.elapsed().as_secs_f64(), "indexed what stands"),
        Err(e) => warn!(error = %e, "the output cannot be read"),
    }
    state.ready.store(true, Ordering::SeqCst);
    let mut heard = 0;
    let mut said = String::new();
    while !stop.load(Ordering::SeqCst) {
        heard = bell.wait(heard, LOOK);
        let came = live(&mut feed, state);
        state.behind.store(feed.behind(), Ordering::Relaxed);
        match came {
            Ok(()) => said.clear(),
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => {
                warn!(error = %e, "the output was cut or exchanged; the table is made anew");
                anew(&mut feed, state);
            }
            Err(e) => {
                let now = e.to_string();
                if now != said {
                    warn!(error = now, "the output cannot be followed; what was read stays");
                    said = now;
                }
            }
        }
    }
}

/// Empties the table and reads again all that stands; live clients are told that there is a gap.
fn anew(feed: &mut Feed, state: &State) {
    state.ready.store(false, Ordering::SeqCst);
    feed.start_over();
    *state.index_mut() = Index::default();
    if let Err(e) = all_that_stands(feed, state) {
        warn!(error = %e, "the output cannot be read");
    }
    let _ = state.live.send(Arc::new(Batch { rows: Vec::new(), frames: Bytes::new(), anew: true }));
    state.ready.store(true, Ordering::SeqCst);
}

/// Reading and parsing run side by side with filling the table.
fn all_that_stands(feed: &mut Feed, state: &State) -> std::io::Result<u64> {
    let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 8);
    let mut bytes = 0;
    std::thread::scope(|scope| {
        // A ring of workers keeps the order: chunk n goes to worker n mod workers, and comes back from it.
        let mut to = Vec::new();
        let mut from = Vec::new();
        for _ in 0..workers {
            let (send, take) = sync_channel::<Chunk>(1);
            let (give, got) = sync_channel::<Parsed>(1);
            scope.spawn(move || take.into_iter().try_for_each(|chunk| give.send(understand(chunk))));
            to.push(send);
            from.push(got);
        }
        let filler = scope.spawn(move || {
            for n in 0.. {
                let Ok(parsed) = from[n % workers].recv() else { break };
                let mut index = state.index_mut();
                fill(&mut index, parsed, state, |_, _| ());
            }
        });
        let mut n = 0;
        let result = loop {
            match feed.next_chunk() {
                Ok(Some(chunk)) => {
                    bytes += chunk.bytes.len() as u64;
                    if to[n % workers].send(chunk).is_err() {
                        break Ok(());
                    }
                    n += 1;
                }
                Ok(None) => break Ok(()),
                Err(e) => break Err(e),
            }
        };
        drop(to);
        // The filler ends with its senders; a panic in it is a bug that the scope passes on.
        let _ = filler.join();
        result
    })?;
    Ok(bytes)
}

/// Puts lines into the table; `each` is called for every new row with its line.
fn fill(index: &mut Index, parsed: Parsed, state: &State, mut each: impl FnMut(u32, &[u8])) {
    let Parsed { chunk, lines } = parsed;
    for (spot, line) in lines {
        match line {
            Ok(line) => {
                if let Added::Event(row) = index.add(line, spot) {
                    let from = (spot.at - chunk.at) as usize;
                    each(row, &chunk.bytes[from..from + spot.len as usize]);
                }
            }
            Err(why) => {
                if state.bad_lines.fetch_add(1, Ordering::Relaxed) < TOLD {
                    warn!(file = spot.file, byte = spot.at, why, "a line that is no record was passed over");
                }
            }
        }
    }
}

fn live(feed: &mut Feed, state: &State) -> std::io::Result<()> {
    while let Some(chunk) = feed.next_chunk()? {
        let parsed = understand(chunk);
        let mut frames = Vec::new();
        let mut rows = Vec::new();
        let mut index = state.index_mut();
        let first = index.rows().len();
        fill(&mut index, parsed, state, |row, line| {
            let begin = frames.len();
            frames.extend_from_slice(b"id: ");
            let at_id = frames.len();
            frames.resize(at_id + super::cursor::LEN, b' ');
            frames.extend_from_slice(b"\nevent: event\ndata: ");
            frames.extend_from_slice(line);
            frames.extend_from_slice(b"\n\n");
            rows.push((row, begin..frames.len(), at_id));
        });
        let now = Utc::now().timestamp_millis() as f64 / 1000.0;
        for (row, _, at_id) in &rows {
            let id = super::cursor::write(*row, index.rows()[*row as usize].key);
            frames[*at_id..*at_id + id.len()].copy_from_slice(id.as_bytes());
        }
        let seen: Vec<i64> = index.rows()[first..].iter().map(|r| r.seen).collect();
        drop(index);
        if rows.is_empty() {
            continue;
        }
        let mut lag = held(&state.lag);
        seen.iter().for_each(|s| lag.note(now - *s as f64));
        drop(lag);
        held(&state.recent).push_back((Instant::now(), rows.len() as u64));
        let rows = rows.into_iter().map(|(row, range, _)| (row, range)).collect();
        // Without a client there is nobody to tell.
        let _ = state.live.send(Arc::new(Batch { rows, frames: Bytes::from(frames), anew: false }));
    }
    Ok(())
}
