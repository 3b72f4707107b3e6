//! The public lines, versioned: the only room that derives `Serialize`.

pub mod types;

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

use crate::model::cameo::{CODEBOOK, cameo};
use crate::model::{Actor, Article, Document, Event, Field, Mention, Role, Span, TopicHit, Zone};
use types::*;

/// What every record of a run says about its maker.
#[derive(Clone, Debug)]
pub struct Coder {
    /// Lexicon version.
    pub lexicon: String,
    /// Hash over the lexicon's files.
    pub lexicon_sha256: String,
}

/// Byte offsets to Unicode-scalar offsets, by field.
struct Offsets<'a> {
    article: &'a Article,
}

impl Offsets<'_> {
    fn scalars(&self, field: Field, byte: u32) -> u32 {
        let text = &self.article.field(field)[..byte as usize];
        if text.is_ascii() { byte } else { text.chars().count() as u32 }
    }

    fn record(&self, field: Field, span: Span) -> SpanRecord {
        let start = self.scalars(field, span.start);
        let inside = span.of(self.article.field(field)).chars().count() as u32;
        SpanRecord {
            field: field.as_str().into(),
            start,
            end: start + inside,
            byte_start: span.start,
            byte_end: span.end,
        }
    }
}

/// RFC 3339 in UTC with `Z`; whole seconds unless there are milliseconds.
fn utc(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

fn string(text: &Option<std::sync::Arc<str>>) -> Option<String> {
    text.as_deref().map(str::to_string)
}

/// The records of a document: its events in reading order, then its article line.
///
/// `coded_at` is the caller's clock; everything else depends on the article and the lexicon alone.
pub fn records(doc: &Document, coder: &Coder, coded_at: DateTime<Utc>) -> (Vec<EventRecord>, ArticleRecord) {
    let offsets = Offsets { article: &doc.article };
    let mut events: Vec<EventRecord> = Vec::with_capacity(doc.events.len());
    for event in &doc.events {
        let mut record = event_record(doc, event, &offsets, coder, coded_at);
        record.duplicate_of = events.iter().find(|e| repeats(e, &record)).map(|e| e.id.clone());
        events.push(record);
    }
    let article = article_record(doc, &offsets, &events);
    (events, article)
}

/// Whether `later` tells again what `earlier` told: the same act between the same countries on the same day.
fn repeats(earlier: &EventRecord, later: &EventRecord) -> bool {
    earlier.duplicate_of.is_none()
        && earlier.event == later.event
        && earlier.aux == later.aux
        && earlier.date == later.date
        && !earlier.actor_country.is_empty()
        && !earlier.recipient_country.is_empty()
        && earlier.actor_country == later.actor_country
        && earlier.recipient_country == later.recipient_country
        && earlier.evidence.sentence != later.evidence.sentence
}

fn event_record(
    doc: &Document,
    event: &Event,
    offsets: &Offsets,
    coder: &Coder,
    coded_at: DateTime<Utc>,
) -> EventRecord {
    let claim = &event.claim;
    let sentence = &doc.sentences[claim.sentence as usize];
    let side = |indices: &[usize]| -> Vec<ActorRecord> {
        indices.iter().flat_map(|&i| actor_records(&doc.mentions[i], sentence.field, offsets)).collect()
    };
    let (actor, recipient) = (side(&claim.actors), side(&claim.recipients));
    let (actor_country, recipient_country) = (countries(&actor), countries(&recipient));
    let facts = claim.event.facts();
    let text = doc.article.field(sentence.field);
    let trigger = TriggerRecord {
        text: claim.span.of(text).to_string(),
        span: offsets.record(sentence.field, claim.span),
    };
    let date_text = event.date_hit.map(|d| {
        let hit = &doc.dates[d];
        hit.span.of(doc.article.field(doc.sentences[hit.sentence as usize].field)).to_string()
    });
    EventRecord {
        schema: "event/1.0".into(),
        id: event_id(doc, claim, &trigger, &actor, &recipient),
        rev: 1,
        op: "add".into(),
        date: event.date.to_string(),
        end_date: event.end_date.map(|d| d.to_string()),
        date_precision: event.precision.as_str().into(),
        date_basis: event.basis.as_str().into(),
        date_text,
        published_at: doc.article.published.map(|p| utc(p.at.with_timezone(&Utc))),
        published_tz: doc.article.published.map(|p| zone(p.zone).into()),
        seen_at: utc(doc.article.seen_at),
        coded_at: utc(coded_at),
        dyad: dyad(&actor_country, &recipient_country, claim.reciprocal),
        actor,
        recipient,
        reciprocal: claim.reciprocal,
        actor_country,
        recipient_country,
        event: facts.name.into(),
        mode: claim.mode.iter().map(|m| m.to_string()).collect(),
        context: claim.context.iter().map(|m| m.to_string()).collect(),
        quad: facts.quad,
        intensity: claim.intensity,
        cameo: claim.cameo.as_deref().and_then(cameo_record),
        aux: claim.aux.iter().map(|a| a.as_str().to_string()).collect(),
        attribution: claim.attribution.as_ref().map(attribution),
        topics: topics(&event.topics),
        location: location(doc, claim.sentence, offsets),
        magnitude: claim.magnitude.as_ref().map(magnitude),
        confidence: rounded(claim.confidence),
        evidence: EvidenceRecord {
            text: sentence.span.of(text).to_string(),
            sentence: claim.sentence,
            span: offsets.record(sentence.field, sentence.span),
            trigger,
            rule: claim.rule.id.to_string(),
            rule_at: claim.rule.at.to_string(),
        },
        article: article_ref(&doc.article),
        story: story(&doc.article),
        duplicate_of: None,
        coder: coder_record(coder),
    }
}

fn attribution(a: &crate::model::Attribution) -> AttributionRecord {
    AttributionRecord { to: a.to.clone(), verb: a.verb.clone(), entity_id: string(&a.entity_id) }
}

fn magnitude(m: &crate::model::Magnitude) -> MagnitudeRecord {
    MagnitudeRecord {
        dead: m.dead,
        injured: m.injured,
        arrested: m.arrested,
        amount: m.amount,
        currency: string(&m.currency),
    }
}

fn coder_record(coder: &Coder) -> CoderRecord {
    CoderRecord {
        name: "chancery".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        lexicon: coder.lexicon.clone(),
        lexicon_sha256: coder.lexicon_sha256.clone(),
    }
}

/// Two decimals: more would claim a precision the formula does not have.
fn rounded(x: f32) -> f32 {
    (x * 100.0).round() / 100.0
}

fn zone(zone: Zone) -> &'static str {
    match zone {
        Zone::Explicit => "explicit",
        Zone::Configured => "configured",
        Zone::AssumedUtc => "assumed_utc",
    }
}

