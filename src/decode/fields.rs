//! One JSON object to the raw fields of an article, by the table of aliases and the person's own paths.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::aliases;
use super::lookup::{is_address, is_missing, names, prose, scalar, visit};
use super::options::{Logical, Options};
use super::when;
use crate::model::{Published, Status};

/// What an input says of one article, as it says it: not yet normalised.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fields {
    /// Headline; may hold entities or tags.
    pub title: Option<String>,
    /// Body; may be HTML.
    pub text: Option<String>,
    /// Standfirst; may be HTML.
    pub summary: Option<String>,
    /// Address of the original.
    pub url: Option<String>,
    /// Time of publication.
    pub published: Option<Published>,
    /// Publisher.
    pub source: Option<String>,
    /// Language by whatever name.
    pub language: Option<String>,
    /// The input's own id.
    pub id: Option<String>,
    /// Authors, joined by `, `.
    pub author: Option<String>,
    /// Section or keywords, joined by `, `.
    pub section: Option<String>,
    /// Version number or time.
    pub version: Option<String>,
    /// Usable or withdrawn.
    pub status: Status,
    /// Which path of the input fed which field.
    pub used: Vec<(Logical, String)>,
}

impl Fields {
    /// Whether nothing of it can be read.
    pub fn is_wordless(&self) -> bool {
        self.title.is_none() && self.text.is_none() && self.summary.is_none()
    }
}

/// Reads an object's fields. With `trace`, `used` tells where each came from, fetched and modified times too.
pub fn read(object: &Value, options: &Options, trace: bool) -> Fields {
    let mut reader = Reader { object, options, trace, used: Vec::new(), variants: None };
    let mut fields = Fields {
        title: reader.first(Logical::Title, prose),
        text: reader.first(Logical::Text, prose),
        summary: reader.first(Logical::Summary, prose),
        url: reader.first(Logical::Url, address),
        source: reader.first(Logical::Source, names),
        language: reader.first(Logical::Language, scalar),
        id: reader.first(Logical::Id, scalar),
        author: reader.first(Logical::Author, names),
        section: reader.first(Logical::Section, names),
        version: reader.first(Logical::Version, scalar),
        published: reader.time(Logical::PublishedAt),
        ..Fields::default()
    };
    if reader.first(Logical::Status, scalar).is_some_and(|status| is_withdrawn(&status)) {
        fields.status = Status::Withdrawn;
    }
    if trace {
        reader.time(Logical::FetchedAt);
        reader.time(Logical::ModifiedAt);
    }
    fields.used = reader.used;
    fields
}

/// Whether a publication status takes the article back: `canceled`, `withheld`, `stat:canceled` …
pub fn is_withdrawn(status: &str) -> bool {
    let status = status.trim().to_ascii_lowercase();
    matches!(status.rsplit(':').next(), Some("canceled" | "cancelled" | "withheld" | "withdrawn" | "killed"))
}

/// A web address. Relative ones are no use to a reader, and a `url` without one is none.
fn address(value: &Value) -> Option<String> {
    scalar(value)
        .filter(|text| is_address(text) || text.starts_with("www.") || !text.contains(char::is_whitespace))
}

struct Reader<'a> {
    object: &'a Value,
    options: &'a Options,
    trace: bool,
    used: Vec<(Logical, String)>,
    /// Keys that are a known name in another spelling; found out only when a field is looked for in vain.
    variants: Option<Vec<(&'static [Logical], &'a str)>>,
}

impl<'a> Reader<'a> {
    /// The first of a field's names under which something readable stands.
    fn first(&mut self, field: Logical, read: fn(&Value) -> Option<String>) -> Option<String> {
        self.search(field, |object, path| match_path(object, path, field, read))
    }

    fn time(&mut self, field: Logical) -> Option<Published> {
        let options = self.options;
        self.search(field, |object, path| {
            let hint = zone_beside(object, path);
            if path.contains('+') {
                let joined = match_path(object, path, field, scalar)?;
                return when::parse_text(&joined, hint, options);
            }
            let mut found = None;
            visit(object, path, &mut |value| {
                found = when::parse(value, hint, options);
                found.is_some()
            });
            found
        })
    }

    fn search<T>(&mut self, field: Logical, mut at: impl FnMut(&'a Value, &str) -> Option<T>) -> Option<T> {
        let object = self.object;
        let own = self.options.map.iter().filter(|(f, _)| *f == field).map(|(_, path)| path.as_str());
        // Ninjs has a short title for the desk beside the headline for readers.
        let desk = field == Logical::Title && is_ninjs(object);
        let first: &[&str] = if desk { &["headline", "headlines[].value"] } else { &[] };
        for path in own.chain(first.iter().copied()).chain(aliases::of(field).iter().copied()) {
            if let Some(found) = at(object, path) {
                self.note(field, path);
                return Some(found);
            }
        }
        // `Body`, `pub-date`, `PUBLISHED_AT`: the same names in another spelling.
        if self.variants.is_none() {
            self.variants = Some(variants(object));
        }
        let variants = self.variants.iter().flatten().filter(|(known, _)| known.contains(&field));
        let found = variants.map(|(_, key)| *key).find_map(|key| Some((key, at(object, key)?)));
        found.map(|(key, found)| {
            self.note(field, key);
            found
        })
    }

    fn note(&mut self, field: Logical, path: &str) {
        if self.trace {
            self.used.push((field, path.to_owned()));
        }
    }
}

fn is_ninjs(object: &Value) -> bool {
    let has = |key: &str| object.get(key).is_some();
    has("uri") && (has("versioncreated") || has("versionCreated") || has("headlines") || has("pubstatus"))
}

/// A name without case and separators.
fn fold(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase).collect()
}

