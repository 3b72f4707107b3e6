//! Which names are read, followed or passed over.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Options;

/// What to do with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Read as a whole document.
    Document,
    /// Follow line by line.
    Follow,
    /// Pass over, for this reason.
    Ignore(&'static str),
}

/// The rules, compiled.
#[derive(Clone, Debug)]
pub struct Names {
    ignore: GlobSet,
    follow: GlobSet,
    own: Vec<PathBuf>,
}

/// A pattern that is not a glob.
#[derive(Debug, thiserror::Error)]
#[error("bad pattern {pattern:?}: {source}\n  hint: globs look like *.bak or drafts/**")]
pub struct BadPattern {
    /// As given.
    pub pattern: String,
    /// What is wrong with it.
    pub source: globset::Error,
}

impl Names {
    /// Compiles the options' patterns.
    pub fn new(options: &Options) -> Result<Names, BadPattern> {
        Ok(Names {
            ignore: globs(&options.ignore)?,
            follow: globs(&options.follow)?,
            own: options.own.iter().map(|p| real(p)).collect(),
        })
    }

    /// Judges a file by its path.
    pub fn judge(&self, path: &Path) -> Kind {
        let name = path.file_name().unwrap_or_default();
        if self.is_own(path) {
            Kind::Ignore("own_output")
        } else if let Some(reason) = temporary(name) {
            Kind::Ignore(reason)
        } else if self.ignore.is_match(path) {
            Kind::Ignore("ignored")
        } else if self.follow.is_match(path) {
            Kind::Follow
        } else {
            Kind::Document
        }
    }

    /// Whether a directory is to be entered.
    pub fn enter(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default();
        !name.as_bytes().starts_with(b".") && !self.ignore.is_match(path)
    }

    /// Our own files are known by their names: an output `x.jsonl` also owns `x.jsonl.…` (ledger, lock, dead letters)
    /// and its rotated segments `x-….jsonl`.
    fn is_own(&self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().as_bytes();
        self.own.iter().any(|own| {
            let base = own.file_name().unwrap_or_default().as_bytes();
            path.parent() == own.parent()
                && (name.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest[0] == b'.')
                    || is_segment(name, own))
        })
    }
}

/// `events-2026-11-25-000001.jsonl` beside `events.jsonl`.
fn is_segment(name: &[u8], own: &Path) -> bool {
    let stem = own.file_stem().unwrap_or_default().as_bytes();
    let extension = own.extension().unwrap_or_default().as_bytes();
    let Some(rest) = name.strip_prefix(stem).and_then(|r| r.strip_prefix(b"-")) else { return false };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit() || **b == b'-').count();
    digits >= 6 && rest[digits..].strip_prefix(b".").is_some_and(|r| r.starts_with(extension))
}

/// Names that say "not finished" or "not for you".
fn temporary(name: &OsStr) -> Option<&'static str> {
    let name = name.as_bytes();
    if name.starts_with(b".") {
        return Some("hidden");
    }
    let unfinished = [b".tmp".as_slice(), b".part", b"~", b".inprogress"];
    unfinished.iter().any(|end| name.ends_with(end)).then_some("temporary")
}

fn globs(patterns: &[String]) -> Result<GlobSet, BadPattern> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let bad = |source| BadPattern { pattern: pattern.clone(), source };
        // A pattern counts from any directory on, so that `drafts/*` need not name the root.
        let anywhere = if pattern.starts_with('/') { pattern.clone() } else { format!("**/{pattern}") };
        set.add(GlobBuilder::new(&anywhere).literal_separator(true).build().map_err(bad)?);
    }
    set.build().map_err(|source| BadPattern { pattern: patterns.join(" "), source })
}

/// The directory that a file stands in: `.` for a name alone.
pub fn dir_of(path: &Path) -> &Path {
    path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The path with links in its directory resolved; the file itself need not be there.
pub(crate) fn real(path: &Path) -> PathBuf {
    match (dir_of(path).canonicalize(), path.file_name()) {
        (Ok(dir), Some(name)) => dir.join(name),
        _ => path.to_path_buf(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged() {
        let options = Options {
            ignore: vec!["*.bak".into(), "drafts/**".into(), "/data/x/*.md".into()],
            own: vec!["/data/events.jsonl".into()],
            ..Options::default()
        };
        let names = Names::new(&options).unwrap();
        let judge = |p: &str| names.judge(Path::new(p));
        assert_eq!(judge("/data/a.json"), Kind::Document);
        for name in ["a.ndjson", "a.jsonl", "a.jsonl.1", "a.jsonl.12", "a.jsonl-20261125"] {
            assert_eq!(judge(&format!("/data/{name}")), Kind::Follow, "{name}");
        }
        assert_eq!(judge("/data/a.jsonl.1.gz"), Kind::Document);
        for name in ["a.tmp", "a.part", "a.json~", "a.jsonl.inprogress"] {
            assert_eq!(judge(&format!("/data/{name}")), Kind::Ignore("temporary"), "{name}");
        }
        assert_eq!(judge("/data/.a"), Kind::Ignore("hidden"));
        for path in ["/data/a.bak", "/data/b/c/a.bak", "/data/drafts/b/c", "/data/x/a.md"] {
            assert_eq!(judge(path), Kind::Ignore("ignored"), "{path}");
        }
        assert_eq!(judge("/data/x/y/a.md"), Kind::Document);
        for own in ["events.jsonl", "events.jsonl.ledger", "events.jsonl.dead.jsonl", "events-000001.jsonl"] {
            assert_eq!(judge(&format!("/data/{own}")), Kind::Ignore("own_output"), "{own}");
            assert_ne!(judge(&format!("/data/sub/{own}")), Kind::Ignore("own_output"), "{own}");
        }
        assert_eq!(judge("/data/events-of-may.jsonl"), Kind::Follow);
    }
}
