//! The walls: ARCHITECTURE.md's table against the code, and the sizes the house keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files under `dir`, sorted.
fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    let Ok(entries) = fs::read_dir(dir) else { return out };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out.sort();
    out
}

struct Room {
    may_use: BTreeSet<String>,
    pure: bool,
}

/// The table "Who may know whom".
fn rooms() -> BTreeMap<String, Room> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let section = text.split("## Who may know whom").nth(1).unwrap();
    let mut out = BTreeMap::new();
    for line in section.lines().take_while(|l| !l.starts_with("## ")).filter(|l| l.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let name = cells[0].trim_matches('`').to_string();
        let may_use = cells[2].split_whitespace().map(str::to_string).collect();
        out.insert(name, Room { may_use, pure: cells[3] == "yes" });
    }
    out
}

/// The room a source file belongs to: its first folder or its own name under `src`.
fn room_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().to_string();
    first.trim_end_matches(".rs").to_string()
}

fn library_files() -> Vec<PathBuf> {
    rust_files(&root().join("src"))
        .into_iter()
        .filter(|p| !matches!(room_of(p).as_str(), "bin" | "lib"))
        .collect()
}

/// The code of a file without its test module and its comments.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Rooms named as `crate::room`, single or in braces.
fn used_rooms(code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut rest = code;
    while let Some(at) = rest.find("crate::") {
        rest = &rest[at + 7..];
        if let Some(list) = rest.strip_prefix('{') {
            // Only the first name of each branch is a room.
            let mut depth = 0;
            let mut word = String::new();
            let mut fresh = true;
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        fresh = true;
                        word.clear();
                        continue;
                    }
                    _ => {}
                }
                if depth == 0 && fresh {
                    if c.is_alphanumeric() || c == '_' {
                        word.push(c);
                    } else if !word.is_empty() {
                        fresh = false;
                    }
                    if !word.is_empty() {
                        out.insert(word.clone());
                    }
                }
            }
        } else {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            out.insert(name);
        }
    }
    out
}

#[test]
fn every_room_stands_in_the_table_and_every_row_is_a_room() {
    let table: BTreeSet<String> = rooms().into_keys().collect();
    let there: BTreeSet<String> = library_files().iter().map(|p| room_of(p)).collect();
    assert_eq!(table, there);
}

#[test]
fn rooms_use_only_the_rooms_they_may() {
    let rooms = rooms();
    let mut wrong = Vec::new();
    for path in library_files() {
        let name = room_of(&path);
        for used in used_rooms(&code_of(&path)).into_iter().filter(|u| rooms.contains_key(u) && *u != name) {
            if !rooms[&name].may_use.contains(&used) {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "walls broken:\n{}", wrong.join("\n"));
}

#[test]
fn pure_rooms_have_no_io_no_clock_and_no_random_maps() {
    let rooms = rooms();
    let banned = [
        "tokio",
        "std::fs",
        "std::net",
        "Utc::now",
        "Local::now",
        "SystemTime::now",
        "Instant::now",
        "thread_rng",
        "RandomState",
    ];
    let mut wrong = Vec::new();
    for path in library_files().into_iter().filter(|p| rooms.get(&room_of(p)).is_some_and(|r| r.pure)) {
        let code = code_of(&path);
        wrong.extend(banned.iter().filter(|b| code.contains(*b)).map(|b| format!("{}: {b}", path.display())));
        // A HashMap with the default hasher has another order in each run.
        for line in code.lines().filter(|l| l.contains("HashMap::new()") || l.contains("HashSet::new()")) {
            wrong.push(format!("{}: {}", path.display(), line.trim()));
        }
    }
    assert!(wrong.is_empty(), "impure:\n{}", wrong.join("\n"));
}

#[test]
fn only_record_derives_serialize() {
    for path in library_files().into_iter().filter(|p| {
        !matches!(
            room_of(p).as_str(),
            "record" | "source" | "sink" | "flow" | "feed" | "export" | "index" | "serve"
        )
    }) {
        assert!(
            !code_of(&path).contains("Serialize,") && !code_of(&path).contains("derive(Serialize"),
            "{}",
            path.display()
        );
    }
}

#[test]
fn files_and_functions_keep_their_size() {
    let mut wrong = Vec::new();
    for path in rust_files(&root().join("src")) {
        let text = fs::read_to_string(&path).unwrap();
        // Tables of data are as long as the world is; they say so with `#[rustfmt::skip]`.
        let lines = text.lines().count();
        if lines > 420 && !text.contains("#[rustfmt::skip]") {
            wrong.push(format!("{}: {lines} lines", path.display()));
        }
        wrong.extend(
            long_functions(&text)
                .into_iter()
                .map(|(name, n)| format!("{}: fn {name} has {n} lines", path.display())),
        );
    }
    assert!(wrong.is_empty(), "too long:\n{}", wrong.join("\n"));
}

/// Functions over 70 lines, by the indentation that rustfmt gives their closing brace.
fn long_functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    for (i, line) in lines.iter().enumerate() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let is_fn = [
            "fn ",
            "pub fn ",
            "pub(super) fn ",
            "pub(crate) fn ",
            "async fn ",
            "pub async fn ",
            "const fn ",
            "pub const fn ",
        ]
        .iter()
        .any(|p| trimmed.starts_with(p));
        if !is_fn {
            continue;
        }
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(n) = lines[i..].iter().position(|l| *l == close).filter(|n| *n > 70) {
            let name =
                trimmed.split("fn ").nth(1).unwrap_or("").split(['(', '<']).next().unwrap_or("").to_string();
            out.push((name, n));
        }
    }
    out
}

#[test]
fn nothing_names_another_place_or_an_unfinished_part() {
    let unfinished = [concat!("to", "do!("), concat!("unimple", "mented!("), concat!("#[ig", "nore")];
    for dir in ["src", "tests"] {
        for path in rust_files(&root().join(dir)) {
            let text = fs::read_to_string(&path).unwrap();
            for word in unfinished {
                assert!(!text.contains(word), "{} holds {word}", path.display());
            }
        }
    }
}
