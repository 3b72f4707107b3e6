//! Records in the forms of others, column by column.

use std::process::Stdio;

use chancery::export::{FLAT, GDELT2, ICEWS, POLECAT};
use serde_json::Value;

use super::{program, records, samples};

fn exported(lines: &str, to: &str) -> (String, String) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("events.jsonl"), lines).unwrap();
    let done = program()
        .args(["export", "--to", to])
        .current_dir(dir.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", text(done.stderr));
    (text(done.stdout), text(done.stderr))
}

/// Samples that a form without caveats takes, and the pairs of parties in them.
fn told_as_done(needs_code: bool) -> (usize, usize) {
    let not_done = ["negation", "hypothetical", "denied", "question"];
    let fine = |r: &Value| {
        let aux = r["aux"].as_array().unwrap();
        let without_code = needs_code && r["cameo"].is_null();
        !without_code && !aux.iter().any(|a| not_done.contains(&a.as_str().unwrap()))
    };
    let kept: Vec<Value> = records().into_iter().filter(fine).collect();
    let pairs = |r: &Value| {
        let (a, b) = (r["actor"].as_array().unwrap().len(), r["recipient"].as_array().unwrap().len());
        match (b, r["reciprocal"].as_bool().unwrap()) {
            (0, true) => a * (a - 1),
            (0, false) => a,
            (_, true) => a * b * 2,
            (_, false) => a * b,
        }
    };
    (kept.len(), kept.iter().map(pairs).sum())
}

#[test]
fn gdelt_has_61_columns_and_a_row_for_each_pair() {
    let (text, said) = exported(&samples().0, "gdelt2");
    let (kept, pairs) = told_as_done(true);
    assert_eq!(GDELT2.len(), 61);
    assert_eq!(
        (GDELT2[0], GDELT2[26], GDELT2[30], GDELT2[51], GDELT2[60]),
        ("GLOBALEVENTID", "EventCode", "GoldsteinScale", "ActionGeo_Type", "SOURCEURL")
    );
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), pairs);
    let mut numbers: Vec<u64> = rows.iter().map(|r| r[0].parse().unwrap()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), rows.len(), "numbers differ");
    for row in &rows {
        assert_eq!(row.len(), 61);
        assert!(row[1].len() == 8 && row[1].starts_with(row[2]) && row[2].starts_with(row[3]), "{row:?}");
        assert!(row[26].starts_with(row[28]) && row[27].len() <= 3, "codes keep their zeros: {row:?}");
        assert!(row[30].parse::<f64>().is_ok() && (1..=4).contains(&row[29].parse::<u8>().unwrap()));
        assert_eq!(row[59].len(), 14, "{}", row[59]);
    }
    let belarus = rows.iter().find(|r| r[7] == "EUR" && r[17] == "BLR").unwrap();
    assert_eq!((belarus[43], belarus[45]), ("1", "BO"), "places are FIPS");
    let left = records().len() - kept;
    assert!(left > 0 && said.contains(&format!("{left} left out")), "{said}");
}

#[test]
fn polecat_has_40_columns_and_icews_20() {
    let (text, _) = exported(&samples().0, "polecat");
    let (_, pairs) = told_as_done(false);
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!((head.len(), head.as_slice()), (40, POLECAT));
    let rows: Vec<Vec<&str>> = lines.map(|l| l.split('\t').collect()).collect();
    assert_eq!(rows.len(), pairs);
    assert!(rows.iter().all(|r| r.len() == 40 && chancery::model::EventType::parse(r[2]).is_some()));
    assert!(
        rows.iter().any(|r| r[8] == "European Union" && r[16] == "Belarus" && r[5] == "MATERIAL CONFLICT")
    );
    let (text, _) = exported(&samples().0, "icews");
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split('\t').collect();
    assert_eq!((head.len(), head.as_slice()), (20, ICEWS));
    assert!(lines.clone().all(|l| l.split('\t').count() == 20));
    assert_eq!(lines.count(), told_as_done(true).1);
}