fn actor_records(mention: &Mention, field: Field, offsets: &Offsets) -> Vec<ActorRecord> {
    let text = mention.span.of(offsets.article.field(field)).to_string();
    let record = |actor: &Actor| ActorRecord {
        id: string(&actor.id),
        name: string(&actor.name),
        text: text.clone(),
        kind: actor.kind.as_str().into(),
        country: string(&actor.country),
        sector: actor.sectors.iter().map(|s| s.to_string()).collect(),
        cameo: string(&actor.cameo),
        office: string(&actor.office),
        wikidata: string(&actor.wikidata),
        via: mention.via.as_str().into(),
        span: offsets.record(field, mention.span),
        confidence: rounded(mention.confidence),
    };
    std::iter::once(&mention.actor).chain(&mention.also).map(|a| record(a)).collect()
}

fn countries(side: &[ActorRecord]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for country in side.iter().filter_map(|a| a.country.clone()) {
        if !out.contains(&country) {
            out.push(country);
        }
    }
    out
}

fn dyad(actors: &[String], recipients: &[String], reciprocal: bool) -> Option<String> {
    let (a, b) = match (actors, recipients, reciprocal) {
        ([a], [b], _) => (a, b),
        ([a, b], [], true) => (a, b),
        _ => return None,
    };
    Some(if reciprocal { format!("{}<>{}", a.min(b), a.max(b)) } else { format!("{a}>{b}") })
}

fn cameo_record(code: &str) -> Option<CameoRecord> {
    cameo(code).map(|c| CameoRecord {
        code: c.code.into(),
        root: c.root().into(),
        label: c.label.into(),
        quad_class: c.quad_class(),
        goldstein: c.goldstein,
        codebook: CODEBOOK.into(),
    })
}

/// The first place named in the event's sentence; null where it names none.
fn location(doc: &Document, sentence: u32, offsets: &Offsets) -> Option<LocationRecord> {
    let field = doc.sentences[sentence as usize].field;
    let m = doc.mentions.iter().find(|m| m.sentence == sentence && (m.role == Role::Place || m.located))?;
    Some(LocationRecord {
        text: m.span.of(offsets.article.field(field)).to_string(),
        name: string(&m.actor.name),
        country: string(&m.actor.country),
        span: offsets.record(field, m.span),
    })
}

fn topics(hits: &[TopicHit]) -> Vec<TopicRecord> {
    hits.iter()
        .map(|t| TopicRecord {
            id: t.id.to_string(),
            score: rounded(t.score),
            terms: t.terms.iter().map(|x| x.to_string()).collect(),
        })
        .collect()
}

fn article_ref(article: &Article) -> ArticleRef {
    ArticleRef {
        id: article.id.clone(),
        url: article.url.clone(),
        title: article.title.clone(),
        source: article.source.clone(),
        language: article.language.clone(),
        path: Some(article.path.clone()),
        sha256: article.sha256.clone(),
        truncated: article.truncated,
    }
}

