//! The fault suite: whatever happens to files, disk and process, each document is told once.
//!
//! Random rounds (`torture --minutes 30 --seed 7`) let an interpreter do random things to files and let the disk and
//! the process fail at random moments, against an oracle that knows what each document must become. Trials use real
//! means: kills, signals, small file systems, limits. A failure names its seed; seeds that once failed are kept in
//! `seeds.txt` and come first in every run.

mod acts;
mod dice;
mod feed;
mod oracle;
mod recorder;
mod rounds;
mod strikes;
mod world;

use clap::{Parser, Subcommand};

/// Tortures the flow from files to records.
#[derive(Debug, Parser)]
#[command(name = "torture")]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Random rounds for so many minutes.
    #[arg(long)]
    minutes: Option<f64>,
    /// So many random rounds.
    #[arg(long)]
    rounds: Option<usize>,
    /// The first round's seed; the next ones count on from it.
    #[arg(long, default_value_t = 20_261_125)]
    seed: u64,
}

/// Further modes.
#[derive(Debug, Subcommand)]
enum Command {
    /// List every fault and how it is brought about.
    List,
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Some(Command::List) => {
            rounds::list();
            Ok(())
        }
        None => rounds::run(cli.seed, cli.rounds, cli.minutes),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("FAILED: {failure}");
            std::process::ExitCode::FAILURE
        }
    }
}
