//! `chancery lex`, as a curator types it.

use std::fs;
use std::path::Path;

use crate::terminal::chancery;

const HEAD: &str =
    "# licence: ours\n# source: us\nid\tname\tkind\tcountry\tsector\toffice\tfrom\tto\treview_by\taliases\n";

/// Exit code, stdout, stderr.
fn run(dir: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let out = chancery().current_dir(dir).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code(), text(&out.stdout), text(&out.stderr))
}

/// A directory with an overlay `mine` that holds this table.
fn overlay(rows: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("mine/actors")).unwrap();
    fs::write(dir.path().join("mine/actors/mine.tsv"), format!("{HEAD}{rows}")).unwrap();
    dir
}

#[test]
fn lint_points_at_the_place_and_names_the_code() {
    let dir = overlay(
        "borduria\tBorduria\tcountry\tBRD\nplekszy\tPlekszy Gladz\tleader\tALB\tGOV\tPresident\t2012\t2010\n",
    );
    let (code, out, err) = run(dir.path(), &["--lexicon", "mine", "lex", "lint", "--on", "2026-11-30"]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("error: actors/mine.tsv:4: BRD is the code of no country"), "{out}");
    assert!(
        out.contains("  4 | borduria Borduria country BRD\n    |                           ^^^\n"),
        "{out}"
    );
    assert!(
        out.contains("[country]") && out.contains("[inverted]") && err.contains("2 findings"),
        "{out}{err}"
    );
    let (_, json, _) = run(dir.path(), &["--lexicon", "mine", "lex", "lint", "--on", "2026-11-30", "--json"]);
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!((first["code"].as_str(), first["line"].as_u64()), (Some("country"), Some(4)));
}

#[test]
fn an_actor_is_added_seen_tested_and_switched_off() {
    let dir = tempfile::tempdir().unwrap();
    let add = ["lex", "add", "Plekszy Gladz", "--kind", "leader", "--country", "ALB", "--sector", "GOV"];
    let term = ["--office", "President", "--from", "2024-05", "--review-by", "2027-05", "--alias", "Gladz"];
    let (code, out, err) = run(dir.path(), &[&add[..], &term[..]].concat());
    assert_eq!(code, Some(0), "{out}{err}");
    let seen = |text: &str| {
        run(dir.path(), &["--lexicon", "lexicon", "explain", "-t", text, "--date", "2025-06-01"]).1
    };
    assert!(seen("Plekszy Gladz criticised France.").contains("plekszy-gladz ALB GOV, President"));
    // One more office of the same person goes into the same table.
    let more = ["--office", "Mayor", "--from", "2019", "--to", "2023"];
    assert_eq!(run(dir.path(), &[&add[..], &more[..]].concat()).0, Some(0));
    let table = fs::read_to_string(dir.path().join("lexicon/actors/mine.tsv")).unwrap();
    assert_eq!(table.lines().filter(|l| l.starts_with("plekszy-gladz\t")).count(), 2, "{table}");
    // A word that means something else is refused, and nothing is written.
    let (code, _, err) = run(
        dir.path(),
        &["lex", "add", "Orange", "--kind", "company", "--country", "FRA", "--id", "x-orange"],
    );
    assert_eq!(code, Some(4), "{err}");
    assert!(err.contains("ordinary word") && err.contains("hint:"), "{err}");
    assert_eq!(fs::read_to_string(dir.path().join("lexicon/actors/mine.tsv")).unwrap(), table);
    // A plain-sentence test of one's own.
    fs::create_dir_all(dir.path().join("lexicon/tests")).unwrap();
    let test = "on 2021-03-01\nPlekszy Gladz criticised France.\n  office ALB Mayor\n  entry plekszy-gladz\n";
    fs::write(dir.path().join("lexicon/tests/mine.test"), test).unwrap();
    let (code, out, _) = run(dir.path(), &["--lexicon", "lexicon", "lex", "test", "mine.test"]);
    assert_eq!((code, out.as_str()), (Some(0), "1 sentences, 0 failed, 0 known to be misread\n"));
    // A later directory switches an id off.
    fs::create_dir_all(dir.path().join("over/actors")).unwrap();
    fs::write(dir.path().join("over/actors/off.tsv"), format!("{HEAD}norway\tx\toff\n")).unwrap();
    let (_, out, _) = run(
        dir.path(),
        &["--lexicon", "over", "explain", "-t", "Norway criticised France.", "--date", "2025-06-01"],
    );
    assert!(!out.contains("NOR") && out.contains("FRA"), "{out}");
}

#[test]
fn show_finds_by_id_by_name_and_tells_what_is_near() {
    let dir = tempfile::tempdir().unwrap();
    let (_, by_id, _) = run(dir.path(), &["lex", "show", "norway"]);
    let (_, by_name, _) = run(dir.path(), &["lex", "show", "Kingdom of Norway"]);
    assert!(
        by_id.contains("NOR") && by_id.contains("actors/countries.tsv:") && by_id == by_name,
        "{by_id}{by_name}"
    );
    assert!(run(dir.path(), &["lex", "show", "sport"]).1.contains("silences the Article"));
    let (code, _, err) = run(dir.path(), &["lex", "show", "sanction.impos"]);
    assert!(code == Some(2) && err.contains("there are: sanction.impose"), "{err}");
}

