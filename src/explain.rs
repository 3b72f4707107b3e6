//! A document as text: everything understood, layer by layer, with the reason for each thing in it.
//!
//! The same text is the snapshot of our tests, the body of a bug report and the teaching material.

use std::fmt::Write as _;

use crate::model::{Actor, Aux, Document, Event, Field, Mention, Role, Sentence};

/// What to show.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// ANSI colours.
    pub color: bool,
    /// Show trees.
    pub trees: bool,
    /// Only tell why this event type was not told.
    pub why_not: Option<crate::model::EventType>,
}

/// Ways of setting text off.
#[derive(Clone, Copy)]
enum Style {
    Head,
    Actor,
    Trigger,
    Quiet,
    Warn,
}

fn paint(color: bool, style: Style, text: &str) -> String {
    if !color {
        return text.to_string();
    }
    let code = match style {
        Style::Head => "1",
        Style::Actor => "36",
        Style::Trigger => "33;1",
        Style::Quiet => "2",
        Style::Warn => "31",
    };
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// The whole explanation.
pub fn text(doc: &Document, options: &Options) -> String {
    let mut out = String::new();
    header(&mut out, doc, options);
    for (i, sentence) in doc.sentences.iter().enumerate() {
        sentence_layer(&mut out, doc, i, sentence, options);
    }
    if doc.events.is_empty() {
        let _ = writeln!(out, "\nno events{}", silence(doc));
    }
    out
}

/// In words, why nothing was told.
fn silence(doc: &Document) -> String {
    if let Some(s) = doc.suppressed.iter().find(|s| s.sentence.is_none()) {
        return format!(": the article is suppressed as {} ({})", s.reason, s.rule);
    }
    if doc.mentions.is_empty() {
        return ": no actor is named".into();
    }
    if doc.near_misses.is_empty() {
        ": actors are named, but no word that reports an event".into()
    } else {
        String::new()
    }
}

fn header(out: &mut String, doc: &Document, options: &Options) {
    let a = &doc.article;
    let title = a.title.as_deref().unwrap_or("(no title)");
    let _ = writeln!(out, "{}", paint(options.color, Style::Head, title));
    let published = a.published.map_or("unknown".to_string(), |p| {
        if p.day_only { p.at.date_naive().to_string() } else { p.at.to_rfc3339() }
    });
    let _ = writeln!(
        out,
        "  id {}  published {}  source {}  language {}",
        a.id,
        published,
        a.source.as_deref().unwrap_or("unknown"),
        a.language.as_deref().unwrap_or("unknown")
    );
    if let Some(d) = &a.dateline {
        let day = d.day.map_or(String::new(), |d| format!(", {d}"));
        let _ = writeln!(out, "  dateline {}{day}", d.place);
    }
    for t in &doc.topics {
        let _ = writeln!(out, "  topic {} {:.2}  ({})", t.id, t.score, t.terms.join(", "));
    }
    for s in doc.suppressed.iter().filter(|s| s.sentence.is_none()) {
        let _ = writeln!(
            out,
            "  {}",
            paint(options.color, Style::Warn, &format!("suppressed: {} ({})", s.reason, s.rule))
        );
    }
}

fn sentence_layer(out: &mut String, doc: &Document, i: usize, sentence: &Sentence, options: &Options) {
    let text = doc.article.field(sentence.field);
    let mentions: Vec<&Mention> = doc.mentions.iter().filter(|m| m.sentence as usize == i).collect();
    let events: Vec<&Event> = doc.events.iter().filter(|e| e.claim.sentence as usize == i).collect();
    let label = if sentence.field == Field::Title { "title".to_string() } else { format!("{i}") };
    let _ = writeln!(out, "\n[{label}] {}", marked(text, sentence, &mentions, &events, options.color));
    if options.why_not.is_none() {
        for m in &mentions {
            let _ = writeln!(out, "    who   {}", mention_line(text, m));
        }
        for d in doc.dates.iter().filter(|d| d.sentence as usize == i) {
            let _ = writeln!(out, "    date  {:?} = {}", d.span.of(text), d.value);
        }
        if options.trees {
            tree_lines(out, text, sentence);
        }
    }
    for s in doc.suppressed.iter().filter(|s| s.sentence == Some(i as u32)) {
        let _ = writeln!(
            out,
            "    {}",
            paint(options.color, Style::Warn, &format!("suppressed: {} ({})", s.reason, s.rule))
        );
    }
    for event in events {
        event_lines(out, doc, text, event, options.color);
    }
    for near in doc.near_misses.iter().filter(|n| n.sentence as usize == i) {
        let wanted = options.why_not.is_none_or(|t| near.at.contains(&format!("{}.toml", t.as_str())));
        if wanted {
            let line = format!("near  {:?} {} ({}): {}", near.span.of(text), near.rule, near.at, near.why);
            let _ = writeln!(out, "    {}", paint(options.color, Style::Quiet, &line));
        }
    }
}

/// The sentence with actors in [brackets] and triggers in *stars*; in colour both keep their marks.
fn marked(text: &str, sentence: &Sentence, mentions: &[&Mention], events: &[&Event], color: bool) -> String {
    let mut cuts: Vec<(u32, u32, Style)> =
        mentions.iter().map(|m| (m.span.start, m.span.end, Style::Actor)).collect();
    for e in events {
        // The first word of a trigger marks it: a trigger may run over its own parties.
        let first = sentence.tokens.get(e.claim.trigger.0 as usize).map_or(e.claim.span, |t| t.span);
        cuts.push((first.start, first.end, Style::Trigger));
    }
    cuts.sort_by_key(|c| (c.0, c.1));
    cuts.dedup_by_key(|c| c.0);
    let mut out = String::new();
    let mut at = sentence.span.start;
    for (start, end, style) in cuts {
        if start < at {
            continue;
        }
        out.push_str(&text[at as usize..start as usize]);
        let inner = &text[start as usize..end as usize];
        let wrapped = match style {
            Style::Actor => format!("[{inner}]"),
            _ => format!("*{inner}*"),
        };
        out.push_str(&paint(color, style, &wrapped));
        at = end;
    }
    out.push_str(&text[at as usize..sentence.span.end as usize]);
    out.replace('\n', " ")
}

fn actor_name(actor: &Actor) -> String {
    let name = actor.id.as_deref().or(actor.name.as_deref()).unwrap_or("(unnamed)");
    let country = actor.country.as_deref().unwrap_or("-");
    let sectors =
        if actor.sectors.is_empty() { String::new() } else { format!(" {}", actor.sectors.join("/")) };
    let office = actor.office.as_deref().map_or(String::new(), |o| format!(", {o}"));
    format!("{name} {country}{sectors}{office}")
}

fn mention_line(text: &str, m: &Mention) -> String {
    let mut line = format!("{:?} = {}", m.span.of(text), actor_name(&m.actor));
    for a in &m.also {
        let _ = write!(line, " + {}", actor_name(a));
    }
    let place = if m.role == Role::Place { ", place" } else { "" };
    let _ = write!(line, "  ({} {}{place}, {:.2})", m.actor.kind.as_str(), m.via.as_str(), m.confidence);
    line
}

fn tree_lines(out: &mut String, text: &str, sentence: &Sentence) {
    let Some(tree) = &sentence.tree else { return };
    for (i, w) in tree.words.iter().enumerate() {
        let head = w.head.map_or("-".to_string(), |h| sentence.token(text, h as usize).to_string());
        let _ = writeln!(
            out,
            "    tree  {:>3} {:<18} {:<18} {:<6} {:<5} {:<14} <- {head}",
            i,
            sentence.token(text, i),
            w.lemma,
            w.upos.as_str(),
            w.xpos.as_str(),
            w.rel.as_str()
        );
    }
}

fn side(doc: &Document, indices: &[usize]) -> String {
    let codes: Vec<String> = indices
        .iter()
        .flat_map(|&i| std::iter::once(&doc.mentions[i].actor).chain(&doc.mentions[i].also))
        .map(|a| a.country.as_deref().or(a.id.as_deref()).unwrap_or("?").to_string())
        .collect();
    if codes.is_empty() { "-".into() } else { codes.join(" ") }
}

/// `SANCTION EUR > BLR (future)`: the short form of an event, as lexicon tests write it.
pub fn short(doc: &Document, event: &Event) -> String {
    let claim = &event.claim;
    let arrow = if claim.reciprocal { "<>" } else { ">" };
    let aux: Vec<&str> = claim.aux.iter().copied().map(Aux::as_str).collect();
    let aux = if aux.is_empty() { String::new() } else { format!(" ({})", aux.join(", ")) };
    format!(
        "{} {} {arrow} {}{aux}",
        claim.event.as_str(),
        side(doc, &claim.actors),
        side(doc, &claim.recipients)
    )
}

fn event_lines(out: &mut String, doc: &Document, text: &str, event: &Event, color: bool) {
    let claim = &event.claim;
    let mut head = format!("EVENT {}", short(doc, event));
    if !claim.mode.is_empty() {
        let _ = write!(head, " /{}", claim.mode.join("/"));
    }
    let _ = writeln!(out, "    {}  confidence {:.2}", paint(color, Style::Trigger, &head), claim.confidence);
    let end = event.end_date.map_or(String::new(), |d| format!(" to {d}"));
    let by = event.date_hit.map_or(String::new(), |d| {
        let hit = &doc.dates[d];
        format!(" {:?}", hit.span.of(doc.article.field(doc.sentences[hit.sentence as usize].field)))
    });
    let _ = writeln!(out, "          when  {}{end}  ({}{by})", event.date, event.basis.as_str());
    let _ =
        writeln!(out, "          why   {:?} by {} at {}", claim.span.of(text), claim.rule.id, claim.rule.at);
    let factors: Vec<String> = claim.because.iter().map(|(name, f)| format!("{name} {f:.2}")).collect();
    let _ = writeln!(out, "          sure  {}", factors.join(" x "));
    if let Some(a) = &claim.attribution {
        let _ = writeln!(out, "          said  {:?} ({})", a.to, a.verb);
    }
    if !event.topics.is_empty() {
        let topics: Vec<&str> = event.topics.iter().map(|t| &*t.id).collect();
        let _ = writeln!(out, "          about {}", topics.join(", "));
    }
}
