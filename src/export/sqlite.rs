//! SQLite: a table of flat columns with the whole record, and full text over sentence, title and parties.

use std::path::Path;

use rusqlite::types::ToSql;
use rusqlite::{Connection, params_from_iter};

use super::columns::{Cell, FLAT, Type};
use crate::record::types::EventRecord;

/// A database of events.
pub struct Database {
    connection: Connection,
    insert: String,
}

impl Database {
    /// Opens or makes one.
    pub fn open(path: &Path) -> rusqlite::Result<Database> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.execute_batch(&tables())?;
        Ok(Database { connection, insert: insert() })
    }

    /// Writes records and a position in one transaction. A record that is there already is replaced by a later
    /// revision, and left alone by the same one; one that was retracted is removed.
    pub fn write(
        &mut self,
        records: &[(EventRecord, String)],
        position: Option<&str>,
    ) -> rusqlite::Result<()> {
        let transaction = self.connection.transaction()?;
        {
            let mut insert = transaction.prepare_cached(&self.insert)?;
            let mut delete = transaction.prepare_cached("DELETE FROM events WHERE id = ?1 AND rev <= ?2")?;
            for (record, line) in records {
                if record.op == "retract" {
                    delete.execute(rusqlite::params![record.id, record.rev])?;
                    continue;
                }
                let mut values: Vec<Box<dyn ToSql>> = FLAT.iter().map(|c| boxed((c.get)(record))).collect();
                values.push(Box::new(line.clone()));
                insert.execute(params_from_iter(values.iter()))?;
            }
            if let Some(position) = position {
                let sql = "INSERT INTO chancery_position (one, position) VALUES (1, ?1)
                           ON CONFLICT (one) DO UPDATE SET position = excluded.position";
                transaction.execute(sql, [position])?;
            }
        }
        transaction.commit()
    }

    /// Where an earlier run stood.
    pub fn position(&self) -> rusqlite::Result<Option<String>> {
        use rusqlite::OptionalExtension;
        let sql = "SELECT position FROM chancery_position";
        self.connection.query_row(sql, [], |row| row.get(0)).optional()
    }

    /// Joins the log to the file, so that one file holds all.
    pub fn finish(self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "journal_mode", "DELETE")?;
        self.connection.close().map_err(|(_, e)| e)
    }
}

fn boxed(cell: Cell) -> Box<dyn ToSql> {
    match cell {
        Cell::Null => Box::new(rusqlite::types::Null),
        Cell::Text(t) => Box::new(t),
        Cell::Int(n) => Box::new(n),
        Cell::Float(x) => Box::new(x),
        Cell::Bool(b) => Box::new(b),
    }
}

fn tables() -> String {
    let columns: Vec<String> = FLAT
        .iter()
        .map(|c| {
            let of = match c.of {
                Type::Text | Type::Date | Type::Time => "TEXT",
                Type::Int | Type::Bool => "INTEGER",
                Type::Float => "REAL",
            };
            let key = if c.name == "id" { " PRIMARY KEY" } else { "" };
            format!("\"{}\" {of}{key}", c.name)
        })
        .collect();
    format!(
        "CREATE TABLE IF NOT EXISTS events ({}, record TEXT NOT NULL);
         CREATE INDEX IF NOT EXISTS events_date ON events (date);
         CREATE INDEX IF NOT EXISTS events_dyad ON events (dyad, date);
         CREATE TABLE IF NOT EXISTS chancery_position (one INTEGER PRIMARY KEY, position TEXT NOT NULL);
         CREATE VIRTUAL TABLE IF NOT EXISTS events_text USING fts5 (
             sentence, title, actor, recipient, content = 'events', tokenize = 'unicode61 remove_diacritics 2');
         CREATE TRIGGER IF NOT EXISTS events_added AFTER INSERT ON events BEGIN
             INSERT INTO events_text (rowid, sentence, title, actor, recipient)
             VALUES (new.rowid, new.sentence, new.title, new.actor, new.recipient); END;
         CREATE TRIGGER IF NOT EXISTS events_removed AFTER DELETE ON events BEGIN
             INSERT INTO events_text (events_text, rowid, sentence, title, actor, recipient)
             VALUES ('delete', old.rowid, old.sentence, old.title, old.actor, old.recipient); END;
         CREATE TRIGGER IF NOT EXISTS events_changed AFTER UPDATE ON events BEGIN
             INSERT INTO events_text (events_text, rowid, sentence, title, actor, recipient)
             VALUES ('delete', old.rowid, old.sentence, old.title, old.actor, old.recipient);
             INSERT INTO events_text (rowid, sentence, title, actor, recipient)
             VALUES (new.rowid, new.sentence, new.title, new.actor, new.recipient); END;",
        columns.join(", ")
    )
}

fn insert() -> String {
    let names: Vec<String> =
        FLAT.iter().map(|c| format!("\"{}\"", c.name)).chain(["record".into()]).collect();
    let marks: Vec<String> = (1..=names.len()).map(|i| format!("?{i}")).collect();
    let sets: Vec<String> = names.iter().skip(1).map(|n| format!("{n} = excluded.{n}")).collect();
    format!(
        "INSERT INTO events ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {} WHERE excluded.rev > events.rev",
        names.join(", "),
        marks.join(", "),
        sets.join(", ")
    )
}
