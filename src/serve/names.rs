//! The fixed names the page needs: event types, caveats, countries.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State as Of;
use schemars::JsonSchema;
use serde::Serialize;

use super::state::State;
use crate::model::codes::TYPES;
use crate::model::{Aux, Kind};

/// What codes mean.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Codes {
    /// Event types, in the order of the quads.
    pub types: Vec<TypeAnswer>,
    /// Caveats.
    pub aux: Vec<&'static str>,
    /// Countries by code; empty when the server has no lexicon.
    pub countries: BTreeMap<String, String>,
}

/// An event type.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TypeAnswer {
    /// Its name.
    pub name: &'static str,
    /// Its quad class.
    pub quad: u8,
    /// Its intensity.
    pub intensity: f32,
    /// What the actor does.
    pub about: &'static str,
}

/// Codes in a country's place that are no country.
const BODIES: [(&str, &str); 7] = [
    ("EUR", "European Union"),
    ("UNO", "United Nations"),
    ("IGO", "International bodies"),
    ("NGO", "Non-governmental bodies"),
    ("IMG", "Cross-border armed groups"),
    ("MNC", "Multinational companies"),
    ("WST", "The West"),
];

/// `/api/codes`.
pub async fn codes(Of(state): Of<Arc<State>>) -> Json<Codes> {
    let mut countries = BTreeMap::new();
    if let Some(reader) = state.reader() {
        let entries = reader.lexicon.actors.entries().filter(|e| e.kind() == Kind::Country);
        for (code, entry) in entries.filter_map(|e| Some((e.country()?, e))) {
            countries.entry(code.to_string()).or_insert_with(|| entry.name().to_string());
        }
    }
    for (code, name) in BODIES {
        countries.insert(code.into(), name.into());
    }
    let types = TYPES
        .iter()
        .map(|t| TypeAnswer { name: t.name, quad: t.quad, intensity: t.intensity, about: t.about })
        .collect();
    Json(Codes { types, aux: Aux::ALL.iter().map(|a| a.as_str()).collect(), countries })
}
