//! "Report wrong": a sentence that was misread becomes a test stub for whoever looks after the lexicon.

use std::io::Write;
use std::sync::Arc;

use axum::Json;
use axum::extract::State as Of;
use axum::extract::rejection::JsonRejection;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ask;
use super::problem::Problem;
use super::state::State;
use crate::model::EventType;
use crate::record::types::EventRecord;

/// What is wrong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The event's id.
    #[schemars(length(max = 100))]
    pub id: String,
    /// What it should be: an event type; null when the sentence tells no event.
    pub event: Option<String>,
    /// Who acts, as a country code; as it was written unless said.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub actor: Option<String>,
    /// On whom, as a country code; as it was written unless said.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub recipient: Option<String>,
    /// In your own words.
    #[schemars(length(max = 500))]
    pub note: Option<String>,
}

/// The stub that was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Reported {
    /// The stub.
    pub stub: String,
    /// The file it was added to.
    pub file: String,
}

/// `POST /api/report`.
pub async fn report(
    Of(state): Of<Arc<State>>,
    body: Result<Json<Report>, JsonRejection>,
) -> Result<Json<Reported>, Problem> {
    let Json(report) = body.map_err(|e| {
        let status =
            if e.status().as_u16() == 422 { axum::http::StatusCode::BAD_REQUEST } else { e.status() };
        Problem::refused(status, e.body_text(), "/openapi.json shows the body")
    })?;
    ask(state, move |state| {
        let file = state.reports.as_ref().ok_or_else(|| {
            let status = axum::http::StatusCode::FORBIDDEN;
            Problem::refused(status, "this server takes no reports", "start it beside an output file")
        })?;
        let spot = state.index().find(&report.id).map(|(_, row)| row.spot);
        let spot = spot.ok_or_else(|| Problem::missing("no event has this id"))?;
        let line = state.record(spot).map_err(Problem::fault)?;
        let event: EventRecord = serde_json::from_slice(&line).map_err(Problem::fault)?;
        let stub = stub(&event, &report)?;
        let mut out =
            std::fs::OpenOptions::new().create(true).append(true).open(file).map_err(Problem::fault)?;
        out.write_all(stub.as_bytes()).map_err(Problem::fault)?;
        Ok(Json(Reported { stub, file: file.display().to_string() }))
    })
    .await
}

/// One line, whatever was in it: the file is read line by line.
fn one_line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().map(plain).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn stub(event: &EventRecord, report: &Report) -> Result<String, Problem> {
    let code = |given: &Option<String>, written: &[String], name: &str| match given {
        Some(c) if c.len() == 3 && c.bytes().all(|b| b.is_ascii_uppercase()) => Ok(Some(c.clone())),
        Some(c) => Err(Problem::question(format!("{name}: \"{}\" is no country code", one_line(c)))),
        None => Ok(written.first().cloned()),
    };
    let actor = code(&report.actor, &event.actor_country, "actor")?;
    let recipient = code(&report.recipient, &event.recipient_country, "recipient")?;
    let wanted = match report.event.as_deref().filter(|e| !e.is_empty()) {
        None => "no event".to_string(),
        Some(name) => {
            let event = EventType::parse(&name.to_uppercase()).ok_or_else(|| {
                Problem::question(format!("event: no event type is called \"{}\"", one_line(name)))
            })?;
            let sides = [actor, recipient].into_iter().flatten().collect::<Vec<_>>().join(" > ");
            format!("{} {sides}", event.as_str()).trim_end().to_string()
        }
    };
    let mut out = String::from("\n");
    let was = format!("{} {}", event.event, event.dyad.as_deref().unwrap_or("without a pair"));
    out.push_str(&format!(
        "# read as {was} by {} ({})\n",
        one_line(&event.evidence.rule),
        one_line(&event.evidence.rule_at)
    ));
    out.push_str(&format!("# in {}, event {}\n", one_line(&event.article.id), one_line(&event.id)));
    if let Some(note) = report.note.as_deref().map(one_line).filter(|n| !n.is_empty()) {
        out.push_str(&format!("# {}\n", note.chars().take(500).collect::<String>()));
    }
    let day = event.published_at.as_deref().unwrap_or(&event.seen_at).get(..10).unwrap_or("2000-01-01");
    out.push_str(&format!(
        "on {day}\n{}\n  {wanted}\n",
        one_line(&event.evidence.text).trim_start_matches(['#', ' '])
    ));
    Ok(out)
}
