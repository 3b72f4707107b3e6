//! What can be typed after `lex`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

/// `lex`.
#[derive(Debug, Subcommand)]
pub enum LexCommand {
    /// Read the whole lexicon and report every fault and doubt with file, line and place.
    Lint(LintArgs),
    /// Run the plain-sentence tests and the rules' examples.
    Test(TestArgs),
    /// Show everything that stands under an id or a name.
    Show {
        /// An id (`lavrov`, `sanction.impose`, `energy`) or a name in quotes.
        id: String,
    },
    /// What one lexicon directory says otherwise than another.
    Diff {
        /// A lexicon directory, or `built-in`.
        before: PathBuf,
        /// A lexicon directory, or `built-in`.
        after: PathBuf,
    },
    /// Events and topics that an edit wins and loses over real articles, with their sentences.
    Impact(ImpactArgs),
    /// Open terms of office that somebody must look at again.
    Due(DueArgs),
    /// Put actor tables into their usual form and order.
    Fmt(FmtArgs),
    /// Turn other people's lists into an actor table.
    Import(ImportArgs),
    /// Add one actor to a lexicon directory of your own.
    Add(AddArgs),
    /// Measure the reading of single actor strings against labels (JSONL with `text`, `country`, `code_1`).
    Strings(StringsArgs),
}

/// `lex lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// The day by which terms are judged (default: today).
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<NaiveDate>,
    /// Only findings of this code (`seat`, `word`, `overdue` …); may be given more than once.
    #[arg(long, value_name = "CODE")]
    pub only: Vec<String>,
    /// As JSON, one finding a line.
    #[arg(long)]
    pub json: bool,
}

/// `lex test`.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Only tests whose file or sentence holds this.
    pub filter: Option<String>,
    /// A file of sentences that are known to be misread, one a line; they are told, but do not fail the run.
    #[arg(long, value_name = "FILE")]
    pub known: Option<PathBuf>,
    /// List what no test touches: entries, rules, topics, suppressors, event types.
    #[arg(long)]
    pub cover: bool,
}

/// `lex impact`.
#[derive(Debug, Args)]
pub struct ImpactArgs {
    /// Articles to read: a file or a directory.
    #[arg(long, value_name = "DIR", required = true)]
    pub on: Vec<PathBuf>,
    /// The lexicon before the edit: directories as for --lexicon (default: the built-in one alone).
    #[arg(long, value_name = "DIR")]
    pub before: Vec<PathBuf>,
}

/// `lex due`.
#[derive(Debug, Args)]
pub struct DueArgs {
    /// The day by which terms are judged (default: today).
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<NaiveDate>,
    /// Terms that fall due within so many days, too.
    #[arg(long, default_value_t = 0, value_name = "DAYS")]
    pub within: u32,
    /// Only this country.
    #[arg(long, value_name = "CODE")]
    pub country: Option<String>,
}

/// `lex fmt`.
#[derive(Debug, Args)]
pub struct FmtArgs {
    /// Tables, or directories that hold them.
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Change nothing; exit with 1 when something would be changed.
    #[arg(long)]
    pub check: bool,
}

/// `lex import`.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// The list to read.
    pub file: PathBuf,
    /// What it is; by default seen from its first lines.
    #[arg(long, value_name = "FORM", value_parser = ["patterns", "wikidata", "petrarch"])]
    pub form: Option<String>,
    /// Where to write the table (default: stdout).
    #[arg(short, long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Licence of the list, for the table's head.
    #[arg(long, value_name = "TEXT")]
    pub licence: String,
    /// Source of the list, for the table's head (default: its file name).
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
}

/// `lex add`.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// The full usual name.
    pub name: String,
    /// country government leader person igo ngo company media armed_group party region place agent other.
    #[arg(long)]
    pub kind: String,
    /// ISO 3166-1 alpha-3, or UNO EUR IGO NGO IMG MNC WST.
    #[arg(long, default_value = "")]
    pub country: String,
    /// Sectors, separated by `;`.
    #[arg(long, default_value = "")]
    pub sector: String,
    /// The office held.
    #[arg(long, default_value = "")]
    pub office: String,
    /// First day of the term: YYYY, YYYY-MM or YYYY-MM-DD.
    #[arg(long, default_value = "")]
    pub from: String,
    /// Last day of the term.
    #[arg(long, default_value = "")]
    pub to: String,
    /// Day by which an open term must be looked at again (default: a year from now).
    #[arg(long, default_value = "")]
    pub review_by: String,
    /// Another name, with its notes; may be given more than once.
    #[arg(long)]
    pub alias: Vec<String>,
    /// The id (default: made from the name). An id that is there already gets one more row.
    #[arg(long)]
    pub id: Option<String>,
    /// Your lexicon directory; it is made when it is not there.
    #[arg(long, default_value = "lexicon", value_name = "DIR")]
    pub dir: PathBuf,
    /// The table in it.
    #[arg(long, default_value = "mine", value_name = "NAME")]
    pub table: String,
    /// Show the row, write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// `lex strings`.
#[derive(Debug, Args)]
pub struct StringsArgs {
    /// JSONL with `text`, `country` and `code_1` on each line.
    pub gold: PathBuf,
    /// The day as of which people are looked up, for lines without `date` (default: today).
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<NaiveDate>,
    /// Show what is read wrongly.
    #[arg(long)]
    pub misses: bool,
}
