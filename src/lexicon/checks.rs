use super::*;
use crate::model::Kind;
use chrono::NaiveDate;

const ACTORS: &str = "# licence: CC0\nid\tname\tkind\tcountry\tsector\toffice\tfrom\tto\taliases\tdemonyms\tcapitals\n\
    norway\tNorway\tcountry\tNOR\t\t\t\t\tKingdom of Norway\tNorwegian; Norwegians\tOslo\n\
    ada-berg\tAda Berg\tperson\tNOR\tGOV\tTrade Minister\t2010\t2012-06\tBerg\n\
    ada-berg\tAda Berg\tleader\tNOR\tGOV\tPrime Minister\t2015-03-01\t2019\tBerg\n\
    agent-troops\ttroops\tagent\t\tMIL\n\
    bergen\tBergen\tplace\tNOR\n";

fn files(list: &[(&str, &str)]) -> Vec<File> {
    list.iter().map(|(p, t)| (p.to_string(), t.to_string())).collect()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn terms_of_office_follow_the_calendar() {
    let lex = Lexicon::load(&files(&[("actors/a.tsv", ACTORS)])).unwrap();
    let ada = lex.actors.by_id("ada-berg").unwrap();
    let on = |d: &str| {
        let a = lex.actors.as_of(ada, day(d));
        (a.office.as_deref().map(str::to_string), a.sectors.iter().map(|s| s.to_string()).collect::<Vec<_>>())
    };
    assert_eq!(on("2009-12-31"), (None, vec![]));
    assert_eq!(on("2012-06-30"), (Some("Trade Minister".into()), vec!["GOV".into()]));
    assert_eq!(on("2013-01-01"), (Some("former Trade Minister".into()), vec!["ELI".into()]));
    assert_eq!(on("2019-12-31"), (Some("Prime Minister".into()), vec!["GOV".into()]));
    assert_eq!(on("2020-01-01"), (Some("former Prime Minister".into()), vec!["ELI".into()]));
    assert_eq!(lex.actors.as_of(ada, day("2016-01-01")).kind, Kind::Leader);
    assert_eq!(lex.actors.as_of(ada, day("2021-01-01")).country.as_deref(), Some("NOR"));
}

#[test]
fn before_the_first_term_a_calling_stays_and_a_post_does_not() {
    let rows = "id\tname\tkind\tcountry\tsector\toffice\tfrom\n\
        bo\tBo Dahl\tperson\tNOR\tMIL\tChief of Defence\t2020\n\
        cai\tCai Eng\tperson\tNOR\tGOV;MIL\tDefence Minister\t2020\n";
    let lex = Lexicon::load(&files(&[("actors/a.tsv", rows)])).unwrap();
    let before = |id: &str| lex.actors.as_of(lex.actors.by_id(id).unwrap(), day("2015-01-01")).clone();
    assert_eq!((before("bo").sectors.len(), &before("bo").office), (1, &None));
    assert_eq!((before("cai").sectors.len(), &before("cai").office), (0, &None));
}

#[test]
fn later_layers_win() {
    let mine =
        "id\tname\tkind\tcountry\naliens\tAliens\tigo\tIGO\nnorway\tNorge\tcountry\tNOR\nbergen\tx\toff\t\n";
    let lex = Lexicon::load(&files(&[
        ("VERSION", "2026.11\n"),
        ("actors/a.tsv", ACTORS),
        ("topics/x.toml", "id = \"x\"\n[[term]]\nwords = [\"fish\"]"),
        ("VERSION", "mine\n"),
        ("actors/a.tsv", mine),
    ]))
    .unwrap();
    assert_eq!(lex.version, "mine");
    assert!(lex.actors.by_id("bergen").is_none(), "switched off");
    let norway = lex.actors.by_id("norway").unwrap();
    assert_eq!(lex.actors.entry(norway).name(), "Norge");
    assert_eq!(lex.actors.entry(norway).terms().len(), 1);
    assert_eq!(lex.sha256.len(), 64);
}

#[test]
fn every_fault_is_told_with_its_line() {
    let bad = "id\tname\tkind\tcountry\tsector\tfrom\taliases\n\
        Bad Id\tX\tcountry\tNorway\t\t\t\n\
        good\tY\tperson\tNOR\tgov\t2011-13\tZ [never]\n\
        strange\tW\tduck\n";
    let problems = Lexicon::load(&files(&[("actors/b.tsv", bad)])).unwrap_err();
    let told: Vec<(usize, &str)> = problems.iter().map(|p| (p.line, p.code)).collect();
    assert_eq!(told, [(2, "id"), (2, "country"), (3, "sector"), (4, "kind")]);
    assert!(problems[3].to_string().contains("unknown kind \"duck\""));
    let bad = "id\tname\tkind\tfrom\taliases\ngood\tY\tperson\t2011-13\tZ [never]\n";
    let problems = Lexicon::load(&files(&[("actors/b.tsv", bad)])).unwrap_err();
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["date", "note"]);
}

#[test]
fn a_broken_topic_is_told_with_its_place() {
    let problems = Lexicon::load(&files(&[("topics/x.toml", "id = \"x\"\nthreshold = high\n")])).unwrap_err();
    assert_eq!((problems[0].line, problems[0].code), (2, "toml"));
}
