//! Settings and the lexicon's files: the only room that knows what lies in `config/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use serde::Deserialize;

static EMBEDDED: Dir = include_dir!("$CARGO_MANIFEST_DIR/config/lexicon");

static SEEDS: Dir = include_dir!("$CARGO_MANIFEST_DIR/seeds");

/// The built-in sample articles: `(file name, bytes)`, sorted.
pub fn seeds() -> Vec<(String, &'static [u8])> {
    let mut out: Vec<_> =
        SEEDS.files().map(|f| (f.path().to_string_lossy().into_owned(), f.contents())).collect();
    out.sort();
    out
}

/// The built-in lexicon, compiled when the program was built; empty when its files had faults.
pub const LEXICON_FLAT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.flat"));

/// The default settings with their comments, as `chancery init` writes them.
pub const DEFAULT_TOML: &str = include_str!("../config/chancery.toml");

/// A fault in the settings or the lexicon's files.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("cannot read {path}: {error}\n  hint: check the path and its permissions")]
    Unreadable {
        /// The file.
        path: String,
        /// The system's word.
        error: std::io::Error,
    },
    /// A setting is unknown or has the wrong type.
    #[error("{path}: {message}\n  hint: chancery init --print shows every setting with its default")]
    Invalid {
        /// The file or variable.
        path: String,
        /// What is wrong, with line and column.
        message: String,
    },
}

/// `[input]`: how documents are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// IANA name, or empty.
    pub timezone: String,
    /// ISO 639-1, or empty to detect.
    pub language: String,
    /// Languages that the lexicon covers.
    pub languages: Vec<String>,
    /// `day_first`, `month_first`, or empty.
    pub day_order: String,
    /// `[input.limits]`.
    pub limits: Limits,
    /// Our field -> path in the input.
    pub map: BTreeMap<String, String>,
}

/// `[input.limits]`: what one document may ask of us.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one document.
    pub max_bytes: u64,
    /// Bytes of one line.
    pub max_line: u64,
    /// Levels of nested JSON.
    pub max_depth: usize,
    /// Articles of one document.
    pub max_articles: usize,
    /// Fields of one object, columns of one table.
    pub max_fields: usize,
    /// Bytes of the words of one article.
    pub max_text: usize,
    /// Bytes of one HTML page.
    pub max_page: usize,
    /// Bytes that one container may unpack to.
    pub max_unpacked: u64,
    /// Bytes that one byte of a container may unpack to.
    pub max_ratio: u64,
    /// Entries of one archive.
    pub max_entries: usize,
    /// Containers inside containers.
    pub max_nesting: usize,
}

/// `[watch]`: how files are found.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Milliseconds a file must be unchanged.
    pub settle_ms: u64,
    /// Seconds between full scans.
    pub rescan_seconds: u64,
    /// Patterns of files that grow.
    pub follow: Vec<String>,
    /// Patterns never read.
    pub ignore: Vec<String>,
    /// Whether symbolic links are followed.
    pub follow_symlinks: bool,
}

/// `[flow]`: how much at once.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Parallel readers; 0 = one a core.
    pub workers: usize,
    /// Bytes pulled but not written.
    pub in_flight_bytes: u64,
    /// Milliseconds a commit waits for what is under way.
    pub linger_ms: u64,
    /// Bytes that make a commit.
    pub commit_bytes: usize,
}

/// `[output]`: what is written.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// `events`, `articles`.
    pub emit: Vec<String>,
    /// Bytes a file; 0 = no limit.
    pub rotate_bytes: u64,
    /// Empty or `day`.
    pub rotate: String,
}

/// `[lexicon]`: which word lists.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LexiconDirs {
    /// Directories laid over the built-in one.
    pub dirs: Vec<PathBuf>,
    /// Topics switched on.
    pub topics_on: Vec<String>,
    /// Topics switched off.
    pub topics_off: Vec<String>,
}

/// All settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `[input]`.
    pub input: Input,
    /// `[watch]`.
    pub watch: Watch,
    /// `[flow]`.
    pub flow: Flow,
    /// `[output]`.
    pub output: Output,
    /// `[lexicon]`.
    pub lexicon: LexiconDirs,
}

/// Lays `over` on `base`, table by table.
fn merge(base: &mut toml::Table, over: toml::Table) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(toml::Value::Table(b)), toml::Value::Table(o)) => merge(b, o),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

impl Config {
    /// The defaults, then `file`, then `CHANCERY_SECTION_KEY` from `env`.
    ///
    /// # Errors
    /// A file that cannot be read, a key that does not exist, a value of the wrong type.
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Config, ConfigError> {
        let invalid = |path: &str, message: String| ConfigError::Invalid { path: path.into(), message };
        let mut table: toml::Table =
            toml::from_str(DEFAULT_TOML).map_err(|e| invalid("config/chancery.toml", e.to_string()))?;
        if let Some(path) = file {
            let name = path.display().to_string();
            let text = fs::read_to_string(path)
                .map_err(|error| ConfigError::Unreadable { path: name.clone(), error })?;
            let over: toml::Table = toml::from_str(&text).map_err(|e| invalid(&name, e.to_string()))?;
            // Checked on its own first, so that the message points into the user's file.
            let mut trial = table.clone();
            merge(&mut trial, over.clone());
            Config::deserialize(toml::Value::Table(trial)).map_err(|e| invalid(&name, e.to_string()))?;
            merge(&mut table, over);
        }
        for (name, value) in env {
            set_from_env(&mut table, &name, &value).map_err(|m| invalid(&name, m))?;
        }
        Config::deserialize(toml::Value::Table(table)).map_err(|e| invalid("the environment", e.to_string()))
    }
}

