//! How a run ends.

use std::fmt;
use std::process::ExitCode;

/// The exit codes the manual promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// All is well; no events is well too.
    Fine = 0,
    /// Lint findings, failed lexicon tests, a gate missed.
    Findings = 1,
    /// The command line makes no sense.
    Usage = 2,
    /// Inputs could not be read, with --strict.
    Unreadable = 3,
    /// The settings or the lexicon are wrong.
    BadConfig = 4,
    /// The output cannot be written.
    Output = 5,
    /// Stopped by the user after a clean flush.
    Stopped = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command failed: what, where, why, and a hint, in its text.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    message: String,
    broken_pipe: bool,
}

impl Failure {
    /// A failure with its text.
    pub fn new(exit: Exit, message: impl fmt::Display) -> Failure {
        Failure { exit, message: message.to_string(), broken_pipe: false }
    }

    /// Whether the reader of our output went away: then we go quietly.
    pub fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<std::io::Error> for Failure {
    /// Errors on our own stdout.
    fn from(e: std::io::Error) -> Failure {
        let broken_pipe = e.kind() == std::io::ErrorKind::BrokenPipe;
        let exit = if broken_pipe { Exit::Fine } else { Exit::Output };
        Failure {
            exit,
            message: format!("cannot write the output: {e}\n  hint: is the disk full?"),
            broken_pipe,
        }
    }
}

impl From<chancery::config::ConfigError> for Failure {
    fn from(e: chancery::config::ConfigError) -> Failure {
        Failure::new(Exit::BadConfig, e)
    }
}

/// What a command returns.
pub type Outcome = Result<Exit, Failure>;