#[test]
fn geojson_and_cloudevents_are_what_their_standards_say() {
    let (text, _) = exported(&samples().0, "geojson");
    let whole: Value = serde_json::from_str(&text).unwrap();
    let features = whole["features"].as_array().unwrap();
    assert_eq!((whole["type"].as_str().unwrap(), features.len()), ("FeatureCollection", records().len()));
    for (feature, record) in features.iter().zip(records()) {
        assert_eq!((&feature["type"], &feature["id"]), (&"Feature".into(), &record["id"]));
        let placed = !feature["geometry"].is_null();
        assert_eq!(feature["properties"]["geometry_basis"] == "country", placed);
        if placed {
            let at = feature["geometry"]["coordinates"].as_array().unwrap();
            assert!(at[0].as_f64().unwrap().abs() <= 180.0 && at[1].as_f64().unwrap().abs() <= 90.0);
        }
    }
    assert!(features.iter().any(|f| !f["geometry"].is_null()));
    let (text, _) = exported(&samples().0, "cloudevents");
    for (line, record) in text.lines().zip(records()) {
        let event: Value = serde_json::from_str(line).unwrap();
        assert_eq!(event["specversion"], "1.0");
        for key in ["id", "source", "type", "time", "datacontenttype"] {
            assert!(event[key].is_string(), "{key}");
        }
        assert_eq!(event["data"], record);
    }
    assert_eq!(text.lines().count(), records().len());
}

#[test]
fn csv_has_a_head_and_a_row_for_each_record() {
    let (text, _) = exported(&samples().0, "csv");
    let head: Vec<&str> = text.split("\r\n").next().unwrap().split(',').collect();
    let names: Vec<&str> = FLAT.iter().map(|c| c.name).collect();
    assert_eq!(head, names);
    assert_eq!(text.matches("\r\n").count(), records().len() + 1);
}

#[test]
fn sqlite_holds_the_records_and_finds_their_words() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("events.jsonl"), &samples().0).unwrap();
    // Twice: what is there already is not there twice.
    for _ in 0..2 {
        let done =
            program().args(["export", "--to", "sqlite", "-o", "events.db"]).current_dir(dir.path()).status();
        assert!(done.unwrap().success());
    }
    let db = rusqlite::Connection::open(dir.path().join("events.db")).unwrap();
    let mut held: Vec<String> = db
        .prepare("SELECT record FROM events")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let mut lines: Vec<String> = samples().0.lines().map(str::to_string).collect();
    held.sort();
    lines.sort();
    assert_eq!(held, lines);
    let found: i64 = db
        .query_row("SELECT count(*) FROM events_text WHERE events_text MATCH 'sanctions'", [], |r| r.get(0))
        .unwrap();
    let wanted = records()
        .iter()
        .filter(|r| {
            format!("{}{}", r["evidence"]["text"], r["article"]["title"]).to_lowercase().contains("sanctions")
        })
        .count();
    assert_eq!(found, wanted as i64);
}

#[test]
fn parquet_has_a_part_for_each_day_and_no_half_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("events.jsonl"), &samples().0).unwrap();
    let done = program().args(["export", "--to", "parquet", "-o", "lake"]).current_dir(dir.path()).status();
    assert!(done.unwrap().success());
    let mut days: Vec<String> = std::fs::read_dir(dir.path().join("lake"))
        .unwrap()
        .map(|d| d.unwrap().file_name().into_string().unwrap())
        .collect();
    days.sort();
    let mut wanted: Vec<String> =
        records().iter().map(|r| format!("date={}", r["date"].as_str().unwrap())).collect();
    wanted.sort();
    wanted.dedup();
    assert_eq!(days, wanted);
    assert_eq!(lines_of(&dir.path().join("lake")), sorted(&samples().0));
}

fn sorted(lines: &str) -> Vec<String> {
    let mut lines: Vec<String> = lines.lines().map(str::to_string).collect();
    lines.sort();
    lines
}

/// The records in all Parquet files under a directory, read back by the library's own reader.
pub fn lines_of(dir: &std::path::Path) -> Vec<String> {
    use parquet::file::reader::FileReader;
    let mut out = Vec::new();
    for day in std::fs::read_dir(dir).unwrap() {
        for part in std::fs::read_dir(day.unwrap().path()).unwrap() {
            let file = std::fs::File::open(part.unwrap().path()).unwrap();
            let reader = parquet::file::reader::SerializedFileReader::new(file).unwrap();
            for row in reader.get_row_iter(None).unwrap() {
                let row = row.unwrap();
                let field = row.get_column_iter().find(|(name, _)| *name == "record").unwrap().1.clone();
                match field {
                    parquet::record::Field::Str(s) => out.push(s),
                    other => panic!("{other:?}"),
                }
            }
        }
    }
    out.sort();
    out
}
