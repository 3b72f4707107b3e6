//! Parquet: the flat columns and the whole record, in one file or in a directory for each day (`date=2026-11-22/`).

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use parquet::basic::Compression;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;

use super::columns::{Cell, FLAT, Type};
use crate::record::types::EventRecord;

/// Records in a row group at most.
const GROUP: usize = 20_000;

/// Records with the lines they came from.
pub type Pair = (EventRecord, String);

/// Writes records as a Parquet file.
pub fn write<W: Write + Send>(out: W, records: &[Pair]) -> Result<W> {
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(out, schema()?, Arc::new(properties))?;
    for group in records.chunks(GROUP) {
        let mut rows = writer.next_row_group()?;
        for column in FLAT {
            write_column(&mut rows, column.of, group.iter().map(|(r, _)| (column.get)(r)))?;
        }
        write_column(&mut rows, Type::Text, group.iter().map(|(_, line)| Cell::Text(line.clone())))?;
        rows.close()?;
    }
    writer.into_inner()
}

fn schema() -> Result<TypePtr> {
    let field = |name: &str, of: Type| match of {
        Type::Text => format!("OPTIONAL BYTE_ARRAY {name} (UTF8);"),
        Type::Date => format!("OPTIONAL INT32 {name} (DATE);"),
        Type::Time => format!("OPTIONAL INT64 {name} (TIMESTAMP_MILLIS);"),
        Type::Int => format!("OPTIONAL INT64 {name};"),
        Type::Float => format!("OPTIONAL DOUBLE {name};"),
        Type::Bool => format!("OPTIONAL BOOLEAN {name};"),
    };
    let mut fields: Vec<String> = FLAT.iter().map(|c| field(c.name, c.of)).collect();
    fields.push(field("record", Type::Text));
    Ok(Arc::new(parse_message_type(&format!("message event {{ {} }}", fields.join(" ")))?))
}

fn write_column<W: Write + Send>(
    rows: &mut SerializedRowGroupWriter<'_, W>,
    of: Type,
    cells: impl Iterator<Item = Cell>,
) -> Result<()> {
    match of {
        Type::Text => put::<ByteArrayType, _>(rows, cells, |c| match c {
            Cell::Text(t) => Some(ByteArray::from(t.into_bytes())),
            _ => None,
        }),
        Type::Date => put::<Int32Type, _>(rows, cells, |c| match c {
            Cell::Text(t) => days(&t),
            _ => None,
        }),
        Type::Time => put::<Int64Type, _>(rows, cells, |c| match c {
            Cell::Text(t) => DateTime::parse_from_rfc3339(&t).ok().map(|t| t.timestamp_millis()),
            _ => None,
        }),
        Type::Int => put::<Int64Type, _>(rows, cells, |c| match c {
            Cell::Int(n) => Some(n),
            _ => None,
        }),
        Type::Float => put::<DoubleType, _>(rows, cells, |c| match c {
            Cell::Float(x) => Some(x),
            _ => None,
        }),
        Type::Bool => put::<BoolType, _>(rows, cells, |c| match c {
            Cell::Bool(b) => Some(b),
            _ => None,
        }),
    }
}

/// Days since 1970.
fn days(text: &str) -> Option<i32> {
    let day: NaiveDate = text.parse().ok()?;
    Some((day - NaiveDate::default()).num_days() as i32)
}

/// Values stand without the unknown ones; the levels say where those are.
fn put<T: DataType, W: Write + Send>(
    rows: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Cell>,
    value: impl Fn(Cell) -> Option<T::T>,
) -> Result<()> {
    let mut levels = Vec::new();
    let mut values = Vec::new();
    for cell in cells {
        let value = value(cell);
        levels.push(i16::from(value.is_some()));
        values.extend(value);
    }
    let Some(mut column) = rows.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(&values, Some(&levels), None)?;
    column.close()
}

/// Writes a file for each day under `dir`, each whole or not at all. `name` tells the files of this call apart: the
/// same call again replaces them.
pub fn write_days(dir: &Path, name: &str, records: Vec<Pair>) -> io::Result<Vec<PathBuf>> {
    let mut days: BTreeMap<String, Vec<Pair>> = BTreeMap::new();
    for pair in records {
        days.entry(pair.0.date.clone()).or_default().push(pair);
    }
    let mut out = Vec::new();
    for (day, pairs) in days {
        let folder = dir.join(format!("date={day}"));
        fs::create_dir_all(&folder)?;
        out.push(write_file(&folder.join(format!("{name}.parquet")), &pairs)?);
    }
    Ok(out)
}

/// Writes one file: under another name first, so that a reader never sees half of it.
pub fn write_file(path: &Path, records: &[Pair]) -> io::Result<PathBuf> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.inprogress"));
    let file = write(File::create(&beside)?, records).map_err(io::Error::other)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    Ok(path.to_path_buf())
}
