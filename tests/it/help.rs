//! What several modules need: the reader, the seeds, an article made of a text.

use std::sync::OnceLock;

use chancery::config::{self, Config};
use chancery::decode;
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Document, Item};
use chancery::pipeline::Reader;
use chrono::{DateTime, NaiveDate, TimeZone, Utc};

/// The moment at which all test articles are seen.
pub fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 25, 12, 0, 0).unwrap()
}

/// A reader with the default settings and the built-in lexicon.
pub fn reader() -> &'static Reader {
    static READER: OnceLock<Reader> = OnceLock::new();
    READER.get_or_init(|| {
        let config = Config::load(None, std::iter::empty()).unwrap();
        let lexicon = Lexicon::load(&config::lexicon_files(&[]).unwrap())
            .unwrap_or_else(|p| panic!("{}", p.iter().map(|p| p.to_string()).collect::<Vec<_>>().join("\n")));
        let options = decode::Options::default();
        Reader { lexicon, options, languages: config.input.languages }
    })
}

/// The sample articles, decoded.
pub fn seeds() -> Vec<(String, Vec<Article>)> {
    config::seeds()
        .into_iter()
        .map(|(name, bytes)| {
            let item =
                Item { path: format!("seeds/{name}"), range: None, bytes: bytes.to_vec(), seen_at: noon() };
            let decoded = decode::decode(&item, &reader().options);
            assert!(decoded.lost.is_empty(), "{name}: {:?}", decoded.lost);
            (name, decoded.articles)
        })
        .collect()
}

/// An English article made of a text, published on a day.
pub fn article(text: &str, day: Option<NaiveDate>) -> Article {
    let day = day.unwrap_or(noon().date_naive());
    let line = serde_json::json!({"text": text, "date": day.to_string(), "language": "en"}).to_string();
    let item = Item { path: "test.json".into(), range: None, bytes: line.into_bytes(), seen_at: noon() };
    decode::decode(&item, &reader().options).articles.remove(0)
}

/// Reads a text.
pub fn read(text: &str) -> Document {
    reader().understand(article(text, None))
}
