//! What an operator can meet stands in docs/operations.md, and nothing stands there that cannot be met.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a running `chancery watch` says something.
const ROOMS: [&str; 5] = ["src/source", "src/flow", "src/sink", "src/serve", "src/bin/chancery"];
/// Files of commands that are no service: their user sits before them.
const AT_A_DESK: [&str; 4] =
    ["src/bin/chancery/lex", "src/bin/chancery/eval", "/tests.rs", "/ledger/again.rs"];

fn rust_files(dir: &Path, into: &mut Vec<PathBuf>) {
    for path in fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()) {
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|e| e == "rs") {
            into.push(path);
        }
    }
}

fn code() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    ROOMS.iter().for_each(|room| rust_files(&root.join(room), &mut files));
    files.retain(|f| !AT_A_DESK.iter().any(|desk| f.to_string_lossy().contains(desk)));
    files.sort();
    files
        .iter()
        .map(|f| fs::read_to_string(f).unwrap().split("#[cfg(test)]").next().unwrap().to_owned())
        .collect()
}

/// The messages of `warn!`, `error!` and `info!`, and of errors: the string that ends the call, or stands in it alone.
fn messages(code: &str) -> BTreeSet<String> {
    let calls = ["warn!(", "error!(", "info!(", "#[error("].map(|call| code.match_indices(call));
    let starts = calls.into_iter().flatten().map(|(at, call)| at + call.len());
    starts.filter_map(|at| last_string(&code[at..])).collect()
}

/// The last string literal of a call whose arguments begin here.
fn last_string(code: &str) -> Option<String> {
    let (mut depth, mut last, mut string) = (1, None, None::<String>);
    let mut escaped = false;
    for c in code.chars() {
        match (&mut string, c) {
            (Some(text), _) if escaped => {
                text.push(c);
                escaped = false;
            }
            (Some(_), '\\') => escaped = true,
            (Some(_), '"') => last = string.take(),
            (Some(text), _) => text.push(c),
            (None, '"') => string = Some(String::new()),
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, _) => {}
        }
        if depth == 0 {
            return last;
        }
    }
    None
}

/// Each row's messages, each as the pieces between its ellipses.
fn told() -> Vec<Vec<String>> {
    let page = include_str!("../../docs/operations.md");
    let table = page.split("## Every message").nth(1).unwrap().split("\n## ").next().unwrap();
    let cells = table.lines().filter(|l| l.starts_with("| `")).map(|l| l.split(" | ").next().unwrap());
    let spans = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2));
    spans.map(|span| span.split('…').map(|piece| piece.trim().to_owned()).collect()).collect()
}

fn holds(text: &str, pieces: &[String]) -> bool {
    pieces.iter().all(|piece| text.contains(piece.as_str()))
}

#[test]
fn every_message_of_a_service_is_explained() {
    let (messages, told) = (messages(&code()), told());
    assert!(messages.len() >= 25, "{} messages found: are they written otherwise now?", messages.len());
    let unexplained: Vec<&String> = messages.iter().filter(|m| !told.iter().any(|t| holds(m, t))).collect();
    assert!(unexplained.is_empty(), "docs/operations.md does not explain {unexplained:#?}");
}

#[test]
fn every_explained_message_can_be_met() {
    let code = code();
    let told = told();
    let gone: Vec<&Vec<String>> = told.iter().filter(|t| !holds(&code, t)).collect();
    assert!(gone.is_empty(), "docs/operations.md explains what nobody says: {gone:#?}");
}
