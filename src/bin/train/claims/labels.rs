//! Labels that lie apart from their texts, which are others' to hand out: the two are joined by the item's id.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Articles by id.
pub fn texts(path: &PathBuf) -> Result<BTreeMap<String, Value>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let mut out = BTreeMap::new();
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let value: Value = serde_json::from_str(line)?;
        out.insert(value["id"].as_str().unwrap_or_default().to_string(), value);
    }
    Ok(out)
}

/// Gives labels their text and date, and each event the words of its trigger, which stand at bytes `at` of the text.
pub fn join(labels: &mut Value, texts: &BTreeMap<String, Value>) -> Result<()> {
    let id = labels["id"].as_str().unwrap_or_default().to_string();
    let article = texts.get(&id).with_context(|| format!("no text for {id}: name its file with --texts"))?;
    let text = article["text"].as_str().unwrap_or_default();
    labels["date"] = article["date"].clone();
    labels["complete"] = true.into();
    for list in ["events", "negated"] {
        for event in labels[list].as_array_mut().into_iter().flatten() {
            let at = |i: usize| event["at"][i].as_u64().map(|n| n as usize);
            if let (Some(from), Some(to)) = (at(0), at(1)) {
                let words = text.get(from..to);
                ensure!(
                    words.is_some(),
                    "the trigger of an event lies outside the text of {}",
                    article["id"]
                );
                event["trigger"] = words.into();
            }
        }
    }
    labels["text"] = text.into();
    Ok(())
}
