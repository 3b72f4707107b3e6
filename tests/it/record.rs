//! The public lines: valid against the schema made from their types, stable in their keys.

use chancery::record::{Coder, records, schema};
use serde_json::Value;

use crate::help::{noon, reader, seeds};

fn lines() -> Vec<(Value, bool)> {
    let coder =
        Coder { lexicon: reader().lexicon.version.clone(), lexicon_sha256: reader().lexicon.sha256.clone() };
    let mut out = Vec::new();
    for (_, articles) in seeds() {
        for article in articles {
            let (events, line) = records(&reader().understand(article), &coder, noon());
            out.extend(events.iter().map(|e| (serde_json::to_value(e).unwrap(), true)));
            out.push((serde_json::to_value(&line).unwrap(), false));
        }
    }
    out
}

#[test]
fn every_record_of_the_samples_is_valid() {
    let event = jsonschema::validator_for(&schema("event").unwrap()).unwrap();
    let article = jsonschema::validator_for(&schema("article").unwrap()).unwrap();
    let lines = lines();
    assert!(lines.iter().filter(|(_, is_event)| *is_event).count() >= 20);
    for (line, is_event) in lines {
        let validator = if is_event { &event } else { &article };
        let errors: Vec<String> =
            validator.iter_errors(&line).map(|e| format!("{e} at {}", e.instance_path)).collect();
        assert!(errors.is_empty(), "{errors:?}\n{line}");
    }
}

#[test]
fn a_broken_record_is_not_valid() {
    let validator = jsonschema::validator_for(&schema("event").unwrap()).unwrap();
    let (mut line, _) = lines().into_iter().find(|(_, is_event)| *is_event).unwrap();
    line["quad"] = Value::from(5);
    assert!(!validator.is_valid(&line));
    line["quad"] = Value::from(1);
    assert!(validator.is_valid(&line));
    line["actor"] = Value::Array(Vec::new());
    assert!(!validator.is_valid(&line));
}

#[test]
fn spans_cut_out_the_words_they_name() {
    for (line, _) in lines().into_iter().filter(|(_, e)| *e) {
        let evidence = &line["evidence"];
        let sentence = evidence["text"].as_str().unwrap();
        let at = |s: &Value, k: &str| s[k].as_u64().unwrap() as usize;
        let start = at(&evidence["span"], "start");
        for actor in line["actor"].as_array().unwrap().iter().chain(line["recipient"].as_array().unwrap()) {
            let (from, to) = (at(&actor["span"], "start") - start, at(&actor["span"], "end") - start);
            let cut: String = sentence.chars().skip(from).take(to - from).collect();
            assert_eq!(cut, actor["text"].as_str().unwrap());
        }
    }
}

#[test]
fn the_documented_fields_are_the_fields() {
    let docs = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/records.md")).unwrap();
    for name in ["event", "article"] {
        let schema = schema(name).unwrap();
        for key in schema["properties"].as_object().unwrap().keys() {
            assert!(docs.contains(&format!("`{key}`")), "docs/records.md does not tell of {name}.{key}");
        }
    }
}

#[test]
fn ids_are_unique_and_do_not_depend_on_the_clock() {
    let ids: Vec<String> =
        lines().into_iter().filter(|(_, e)| *e).map(|(l, _)| l["id"].as_str().unwrap().to_string()).collect();
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len());
}
