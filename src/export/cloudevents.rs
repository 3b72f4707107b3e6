//! CloudEvents 1.0 in its JSON form, one a line; the record is the data.

use serde::Serialize;

use crate::record::types::EventRecord;

/// A record in its envelope. Source and id together are unique for each revision, as the specification wants.
#[derive(Serialize)]
pub(crate) struct Envelope<'a> {
    specversion: &'static str,
    id: String,
    source: &'static str,
    #[serde(rename = "type")]
    kind: String,
    time: &'a str,
    datacontenttype: &'static str,
    dataschema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    data: &'a EventRecord,
}

pub(crate) fn envelope(record: &EventRecord) -> Envelope<'_> {
    Envelope {
        specversion: "1.0",
        id: format!("{}/{}", record.id, record.rev),
        source: "urn:chancery:events",
        kind: format!("chancery.event.{}", record.op),
        time: &record.coded_at,
        datacontenttype: "application/json",
        dataschema: "urn:chancery:schema:event/1.0",
        subject: record.dyad.as_deref(),
        data: record,
    }
}

pub(super) fn write(record: &EventRecord, out: &mut Vec<u8>) -> bool {
    // The types hold only strings and numbers that are finite: writing them to memory cannot fail.
    out.extend(serde_json::to_vec(&envelope(record)).unwrap_or_default());
    out.push(b'\n');
    true
}
