//! POLECAT: 40 tab-separated columns with a head, in the names and order of its published weekly files.

use super::countries::name;
use super::{pairs, row_id, tabbed, text};
use crate::record::types::{ActorRecord, EventRecord};

#[rustfmt::skip]
pub(super) const COLUMNS: [&str; 40] = [
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title",
    "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations",
    "Language", "Version",
];

const QUADS: [&str; 4] =
    ["VERBAL COOPERATION", "MATERIAL COOPERATION", "VERBAL CONFLICT", "MATERIAL CONFLICT"];

pub(super) fn write(record: &EventRecord, out: &mut Vec<u8>) -> bool {
    if !super::is_told_as_done(record) {
        return false;
    }
    let pairs = pairs(record);
    for (i, (actor, recipient)) in pairs.iter().enumerate() {
        let quad = QUADS.get(usize::from(record.quad).wrapping_sub(1)).copied().unwrap_or_default();
        let mut row = vec![
            row_id(record, i, pairs.len()),
            record.date.clone(),
            record.event.clone(),
            record.mode.join(";"),
            format!("{:.1}", record.intensity),
            quad.into(),
            record.context.join(";"),
        ];
        row.extend(party(Some(actor)));
        row.extend(party(*recipient));
        let place = record.location.as_ref();
        let country = place.and_then(|p| p.country.as_deref()).map(name).unwrap_or_default();
        row.extend([
            place.map(|p| text(&p.name)).unwrap_or_default(),
            String::new(),
            String::new(),
            String::new(),
        ]);
        row.extend([country.to_string(), String::new(), String::new(), String::new()]);
        row.extend([place.map(|p| p.text.clone()).unwrap_or_default(), String::new()]);
        row.push(text(&record.article.source));
        row.push(record.published_at.as_deref().and_then(|p| p.get(..10)).unwrap_or_default().into());
        row.extend(story(record));
        row.push(text(&record.article.language));
        row.push(format!("chancery {}", record.coder.version));
        tabbed(&row, out);
    }
    true
}

/// Eight columns.
fn party(party: Option<&ActorRecord>) -> Vec<String> {
    let Some(p) = party else { return vec![String::new(); 8] };
    vec![
        p.name.clone().unwrap_or_else(|| p.text.clone()),
        p.country.as_deref().map(name).unwrap_or_default().into(),
        String::new(),
        p.sector.first().cloned().unwrap_or_default(),
        p.sector.join(";"),
        text(&p.office),
        p.text.clone(),
        text(&p.wikidata),
    ]
}

/// People, bodies and places among the record's own parties.
fn story(record: &EventRecord) -> [String; 3] {
    let all = || record.actor.iter().chain(&record.recipient);
    let named = |kinds: &[&str]| {
        let mut names: Vec<&str> = all()
            .filter(|a| kinds.contains(&a.kind.as_str()))
            .map(|a| a.name.as_deref().unwrap_or(&a.text))
            .collect();
        names.dedup();
        names.join(";")
    };
    [
        named(&["leader", "person"]),
        named(&["igo", "ngo", "company", "media", "armed_group", "party", "government"]),
        named(&["country", "region"]),
    ]
}
