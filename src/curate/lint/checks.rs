use super::*;

const HEAD: &str = "# licence: CC0\n# source: ours\nid\tname\tkind\tcountry\tsector\toffice\tfrom\tto\treview_by\tcameo\twikidata\taliases\tnote\n";

fn found(files: &[(&str, &str)]) -> Vec<Problem> {
    let files: Vec<File> = files.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect();
    lint(&[&files], "2026-11-30".parse().unwrap())
}

/// The findings of a table with these rows, as (line, code, the text that the caret points at).
fn of_rows(rows: &str) -> Vec<(usize, &'static str, String)> {
    let at = |p: Problem| (p.line, p.code, p.source[p.columns.clone()].to_string());
    found(&[("actors/a.tsv", &format!("{HEAD}{rows}"))]).into_iter().map(at).collect()
}

/// One broken row of each kind: (row, code, where the caret points).
#[rustfmt::skip]
const BROKEN: &[(&str, &str, &str)] = &[
    ("x\tXandia\tcountry\tXAN", "country", "XAN"),
    ("x\tXandia\tcountry\tNOR\tGOW", "sector", "GOW"),
    ("x\tXandia\tcountry\tNOR\t\t\t\t\t\tNO", "cameo", "NO"),
    ("x\tXandia\tcountry\tNOR\t\t\t\t\t\t\tW12", "wikidata", "W12"),
    ("x\tAda Berg\tperson\tNOR\tGOV\tTrade Minister\t2012-05\t2010", "inverted", "2010"),
    ("x\tAda Berg\tperson\tNOR\tGOV\tTrade Minister\t2020", "open", "Trade Minister"),
    ("x\tAda Berg\tperson\tNOR\tGOV\tTrade Minister\t2020\t\t2026-06", "overdue", "2026-06"),
    ("x\tAda Berg\tperson\tNOR\tGOV\tTrade Minister\t2031\t\t2032", "future", "2031"),
    ("x\t\"Xandia\"\tcountry\tNOR", "quotes", "\"Xandia\""),
    ("x\tXandia\tcountry\tNOR\t\t\t\t\t\t\t\tXan Land; Xan Land", "twice", "Xan Land"),
    ("x\tXandia\tcompany\tNOR\t\t\t\t\t\t\t\tOrange", "word", "Orange"),
    ("x\tXandia\tcompany\tNOR\t\t\t\t\t\t\t\torange [not: juice]", "word", "orange [not: juice]"),
    ("x\tXandia\tcompany\tNOR\t\t\t\t\t\t\t\tECHO", "acronym", "ECHO"),
    ("x\tXandia\tplace\tNOR\t\t\t\t\t\t\t\tCharlotte", "first-name", "Charlotte"),
];

#[test]
fn a_broken_row_of_each_kind_is_caught_at_its_place() {
    for (row, code, part) in BROKEN {
        assert_eq!(of_rows(row), [(4, *code, part.to_string())], "{row}");
    }
    assert_eq!(of_rows("x\tXandia\tcountry\tNOR\tGOV"), []);
}

#[test]
fn a_note_makes_an_ambiguous_name_welcome() {
    for name in ["Orange [not: juice]", "ECHO [case]", "Charlotte [not-first-name]", "Orange Cove"] {
        assert_eq!(of_rows(&format!("x\tXandia\tcompany\tNOR\t\t\t\t\t\t\t\t{name}")), [], "{name}");
    }
}

#[test]
fn two_holders_of_one_seat_are_told_unless_the_note_says_disputed() {
    let rows = "a\tAda Berg\tleader\tNOR\tGOV\tPresident\t2010\t2015\n\
                b\tBo Dahl\tleader\tNOR\tGOV\tPresident\t2012\t2016\n\
                c\tCai Eng\tleader\tNOR\tGOV\tPresident\t2016\t2019\n";
    assert_eq!(of_rows(rows), [(5, "seat", "2012".to_string())]);
    let rival = rows.replace("2012\t2016", "2012\t2016\t\t\t\t\tdisputed");
    assert_eq!(of_rows(&rival), []);
}

