use super::*;
use crate::lexicon::table::Col;

fn lexicon() -> Lexicon {
    let text = "id\tname\tkind\tcountry\taliases\nnorway\tNorway\tcountry\tNOR\tKingdom of Norway\n";
    Lexicon::load(&[("actors/a.tsv".to_string(), text.to_string())]).unwrap()
}

fn lines(out: &Imported, columns: &[Col]) -> Vec<String> {
    out.rows.iter().map(|r| r.line(columns).replace('\t', "|")).collect()
}

fn told(out: &Imported) -> Vec<(usize, &'static str)> {
    out.problems.iter().map(|p| (p.line, p.code)).collect()
}

#[test]
fn patterns_become_rows_and_faults_are_told() {
    let text = r#"{"label": "ORG", "pattern": "Oslo Energi", "id": "oslo-energi"}
{"label": "ORG", "pattern": [{"LOWER": "oslo"}, {"LOWER": "kraft"}], "id": "oslo-energi"}
{"label": "PERSON", "pattern": [{"TEXT": "Ada"}, {"ORTH": "Berg"}]}
{"label": "ORG", "pattern": [{"POS": "PROPN", "OP": "+"}]}
{"label": "DATE", "pattern": "today"}
{"label": "ORG"
"#;
    assert_eq!(Form::of(text), Some(Form::Patterns));
    let out = import(Form::Patterns, "p.jsonl", text, &lexicon());
    let columns = [Col::Id, Col::Name, Col::Kind, Col::Aliases];
    assert_eq!(
        lines(&out, &columns),
        ["ada-berg|Ada Berg|person|", "oslo-energi|Oslo Energi|other|oslo kraft"]
    );
    assert_eq!(told(&out), [(4, "pattern"), (5, "pattern"), (6, "pattern")]);
    assert_eq!((out.taken, out.left), (3, 3));
}

#[test]
fn wikidata_rows_become_terms_and_faults_are_told() {
    let text = "item,itemLabel,itemAltLabel,countryLabel,positionLabel,start,end\n\
        http://www.wikidata.org/entity/Q42,Ada Berg,\"A. Berg, Berg\",Norway,Trade Minister,2010-05-01T00:00:00Z,2012-06-30T00:00:00Z\n\
        http://www.wikidata.org/entity/Q43,\"Bo \"\"Iron\"\" Dahl\",,Ruritania,Trade Minister,t1234,\n\
        http://www.wikidata.org/entity/Q44,Q44,,Norway,,,\n\
        short,row\n\
        Q45,\"never closed,,,,,\n";
    assert_eq!(Form::of(text), Some(Form::Wikidata));
    let out = import(Form::Wikidata, "w.csv", text, &lexicon());
    let columns = [Col::Id, Col::Country, Col::Office, Col::From, Col::To, Col::Wikidata, Col::Aliases];
    assert_eq!(
        lines(&out, &columns),
        [
            "ada-berg|NOR|Trade Minister|2010-05-01|2012-06-30|Q42|A. Berg; Berg",
            "bo-iron-dahl||Trade Minister|||Q43|"
        ]
    );
    assert_eq!(told(&out), [(3, "cell"), (3, "cell"), (4, "record"), (5, "record"), (6, "record")]);
}

#[test]
fn petrarch_entries_become_terms_and_faults_are_told() {
    let text = "# notes\nADA_BERG_  ; CountryInfo.txt\n+A_BERG_\n\t[NORGOV 100501-120630]\n\t[NORELI >120701]\n\t[NORGOVMIL >150000]\n\
        OSLO_ARMY_ [NORMIL]\nBAD_DATE_ [NORGOV >109901]\nBAD_CODE_ [NO]\nOPEN_ [NORGOV\nNOTHING_\n";
    assert_eq!(Form::of(text), Some(Form::Petrarch));
    let out = import(Form::Petrarch, "a.txt", text, &lexicon());
    let columns =
        [Col::Id, Col::Name, Col::Kind, Col::Country, Col::Sector, Col::From, Col::To, Col::Aliases];
    assert_eq!(
        lines(&out, &columns),
        [
            "ada-berg|Ada Berg|person|NOR|GOV|2010-05-01|2012-06-30|A Berg",
            "ada-berg|Ada Berg|person|NOR|GOV;MIL|2015||A Berg",
            "oslo-army|Oslo Army|government|NOR|MIL|||",
        ]
    );
    assert_eq!(told(&out), [(8, "code"), (9, "code"), (10, "code"), (11, "code")]);
    assert_eq!((out.taken, out.left), (2, 4));
}

#[test]
fn what_was_imported_is_a_table_that_loads() {
    let out = import(Form::Petrarch, "a.txt", "OSLO_ARMY_ [NORMIL]\n", &lexicon());
    let table = out.table("MIT", "a dictionary");
    assert_eq!(
        table,
        "# licence: MIT\n# source: a dictionary\nid\tname\tkind\tcountry\tsector\tcameo\noslo-army\tOslo Army\tgovernment\tNOR\tMIL\tNORMIL\n"
    );
    let loaded = Lexicon::load(&[("actors/a.tsv".to_string(), table)]).unwrap();
    assert!(loaded.actors.by_id("oslo-army").is_some());
}
