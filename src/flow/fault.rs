//! Places where a test can make a commit fail or end the process.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The steps of a commit, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Before anything of the commit is written.
    Begin,
    /// The times of first sight stand in the ledger.
    Seen,
    /// Half of the outputs is written.
    Half,
    /// The outputs are written.
    Written,
    /// The outputs are on disk.
    Synced,
    /// The commit stands in the ledger, not yet on disk.
    Logged,
    /// The commit is on disk.
    Committed,
    /// A finished segment has its final name.
    Rotated,
}

impl Step {
    /// All, in order.
    pub const ALL: [Step; 8] = [
        Step::Begin,
        Step::Seen,
        Step::Half,
        Step::Written,
        Step::Synced,
        Step::Logged,
        Step::Committed,
        Step::Rotated,
    ];

    /// As written in `CHANCERY_FAILPOINT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Begin => "begin",
            Step::Seen => "seen",
            Step::Half => "half",
            Step::Written => "written",
            Step::Synced => "synced",
            Step::Logged => "logged",
            Step::Committed => "committed",
            Step::Rotated => "rotated",
        }
    }
}

/// Called at each step; its error is taken for that of the step itself.
pub type Fault = Arc<dyn Fn(Step) -> io::Result<()> + Send + Sync>;

/// From `CHANCERY_FAILPOINT=<step>[:<n>]`: the process aborts when it comes to the step for the n-th time.
pub fn from_env() -> Option<Fault> {
    let value = std::env::var("CHANCERY_FAILPOINT").ok()?;
    let (name, times) = value.split_once(':').unwrap_or((&value, "1"));
    let step = Step::ALL.into_iter().find(|s| s.as_str() == name)?;
    let left = AtomicUsize::new(times.parse().ok()?);
    Some(Arc::new(move |at| {
        if at == step && left.fetch_sub(1, Ordering::SeqCst) == 1 {
            std::process::abort();
        }
        Ok(())
    }))
}