#[test]
fn a_name_of_two_owners_needs_a_note() {
    let rows = "a\tKarlby\tplace\tNOR\nb\tKarlby Mine\tcompany\tSWE\t\t\t\t\t\t\t\tKarlby\n";
    assert_eq!(of_rows(rows), [(4, "shared", "Karlby".to_string())]);
    assert_eq!(
        of_rows(
            &rows
                .replace("\tKarlby\n", "\tKarlby [needs: mine]\n")
                .replace("a\tKarlby\t", "a\tKarlby [not: mine]\t")
        ),
        []
    );
    let both = "a\tNorth Sea Bank\tcompany\tNOR\t\t\t\t\t\t\t\tNSBK\nb\tNew Star Bank\tcompany\tSWE\t\t\t\t\t\t\t\tNSBK\n";
    assert_eq!(of_rows(both), [(4, "acronym", "NSBK".to_string())]);
}

#[test]
fn a_table_without_licence_or_source_is_told() {
    let bare = "id\tname\tkind\nx\tXandia\tcountry\n";
    let all = found(&[("actors/a.tsv", bare)]);
    assert_eq!(all.iter().map(|p| p.code).collect::<Vec<_>>(), ["licence", "licence"]);
}

#[test]
fn faults_that_stop_loading_come_alone_with_their_line() {
    assert_eq!(of_rows("X x\tXandia\tcountry\tNOR"), [(4, "id", "X x".to_string())]);
    assert_eq!(of_rows("x\tXandia\tcontry"), [(4, "kind", "contry".to_string())]);
    assert_eq!(of_rows("x\tXandia\tcountry\tNOR\t\t\t2011-13"), [(4, "date", "2011-13".to_string())]);
    assert_eq!(of_rows("x\tXandia [when: x]\tcountry"), [(4, "note", "when: x".to_string())]);
}

#[test]
fn a_row_that_a_later_layer_replaces_is_not_judged() {
    let base = vec![("actors/a.tsv".to_string(), format!("{HEAD}x\tXandia\tcompany\tXAN\n"))];
    let over = vec![(
        "actors/b.tsv".to_string(),
        "# licence: ours\n# source: us\nid\tname\tkind\nx\tx\toff\n".to_string(),
    )];
    let today = "2026-11-30".parse().unwrap();
    assert_eq!(lint(&[&base], today).len(), 1);
    assert_eq!(lint(&[&base, &over], today), []);
}

#[test]
fn a_shadowed_rule_and_a_rule_without_an_example_are_told() {
    let rule = |id: &str, extra: &str| {
        format!(
            "[[rule]]\nid = \"{id}\"\nverbs = [\"ban\"]\n{extra}example = \"Norway banned Cuba.\"\nexpect = \"SANCTION NOR > CUB\"\n"
        )
    };
    let file = |rules: &[String]| format!("event = \"SANCTION\"\n{}", rules.concat());
    let same = file(&[rule("a.one", ""), rule("a.two", "")]);
    let all = found(&[("events/SANCTION.toml", &same)]);
    assert_eq!(all.iter().map(|p| (p.line, p.code)).collect::<Vec<_>>(), [(8, "shadowed")]);
    assert!(all[0].message.contains("a.two never speaks: a.one"), "{}", all[0].message);
    let own = file(&[rule("a.one", ""), rule("a.two", "objects = [\"fish\"]\n")]);
    assert_eq!(found(&[("events/SANCTION.toml", &own)]), []);
    let bare = own.replace("example = \"Norway banned Cuba.\"\n", "");
    assert!(found(&[("events/SANCTION.toml", &bare)])[0].message.contains("has no example"));
}

#[test]
fn a_term_that_stands_twice_in_a_topic_is_told() {
    let topic = "id = \"fish\"\n[[term]]\nwords = [\"cod\", \"herring\"]\n[[exclude]]\nwords = [\"cod\"]\n";
    let all = found(&[("topics/fish.toml", topic)]);
    assert_eq!(
        all.iter().map(|p| (p.line, p.code, &p.source[p.columns.clone()])).collect::<Vec<_>>(),
        [(5, "twice", "\"cod\"")]
    );
}
