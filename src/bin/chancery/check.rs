//! `check`: is everything in place to watch?

mod system;

use std::fs;
use std::path::{Path, PathBuf};

use chancery::source::name::dir_of;

use crate::cli::{CheckArgs, Common};
use crate::exit::{Exit, Outcome};
use crate::setup;

/// One finding.
enum Finding {
    Well(String),
    Ill(String, String),
}

/// Runs the command: exit 0 when all is well, 1 with findings, 4 when settings or lexicon are wrong.
pub fn run(common: &Common, args: &CheckArgs) -> Outcome {
    let config = setup::config(common)?;
    let reader = setup::reader(common, &config)?;
    let lexicon = &reader.lexicon;
    let mut findings = vec![
        Finding::Well("settings are valid".into()),
        Finding::Well(format!(
            "lexicon {} ({}): {} names, {} rules, {} topics",
            lexicon.version,
            &lexicon.sha256[..12],
            lexicon.name_count(),
            lexicon.rules.rules.len(),
            lexicon.topics.len()
        )),
    ];
    if let Some(dir) = &args.dir {
        findings.push(readable(dir));
        findings.push(watch_limit(dir));
        findings.extend(system::input(dir));
    }
    let out = args.out.clone().unwrap_or_else(|| PathBuf::from("events.jsonl"));
    let writable = writable(&out);
    let is_writable = matches!(writable, Finding::Well(_));
    findings.push(writable);
    if is_writable {
        findings.extend(system::output(&out));
    }
    findings.extend(system::machine());
    let mut ill = 0;
    for f in &findings {
        match f {
            Finding::Well(text) => println!("ok    {text}"),
            Finding::Ill(text, hint) => {
                ill += 1;
                println!("FAULT {text}\n      hint: {hint}");
            }
        }
    }
    Ok(if ill > 0 { Exit::Findings } else { Exit::Fine })
}

fn readable(dir: &Path) -> Finding {
    match fs::read_dir(dir) {
        Ok(entries) => Finding::Well(format!("{} can be read ({} entries)", dir.display(), entries.count())),
        Err(e) => Finding::Ill(
            format!("{} cannot be read: {e}", dir.display()),
            "create it, or give the user who runs chancery the right to read it".into(),
        ),
    }
}

/// inotify needs one watch a directory.
fn watch_limit(dir: &Path) -> Finding {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_user_watches")
        .ok()
        .and_then(|t| t.trim().parse::<usize>().ok());
    let Some(limit) = limit else {
        return Finding::Well("no inotify limit to check on this system".into());
    };
    let needed = directories(dir);
    if needed < limit {
        Finding::Well(format!("{needed} directories to watch, the system allows {limit}"))
    } else {
        Finding::Ill(
            format!("{needed} directories to watch, but the system allows {limit}"),
            format!(
                "raise it: sysctl fs.inotify.max_user_watches={}; until then the directory is polled",
                needed * 2
            ),
        )
    }
}

fn directories(dir: &Path) -> usize {
    let Ok(entries) = fs::read_dir(dir) else { return 0 };
    1 + entries
        .flatten()
        .filter(|e| e.file_type().is_ok_and(|t| t.is_dir()))
        .map(|e| directories(&e.path()))
        .sum::<usize>()
}

/// Tried with a file beside it, which is removed again.
fn writable(out: &Path) -> Finding {
    let dir = dir_of(out);
    let probe = dir.join(format!(".chancery-check-{}", std::process::id()));
    match fs::write(&probe, b"x").and_then(|()| fs::remove_file(&probe)) {
        Ok(()) => Finding::Well(format!("{} can be written", out.display())),
        Err(e) => Finding::Ill(
            format!("{} cannot be written: {e}", out.display()),
            "create the directory, free some space, or give another --out".into(),
        ),
    }
}
