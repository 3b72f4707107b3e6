//! `tap`: events as they are written, a line each.

use std::io::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use chancery::feed::Feed;
use chancery::index::{Added, Ask, Filter, Index, Spot, parse};
use chancery::serve::conditions;
use serde_json::Value;

use crate::cli::{Common, TapArgs};
use crate::exit::{Exit, Failure, Outcome};

/// Time between two looks at the files.
const LOOK: Duration = Duration::from_millis(200);

/// Runs the command until the user stops it, or with --once to the end of what is there.
pub fn run(_common: &Common, args: &TapArgs) -> Outcome {
    let ask = filter(&args.filter)?;
    let mut feed = Feed::new(&args.events, None);
    let mut out = anstream::stdout().lock();
    let mut skip = args.new;
    loop {
        loop {
            let next = feed.next_chunk().map_err(|e| {
                Failure::new(Exit::Unreadable, format!("{e}\n  hint: is it written by another program?"))
            })?;
            let Some(chunk) = next else { break };
            if !skip {
                tell(&mut out, &chunk, &ask, args.json)?;
            }
        }
        if args.once {
            return Ok(Exit::Fine);
        }
        out.flush()?;
        skip = false;
        std::thread::sleep(LOOK);
    }
}

/// Conditions as typed: `event=SANCTION`, `country=RUS`; several mean all of them.
pub fn filter(typed: &[String]) -> Result<Ask, Failure> {
    let mut ask = conditions(&typed.join("&")).map_err(|why| {
        let hint = "hint: such as  --filter event=SANCTION --filter country=RUS,BLR --filter 'dyad=RUS<>UKR'";
        Failure::new(Exit::Usage, format!("--filter: {why}\n  {hint}"))
    })?;
    ask.duplicates.get_or_insert(true);
    Ok(ask)
}

/// The table of a chunk alone is enough to judge its lines.
fn tell(out: &mut impl Write, chunk: &chancery::feed::Chunk, ask: &Ask, json: bool) -> Result<(), Failure> {
    let mut index = Index::default();
    let mut lines = Vec::new();
    for (at, line) in chunk.lines() {
        let Ok(parsed) = parse(line) else { continue };
        let spot = Spot { file: 0, at, len: line.len() as u32 };
        if let Added::Event(_) = index.add(parsed, spot) {
            lines.push(line);
        }
    }
    let filter = Filter::new(ask, &index).map_err(|e| Failure::new(Exit::Usage, e))?;
    for (row, line) in index.rows().iter().zip(lines).filter(|(row, _)| filter.meets(row, &index)) {
        if json {
            out.write_all(line)?;
            writeln!(out)?;
        } else if let Ok(record) = serde_json::from_slice(line) {
            writeln!(out, "{}", short(&record, row.quad))?;
        }
    }
    Ok(())
}

/// What a terminal must not take as an order stays out.
pub fn plain(text: &str, most: usize) -> String {
    let fine = |c: char| if c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c) { ' ' } else { c };
    text.chars().map(fine).take(most).collect()
}

fn short(record: &Value, quad: u8) -> String {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_string();
    let color = if quad <= 2 { AnsiColor::Cyan } else { AnsiColor::Yellow };
    let style =
        if quad.is_multiple_of(2) { Style::new().bold() } else { Style::new() }.fg_color(Some(color.into()));
    format!(
        "{}  {style}{:<9}{style:#}  {:<22}  {}",
        text(&record["date"]),
        text(&record["event"]),
        who(record),
        plain(&text(&record["evidence"]["text"]), 160)
    )
}

/// The pair, else the sides' countries or names.
pub fn who(record: &Value) -> String {
    if let Some(dyad) = record["dyad"].as_str() {
        return dyad.to_string();
    }
    let side = |name: &str| {
        let all = record[name].as_array().into_iter().flatten();
        let one = |a: &Value| a["country"].as_str().or(a["text"].as_str()).unwrap_or("?").to_string();
        all.map(one).collect::<Vec<_>>().join(",")
    };
    let (a, r) = (side("actor"), side("recipient"));
    plain(&if r.is_empty() { a } else { format!("{a}>{r}") }, 22)
}