#[test]
fn diff_and_impact_tell_what_an_edit_does() {
    let dir = overlay(
        "belarus\tBelarus\tcountry\tBLR\t\t\t\t\t\tRepublic of Belarus\nborduria\tBorduria\tcountry\tALB\n",
    );
    fs::create_dir(dir.path().join("old")).unwrap();
    fs::create_dir(dir.path().join("old/actors")).unwrap();
    fs::write(dir.path().join("old/actors/mine.tsv"), format!("{HEAD}borduria\tBorduria\tcountry\tHUN\n"))
        .unwrap();
    let (code, out, _) = run(dir.path(), &["lex", "diff", "old", "mine"]);
    assert_eq!(code, Some(1));
    assert!(
        out.contains("+ belarus: Belarus, country, BLR") && out.contains("~ country \"HUN\" -> \"ALB\""),
        "{out}"
    );
    assert_eq!(run(dir.path(), &["lex", "diff", "mine", "mine"]).0, Some(0));

    fs::create_dir(dir.path().join("news")).unwrap();
    let story = "Envoys\n\nOSLO, Nov 22 (Fjord Wire) - Borduria imposed sanctions on Norway on Sunday.\n";
    fs::write(dir.path().join("news/a.txt"), story).unwrap();
    let (code, out, err) = run(dir.path(), &["--lexicon", "mine", "lex", "impact", "--on", "news"]);
    assert_eq!(code, Some(1), "{out}{err}");
    assert!(out.contains("+ SANCTION ALB > NOR"), "{out}");
    assert!(out.contains("Borduria imposed sanctions on Norway on Sunday."), "{out}");
    assert!(out.contains("1 articles: 1 events won"), "{out}");
    let (code, out, _) =
        run(dir.path(), &["--lexicon", "mine", "lex", "impact", "--on", "news", "--before", "old"]);
    assert!(
        code == Some(1) && out.contains("- SANCTION HUN > NOR") && out.contains("+ SANCTION ALB > NOR"),
        "{out}"
    );
    assert_eq!(
        run(dir.path(), &["lex", "impact", "--on", "news"]).0,
        Some(2),
        "without an edit there is nothing to judge"
    );
}

#[test]
fn due_lists_open_terms_by_day() {
    let dir = overlay("plekszy\tPlekszy Gladz\tleader\tALB\tGOV\tPresident\t2012\t\t2020-06\n");
    let due = |more: &[&str]| {
        run(dir.path(), &[&["--lexicon", "mine", "lex", "due", "--country", "ALB"], more].concat())
    };
    let (code, out, _) = due(&["--on", "2020-07-01"]);
    assert_eq!(code, Some(1));
    assert_eq!(out, "2020-06-30  ALB  Plekszy Gladz  President  actors/mine.tsv:4\n");
    assert_eq!(due(&["--on", "2020-06-01"]).1, "");
    assert!(due(&["--on", "2020-06-01", "--within", "30"]).1.contains("Plekszy"));
}

#[test]
fn fmt_puts_a_table_in_order_and_check_only_tells() {
    let dir = overlay("b\tBorduria\tcountry\tALB\na\tAxphain\tcountry\tROU\n");
    let (code, out, _) = run(dir.path(), &["lex", "fmt", "--check", "mine"]);
    assert!(code == Some(1) && out.contains("mine.tsv is not in its usual form"), "{out}");
    assert_eq!(run(dir.path(), &["lex", "fmt", "mine"]).0, Some(0));
    let table = fs::read_to_string(dir.path().join("mine/actors/mine.tsv")).unwrap();
    assert!(table.find("\na\t").unwrap() < table.find("\nb\t").unwrap(), "{table}");
    assert_eq!(run(dir.path(), &["lex", "fmt", "--check", "mine"]).0, Some(0));
    fs::write(dir.path().join("mine/actors/mine.tsv"), "id\tname\tsort\n").unwrap();
    assert_eq!(run(dir.path(), &["lex", "fmt", "mine"]).0, Some(4));
}

#[test]
fn import_writes_a_table_and_tells_what_it_left_out() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("old.txt"), "ADA_BERG_\n\t[NORGOV 100501-120630]\nBAD_ [NO]\n").unwrap();
    let args = ["lex", "import", "old.txt", "--licence", "MIT", "--out", "mine.tsv"];
    let (code, _, err) = run(dir.path(), &args);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("old.txt:3: \"NO\" is no actor code") && err.contains("1 entries taken over"),
        "{err}"
    );
    let table = fs::read_to_string(dir.path().join("mine.tsv")).unwrap();
    assert!(table.starts_with("# licence: MIT\n# source: old.txt\n"), "{table}");
    assert!(
        table.contains("ada-berg\tAda Berg\tperson\tNOR\tGOV\t2010-05-01\t2012-06-30\tNORGOV"),
        "{table}"
    );
    assert_eq!(run(dir.path(), &args).0, Some(5), "nothing is written over");
}

#[test]
fn strings_prints_the_shares_of_country_and_sector() {
    let dir = tempfile::tempdir().unwrap();
    let gold = "{\"text\": \"Norwegian troops\", \"country\": \"NOR\", \"code_1\": \"MIL\"}\n\
                {\"text\": \"the police of Chile\", \"country\": \"CHL\", \"code_1\": \"JUD\"}\n";
    fs::write(dir.path().join("gold.jsonl"), gold).unwrap();
    let (code, out, _) = run(dir.path(), &["lex", "strings", "gold.jsonl"]);
    assert_eq!(code, Some(0));
    assert!(out.contains("country right on 1.000  (2 of 2 where given)"), "{out}");
    assert!(out.contains("sector  right on 0.500  (1 of 2 where given)"), "{out}");
}

#[test]
fn every_topic_and_event_type_is_touched_by_a_test() {
    let dir = tempfile::tempdir().unwrap();
    let known = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/misreadings.txt");
    let (code, out, _) = run(dir.path(), &["lex", "test", "--cover", "--known", known]);
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("no test touches entry "), "{out}");
    assert!(out.contains("event type 16 of 16 touched"), "{out}");
}
