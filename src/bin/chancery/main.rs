//! The terminal: the only room that knows what is typed, what is coloured and what a process exits with.

mod cli;
mod cli_lex;
mod exit;
mod setup;
mod check;
mod demo;
mod diff;
mod eval;
mod explain;
mod export;
mod facts;
mod ledger;
mod lex;
mod map;
mod onward;
mod output;
mod reload;
mod run;
mod scan;
mod serve;
mod summary;
mod tap;
mod top;
mod watch;

use clap::Parser;
use cli::{Cli, Command};

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    setup::logs(&cli.common, matches!(cli.command, Command::Scan(_)) && cli.common.log_format == "text");
    let result = match &cli.command {
        Command::Demo(args) => demo::run(&cli.common, args),
        Command::Scan(args) => scan::run(&cli.common, args),
        Command::Watch(args) => watch::run(&cli.common, args),
        Command::Serve(args) => serve::run(&cli.common, args),
        Command::Tap(args) => tap::run(&cli.common, args),
        Command::Top(args) => top::run(&cli.common, args),
        Command::Export(args) => export::run(&cli.common, args),
        Command::Diff(args) => diff::run(&cli.common, args),
        Command::Explain(args) => explain::run(&cli.common, args),
        Command::Map(args) => map::run(&cli.common, args),
        Command::Check(args) => check::run(&cli.common, args),
        Command::Eval(args) => eval::run(&cli.common, args),
        Command::Lex(args) => lex::run(&cli.common, args),
        Command::Ledger(args) => ledger::run(&cli.common, args),
        Command::Schema(args) => facts::schema(args),
        Command::Codes(args) => facts::codes(args),
        Command::Init(args) => facts::init(args),
        Command::Completions { shell } => facts::completions(*shell),
        Command::Version { json } => facts::version(&cli.common, *json),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(failure) => {
            if !failure.is_broken_pipe() {
                anstream::eprintln!("error: {failure}");
            }
            failure.exit.into()
        }
    }
}
