//! What Prometheus reads, and what the health panel shows.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State as Of;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;

use super::lag::BOUNDS;
use super::state::{State, held};
use crate::model::Summary;

/// The health of the whole.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Health {
    /// `watch` where articles are read, `serve` where there is only the output.
    pub mode: &'static str,
    /// Version of the program.
    pub version: &'static str,
    /// Version of the lexicon; null without one.
    pub lexicon: Option<String>,
    /// Hash over the lexicon's files; null without one.
    pub lexicon_sha256: Option<String>,
    /// Whether all that stood at the start is served.
    pub ready: bool,
    /// Seconds since the start.
    pub uptime: u64,
    /// Events that stand.
    pub events: u64,
    /// Articles with an event or a line of their own.
    pub articles: u64,
    /// Articles with a line of their own and no event.
    pub silent_articles: u64,
    /// Newest day of publication; null without events.
    pub newest: Option<chrono::NaiveDate>,
    /// When the last article was seen; null without events.
    pub last_seen: Option<String>,
    /// Events of the last minute.
    pub events_last_minute: u64,
    /// From sight to served, in seconds: half are faster. Null without live events.
    pub lag_median: Option<f64>,
    /// From sight to served, in seconds: 95 % are faster.
    pub lag_p95: Option<f64>,
    /// Bytes of output not served yet.
    pub behind_bytes: u64,
    /// Bytes of input found and not read yet.
    pub backlog_bytes: u64,
    /// Lines of the output that are no records.
    pub bad_lines: u64,
    /// Records told again or replaced.
    pub repeated: u64,
    /// Dead letters by reason.
    pub dead: BTreeMap<String, u64>,
    /// Files passed over by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Live streams.
    pub streams: u64,
    /// Bytes of the table.
    pub table_bytes: u64,
    /// Whether reports of wrong events are taken.
    pub takes_reports: bool,
}

/// `/api/health`.
pub async fn health(Of(state): Of<Arc<State>>) -> Json<Health> {
    Json(of(&state))
}

fn of(state: &State) -> Health {
    let reader = state.reader();
    let index = state.index();
    let lag = *held(&state.lag);
    let summary = held(&state.summary).clone();
    let any = !index.rows().is_empty();
    let names = |m: &BTreeMap<&'static str, u64>| m.iter().map(|(k, n)| (k.to_string(), *n)).collect();
    let (_, silent_articles) = index.article_counts();
    let none = BTreeMap::new();
    Health {
        mode: if summary.is_some() { "watch" } else { "serve" },
        version: env!("CARGO_PKG_VERSION"),
        lexicon: reader.as_ref().map(|r| r.lexicon.version.clone()),
        lexicon_sha256: reader.as_ref().map(|r| r.lexicon.sha256.clone()),
        ready: state.ready.load(Ordering::SeqCst),
        uptime: state.since.elapsed().as_secs(),
        events: index.held,
        articles: index.articles.len() as u64 - 1,
        silent_articles,
        newest: any.then(|| crate::index::date(index.newest)),
        last_seen: any
            .then(|| chrono::DateTime::from_timestamp(index.last_seen, 0))
            .flatten()
            .map(|t| t.to_rfc3339()),
        events_last_minute: state.per_minute(),
        lag_median: lag.quantile(0.5),
        lag_p95: lag.quantile(0.95),
        behind_bytes: state.behind.load(Ordering::Relaxed),
        backlog_bytes: summary.as_ref().map_or(0, backlog),
        bad_lines: state.bad_lines.load(Ordering::Relaxed),
        repeated: index.repeated + index.replaced,
        dead: names(summary.as_ref().map_or(&none, |s| &s.dead)),
        skipped: names(summary.as_ref().map_or(&none, |s| &s.skipped)),
        streams: state.streams.load(Ordering::SeqCst) as u64,
        table_bytes: index.bytes() as u64,
        takes_reports: state.reports.is_some(),
    }
}

fn backlog(s: &Summary) -> u64 {
    s.bytes_found.saturating_sub(s.bytes_read)
}

/// `/healthz`: the process answers.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// `/readyz`: all that stood at the start is served.
pub async fn readyz(Of(state): Of<Arc<State>>) -> Response {
    if state.ready.load(Ordering::SeqCst) {
        return "ready\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "indexing\n").into_response()
}

/// `/metrics`.
pub async fn metrics(Of(state): Of<Arc<State>>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, text(&state)).into_response()
}

/// Writes the exposition format.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "# HELP chancery_{name} {help}\n# TYPE chancery_{name} {kind}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl std::fmt::Display) {
        self.head(name, kind, help);
        let _ = writeln!(self.0, "chancery_{name} {value}");
    }

    fn each<'a>(
        &mut self,
        (name, label): (&str, &str),
        help: &str,
        values: impl Iterator<Item = (&'a str, u64)>,
    ) {
        self.head(name, "counter", help);
        for (key, n) in values {
            let _ = writeln!(self.0, "chancery_{name}{{{label}=\"{key}\"}} {n}");
        }
    }
}

