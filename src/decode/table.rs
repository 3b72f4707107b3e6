//! CSV and TSV: one article a row, the columns by the same names as JSON's fields.

use std::ops::Range;

use csv::{ReaderBuilder, StringRecord};
use serde_json::{Map, Value};

use super::options::{Logical, Options};
use super::out::Out;
use super::{Decoded, Format, Give, aliases};
use crate::model::Item;

/// See the module.
pub struct Table;

impl Format for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let first = head.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).find(|line| !line.is_empty());
        let Some(first) = first.and_then(|line| std::str::from_utf8(line).ok()) else { return false };
        let named = super::is_named(path, &["csv", "tsv", "tab"]);
        let separator = separator(first);
        if named {
            return separator.is_some() || known(first.trim_matches('"'));
        }
        let Some(separator) = separator else { return false };
        let columns: Vec<&str> = first.split(separator as char).map(|c| c.trim().trim_matches('"')).collect();
        // Without a name to go by every column must be a name, and two of them ours.
        columns.iter().all(|c| !c.is_empty() && c.len() <= 40 && !c.contains(['.', '!', '?']))
            && columns.iter().filter(|c| known(c)).count() >= 2
            && head.contains(&b'\n')
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let source = super::text(item);
        let mut out = Out::new(item, &source, options, give);
        let mut lines = super::lines::Lines::default();
        read(&source.text, options, &mut |row| {
            match row {
                Ok((value, range)) if range.len() > options.limits.max_line => {
                    drop(value);
                    let place = lines.place(&source.text, range.start);
                    out.too_long(&format!("{place}: a row (is a quote not closed?)"), range);
                }
                Ok((value, range)) => out.value(&value, range, false),
                Err((reason, error, range)) => {
                    let place = lines.place(&source.text, range.start);
                    let hint = (reason == "too_many_fields")
                        .then(|| "raise it: [input.limits] max_fields".to_owned());
                    out.lose(reason, format!("{place}: {error}"), hint, range);
                }
            }
            !out.full
        });
        out.finish()
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        let source = super::text(item);
        let mut first = None;
        read(&source.text, options, &mut |row| {
            first = row.ok().map(|(value, _)| value);
            first.is_none()
        });
        first
    }
}

/// Whether a column's name is one that some field goes by.
fn known(name: &str) -> bool {
    Logical::ALL.iter().any(|field| aliases::of(*field).iter().any(|alias| alias.eq_ignore_ascii_case(name)))
}

/// What stands between the columns: the sign that the first line has most of.
fn separator(line: &str) -> Option<u8> {
    let count = |sign: u8| line.bytes().filter(|b| *b == sign).count();
    [b'\t', b',', b';', b'|']
        .into_iter()
        .rev()
        .max_by_key(|sign| count(*sign))
        .filter(|sign| count(*sign) > 0)
}

type Row = Result<(Value, Range<usize>), (&'static str, String, Range<usize>)>;

fn read(text: &str, options: &Options, see: &mut dyn FnMut(Row) -> bool) {
    let first = text.lines().find(|l| !l.trim().is_empty()).unwrap_or("");
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(first).unwrap_or(b','))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut header: Option<Vec<String>> = None;
    loop {
        let start = reader.position().byte() as usize;
        match reader.read_record(&mut record) {
            Ok(false) => return,
            Ok(true) => {}
            Err(error) => {
                let range = start..(reader.position().byte() as usize).min(text.len());
                if !see(Err(("malformed", error.to_string(), range))) {
                    return;
                }
                continue;
            }
        }
        let range = trimmed(text, start..(reader.position().byte() as usize).min(text.len()));
        let Some(header) = &header else {
            let limit = options.limits.max_fields;
            if record.len() > limit {
                let error = format!("{} columns, more than the limit of {limit} (max_fields)", record.len());
                see(Err(("too_many_fields", error, 0..text.len())));
                return;
            }
            header = Some(record.iter().map(|name| name.trim().to_owned()).collect());
            continue;
        };
        let mut map = Map::new();
        for (name, value) in header.iter().zip(record.iter()) {
            if !value.trim().is_empty() && !name.is_empty() {
                map.entry(name.clone()).or_insert_with(|| value.into());
            }
        }
        if !see(Ok((Value::Object(map), range))) {
            return;
        }
    }
}

/// A range without the blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let part = &text.as_bytes()[range.clone()];
    let from = part.len() - part.trim_ascii_start().len();
    let to = part.trim_ascii_end().len();
    if from >= to { range } else { range.start + from..range.start + to }
}
