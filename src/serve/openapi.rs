//! The OpenAPI document, made from the types that read the questions and write the answers.

use axum::Json;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::article::{ArticleAnswer, Explained};
use super::asked::*;
use super::counts::{Actors, Countries, Topics, Typed};
use super::metrics::Health;
use super::names::Codes;
use super::problem::Problem;
use super::report::{Report, Reported};
use crate::index::Ask;
use crate::index::answer::{Dyads, Series, Spikes, Suggestion, Tally};
use crate::record::types::EventRecord;

/// `/openapi.json`.
pub async fn openapi() -> Json<Value> {
    Json(document())
}

/// Builds the paths.
struct Paths {
    schemas: SchemaGenerator,
    paths: Map<String, Value>,
}

impl Paths {
    /// The parameters that a type's fields are.
    fn parameters<T: JsonSchema>(&mut self) -> Vec<Value> {
        let mut settings = SchemaSettings::draft2020_12();
        settings.inline_subschemas = true;
        let schema = settings.into_generator().into_root_schema_for::<T>();
        let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
        let fields = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
        let one = |(name, mut schema): (String, Value)| {
            strip_null(&mut schema);
            let about = schema.as_object_mut().and_then(|s| s.remove("description")).unwrap_or_default();
            let needed = required.contains(&Value::String(name.clone()));
            json!({"name": name, "in": "query", "required": needed, "description": about, "schema": schema})
        };
        fields.into_iter().map(one).collect()
    }

    fn answers(&mut self, fine: Value, more: &[(&str, &str)]) -> Value {
        let problem = self.schemas.subschema_for::<Problem>();
        let wrong = |about: &str| json!({"description": about, "content": {"application/problem+json": {"schema": problem}}});
        let mut out = json!({"200": fine, "503": wrong("Too many questions at a time.")});
        for (status, about) in more {
            out[*status] = wrong(about);
        }
        out
    }

    fn json<T: JsonSchema>(&mut self, about: &str) -> Value {
        let schema = self.schemas.subschema_for::<T>();
        json!({"description": about, "content": {"application/json": {"schema": schema}}})
    }

    /// A path with conditions and parameters of its own.
    fn query<M: More, T: JsonSchema>(&mut self, path: &str, about: &str) {
        let fine = self.json::<T>(about);
        self.asked::<M>(path, about, fine);
    }

    fn asked<M: More>(&mut self, path: &str, about: &str, fine: Value) {
        let mut parameters = self.parameters::<Ask>();
        parameters.extend(self.parameters::<M>());
        let wrong = [("400", "The question makes no sense."), ("404", "The cursor leads nowhere.")];
        let wrong = if path == "/api/events" { &wrong[..] } else { &wrong[..1] };
        let responses = self.answers(fine, wrong);
        let get = json!({"summary": about, "parameters": parameters, "responses": responses});
        self.paths.insert(path.into(), json!({"get": get}));
    }

    fn named<T: JsonSchema>(&mut self, path: &str, about: &str) {
        let fine = self.json::<T>(about);
        let responses = self.answers(fine, &[("404", "Nothing has this id.")]);
        let id = json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string", "minLength": 1}});
        let get = json!({"summary": about, "parameters": [id], "responses": responses});
        self.paths.insert(path.into(), json!({"get": get}));
    }

    fn plain<T: JsonSchema>(&mut self, path: &str, about: &str) {
        let fine = self.json::<T>(about);
        self.paths.insert(path.into(), json!({"get": {"summary": about, "responses": {"200": fine}}}));
    }

    fn text(&mut self, path: &str, about: &str, kind: &str) {
        let fine = json!({"description": about, "content": {kind: {"schema": {"type": "string"}}}});
        let mut responses = json!({"200": fine});
        if path == "/readyz" {
            let schema = json!({"schema": {"type": "string"}});
            responses["503"] = json!({"description": "Still indexing.", "content": {"text/plain": schema}});
        }
        self.paths.insert(path.into(), json!({"get": {"summary": about, "responses": responses}}));
    }
}

/// In a query string nothing is null: an absent parameter is absent.
fn strip_null(schema: &mut Value) {
    let Some(fields) = schema.as_object_mut() else { return };
    if let Some(Value::Array(types)) = fields.get_mut("type") {
        types.retain(|t| t != "null");
        if let [one] = types.as_slice() {
            let one = one.clone();
            fields.insert("type".into(), one);
        }
    }
    if let Some(Value::Array(values)) = fields.get_mut("enum") {
        values.retain(|v| !v.is_null());
    }
    if let Some(Value::Array(any)) = fields.get_mut("anyOf") {
        any.retain(|s| s["type"] != "null");
        if let [Value::Object(one)] = any.as_slice() {
            let one = one.clone();
            fields.remove("anyOf");
            fields.extend(one);
        }
    }
}

