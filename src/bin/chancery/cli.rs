//! What can be typed. What is meant by it is worked out by each command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Reads news articles and writes who did what to whom, when, and where the text says so.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, propagate_version = true, arg_required_else_help = true)]
#[command(
    after_help = "First steps:\n  chancery demo\n  chancery explain -t \"The EU imposed new sanctions on Belarus on Sunday.\"\n  chancery watch inbox --out events.jsonl --serve\n\nExit codes: 0 fine, 1 findings, 2 usage, 3 unreadable inputs with --strict, 4 bad config or lexicon,\n5 output cannot be written, 101 a bug, 130 stopped by the user after a clean flush."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: Common,
}

/// Options that every command knows.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// Settings file (TOML); see `chancery init --print`.
    #[arg(long, global = true, env = "CHANCERY_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A lexicon directory laid over the built-in one; may be given more than once, later wins.
    #[arg(long, global = true, env = "CHANCERY_LEXICON", value_name = "DIR", value_delimiter = ':')]
    pub lexicon: Vec<PathBuf>,
    /// Say less on stderr.
    #[arg(short, long, global = true, env = "CHANCERY_QUIET")]
    pub quiet: bool,
    /// Say more on stderr; twice for details.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Form of the log on stderr.
    #[arg(long, global = true, env = "CHANCERY_LOG_FORMAT", value_name = "FORM", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Read the built-in sample articles and show what they say.
    Demo(DemoArgs),
    /// Read files or directories once: records on stdout, a summary on stderr.
    Scan(ScanArgs),
    /// Follow a directory for ever and write records to a file, each exactly once.
    Watch(WatchArgs),
    /// Serve the dashboard and the API over output that is there, or grows.
    Serve(ServeArgs),
    /// Convert records into another form.
    Export(ExportArgs),
    /// Print events as they are written, a line each.
    Tap(TapArgs),
    /// Show what is being told, live in the terminal.
    Top(TopArgs),
    /// Show everything understood of an article, with the reason for each thing.
    Explain(ExplainArgs),
    /// Compare two outputs over the same articles: what was added, dropped, changed.
    Diff(DiffArgs),
    /// Show which field of a file feeds which field of an article.
    Map(MapArgs),
    /// Check settings, lexicon, permissions, disk and watch limits.
    Check(CheckArgs),
    /// Tell what was read and why a file was not; read again; verify.
    Ledger(crate::ledger::LedgerArgs),
    /// Print the JSON Schema of a record.
    Schema(SchemaArgs),
    /// List event types, modes and CAMEO codes.
    Codes(CodesArgs),
    /// Write a commented settings file, or the built-in lexicon, to edit.
    Init(InitArgs),
    /// Compare with labelled articles: precision, recall, F1 by type, and the worst misses.
    Eval(EvalArgs),
    /// Look after the lexicon.
    #[command(subcommand)]
    Lex(crate::cli_lex::LexCommand),
    /// Print shell completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print versions of program, lexicon and models.
    Version {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where to write the records; default: a file in the directory for temporary files.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Only show the articles; no dashboard.
    #[arg(long)]
    pub no_serve: bool,
    /// Open the browser.
    #[arg(long)]
    pub open: bool,
    #[command(flatten)]
    pub http: HttpArgs,
}

/// How the page is served.
#[derive(Debug, Args)]
#[command(next_help_heading = "Dashboard")]
pub struct HttpArgs {
    /// Port; 0 picks a free one.
    #[arg(short, long, default_value_t = 7777, env = "CHANCERY_PORT")]
    pub port: u16,
    /// Address; one that others can reach needs --token.
    #[arg(long, env = "CHANCERY_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<std::net::IpAddr>,
    /// Ask visitors for this token.
    #[arg(long, env = "CHANCERY_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Let everybody in on an address that others can reach.
    #[arg(long)]
    pub insecure: bool,
    /// A name this server is called by, beside localhost; may be given more than once.
    #[arg(long, env = "CHANCERY_HOST", value_name = "NAME", value_delimiter = ',')]
    pub host: Vec<String>,
    /// A directory whose articles may be shown as evidence; may be given more than once.
    #[arg(long, env = "CHANCERY_ARTICLES", value_name = "DIR", value_delimiter = ':')]
    pub articles: Vec<PathBuf>,
}

/// `serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Files of records (`event/1.0`, `article/1.0`); rotated parts beside them are found.
    #[arg(default_value = "events.jsonl")]
    pub events: Vec<PathBuf>,
    /// Open the browser.
    #[arg(short, long)]
    pub open: bool,
    #[command(flatten)]
    pub http: HttpArgs,
}

/// `tap`.
#[derive(Debug, Args)]
pub struct TapArgs {
    /// Files of records; rotated parts beside them are found.
    #[arg(default_value = "events.jsonl")]
    pub events: Vec<PathBuf>,
    /// Conditions as in the API, such as event=SANCTION or country=RUS,BLR; several mean all of them.
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub filter: Vec<String>,
    /// The records themselves.
    #[arg(long)]
    pub json: bool,
    /// Only what is written from now on.
    #[arg(long)]
    pub new: bool,
    /// End with what is there.
    #[arg(long, conflicts_with = "new")]
    pub once: bool,
}

/// `top`.
#[derive(Debug, Args)]
pub struct TopArgs {
    /// Files of records; rotated parts beside them are found.
    #[arg(default_value = "events.jsonl")]
    pub events: Vec<PathBuf>,
    /// Conditions as in the API, such as event=SANCTION or country=RUS,BLR; several mean all of them.
    #[arg(short, long, value_name = "NAME=VALUE")]
    pub filter: Vec<String>,
}