/// Sets `CHANCERY_WATCH_SETTLE_MS` and its like, in tables of tables too (`CHANCERY_INPUT_LIMITS_MAX_BYTES`); names
/// that match no section are left to the command line.
fn set_from_env(table: &mut toml::Table, name: &str, value: &str) -> Result<(), String> {
    let Some(rest) = name.strip_prefix("CHANCERY_") else { return Ok(()) };
    let rest = rest.to_lowercase();
    let Some((section, key)) = rest.split_once('_') else { return Ok(()) };
    let Some(toml::Value::Table(fields)) = table.get_mut(section) else { return Ok(()) };
    if let Some((inner, key)) = key.split_once('_')
        && let Some(toml::Value::Table(fields)) = fields.get_mut(inner)
    {
        // What a user maps has no default: any field may be named, and the decoder's room knows which there are.
        let open = (section, inner) == ("input", "map");
        return set(fields, &format!("{section}.{inner}"), key, value, open);
    }
    set(fields, section, key, value, false)
}

/// Sets one key to a value of the type it has.
fn set(fields: &mut toml::Table, section: &str, key: &str, value: &str, open: bool) -> Result<(), String> {
    let old = fields.get(key);
    if old.is_none() && !open {
        return Err(format!("[{section}] has no setting {key}"));
    }
    let new = match old {
        Some(toml::Value::Integer(_)) => {
            toml::Value::Integer(value.parse().map_err(|_| format!("\"{value}\" is not a whole number"))?)
        }
        Some(toml::Value::Boolean(_)) => {
            toml::Value::Boolean(value.parse().map_err(|_| format!("\"{value}\" is not true or false"))?)
        }
        Some(toml::Value::Array(_)) => toml::Value::Array(
            value
                .split(',')
                .filter(|v| !v.is_empty())
                .map(|v| toml::Value::String(v.trim().into()))
                .collect(),
        ),
        _ => toml::Value::String(value.into()),
    };
    fields.insert(key.into(), new);
    Ok(())
}

/// The files of the lexicon: the built-in ones, then each directory's, as `(path inside the lexicon, text)`.
/// A path may come twice; the later one is laid over the earlier.
///
/// # Errors
/// A directory or file that cannot be read.
pub fn lexicon_files(dirs: &[PathBuf]) -> Result<Vec<(String, String)>, ConfigError> {
    let mut out = Vec::new();
    embedded(&EMBEDDED, &mut out);
    out.sort();
    for dir in dirs {
        out.extend(lexicon_layer(dir)?);
    }
    Ok(out)
}

/// The lexicon's files below one directory, sorted by their paths inside it.
///
/// # Errors
/// A directory or file that cannot be read.
pub fn lexicon_layer(dir: &Path) -> Result<Vec<(String, String)>, ConfigError> {
    let mut layer = Vec::new();
    on_disk(dir, dir, &mut layer)?;
    layer.sort();
    Ok(layer)
}

fn embedded(dir: &Dir, out: &mut Vec<(String, String)>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8() {
            out.push((file.path().to_string_lossy().replace('\\', "/"), text.to_string()));
        }
    }
    dir.dirs().for_each(|d| embedded(d, out));
}

fn is_lexicon_file(path: &Path) -> bool {
    let known =
        path.extension().is_some_and(|e| ["tsv", "toml", "test"].contains(&e.to_string_lossy().as_ref()));
    known || path.file_name().is_some_and(|n| n == "VERSION")
}

fn on_disk(root: &Path, dir: &Path, out: &mut Vec<(String, String)>) -> Result<(), ConfigError> {
    let unreadable = |path: &Path, error| ConfigError::Unreadable { path: path.display().to_string(), error };
    for entry in fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
        let path = entry.map_err(|e| unreadable(dir, e))?.path();
        if path.is_dir() {
            on_disk(root, &path, out)?;
        } else if is_lexicon_file(&path) {
            let text = fs::read_to_string(&path).map_err(|e| unreadable(&path, e))?;
            let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            out.push((inside, text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(env: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::load(None, env.iter().map(|(a, b)| (a.to_string(), b.to_string())))
    }

    #[test]
    fn the_default_file_fills_every_setting() {
        assert_eq!(load(&[]).unwrap().watch.settle_ms, 500);
    }

    #[test]
    fn the_environment_overrides_and_is_checked() {
        assert_eq!(load(&[("CHANCERY_WATCH_SETTLE_MS", "70")]).unwrap().watch.settle_ms, 70);
        let error = load(&[("CHANCERY_WATCH_SETLE_MS", "70")]).unwrap_err().to_string();
        assert!(error.contains("setle_ms"), "{error}");
        assert!(load(&[("CHANCERY_WATCH_SETTLE_MS", "soon")]).is_err());
    }

    #[test]
    fn the_environment_reaches_tables_inside_tables() {
        let config =
            load(&[("CHANCERY_INPUT_LIMITS_MAX_LINE", "9"), ("CHANCERY_INPUT_MAP_TEXT", "payload.story")]);
        let input = config.unwrap().input;
        assert_eq!((input.limits.max_line, input.map["text"].as_str()), (9, "payload.story"));
        let error = load(&[("CHANCERY_INPUT_LIMITS_MAX_LION", "9")]).unwrap_err().to_string();
        assert!(error.contains("[input.limits] has no setting max_lion"), "{error}");
    }

    #[test]
    fn a_key_that_does_not_exist_is_refused_with_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("my.toml");
        fs::write(&file, "[watch]\nsettel_ms = 3\n").unwrap();
        let error = Config::load(Some(&file), std::iter::empty()).unwrap_err().to_string();
        assert!(error.contains("my.toml") && error.contains("settel_ms"), "{error}");
    }
}
