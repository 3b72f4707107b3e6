//! The fault suite: whatever happens to files, disk and process, each document is told once.
//!
//! Random rounds (`torture --minutes 30 --seed 7`) let an interpreter do random things to files and let the disk and
//! the process fail at random moments, against an oracle that knows what each document must become. Trials use real
//! means: kills, signals, small file systems, limits. A failure names its seed; seeds that once failed are kept in
//! `seeds.txt` and come first in every run.

mod acts;
mod child;
mod dice;
mod feed;
mod kills;
mod oracle;
mod pace;
mod recorder;
mod rounds;
mod scale;
mod soak;
mod story;
mod strikes;
mod trials;
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
    /// Without the kept seeds.
    #[arg(long)]
    fresh: bool,
}

/// Further modes.
#[derive(Debug, Subcommand)]
enum Command {
    /// List every fault and how it is brought about.
    List,
    /// Trials with real means: signals, limits, small file systems.
    Trials {
        /// Only those whose name holds this.
        #[arg(long)]
        only: Option<String>,
        #[command(flatten)]
        extent: trials::Extent,
    },
    /// Kill it again and again while files arrive, and compare with one clean run.
    Kills {
        /// How often.
        #[arg(long, default_value_t = 1000)]
        count: usize,
    },
    /// Many files: first pass, restart, memory, the ledger's size.
    Scale {
        /// How many.
        #[arg(long, default_value_t = 1_000_000)]
        files: usize,
        /// Has the first pass, too, read them as `chancery watch` does; the restarts always do.
        #[arg(long)]
        full: bool,
        /// Where to make the files.
        #[arg(long)]
        at: Option<std::path::PathBuf>,
    },
    /// From a closed file to its durable event at a steady pace, and the share of syncs in it.
    Pace {
        /// Files a second.
        #[arg(long, default_value_t = 200.0)]
        rate: f64,
        /// For so long.
        #[arg(long, default_value_t = 20.0)]
        seconds: f64,
    },
    /// Four days in minutes, in the rhythm of a day: memory, descriptors, what a file costs.
    Soak {
        /// Documents in all; as many as a day has seconds unless told.
        #[arg(long, default_value_t = 86_400)]
        documents: usize,
        /// For so long.
        #[arg(long, default_value_t = 15.0)]
        minutes: f64,
    },
    /// A process that watches; the other modes start it.
    #[command(hide = true)]
    Child(child::ChildArgs),
}

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    let result = match &cli.command {
        Some(Command::List) => {
            rounds::list();
            Ok(())
        }
        Some(Command::Trials { only, extent }) => trials::run(cli.seed, only.as_deref(), *extent),
        Some(Command::Kills { count }) => kills::run(*count, cli.seed),
        Some(Command::Scale { files, full, at }) => scale::run(*files, *full, at.as_deref()),
        Some(Command::Pace { rate, seconds }) => pace::run(*rate, *seconds),
        Some(Command::Soak { documents, minutes }) => soak::run(*documents, *minutes, cli.seed),
        Some(Command::Child(args)) => child::run(args),
        None => rounds::run(cli.seed, cli.rounds, cli.minutes, cli.fresh),
    };
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("FAILED: {failure}");
            std::process::ExitCode::FAILURE
        }
    }
}
