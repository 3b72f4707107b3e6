//! From what was typed to what the library needs: settings, lexicon, reader, logs.

use std::io::IsTerminal;
use std::path::PathBuf;

use chancery::config::{self, Config};
use chancery::decode::options::DayOrder;
use chancery::decode::{self, Logical};
use chancery::lexicon::Lexicon;
use chancery::pipeline::Reader;

use crate::cli::Common;
use crate::exit::{Exit, Failure};

/// Logs go to stderr; quiet by default, so that the summary stands alone. `scan` tells in its own words
/// what it sets aside.
pub fn logs(common: &Common, own_words: bool) {
    let level = match (common.quiet, common.verbose) {
        (true, _) => "error",
        (_, 0) if own_words => "warn,chancery::flow::group=error",
        (_, 0) => "warn",
        (_, 1) => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("CHANCERY_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(level));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if common.log_format == "json" {
        builder.json().init();
    } else {
        builder.with_ansi(color_on(&std::io::stderr())).with_target(false).init();
    }
}

/// Colour only on a terminal, and never with NO_COLOR.
pub fn color_on(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
}

/// The settings: defaults, file, environment.
pub fn config(common: &Common) -> Result<Config, Failure> {
    Ok(Config::load(common.config.as_deref(), std::env::vars())?)
}

/// The lexicon: built-in, then the settings' directories, then the command line's.
pub fn lexicon(common: &Common, config: &Config) -> Result<Lexicon, Failure> {
    over(&lexicon_dirs(common, config), config)
}

/// The built-in lexicon with directories over it.
fn over(dirs: &[PathBuf], config: &Config) -> Result<Lexicon, Failure> {
    // Alone, the built-in one is there already in its flat form.
    let ready = if dirs.is_empty() { Lexicon::from_flat(config::LEXICON_FLAT) } else { None };
    let lexicon = match ready {
        Some(lexicon) => lexicon,
        None => compiled(dirs)?,
    };
    switched(lexicon, config)
}

/// The same, with its tests and warnings.
pub fn lexicon_with_tests(common: &Common, config: &Config) -> Result<Lexicon, Failure> {
    switched(compiled(&lexicon_dirs(common, config))?, config)
}

/// The directories laid over the built-in lexicon, later wins.
pub fn lexicon_dirs(common: &Common, config: &Config) -> Vec<PathBuf> {
    config.lexicon.dirs.iter().chain(&common.lexicon).cloned().collect()
}

/// Reads and compiles the built-in lexicon with directories over it.
fn compiled(dirs: &[PathBuf]) -> Result<Lexicon, Failure> {
    Lexicon::load(&config::lexicon_files(dirs)?).map_err(|problems| {
        let shown: Vec<String> = problems.iter().take(20).map(|p| p.to_string()).collect();
        let more = problems.len().saturating_sub(20);
        let more = if more > 0 { format!("\n… and {more} more") } else { String::new() };
        let faults =
            if problems.len() == 1 { "a fault".into() } else { format!("{} faults", problems.len()) };
        Failure::new(Exit::BadConfig, format!("the lexicon has {faults}\n{}{more}", shown.join("\n")))
    })
}

/// Topics on and off as the settings say.
fn switched(mut lexicon: Lexicon, config: &Config) -> Result<Lexicon, Failure> {
    for (ids, on) in [(&config.lexicon.topics_on, true), (&config.lexicon.topics_off, false)] {
        for id in ids {
            if !lexicon.switch_topic(id, on) {
                let hint =
                    "hint: topics are the files of lexicon/topics; chancery init --lexicon-files writes them";
                return Err(Failure::new(Exit::BadConfig, format!("no topic is called \"{id}\"\n  {hint}")));
            }
        }
    }
    Ok(lexicon)
}

/// A reader for these settings.
pub fn reader(common: &Common, config: &Config) -> Result<Reader, Failure> {
    reader_over(&lexicon_dirs(common, config), config)
}

/// A reader with the built-in lexicon and these directories over it.
pub fn reader_over(dirs: &[PathBuf], config: &Config) -> Result<Reader, Failure> {
    Ok(Reader {
        lexicon: over(dirs, config)?,
        options: options(config)?,
        languages: config.input.languages.clone(),
    })
}

fn options(config: &Config) -> Result<decode::Options, Failure> {
    let input = &config.input;
    let wrong = |what: String, hint: &str| Failure::new(Exit::BadConfig, format!("{what}\n  hint: {hint}"));
    let timezone = match input.timezone.as_str() {
        "" => None,
        name => Some(name.parse().map_err(|_| {
            wrong(
                format!("input.timezone: no zone is called \"{name}\""),
                "IANA names, such as \"Europe/Brussels\"",
            )
        })?),
    };
    let day_order = match input.day_order.as_str() {
        "" => None,
        "day_first" => Some(DayOrder::DayFirst),
        "month_first" => Some(DayOrder::MonthFirst),
        other => {
            let hint = "write day_first, month_first, or nothing";
            return Err(wrong(format!("input.day_order: \"{other}\" is no order"), hint));
        }
    };
    let mut map = Vec::new();
    for (name, path) in &input.map {
        let field = Logical::parse(name).ok_or_else(|| {
            let known: Vec<&str> = Logical::ALL.iter().map(|l| l.as_str()).collect();
            wrong(
                format!("input.map: an article has no field {name}"),
                &format!("its fields are {}", known.join(", ")),
            )
        })?;
        map.push((field, path.clone()));
    }
    Ok(decode::Options {
        map,
        timezone,
        day_order,
        language: (!input.language.is_empty()).then(|| input.language.clone()),
        limits: decode::Limits {
            max_bytes: input.limits.max_bytes as usize,
            max_line: input.limits.max_line as usize,
            max_depth: input.limits.max_depth,
            max_articles: input.limits.max_articles,
            max_fields: input.limits.max_fields,
            max_text: input.limits.max_text,
            max_page: input.limits.max_page,
            max_unpacked: input.limits.max_unpacked,
            max_ratio: input.limits.max_ratio,
            max_entries: input.limits.max_entries,
            max_nesting: input.limits.max_nesting,
        },
    })
}
