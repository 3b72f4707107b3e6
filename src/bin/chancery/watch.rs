//! `watch`: follows a directory, each record exactly once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chancery::feed::{Feed, Told};
use chancery::flow::{self, Flow, Job, Output};
use chancery::model;
use chancery::serve::Server;
use chancery::source::Until;

use crate::cli::{Common, WatchArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::reload::Shelf;
use crate::serve::{Beside, Http};
use crate::{onward, output, run, setup};

/// Runs the command until the user stops it, or with --once until all that is there was read.
pub fn run(common: &Common, args: &WatchArgs) -> Outcome {
    if !args.dir.is_dir() {
        let hint = "hint: create it (mkdir -p), or read single files with chancery scan";
        let message = format!("{} is not a directory\n  {hint}", args.dir.display());
        return Err(Failure::new(Exit::Usage, message));
    }
    let config = setup::config(common)?;
    let lanes = output::lanes(&args.emit, &config)?;
    let output = output::open(&args.out, None, &lanes, &config)?;
    let stdout = args.out == Path::new("-");
    let ledger = match &args.ledger {
        Some(path) => Some(path.clone()),
        None if stdout => None,
        None => Some(flow::ledger_of(&args.out)),
    };
    let job = Job {
        paths: vec![args.dir.clone()],
        source: run::source_options(&config),
        until: if args.once { Until::Present } else { Until::Stopped },
        output,
        ledger,
    };
    let shelf = Shelf::new(setup::reader(common, &config)?);
    let mut flow = run::reading(shelf.clone(), lanes, &config);
    // Both are kept until the run ends: what was committed last goes on too.
    let _onward = onward::start(&args.to, &job, &mut flow)?;
    let _beside = match args.serve {
        true => Some(serve(common, args, &job, &mut flow, shelf.clone())?),
        false => None,
    };
    let promise =
        if stdout { "at least once: stdout cannot be cut back" } else { "each record exactly once" };
    let end = if args.once { "until all that is there is read" } else { "Ctrl-C stops" };
    let ready = format!("watching {} -> {} ({promise}); {end}", args.dir.display(), args.out.display());
    let reload = Some((shelf, setup::lexicon_dirs(common, &config)));
    run::run(common, job, flow, &run::Manner { strict: args.strict, bar: false, ready: Some(ready), reload })
}

/// The page beside the flow: it reads what the flow has committed, and never makes it wait.
fn serve(
    common: &Common,
    args: &WatchArgs,
    job: &Job,
    flow: &mut Flow,
    shelf: Arc<Shelf>,
) -> Result<Beside, Failure> {
    let Output::Files(places) = &job.output else {
        let hint = "hint: name a file with --out; the page reads the records from it";
        return Err(Failure::new(Exit::Usage, format!("--serve needs records in a file\n  {hint}")));
    };
    let bases: Vec<_> = std::iter::once(places.events.clone()).chain(places.articles.clone()).collect();
    let http = Http::open(&args.http, args.open)?.and_articles_in(args.dir.clone());
    let told = told(flow, &bases);
    let bell = told.bell.clone();
    // Evidence is explained with the lexicon that is in force, not with that of the start.
    let options = http.options(Arc::new(move || shelf.reader()), &bases, false);
    let server = Server::new(Feed::new(&bases, Some(told.clone())), bell, options);
    let counts = server.told();
    counts.counts(&model::Summary::default());
    flow.tuning.progress = Some(Arc::new(move |summary| counts.counts(summary)));
    let (started, begin) = tokio::sync::oneshot::channel::<()>();
    let started = std::sync::Mutex::new(Some(started));
    let before = flow.tuning.prepared.take();
    flow.tuning.prepared = Some(Arc::new(move || {
        if let Some(before) = &before {
            before();
        }
        if let Some(started) = started.lock().ok().and_then(|mut s| s.take()) {
            // Without a server any more there is nobody to tell.
            let _ = started.send(());
        }
    }));
    Beside::start(&http, common, server, async move {
        let _ = begin.await;
    })
}

/// The flow's word on how far its output stands, for one more reader of it.
pub fn told(flow: &mut Flow, bases: &[PathBuf]) -> Told {
    let told = Told::default();
    let (stands, before) = (told.clone(), flow.tuning.stands.take());
    flow.tuning.stands = Some(Arc::new(move |path, len| {
        if let Some(before) = &before {
            before(path, len);
        }
        stands.stands(path, len);
    }));
    let (begin, bases, before) = (told.clone(), bases.to_vec(), flow.tuning.prepared.take());
    flow.tuning.prepared = Some(Arc::new(move || {
        if let Some(before) = &before {
            before();
        }
        begin.begin(&bases);
    }));
    told
}
