//! GeoJSON (RFC 7946): a feature a record. The text names places, not coordinates, so a point is the middle of the
//! country that the sentence names, and says so; a record without a place has no geometry.

use serde_json::{Map, Value, json};

use super::columns::{Cell, FLAT};
use super::countries::country;
use crate::record::types::EventRecord;

pub(super) const HEAD: &[u8] = b"{\"type\":\"FeatureCollection\",\"features\":[\n";
pub(super) const TAIL: &[u8] = b"\n]}\n";

pub(super) fn write(record: &EventRecord, first: bool, out: &mut Vec<u8>) -> bool {
    let middle = record.location.as_ref().and_then(|l| country(l.country.as_deref()?)?.middle);
    let geometry = middle.map(|(y, x)| json!({"type": "Point", "coordinates": [x, y]}));
    let mut properties: Map<String, Value> =
        FLAT.iter().map(|column| (column.name.to_string(), value((column.get)(record)))).collect();
    let basis = if geometry.is_some() { Value::from("country") } else { Value::Null };
    properties.insert("geometry_basis".into(), basis);
    let feature = json!({"type": "Feature", "id": record.id, "geometry": geometry, "properties": properties});
    if !first {
        out.extend(b",\n");
    }
    out.extend(feature.to_string().into_bytes());
    true
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(t) => t.into(),
        Cell::Int(n) => n.into(),
        Cell::Float(x) => x.into(),
        Cell::Bool(b) => b.into(),
    }
}