/// The fields that a folded name may mean. Short codes (`HD`, `BY`) are words in other spellings, so they are left out.
static FOLDED: LazyLock<BTreeMap<String, Vec<Logical>>> = LazyLock::new(|| {
    let mut map: BTreeMap<String, Vec<Logical>> = BTreeMap::new();
    for field in Logical::ALL {
        for alias in
            aliases::of(field).iter().filter(|alias| alias.len() > 3 && !alias.contains(['@', '[', '+']))
        {
            map.entry(fold(alias)).or_default().push(field);
        }
    }
    map
});

/// The keys of an object that are no name of the table as they stand, but are one when folded.
fn variants(object: &Value) -> Vec<(&'static [Logical], &str)> {
    let keys = object.as_object().into_iter().flat_map(|map| map.keys());
    keys.filter_map(|key| {
        let fields = FOLDED.get(&fold(key))?;
        let unknown = |field: &Logical| !aliases::of(*field).contains(&key.as_str());
        fields.iter().any(unknown).then_some((fields.as_slice(), key.as_str()))
    })
    .collect()
}

/// What stands at one path of the alias language (see [`aliases`]).
fn match_path(
    object: &Value,
    path: &str,
    field: Logical,
    read: fn(&Value) -> Option<String>,
) -> Option<String> {
    if let Some((key, kind)) = path.split_once('@') {
        let text = single(object, key, read)?;
        return (is_address(&text) == (kind == "http")).then_some(text);
    }
    if path.contains('+') && object.get(path).is_none() {
        let parts: Vec<String> = path.split('+').filter_map(|part| single(object, part, read)).collect();
        let glue = if matches!(field, Logical::PublishedAt | Logical::FetchedAt) { " " } else { "\n\n" };
        return (!parts.is_empty()).then(|| parts.join(glue));
    }
    single(object, path, read)
}

fn single(object: &Value, path: &str, read: fn(&Value) -> Option<String>) -> Option<String> {
    let mut found = None;
    visit(object, path, &mut |value| {
        found = read(value);
        found.is_some()
    });
    found
}

/// The zone that a service writes beside a time: `pubDateTZ` beside `pubDate`, else `timezone`.
fn zone_beside<'v>(object: &'v Value, path: &str) -> Option<&'v str> {
    let map = object.as_object()?;
    [format!("{path}TZ"), format!("{path}_tz"), "timezone".to_owned()]
        .iter()
        .find_map(|key| map.get(key)?.as_str())
        .filter(|zone| !is_missing(zone))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(value: Value) -> Fields {
        read(&value, &Options::default(), true)
    }

    #[test]
    fn a_source_is_an_address_or_a_name_or_an_object() {
        let address = of(json!({"text": "x", "source": "https://a.example/1"}));
        assert_eq!((address.url.as_deref(), address.source), (Some("https://a.example/1"), None));
        let name = of(json!({"text": "x", "source": "Northern Wire"}));
        assert_eq!((name.url, name.source.as_deref()), (None, Some("Northern Wire")));
        let object = of(json!({"text": "x", "source": {"id": null, "name": "Northern Wire"}}));
        assert_eq!(object.source.as_deref(), Some("Northern Wire"));
    }

    #[test]
    fn joined_fields_need_only_one_part() {
        let whole = of(json!({"LP": "Lead.", "TD": "Rest.", "PD": "9 March 2031", "ET": "14:05"}));
        assert_eq!(whole.text.as_deref(), Some("Lead.\n\nRest."));
        assert_eq!(whole.published.unwrap().at.to_rfc3339(), "2031-03-09T14:05:00+00:00");
        let part = of(json!({"TD": "Rest.", "PD": "9 March 2031"}));
        assert_eq!(part.text.as_deref(), Some("Rest."));
        assert!(part.published.unwrap().day_only);
    }

    #[test]
    fn the_persons_own_path_comes_first() {
        let options = Options { map: vec![(Logical::Text, "payload.story".into())], ..Options::default() };
        let value = json!({"text": "teaser", "payload": {"story": "The story."}});
        assert_eq!(read(&value, &options, false).text.as_deref(), Some("The story."));
    }

    #[test]
    fn other_spellings_and_words_for_nothing() {
        let fields = of(
            json!({"TITLE": "T", "Body-Text": "B", "PubDate": "2031-03-09", "lang": "null", "author": "None"}),
        );
        assert_eq!((fields.title.as_deref(), fields.text.as_deref()), (Some("T"), Some("B")));
        assert!(fields.published.is_some());
        assert_eq!((fields.language, fields.author), (None, None));
    }

    #[test]
    fn a_date_that_is_none_leaves_room_for_the_next() {
        let fields = of(json!({"text": "x", "published": "two hours ago", "date": "2031-03-09"}));
        assert!(fields.used.contains(&(Logical::PublishedAt, "date".to_owned())), "{:?}", fields.used);
    }

    #[test]
    fn a_withdrawn_article_says_so() {
        assert_eq!(of(json!({"text": "x", "pubstatus": "stat:canceled"})).status, Status::Withdrawn);
        assert_eq!(of(json!({"text": "x", "pubstatus": "usable"})).status, Status::Usable);
    }
}
