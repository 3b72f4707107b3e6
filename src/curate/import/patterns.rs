//! Patterns of spaCy's entity ruler and of Prodigy, one JSON object a line.

use serde_json::Value;

use super::Imported;
use crate::curate::cells::{Cells, id_of};
use crate::lexicon::Problem;
use crate::lexicon::fold::FixedMap;
use crate::lexicon::table::Col;

/// Labels of the usual models, and the kind each becomes. What has no country yet is for the curator to fill in.
const LABELS: &[(&str, &str)] = &[
    ("PERSON", "person"),
    ("PER", "person"),
    ("ORG", "other"),
    ("GPE", "place"),
    ("LOC", "place"),
    ("FAC", "place"),
    ("COUNTRY", "country"),
    ("NORP", "region"),
    ("COMPANY", "company"),
    ("MEDIA", "media"),
    ("PARTY", "party"),
    ("NGO", "ngo"),
    ("IGO", "igo"),
];

/// Reads them all. Patterns with one `id` are names of one entry.
pub fn read(file: &str, text: &str) -> Imported {
    let mut out = Imported::default();
    let mut at: FixedMap<String, usize> = FixedMap::default();
    for (n, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
        let result = one(line).map(|(id, kind, name)| match at.get(&id) {
            Some(&row) => out.rows[row].add_name(Col::Aliases, &name),
            None => {
                let mut row = Cells::default();
                row.set(Col::Id, &id);
                row.set(Col::Name, &name);
                row.set(Col::Kind, kind);
                at.insert(id, out.rows.len());
                out.rows.push(row);
            }
        });
        match result {
            Ok(()) => out.taken += 1,
            Err((message, hint)) => {
                out.left += 1;
                out.problems.push(Problem::at_line(file, text, n + 1, "pattern", message, &hint));
            }
        }
    }
    out
}

/// Id, kind and name of a pattern; or why it cannot be taken over, and what to do.
fn one(line: &str) -> Result<(String, &'static str, String), (String, String)> {
    let value: Value = serde_json::from_str(line).map_err(|e| {
        (format!("this is no JSON: {e}"), "each line is an object with label and pattern".to_string())
    })?;
    let label = value["label"].as_str().unwrap_or("");
    let kind = LABELS.iter().find(|l| l.0.eq_ignore_ascii_case(label)).map(|l| l.1).ok_or_else(|| {
        let known: Vec<&str> = LABELS.iter().map(|l| l.0).collect();
        (
            format!("label \"{label}\" is no actor of ours"),
            format!("labels taken over are: {}", known.join(" ")),
        )
    })?;
    let name = name(&value["pattern"])?;
    let id = id_of(value["id"].as_str().unwrap_or(&name));
    if id.is_empty() {
        return Err((
            format!("no id can be made of \"{name}\""),
            "give the pattern an id of Latin letters".into(),
        ));
    }
    Ok((id, kind, name))
}

/// The name that a pattern spells. Token patterns that match by shape, part of speech and the like spell none.
fn name(pattern: &Value) -> Result<String, (String, String)> {
    let hint = || "write the names it stands for, one pattern each".to_string();
    let name = match pattern {
        Value::String(text) => text.clone(),
        Value::Array(tokens) => {
            let mut words = Vec::new();
            for token in tokens {
                let fields = token.as_object().filter(|f| f.len() == 1).and_then(|f| f.iter().next());
                let word = match fields.map(|(key, value)| (key.to_ascii_uppercase(), value.as_str())) {
                    Some((key, Some(word))) if matches!(key.as_str(), "TEXT" | "ORTH" | "LOWER") => word,
                    _ => return Err((format!("the token {token} spells no word"), hint())),
                };
                words.push(word);
            }
            words.join(" ")
        }
        _ => return Err(("there is no pattern".into(), "pattern is a text or a list of tokens".into())),
    };
    if name.trim().is_empty() {
        Err(("the pattern is empty".into(), hint()))
    } else {
        Ok(name.trim().to_string())
    }
}
