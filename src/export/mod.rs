//! Records in the forms of others. Forms give bytes and open no files; the two that are files of their own kind
//! (SQLite, Parquet) write where they are told.

pub mod countries;
pub mod parquet;
pub mod sqlite;
mod columns;
mod cloudevents;
mod flat;
mod gdelt2;
mod geojson;
mod icews;
mod polecat;

pub use columns::{Cell, Column, FLAT, Type};

pub(crate) use cloudevents::envelope as cloud_event;

use crate::record::types::{ActorRecord, EventRecord};

/// A form that is written record by record.
pub struct Form {
    kind: Kind,
    first: bool,
    /// Records that the form has no words for: its reader would take a denied act for one that was done, or finds no
    /// code.
    pub left_out: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Gdelt2,
    Polecat,
    Icews,
    Geojson,
    Cloudevents,
}

impl Form {
    fn new(kind: Kind) -> Form {
        Form { kind, first: true, left_out: 0 }
    }

    /// A flat table, one row a record.
    pub fn csv() -> Form {
        Form::new(Kind::Csv)
    }

    /// GDELT 2.0 events: 61 columns without a head, one row for each pair of parties.
    pub fn gdelt2() -> Form {
        Form::new(Kind::Gdelt2)
    }

    /// POLECAT: 40 columns, one row for each pair of parties.
    pub fn polecat() -> Form {
        Form::new(Kind::Polecat)
    }

    /// ICEWS: 20 columns, one row for each pair of parties.
    pub fn icews() -> Form {
        Form::new(Kind::Icews)
    }

    /// A GeoJSON collection; a record without a place has no geometry.
    pub fn geojson() -> Form {
        Form::new(Kind::Geojson)
    }

    /// CloudEvents 1.0, one a line, the record as data.
    pub fn cloudevents() -> Form {
        Form::new(Kind::Cloudevents)
    }

    /// What stands before the first record.
    pub fn head(&self) -> Vec<u8> {
        match self.kind {
            Kind::Csv => flat::head(),
            Kind::Polecat => head_of(&polecat::COLUMNS),
            Kind::Icews => head_of(&icews::COLUMNS),
            Kind::Geojson => geojson::HEAD.into(),
            Kind::Gdelt2 | Kind::Cloudevents => Vec::new(),
        }
    }

    /// Adds a record to `out`.
    pub fn write(&mut self, record: &EventRecord, out: &mut Vec<u8>) {
        let written = match self.kind {
            Kind::Csv => flat::write(record, out),
            Kind::Gdelt2 => gdelt2::write(record, out),
            Kind::Polecat => polecat::write(record, out),
            Kind::Icews => icews::write(record, out),
            Kind::Geojson => geojson::write(record, self.first, out),
            Kind::Cloudevents => cloudevents::write(record, out),
        };
        self.first &= !written;
        self.left_out += u64::from(!written);
    }

    /// What stands behind the last record.
    pub fn tail(&self) -> Vec<u8> {
        if self.kind == Kind::Geojson { geojson::TAIL.into() } else { Vec::new() }
    }
}

/// The columns of GDELT 2.0, in its order.
pub const GDELT2: &[&str] = &gdelt2::COLUMNS;
/// The columns of POLECAT, in its order.
pub const POLECAT: &[&str] = &polecat::COLUMNS;
/// The columns of ICEWS, in its order.
pub const ICEWS: &[&str] = &icews::COLUMNS;

fn head_of(columns: &[&str]) -> Vec<u8> {
    let mut out = columns.join("\t").into_bytes();
    out.push(b'\n');
    out
}

/// A row of tab-separated cells: what would break a row becomes a space.
fn tabbed(cells: &[String], out: &mut Vec<u8>) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(b'\t');
        }
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        out.extend(cell.chars().map(plain).collect::<String>().into_bytes());
    }
    out.push(b'\n');
}

/// Each pair of parties once. A mutual record gives its pairs both ways; one without a recipient a single half pair.
fn pairs(record: &EventRecord) -> Vec<(&ActorRecord, Option<&ActorRecord>)> {
    let mut out = Vec::new();
    if record.recipient.is_empty() && record.reciprocal {
        for (i, a) in record.actor.iter().enumerate() {
            out.extend(record.actor.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, b)| (a, Some(b))));
        }
    } else if record.recipient.is_empty() {
        out.extend(record.actor.iter().map(|a| (a, None)));
    } else {
        for a in &record.actor {
            out.extend(record.recipient.iter().map(|r| (a, Some(r))));
            if record.reciprocal {
                out.extend(record.recipient.iter().map(|r| (r, Some(a))));
            }
        }
    }
    out
}

/// Whether the act was done, as far as the text says: formats without caveats get no others.
fn is_told_as_done(record: &EventRecord) -> bool {
    let not_done = ["negation", "hypothetical", "denied", "question"];
    record.op != "retract" && !record.aux.iter().any(|a| not_done.contains(&a.as_str()))
}

/// A number for formats that cannot take our ids: 62 bits of a hash over the id and the pair's place.
fn number(id: &str, pair: usize) -> u64 {
    xxhash_rust::xxh3::xxh3_64(format!("{id}/{pair}").as_bytes()) >> 2
}

/// The id of a pair's row: the record's own when it has a single pair.
fn row_id(record: &EventRecord, pair: usize, pairs: usize) -> String {
    if pairs == 1 { record.id.clone() } else { format!("{}-{pair}", record.id) }
}

fn text(value: &Option<String>) -> String {
    value.clone().unwrap_or_default()
}