/// A story is told by its opening words, so that a reprint elsewhere falls into the same story without any memory:
/// a record must not depend on what else was read before it, or a restart would change it.
fn story(article: &Article) -> StoryRecord {
    let opening: String = article
        .text
        .split_whitespace()
        .chain(article.title.as_deref().filter(|_| article.text.is_empty()).unwrap_or("").split_whitespace())
        .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .filter(|w| !w.is_empty())
        .take(24)
        .collect::<Vec<_>>()
        .join(" ");
    StoryRecord {
        id: hex(&Sha256::digest(opening.as_bytes())[..8]),
        first: article.id.clone(),
        articles: 1,
        sources: 1,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn event_id(
    doc: &Document,
    claim: &crate::model::Claim,
    trigger: &TriggerRecord,
    actor: &[ActorRecord],
    recipient: &[ActorRecord],
) -> String {
    let mut hash = Sha256::new();
    let mut part = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    part(&doc.article.id);
    part(&doc.article.sha256);
    part(&claim.sentence.to_string());
    part(&format!("{}-{}", trigger.span.byte_start, trigger.span.byte_end));
    part(claim.event.as_str());
    for (side, list) in [("actor", actor), ("recipient", recipient)] {
        part(side);
        for a in list {
            part(a.id.as_deref().or(a.country.as_deref()).unwrap_or(&a.text));
            part(&a.span.byte_start.to_string());
        }
    }
    hex(&hash.finalize()[..12])
}

fn article_record(doc: &Document, offsets: &Offsets, events: &[EventRecord]) -> ArticleRecord {
    let article = &doc.article;
    let field_of = |sentence: u32| doc.sentences[sentence as usize].field;
    ArticleRecord {
        schema: "article/1.0".into(),
        id: article.id.clone(),
        path: Some(article.path.clone()),
        url: article.url.clone(),
        title: article.title.clone(),
        source: article.source.clone(),
        language: article.language.clone(),
        published_at: article.published.map(|p| utc(p.at.with_timezone(&Utc))),
        seen_at: utc(article.seen_at),
        sha256: article.sha256.clone(),
        topics: topics(&doc.topics),
        actors: article_actors(doc, offsets),
        dates: doc
            .dates
            .iter()
            .map(|d| {
                let span = offsets.record(field_of(d.sentence), d.span);
                DateRecord {
                    start: span.start,
                    end: span.end,
                    text: d.span.of(article.field(field_of(d.sentence))).to_string(),
                    value: d.value.clone(),
                    precision: d.precision.as_str().into(),
                    field: span.field,
                }
            })
            .collect(),
        events: events.iter().map(|e| e.id.clone()).collect(),
        suppressed: doc
            .suppressed
            .iter()
            .map(|s| {
                let field = s.sentence.map_or(Field::Text, field_of);
                let field =
                    if article.field(field).len() < s.span.end as usize { Field::Title } else { field };
                SuppressedRecord {
                    reason: s.reason.to_string(),
                    rule: s.rule.to_string(),
                    span: offsets.record(field, s.span),
                }
            })
            .collect(),
        story: story(article),
        duplicate_of: None,
    }
}

/// Each actor once: by lexicon id, else by country and kind. Bare pronouns count for whom they mean.
fn article_actors(doc: &Document, offsets: &Offsets) -> Vec<ArticleActor> {
    let mut at: BTreeMap<(Option<String>, Option<String>, &'static str), usize> = BTreeMap::new();
    let mut out: Vec<ArticleActor> = Vec::new();
    for m in &doc.mentions {
        let field = doc.sentences[m.sentence as usize].field;
        for actor in std::iter::once(&m.actor).chain(&m.also) {
            if actor.id.is_none() && actor.country.is_none() {
                continue;
            }
            let key = (
                string(&actor.id),
                string(&actor.country),
                if actor.id.is_some() { "" } else { actor.kind.as_str() },
            );
            let i = *at.entry(key).or_insert_with(|| {
                out.push(ArticleActor {
                    id: string(&actor.id),
                    name: string(&actor.name),
                    kind: actor.kind.as_str().into(),
                    country: string(&actor.country),
                    mentions: 0,
                    spans: Vec::new(),
                });
                out.len() - 1
            });
            out[i].mentions += 1;
            out[i].spans.push(offsets.record(field, m.span));
        }
    }
    out
}

/// The JSON Schema of `event/1.0` or `article/1.0`, generated from the types.
pub fn schema(name: &str) -> Option<serde_json::Value> {
    let schema = match name {
        "event" | "event/1.0" => schemars::schema_for!(EventRecord),
        "article" | "article/1.0" => schemars::schema_for!(ArticleRecord),
        _ => return None,
    };
    Some(schema.to_value())
}