/// `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Files of records; `-` is stdin.
    #[arg(default_value = "events.jsonl")]
    pub events: Vec<PathBuf>,
    /// The form.
    #[arg(long, value_parser = ["csv", "gdelt2", "polecat", "icews", "geojson", "cloudevents", "jsonl", "sqlite", "parquet"])]
    pub to: String,
    /// Where to write; `-` is stdout. For parquet a directory with a part for each day, or a file named *.parquet.
    #[arg(short, long, default_value = "-", value_name = "FILE")]
    pub out: PathBuf,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Records of the old version or lexicon.
    pub before: PathBuf,
    /// Records of the new one, over the same articles.
    pub after: PathBuf,
    /// How many changes to show.
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    pub most: usize,
    /// A line for each change, with both records.
    #[arg(long)]
    pub json: bool,
}

/// `scan`.
#[derive(Debug, Args)]
pub struct ScanArgs {
    /// Files or directories; `-` is stdin.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Where to write; `-` is stdout.
    #[arg(short, long, default_value = "-", env = "CHANCERY_OUT", value_name = "FILE")]
    pub out: PathBuf,
    /// Records to write: events, articles, or both with a comma (articles then go to `OUT.articles.jsonl`; on stdout
    /// both go there).
    #[arg(long, env = "CHANCERY_EMIT", value_delimiter = ',', value_parser = ["events", "articles"])]
    pub emit: Vec<String>,
    /// Where to write what could not be read; default: `OUT.dead.jsonl`, or for stdout a line each on stderr.
    #[arg(long, value_name = "FILE")]
    pub dead: Option<PathBuf>,
    /// Exit with 3 when any input could not be read.
    #[arg(long)]
    pub strict: bool,
}

/// `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// The directory where articles arrive.
    pub dir: PathBuf,
    /// The file to append events to; `-` is stdout (then at least once, not exactly once).
    #[arg(short, long, default_value = "events.jsonl", env = "CHANCERY_OUT", value_name = "FILE")]
    pub out: PathBuf,
    /// Records to write: events, articles, or both with a comma (articles then go to `OUT.articles.jsonl`; on stdout
    /// both go there).
    #[arg(long, env = "CHANCERY_EMIT", value_delimiter = ',', value_parser = ["events", "articles"])]
    pub emit: Vec<String>,
    /// The ledger of what was read; default: `OUT.ledger`.
    #[arg(long, value_name = "FILE")]
    pub ledger: Option<PathBuf>,
    /// Stop when everything present has been read.
    #[arg(long)]
    pub once: bool,
    /// Serve the dashboard and the API beside it.
    #[arg(long)]
    pub serve: bool,
    /// Open the browser.
    #[arg(long, requires = "serve")]
    pub open: bool,
    /// Pass records on: sqlite:FILE, parquet:DIR, postgres://…, or a webhook's http(s)://…; may be given more than
    /// once. Each goes on from where it stood, and a slow one holds back nothing.
    #[arg(long, env = "CHANCERY_TO", value_name = "TARGET", value_delimiter = ' ', hide_env_values = true)]
    pub to: Vec<String>,
    #[command(flatten)]
    pub http: HttpArgs,
    /// Exit with 3 when any input could not be read.
    #[arg(long)]
    pub strict: bool,
}

/// `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Files to explain; `-` is stdin.
    pub files: Vec<PathBuf>,
    /// A text to explain in place of a file.
    #[arg(short, long, conflicts_with = "files")]
    pub text: Option<String>,
    /// Publication day of the text (default: today).
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub date: Option<chrono::NaiveDate>,
    /// Show only why this event type was not told.
    #[arg(long, value_name = "TYPE")]
    pub why_not: Option<String>,
    /// Show the trees too.
    #[arg(long)]
    pub trees: bool,
    /// The records as JSON in place of text.
    #[arg(long)]
    pub json: bool,
}

/// `map`.
#[derive(Debug, Args)]
pub struct MapArgs {
    /// The file to map.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The directory that will be watched.
    pub dir: Option<PathBuf>,
    /// The output that will be written.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// event or article.
    #[arg(default_value = "event", value_parser = ["event", "article"])]
    pub record: String,
}

/// `codes`.
#[derive(Debug, Args)]
pub struct CodesArgs {
    /// As JSON.
    #[arg(long)]
    pub json: bool,
    /// The CAMEO codes too.
    #[arg(long)]
    pub cameo: bool,
}

/// `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// Where to write; default: `chancery.toml`, or `lexicon` with --lexicon-files.
    pub path: Option<PathBuf>,
    /// Print in place of writing.
    #[arg(long)]
    pub print: bool,
    /// Write the built-in lexicon as files to edit.
    #[arg(long)]
    pub lexicon_files: bool,
}

/// `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Labelled articles (JSONL with `id`, `date`, `text`, `events`), or CoNLL-U with --conllu.
    pub gold: PathBuf,
    /// Judge tags and trees against a CoNLL-U file.
    #[arg(long)]
    pub conllu: bool,
    /// Read by the rules alone, without the trained models.
    #[arg(long)]
    pub rules: bool,
    /// How many of the worst misses to show.
    #[arg(long, default_value_t = 10)]
    pub worst: usize,
    /// Exit with 1 when F1 is below this.
    #[arg(long, value_name = "F1")]
    pub gate: Option<f64>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}