fn text(state: &State) -> String {
    let mut page = Page::default();
    let health = of(state);
    page.head("build_info", "gauge", "Versions of program and lexicon.");
    let lexicon = health.lexicon.as_deref().unwrap_or("");
    let _ = writeln!(page.0, "chancery_build_info{{version=\"{}\",lexicon=\"{lexicon}\"}} 1", health.version);
    page.one("uptime_seconds", "gauge", "Seconds since the start.", health.uptime);
    page.one("ready", "gauge", "1 when all that stood at the start is served.", u8::from(health.ready));
    if let Some(summary) = held(&state.summary).as_ref() {
        flow(&mut page, summary);
    }
    page.one("index_events", "gauge", "Events that stand in the index.", health.events);
    page.one("index_articles", "gauge", "Articles known to the index.", health.articles);
    page.one("index_bytes", "gauge", "Bytes of the index, nearly.", health.table_bytes);
    page.one("index_behind_bytes", "gauge", "Bytes of output not indexed yet.", health.behind_bytes);
    page.one(
        "index_bad_lines_total",
        "counter",
        "Lines of the output that are no records.",
        health.bad_lines,
    );
    page.one("index_repeated_total", "counter", "Records told again or replaced.", health.repeated);
    lag(&mut page, state);
    page.one("streams", "gauge", "Live streams.", health.streams);
    let missed = state.missed.load(Ordering::Relaxed);
    page.one("stream_missed_events_total", "counter", "Events that slow clients missed.", missed);
    let stalled = state.stalled.load(Ordering::Relaxed);
    page.one("clients_stalled_total", "counter", "Clients dropped because they took nothing.", stalled);
    let answers = ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(&state.answers);
    let answers = answers.map(|(class, n)| (class, n.load(Ordering::Relaxed)));
    page.each(("http_responses_total", "class"), "Answers by class of status.", answers);
    page.0
}

fn flow(page: &mut Page, s: &Summary) {
    let counters = [
        ("files_discovered_total", "Files found.", s.files_seen),
        ("files_finished_total", "Files read to their end.", s.files_read),
        ("files_duplicate_total", "Files with content that was read under another name.", s.duplicates),
        ("files_unchanged_total", "Files touched without a change.", s.unchanged),
        ("files_revised_total", "Files read again because they changed.", s.revisions),
        ("files_vanished_total", "Files gone before they could be read.", s.vanished),
        ("lines_read_total", "Lines of followed files read.", s.lines_read),
        ("read_bytes_total", "Bytes of input read.", s.bytes_read),
        ("written_bytes_total", "Bytes of output written.", s.bytes_written),
        ("documents_total", "Articles read.", s.articles),
        ("events_total", "Event records committed.", s.events),
        ("article_records_total", "Article records committed.", s.article_records),
        ("commits_total", "Commits.", s.commits),
        ("watch_overflows_total", "Notification overflows, each answered by a full scan.", s.overflows),
        ("scans_total", "Full scans of the directory.", s.scans),
        ("disk_full_waits_total", "Times the disk was full.", s.disk_full),
    ];
    for (name, help, n) in counters {
        page.one(name, "counter", help, n);
    }
    page.one("backlog_bytes", "gauge", "Bytes of input found and not read yet.", backlog(s));
    page.one("watch_polling", "gauge", "1 when files are found by polling alone.", u8::from(s.polling));
    let reasons = |m: &'_ BTreeMap<&'static str, u64>| m.clone().into_iter();
    page.each(("dead_letters_total", "reason"), "Inputs set aside, by reason.", reasons(&s.dead));
    page.each(("files_skipped_total", "reason"), "Files passed over, by reason.", reasons(&s.skipped));
    page.each(("documents_silent_total", "reason"), "Articles not coded, by reason.", reasons(&s.facts));
}

fn lag(page: &mut Page, state: &State) {
    let lag = *held(&state.lag);
    let name = "end_to_end_seconds";
    page.head(name, "histogram", "From the sight of an article to its event's being served.");
    let mut below = 0;
    for (bound, n) in BOUNDS.iter().zip(lag.counts) {
        below += n;
        let _ = writeln!(page.0, "chancery_{name}_bucket{{le=\"{bound}\"}} {below}");
    }
    let count = lag.count();
    let _ = writeln!(page.0, "chancery_{name}_bucket{{le=\"+Inf\"}} {count}");
    let _ = writeln!(page.0, "chancery_{name}_sum {}\nchancery_{name}_count {count}", lag.sum);
}