/// The whole document.
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut p = Paths { schemas: settings.into_generator(), paths: Map::new() };
    events(&mut p);
    p.query::<SeriesMore, Series>("/api/series", "Counts over time.");
    p.query::<TopMore, Dyads>("/api/dyads", "Pairs of countries.");
    p.query::<TopMore, Topics>("/api/topics", "Topics over time.");
    p.query::<TopMore, Countries>("/api/countries", "Countries as parties and as places.");
    p.query::<ActorsMore, Actors>("/api/actors", "Top and new actors.");
    p.query::<TopMore, Tally>("/api/sources", "Publishers.");
    p.query::<SpikesMore, Spikes>("/api/spikes", "The newest week against those before it.");
    p.named::<ArticleAnswer>("/api/articles/{id}", "An article with its events.");
    p.named::<Explained>("/api/explain/{id}", "All that was understood of an article.");
    suggest(&mut p);
    p.plain::<Codes>("/api/codes", "Event types, caveats and the names of countries.");
    p.plain::<Health>("/api/health", "The health of the whole.");
    report(&mut p);
    p.text("/metrics", "Metrics for Prometheus.", "text/plain");
    p.text("/healthz", "Whether the process answers.", "text/plain");
    p.text("/readyz", "Whether all that stood at the start is served.", "text/plain");
    let schemas = p.schemas.take_definitions(true);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Chancery",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Events read from the news: who did what to whom, when, and where it says so.",
        },
        "paths": p.paths,
        "components": {"schemas": schemas},
    })
}

fn events(p: &mut Paths) {
    let one = p.schemas.subschema_for::<EventRecord>();
    let text = json!({"type": "string"});
    let header = |about: &str, kind: &str| json!({"description": about, "schema": {"type": kind}});
    let fine = json!({
        "description": "Events, as they stand in the output.",
        "headers": {
            "x-next-cursor": header("The cursor of the next page; absent on the last.", "string"),
            "x-total-count": header("All events that match; on the first page.", "integer"),
        },
        "content": {
            "application/json": {"schema": {"type": "array", "items": one}},
            "application/x-ndjson": {"schema": text},
        },
    });
    p.asked::<EventsMore>("/api/events", "Events, newest first.", fine);
    let live =
        json!({"description": "Server-Sent Events.", "content": {"text/event-stream": {"schema": text}}});
    p.asked::<StreamMore>("/api/stream", "Live events; Last-Event-ID replays what was missed.", live);
    // GeoJSON is one object; the others are lines. It stands first for readers that hold the first form whose name sounds
    // of JSON against whatever JSON they get.
    let kinds = ["application/geo+json", "application/x-ndjson", "text/csv", "text/tab-separated-values"];
    let schema = |kind: &str| match kind {
        "application/geo+json" => json!({"type": "object"}),
        _ => text.clone(),
    };
    let content: Map<String, Value> =
        kinds.iter().map(|k| (k.to_string(), json!({"schema": schema(k)}))).collect();
    let fine = json!({"description": "All events that match, in the form asked for.", "content": content});
    p.asked::<ExportMore>("/api/export", "All events that match, as a file.", fine);
}

fn suggest(p: &mut Paths) {
    let fine = p.json::<Vec<Suggestion>>("Names that hold what was typed.");
    let parameters = p.parameters::<Typed>();
    let responses = p.answers(fine, &[("400", "Nothing was typed.")]);
    let get = json!({"summary": "Names that hold what was typed.", "parameters": parameters, "responses": responses});
    p.paths.insert("/api/suggest".into(), json!({"get": get}));
}

fn report(p: &mut Paths) {
    let fine = p.json::<Reported>("The stub that was written.");
    let more = [
        ("400", "The report makes no sense."),
        ("403", "This server takes no reports."),
        ("404", "No event has this id."),
        ("413", "The report is too large."),
        ("415", "The report is not JSON."),
    ];
    let responses = p.answers(fine, &more);
    let body = p.schemas.subschema_for::<Report>();
    let body = json!({"required": true, "content": {"application/json": {"schema": body}}});
    let about = "Report an event as wrong: writes a lexicon test stub.";
    let post = json!({"summary": about, "requestBody": body, "responses": responses});
    p.paths.insert("/api/report".into(), json!({"post": post}));
}
