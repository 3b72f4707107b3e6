//! PostgreSQL: upserts in batches, with the place reached in the same transaction.

use std::collections::HashMap;

use serde_json::{Map, Value};
use tokio_postgres::{Client, NoTls};

use crate::export::parquet::Pair;
use crate::export::{Cell, FLAT, Type};

/// Records in a statement.
const BATCH: usize = 1_000;

/// A connection with a small runtime of its own.
pub(super) struct Postgres {
    runtime: tokio::runtime::Runtime,
    client: Client,
    name: String,
    insert: String,
}

/// What PostgreSQL calls a column's type.
fn type_of(column: &crate::export::Column) -> &'static str {
    match column.of {
        Type::Text => "text",
        Type::Date => "date",
        Type::Time => "timestamptz",
        Type::Int => "bigint",
        Type::Float => "double precision",
        Type::Bool => "boolean",
    }
}

/// The table as `psql` would make it.
pub fn ddl() -> String {
    let column = |c: &crate::export::Column| {
        let of = type_of(c);
        let key = if c.name == "id" { " PRIMARY KEY" } else { "" };
        format!("  \"{}\" {of}{key}", c.name)
    };
    let columns: Vec<String> = FLAT.iter().map(column).collect();
    format!(
        "CREATE TABLE IF NOT EXISTS chancery_events (\n{},\n  record jsonb NOT NULL\n);\n\
         CREATE INDEX IF NOT EXISTS chancery_events_date ON chancery_events (date);\n\
         CREATE INDEX IF NOT EXISTS chancery_events_dyad ON chancery_events (dyad, date);\n\
         CREATE TABLE IF NOT EXISTS chancery_position (name text PRIMARY KEY, position text NOT NULL);\n",
        columns.join(",\n")
    )
}

fn insert() -> String {
    let names: Vec<String> =
        FLAT.iter().map(|c| format!("\"{}\"", c.name)).chain(["record".into()]).collect();
    let typed: Vec<String> = FLAT.iter().map(|c| format!("\"{}\" {}", c.name, type_of(c))).collect();
    let sets: Vec<String> = names.iter().skip(1).map(|n| format!("{n} = excluded.{n}")).collect();
    format!(
        "INSERT INTO chancery_events ({}) SELECT {} FROM jsonb_to_recordset($1::text::jsonb) AS x({}, record jsonb) \
         ON CONFLICT (id) DO UPDATE SET {} WHERE excluded.rev > chancery_events.rev",
        names.join(", "),
        names.join(", "),
        typed.join(", "),
        sets.join(", ")
    )
}

impl Postgres {
    /// Connects and makes the tables.
    pub fn open(url: &str, name: &str) -> Result<Postgres, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|e| e.to_string())?;
        let client = runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(url, NoTls).await.map_err(told)?;
            // It ends with the client; its error comes out of the next statement too.
            tokio::spawn(connection);
            client.batch_execute(&ddl()).await.map_err(told)?;
            Ok::<_, String>(client)
        })?;
        Ok(Postgres { runtime, client, name: name.into(), insert: insert() })
    }

    /// The place reached.
    pub fn position(&mut self) -> Result<Option<String>, String> {
        let sql = "SELECT position FROM chancery_position WHERE name = $1";
        let row = self.runtime.block_on(self.client.query_opt(sql, &[&self.name])).map_err(told)?;
        Ok(row.map(|r| r.get(0)))
    }

    /// Writes records and the place in one transaction.
    pub fn write(&mut self, records: &[Pair], position: &str) -> Result<(), String> {
        let Postgres { runtime, client, name, insert } = self;
        runtime.block_on(async {
            let transaction = client.transaction().await.map_err(told)?;
            for batch in records.chunks(BATCH) {
                let (rows, gone) = rows(batch);
                if !rows.is_empty() {
                    let rows = Value::Array(rows).to_string();
                    transaction.execute(insert.as_str(), &[&rows]).await.map_err(told)?;
                }
                if !gone.is_empty() {
                    let sql = "DELETE FROM chancery_events WHERE id = ANY($1)";
                    transaction.execute(sql, &[&gone]).await.map_err(told)?;
                }
            }
            let sql = "INSERT INTO chancery_position (name, position) VALUES ($1, $2)
                       ON CONFLICT (name) DO UPDATE SET position = excluded.position";
            transaction.execute(sql, &[&*name, &position]).await.map_err(told)?;
            transaction.commit().await.map_err(told)
        })
    }
}

fn told(e: tokio_postgres::Error) -> String {
    match e.as_db_error() {
        Some(db) => format!("{}: {}", db.code().code(), db.message()),
        None => e.to_string(),
    }
}

/// The rows of a batch, each record once in its last revision, and the ids of those taken back.
fn rows(batch: &[Pair]) -> (Vec<Value>, Vec<String>) {
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (i, (record, _)) in batch.iter().enumerate() {
        let at = last.entry(&record.id).or_insert(i);
        if batch[*at].0.rev <= record.rev {
            *at = i;
        }
    }
    let (mut rows, mut gone) = (Vec::new(), Vec::new());
    for (i, (record, line)) in batch.iter().enumerate() {
        if last[record.id.as_str()] != i {
            continue;
        }
        if record.op == "retract" {
            gone.push(record.id.clone());
            continue;
        }
        let mut row: Map<String, Value> =
            FLAT.iter().map(|c| (c.name.to_string(), value((c.get)(record)))).collect();
        row.insert("record".into(), without_nul(serde_json::from_str(line).unwrap_or_default()));
        rows.push(Value::Object(row));
    }
    (rows, gone)
}

fn value(cell: Cell) -> Value {
    match cell {
        Cell::Null => Value::Null,
        Cell::Text(t) => without_nul(Value::String(t)),
        Cell::Int(n) => n.into(),
        Cell::Float(x) => x.into(),
        Cell::Bool(b) => b.into(),
    }
}

/// PostgreSQL's text cannot hold the character zero.
fn without_nul(value: Value) -> Value {
    match value {
        Value::String(s) if s.contains('\0') => Value::String(s.replace('\0', "\u{fffd}")),
        Value::Array(list) => Value::Array(list.into_iter().map(without_nul).collect()),
        Value::Object(map) => Value::Object(map.into_iter().map(|(k, v)| (k, without_nul(v))).collect()),
        other => other,
    }
}
