//! Writes made-up event records, for measuring what reads them: `cargo run --release --example flood -- 1000000 > many.jsonl`.
//! `--live FILE PER_SECOND SECONDS` appends them to a file at a steady pace. The same count gives the same bytes.

use std::io::{BufWriter, Write};
use std::time::{Duration, Instant};

use chancery::model::codes::TYPES;
use chancery::record::types::*;
use chrono::{Days, NaiveDate};

const COUNTRIES: [(&str, &str, &str); 24] = [
    ("united-states", "United States", "USA"),
    ("russia", "Russia", "RUS"),
    ("ukraine", "Ukraine", "UKR"),
    ("china", "China", "CHN"),
    ("israel", "Israel", "ISR"),
    ("iran", "Iran", "IRN"),
    ("european-union", "European Union", "EUR"),
    ("germany", "Germany", "DEU"),
    ("france", "France", "FRA"),
    ("united-kingdom", "United Kingdom", "GBR"),
    ("india", "India", "IND"),
    ("pakistan", "Pakistan", "PAK"),
    ("turkey", "Turkey", "TUR"),
    ("poland", "Poland", "POL"),
    ("japan", "Japan", "JPN"),
    ("south-korea", "South Korea", "KOR"),
    ("north-korea", "North Korea", "PRK"),
    ("sudan", "Sudan", "SDN"),
    ("egypt", "Egypt", "EGY"),
    ("brazil", "Brazil", "BRA"),
    ("mexico", "Mexico", "MEX"),
    ("kenya", "Kenya", "KEN"),
    ("belarus", "Belarus", "BLR"),
    ("singapore", "Singapore", "SGP"),
];
const TOPICS: [&str; 10] = [
    "security",
    "energy",
    "trade",
    "sanctions",
    "migration",
    "nuclear",
    "climate",
    "health",
    "technology",
    "human-rights",
];
const SOURCES: [&str; 6] =
    ["Harbour Wire", "The Northern Post", "Agence Littoral", "Meridian Daily", "Steppe News", "City Ledger"];

/// A seeded stream of numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % n
    }

    /// Small numbers more often.
    fn low(&mut self, n: usize) -> usize {
        self.roll(n).min(self.roll(n)).min(self.roll(n))
    }
}

fn span(start: usize, len: usize) -> SpanRecord {
    let (a, b) = (start as u32, (start + len) as u32);
    SpanRecord { field: "text".into(), start: a, end: b, byte_start: a, byte_end: b }
}

fn party(at: usize, start: usize) -> ActorRecord {
    let (id, name, country) = COUNTRIES[at];
    ActorRecord {
        id: Some(id.into()),
        name: Some(name.into()),
        text: name.into(),
        kind: "country".into(),
        country: Some(country.into()),
        sector: Vec::new(),
        cameo: Some(country.into()),
        office: None,
        wikidata: None,
        via: "name".into(),
        span: span(start, name.len()),
        confidence: 0.95,
    }
}

fn record(n: usize, dice: &mut Dice, day: NaiveDate) -> EventRecord {
    let a = dice.low(COUNTRIES.len());
    let b = (a + 1 + dice.low(COUNTRIES.len() - 1)) % COUNTRIES.len();
    let facts = &TYPES[dice.low(TYPES.len() * 2) % TYPES.len()];
    let verb = facts.name.to_lowercase();
    let (x, y) = (COUNTRIES[a], COUNTRIES[b]);
    let topic = TOPICS[dice.low(TOPICS.len())];
    let number = dice.roll(100_000);
    let text =
        format!("{} {verb} {} over {topic} on its border, said dispatch {number} of the day.", x.1, y.1);
    let article = n / 3;
    let at = x.1.len() + 1;
    EventRecord {
        schema: "event/1.0".into(),
        id: format!("{n:024x}"),
        rev: 1,
        op: "add".into(),
        date: day.to_string(),
        end_date: None,
        date_precision: "day".into(),
        date_basis: "published".into(),
        date_text: None,
        published_at: Some(format!("{day}T08:00:00Z")),
        published_tz: Some("explicit".into()),
        seen_at: format!("{day}T08:00:01Z"),
        coded_at: format!("{day}T08:00:02Z"),
        actor: vec![party(a, 0)],
        recipient: vec![party(b, at + verb.len() + 1)],
        reciprocal: false,
        actor_country: vec![x.2.into()],
        recipient_country: vec![y.2.into()],
        dyad: Some(format!("{}>{}", x.2, y.2)),
        event: facts.name.into(),
        mode: Vec::new(),
        context: Vec::new(),
        quad: facts.quad,
        intensity: facts.intensity,
        cameo: None,
        aux: if dice.roll(12) == 0 { vec!["future".into()] } else { Vec::new() },
        attribution: None,
        topics: vec![TopicRecord { id: topic.into(), score: 1.0, terms: vec![topic.into()] }],
        location: None,
        magnitude: None,
        confidence: 0.5 + dice.roll(50) as f32 / 100.0,
        evidence: EvidenceRecord {
            sentence: (n % 3) as u32,
            span: span(0, text.len()),
            trigger: TriggerRecord { text: verb.clone(), span: span(at, verb.len()) },
            rule: format!("{verb}.made-up"),
            rule_at: format!("events/{}.toml:1", facts.name),
            text,
        },
        article: ArticleRef {
            id: format!("made-up-{article}"),
            url: Some(format!("https://news.example/{article}")),
            title: Some(format!("{} and {}: dispatch {article}", x.1, y.1)),
            source: Some(SOURCES[article % SOURCES.len()].into()),
            language: Some("en".into()),
            path: Some(format!("inbox/{article}.txt")),
            sha256: format!("{article:064x}"),
            truncated: false,
        },
        story: StoryRecord {
            id: format!("{:016x}", article / 4),
            first: format!("made-up-{article}"),
            articles: 1,
            sources: 1,
        },
        duplicate_of: None,
        coder: CoderRecord {
            name: "chancery".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            lexicon: "made-up".into(),
            lexicon_sha256: "0".repeat(64),
        },
    }
}

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |i: usize| args.get(i).and_then(|a| a.parse::<usize>().ok());
    let first = NaiveDate::from_ymd_opt(2024, 11, 25).unwrap_or_default();
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut line = |n: usize, total: usize| {
        let mut day = first + Days::new((n * 730 / total.max(1)) as u64);
        // A crisis in the last week.
        if dice.roll(40) == 0 {
            day = first + Days::new(724 + dice.roll(6) as u64);
        }
        serde_json::to_string(&record(n, &mut dice, day)).map_err(std::io::Error::from)
    };
    if args.first().is_some_and(|a| a == "--live") {
        let (Some(path), Some(rate), Some(seconds)) = (args.get(1), number(2), number(3)) else {
            return Err(std::io::Error::other("--live FILE PER_SECOND SECONDS"));
        };
        let mut out = std::fs::OpenOptions::new().create(true).append(true).open(path)?;
        let begin = Instant::now();
        let total = rate * seconds;
        for n in 0..total {
            let due = begin + Duration::from_secs_f64(n as f64 / rate as f64);
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            writeln!(out, "{}", line(1 << 30 | n, (1 << 30) + total)?)?;
        }
        return Ok(());
    }
    let total = number(0).unwrap_or(1000);
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    for n in 0..total {
        writeln!(out, "{}", line(n, total)?)?;
    }
    out.flush()
}
