//! `lex impact`: what an edit wins and loses over real articles.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use chancery::lexicon::Lexicon;
use chancery::model::{Document, Field};
use chancery::pipeline::Reader;
use chancery::{decode, explain};

use crate::cli::Common;
use crate::cli_lex::ImpactArgs;
use crate::exit::{Exit, Failure, Outcome};
use crate::{explain as show, scan, setup};

/// Reads every article with both lexicons and tells where they differ. Exit 1 with differences.
pub fn run(common: &Common, args: &ImpactArgs) -> Outcome {
    let config = setup::config(common)?;
    if common.lexicon.is_empty() && config.lexicon.dirs.is_empty() {
        let hint = "hint: chancery --lexicon MY_DIR lex impact --on ARTICLES";
        return Err(Failure::new(
            Exit::Usage,
            format!("no edit to judge: give your lexicon with --lexicon\n  {hint}"),
        ));
    }
    let after = setup::reader(common, &config)?;
    let before = setup::reader_over(&args.before, &config)?;
    let mut files = Vec::new();
    for path in &args.on {
        scan::there(path)?;
        collect(path, &mut files)?;
    }
    let mut out = anstream::stdout().lock();
    let mut sum = Sum::default();
    for file in &files {
        let decoded = decode::decode(&show::item(file)?, &after.options);
        sum.unread += decoded.lost.len();
        for article in decoded.articles {
            sum.articles += 1;
            let (was, is) = (before.understand(article.clone()), after.understand(article));
            compare(&mut out, &mut sum, file, &told(&was), &told(&is))?;
        }
    }
    writeln!(
        out,
        "{} articles: {} events won, {} lost; {} topics won, {} lost; {} actors won, {} lost{}",
        sum.articles,
        sum.won[0],
        sum.lost[0],
        sum.won[1],
        sum.lost[1],
        sum.won[2],
        sum.lost[2],
        if sum.unread > 0 { format!("; {} inputs could not be read", sum.unread) } else { String::new() }
    )?;
    note_lexicons(&before.lexicon, &after);
    Ok(if sum.won == [0; 3] && sum.lost == [0; 3] { Exit::Fine } else { Exit::Findings })
}

fn note_lexicons(before: &Lexicon, after: &Reader) {
    let short = |l: &Lexicon| format!("{} ({})", l.version, &l.sha256[..12]);
    anstream::eprintln!("before {}, after {}", short(before), short(&after.lexicon));
}

/// Counts of events, topics, actors.
#[derive(Default)]
struct Sum {
    articles: usize,
    unread: usize,
    won: [usize; 3],
    lost: [usize; 3],
}

/// All files below a path, in order of their names.
fn collect(path: &Path, out: &mut Vec<PathBuf>) -> Result<(), Failure> {
    if !path.is_dir() {
        out.push(path.to_path_buf());
        return Ok(());
    }
    let list =
        std::fs::read_dir(path).and_then(|d| d.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>());
    let mut list = list.map_err(|e| {
        let hint = "hint: check the path and its permissions";
        Failure::new(Exit::Unreadable, format!("cannot list {}: {e}\n  {hint}", path.display()))
    })?;
    list.sort();
    list.iter().filter(|p| !is_hidden(p)).try_for_each(|p| collect(p, out))
}

/// What a document says, counted: (0 event, 1 topic, 2 actor; what; where it is said).
type Told = BTreeMap<(usize, String, String), usize>;

fn told(doc: &Document) -> Told {
    let mut out = Told::new();
    let sentence = |i: u32| {
        let s = &doc.sentences[i as usize];
        let mark = if s.field == Field::Title { "title: " } else { "" };
        format!(
            "{mark}{}",
            s.span.of(doc.article.field(s.field)).split_whitespace().collect::<Vec<_>>().join(" ")
        )
    };
    for event in &doc.events {
        let line = format!("{}  by {}", explain::short(doc, event), event.claim.rule.id);
        *out.entry((0, line, sentence(event.claim.sentence))).or_default() += 1;
    }
    for topic in &doc.topics {
        let terms: Vec<&str> = topic.terms.iter().map(|t| &**t).collect();
        out.insert((1, format!("topic {}", topic.id), terms.join(", ")), 1);
    }
    for m in &doc.mentions {
        let country = m.actor.country.as_deref().unwrap_or("-");
        let who = m.actor.id.as_deref().or(m.actor.name.as_deref()).unwrap_or("(described)");
        let line = format!("actor {who} {country} {}", m.actor.sectors.join(";"));
        *out.entry((2, line, sentence(m.sentence))).or_default() += 1;
    }
    out
}

fn compare(out: &mut impl Write, sum: &mut Sum, file: &Path, was: &Told, is: &Told) -> std::io::Result<()> {
    for (sign, here, there) in [("-", was, is), ("+", is, was)] {
        for (key, n) in here {
            let more = n.saturating_sub(there.get(key).copied().unwrap_or(0));
            if more == 0 {
                continue;
            }
            let count = if sign == "+" { &mut sum.won } else { &mut sum.lost };
            count[key.0] += more;
            writeln!(out, "{sign} {}\n    {}: {}", key.1, file.display(), key.2)?;
        }
    }
    Ok(())
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'))
}
