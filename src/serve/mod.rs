//! HTTP: the page, the API, the live feed, metrics.
//!
//! ```text
//! output files -> feed -> follow -> index (a table in memory) -> answers
//!                            └────> live (broadcast) ----------> streams
//! ```
//! Nothing here can hold back the writing of the output: the server reads the files that the flow wrote, at its own
//! pace, and a client that takes nothing is dropped.

mod article;
mod asked;
mod counts;
mod cursor;
mod events;
mod follow;
mod guard;
mod lag;
mod metrics;
mod names;
mod openapi;
mod page;
mod problem;
mod report;
mod stall;
mod state;
mod stream;

pub use asked::conditions;
pub use guard::Door;
pub use openapi::document;
pub use state::{Limits, Readers, State, Texts};

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tracing::{debug, warn};

use crate::feed::{Feed, Wake};
use crate::model::Summary;
use problem::Problem;

/// Bytes of a request's body at most.
const BODY: usize = 16 << 10;
/// Bytes of a request's head at most.
const HEAD: usize = 64 << 10;
/// A question waits so long for its turn.
const TURN: Duration = Duration::from_secs(10);

/// What a server is made of.
pub struct Options {
    /// Who is let in.
    pub door: Door,
    /// Gives the reader that explains articles and names countries; asked anew for each answer.
    pub readers: Option<Readers>,
    /// Where article texts may be read again.
    pub texts: Texts,
    /// Where reports of wrong events are written; `None` takes none.
    pub reports: Option<PathBuf>,
    /// Limits on clients.
    pub limits: Limits,
}

/// A server that is not listening yet.
pub struct Server {
    state: Arc<State>,
    door: Arc<Door>,
    feed: Feed,
    bell: Wake,
}

/// What a running flow tells the server.
#[derive(Clone)]
pub struct Told {
    state: Arc<State>,
}

impl Told {
    /// The flow's counts.
    pub fn counts(&self, summary: &Summary) {
        *state::held(&self.state.summary) = Some(summary.clone());
    }
}

impl Server {
    /// A server over what `feed` reads; `bell` is rung when there may be more of it.
    pub fn new(feed: Feed, bell: Wake, options: Options) -> Server {
        let Options { door, readers, texts, reports, limits } = options;
        let state = Arc::new(State::new(feed.lines(), readers, texts, reports, limits));
        Server { state, door: Arc::new(door), feed, bell }
    }

    /// For a flow to tell its counts.
    pub fn told(&self) -> Told {
        Told { state: self.state.clone() }
    }

    /// Serves until `stop` resolves. Connections are closed then; the page asks again by itself.
    pub async fn run(self, listener: TcpListener, stop: impl Future<Output = ()>) -> std::io::Result<()> {
        let Server { state, door, feed, bell } = self;
        let ending = Arc::new(AtomicBool::new(false));
        let follower = {
            let (state, bell, ending) = (state.clone(), bell.clone(), ending.clone());
            std::thread::Builder::new()
                .name("index".into())
                .spawn(move || follow::follow(feed, &state, &bell, &ending))?
        };
        let app = router(&state, &door);
        tokio::select! {
            () = accept(listener, app, &state) => {}
            () = stop => {}
        }
        ending.store(true, Ordering::SeqCst);
        bell.ring();
        // It looks at the flag at least every fifth of a second.
        let _ = tokio::task::spawn_blocking(move || follower.join()).await;
        Ok(())
    }
}

fn router(state: &Arc<State>, door: &Arc<Door>) -> Router {
    let nothing = || async { Problem::missing("there is nothing at this path") };
    Router::new()
        .route("/", get(page::index))
        .route("/assets/{name}", get(page::asset))
        .route("/api/events", get(events::list))
        .route("/api/export", get(events::export))
        .route("/api/series", get(counts::series))
        .route("/api/dyads", get(counts::dyads))
        .route("/api/topics", get(counts::topics))
        .route("/api/countries", get(counts::countries))
        .route("/api/actors", get(counts::actors))
        .route("/api/sources", get(counts::sources))
        .route("/api/spikes", get(counts::spikes))
        .route("/api/suggest", get(counts::suggest))
        .route("/api/articles/{id}", get(article::article))
        .route("/api/explain/{id}", get(article::explain))
        .route("/api/stream", get(stream::stream))
        .route("/api/codes", get(names::codes))
        .route("/api/health", get(metrics::health))
        .route("/api/report", post(report::report))
        .route("/metrics", get(metrics::metrics))
        .route("/healthz", get(metrics::healthz))
        .route("/readyz", get(metrics::readyz))
        .route("/openapi.json", get(openapi::openapi))
        .fallback(nothing)
        .method_not_allowed_fallback(|| async { Problem::method() })
        .layer(DefaultBodyLimit::max(BODY))
        .layer(axum::middleware::from_fn_with_state((door.clone(), state.clone()), guard::guard))
        .with_state(state.clone())
}

/// Takes connections, so many at a time; each is given up when its client takes nothing.
async fn accept(listener: TcpListener, app: Router, state: &Arc<State>) {
    let places = Arc::new(Semaphore::new(state.limits.connections));
    let limits = state.limits;
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { return };
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(e) => {
                // Too many open files, most likely: it passes when somebody goes.
                warn!(error = %e, "cannot take a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let stream = stall::Stall::new(stream, limits.stall, state.stalled.clone());
        let service = TowerToHyperService::new(app.clone());
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            http.timer(TokioTimer::new()).header_read_timeout(limits.head).max_buf_size(HEAD);
            if let Err(e) = http.serve_connection(TokioIo::new(stream), service).await {
                debug!(error = %e, "a connection ended");
            }
            drop(place);
        });
    }
}

/// Works a question out beside the server's own threads, a few at a time.
async fn ask<T: Send + 'static>(
    state: Arc<State>,
    answer: impl FnOnce(&State) -> Result<T, Problem> + Send + 'static,
) -> Result<T, Problem> {
    let turn = tokio::time::timeout(TURN, state.questions.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(Problem::busy()) };
    let work = tokio::task::spawn_blocking(move || {
        let answer = answer(&state);
        drop(turn);
        answer
    });
    work.await.unwrap_or_else(|e| Err(Problem::fault(e)))
}

/// Whether an address is this machine alone.
pub fn is_local(address: &SocketAddr) -> bool {
    address.ip().is_loopback()
}
