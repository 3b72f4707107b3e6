//! The fault suite in its short form: a fixed seed, a few rounds of everything.

use std::process::Command;

/// Runs the suite; what it says is shown when it fails.
fn torture(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_torture")).args(args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{args:?}:\n{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[test]
fn whatever_happens_to_files_disk_and_process_each_document_is_told_once() {
    let said = torture(&["--rounds", "25", "--seed", "20261125"]);
    println!("{said}");
    assert!(said.contains("all well"), "{said}");
}

#[test]
fn real_kills_limits_and_small_file_systems_are_survived() {
    let said = torture(&["trials"]);
    println!("{said}");
    assert!(said.matches(" well ").count() >= 10, "most trials need no rights: {said}");
}

#[test]
fn killed_again_and_again_it_ends_as_one_clean_run_would() {
    println!("{}", torture(&["kills", "--count", "12"]));
}

#[test]
fn every_fault_stands_in_the_table_of_the_documentation() {
    let table = include_str!("../docs/reliability.md");
    let list = torture(&["list"]);
    let names: Vec<&str> =
        list.lines().map(|l| l[19..].split("  ").next().unwrap_or_default().trim()).collect();
    let missing: Vec<&&str> = names.iter().filter(|name| !table.contains(&format!("| {name} |"))).collect();
    assert!(missing.is_empty(), "docs/reliability.md does not tell of {missing:?}");
    assert!(names.len() >= 50, "{} faults", names.len());
}
