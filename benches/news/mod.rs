//! A seeded generator of news: the same seed gives the same articles, in any number, size and format.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A small linear congruential generator (Knuth's MMIX constants): deterministic and quite enough to pick templates.
pub struct Dice(u64);

impl Dice {
    /// A generator with this seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed.wrapping_mul(2).wrapping_add(1))
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    /// One of a list.
    pub fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const WHO: &[&str] = &[
    "Norway",
    "the Kenyan government",
    "Russia",
    "China",
    "the European Union",
    "Turkish President Recep Tayyip Erdogan",
    "India",
    "the United States",
    "Iran's foreign ministry",
    "Brazil",
    "the African Union",
    "Egypt",
    "South Korea",
    "Polish troops",
    "Pakistan",
    "Ukraine",
    "Japan",
    "the Kremlin",
    "NATO",
    "Saudi Arabia",
];
const WHOM: &[&str] = &[
    "Belarus",
    "Myanmar",
    "Venezuela",
    "Cuba",
    "Serbia",
    "Georgia",
    "Sudan",
    "Armenia",
    "Qatar",
    "Vietnam",
    "Chad",
    "Libya",
    "Mexico",
    "Denmark",
    "Israel",
    "Syria",
];
const DID: &[&str] = &[
    "imposed new sanctions on {}",
    "accused {} of breaking the agreement",
    "held talks with {} on trade and energy",
    "signed a defence pact with {}",
    "threatened to cut gas supplies to {}",
    "sent humanitarian aid to {}",
    "expelled two diplomats of {}",
    "will host the president of {} next month",
    "urged {} to withdraw its troops",
    "rejected an offer from {}",
    "shelled positions near the border with {}",
    "released prisoners from {}",
    "did not recognise the election in {}",
    "praised {} for its mediation",
    "suspended a trade agreement with {}",
];
const FILL: &[&str] = &[
    "Markets were little changed in early trading, and the weather stayed mild across the region.",
    "Analysts said the outcome remained open and that officials had asked for patience.",
    "The museum will show the collection until spring, its curator told visitors on the opening day.",
    "Prices of bread and cooking oil rose by 3.5 percent from a year earlier, according to the statistics office.",
    "He added that both sides would meet again, without giving a date.",
    "A spokesperson declined to comment on the report when reached by telephone.",
    "Commuters faced delays of up to 40 minutes after a signal failed near the central station.",
    "The two countries share a border of 1,200 kilometres and a long history of commerce.",
];

/// One article: title and body of about `bytes` bytes.
pub fn article(dice: &mut Dice, bytes: usize) -> (String, String) {
    let sentence = |dice: &mut Dice| {
        let did = dice.pick(DID).replace("{}", dice.pick(WHOM));
        let day = dice.pick(&["on Monday", "on Thursday", "yesterday", "on 3 November", "this week"]);
        let mut who = dice.pick(WHO).to_string();
        who[..1].make_ascii_uppercase();
        format!("{who} {did} {day}.")
    };
    let title = sentence(dice).trim_end_matches('.').to_string();
    let mut body = String::new();
    while body.len() < bytes {
        let news = dice.below(3) == 0;
        let next = if news { sentence(dice) } else { dice.pick(FILL).to_string() };
        let _ = write!(body, "{next}{}", if dice.below(4) == 0 { "\n" } else { " " });
    }
    (title, body.trim_end().to_string())
}

/// Bytes of one article file in a format: `txt`, `md`, `json` or `jsonl`.
pub fn file(dice: &mut Dice, format: &str, bytes: usize, serial: usize) -> String {
    let (title, body) = article(dice, bytes);
    match format {
        "txt" => format!("{title}\n\nOSLO, Nov 22 (Fjord Wire) - {body}\n"),
        "md" => format!("---\ntitle: \"{title}\"\ndate: 2026-11-22T09:00:00Z\n---\n\n{body}\n"),
        _ => {
            let line = serde_json::json!({"id": format!("news-{serial}"), "title": title, "text": body,
                "date_publish": "2026-11-22T09:00:00Z", "language": "en", "url": format!("https://example.org/{serial}")});
            format!("{line}\n")
        }
    }
}

/// Fills `dir` with `count` one-article files of about `bytes` bytes, formats in turn.
#[allow(dead_code)]
pub fn directory(
    dir: &Path,
    seed: u64,
    count: usize,
    bytes: usize,
    formats: &[&str],
) -> std::io::Result<u64> {
    let mut dice = Dice::new(seed);
    let mut total = 0;
    for i in 0..count {
        let format = formats[i % formats.len()];
        let folder = dir.join(format!("{:03}", i / 1000));
        fs::create_dir_all(&folder)?;
        let text = file(&mut dice, format, bytes, i);
        total += text.len() as u64;
        fs::write(folder.join(format!("news-{i:07}.{format}")), text)?;
    }
    Ok(total)
}
