//! NewsML 1.x: news items whose components nest; the first component with words is the story.

use serde_json::{Map, Value};

use super::options::Options;
use super::xml::{self, Element, See, Step, Walker};
use super::{Decoded, Format, Give, nitf};
use crate::model::Item;

/// See the module.
pub struct NewsMl1;

impl Format for NewsMl1 {
    fn name(&self) -> &'static str {
        "newsml1"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        matches!(xml::root(head), Some("NewsML" | "NewsItem"))
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        xml::decode(item, options, give, read, false)
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        xml::sample(item, options, read)
    }
}

fn read(text: &str, options: &Options, see: See) {
    let mut walker = Walker::new(text, &options.limits);
    let mut envelope: Option<Element> = None;
    loop {
        let go_on = match walker.next(|name| matches!(name, "NewsItem" | "NewsEnvelope" | "Catalog")) {
            Ok(Step::Element(item)) if item.name == "NewsItem" => {
                let (value, range) = (fields(&item, envelope.as_ref()), item.range.clone());
                see(Ok((value, range)))
            }
            Ok(Step::Element(other)) => {
                if other.name == "NewsEnvelope" {
                    envelope = Some(other);
                }
                true
            }
            Ok(Step::End) => return,
            Ok(_) => true,
            Err(fault) => {
                let next = fault.range.end;
                let over = next >= text.len() || fault.reason == "truncated";
                let more = see(Err(fault));
                if over {
                    return;
                }
                walker.go_on(next);
                more
            }
        };
        if !go_on {
            return;
        }
    }
}

fn fields(item: &Element, envelope: Option<&Element>) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty())
            && !map.contains_key(key)
        {
            map.insert(key.to_owned(), value.into());
        }
    };
    let identifier = item.at("Identification/NewsIdentifier");
    let of_id = |path: &str| identifier.and_then(|i| i.line_at(path));
    put("id", of_id("PublicIdentifier").or_else(|| of_id("NewsItemId")));
    put("version", of_id("RevisionId"));
    let management = item.at("NewsManagement");
    let of_management = |path: &str| management.and_then(|m| m.line_at(path));
    put("versioncreated", of_management("ThisRevisionCreated"));
    put("firstcreated", of_management("FirstCreated"));
    put("date", envelope.and_then(|e| e.line_at("DateAndTime")));
    let status = management.and_then(|m| m.at("Status")).and_then(|s| s.attr("FormalName"));
    put("pubstatus", status.map(str::to_owned));
    let story = story(item);
    let words = story.as_ref().map(|(words, _)| words.clone());
    // The component of the story first, then whatever encloses it.
    let nearest: Vec<&Element> =
        story.iter().flat_map(|(_, path)| path.iter().rev().copied()).chain([item]).collect();
    let line = |names: &[&str]| {
        names.iter().find_map(|name| nearest.iter().find_map(|c| c.find(name).and_then(Element::line)))
    };
    let formal = |name: &str| {
        nearest.iter().find_map(|c| c.find(name)).and_then(|e| e.attr("FormalName").map(str::to_owned))
    };
    put("headline", line(&["HeadLine", "Headline", "hl1", "NewsItemTitle", "SlugLine"]));
    put("abstract", line(&["SubHeadLine", "Abstract"]));
    put("byline", line(&["ByLine"]));
    put("dateline", line(&["DateLine"]));
    put("language", formal("Language"));
    put("xml:lang", nearest.iter().find_map(|c| c.attr("xml:lang")).map(str::to_owned));
    let source = nearest.iter().find_map(|c| c.find("Source").or(c.find("Provider")));
    let party = source.and_then(|s| s.find("Party")).and_then(|p| p.attr("FormalName").map(str::to_owned));
    put("source", party.or_else(|| of_id("ProviderId")));
    put("keywords", line(&["KeywordLine"]));
    put("url", line(&["MoreInformationLine"]).filter(|l| super::lookup::is_address(l)));
    put("body", words);
    let inner = nearest.iter().find_map(|c| c.find("nitf"));
    if let Some(inner) = inner {
        nitf::fields(inner, &mut map);
    }
    Value::Object(map)
}

/// The first component with words in it, and the components around it from the outermost.
fn story<'s, 'a>(item: &'s Element<'a>) -> Option<(String, Vec<&'s Element<'a>>)> {
    let mut best: Option<(String, Vec<&Element>)> = None;
    let mut path = Vec::new();
    search(item, &mut path, &mut best);
    best
}

/// The longest text of all contents wins over captions and teasers; among equals the first.
fn search<'s, 'a>(
    at: &'s Element<'a>,
    path: &mut Vec<&'s Element<'a>>,
    best: &mut Option<(String, Vec<&'s Element<'a>>)>,
) {
    for inner in at.elements() {
        if inner.name == "ContentItem" {
            let words = inner.at("DataContent").or_else(|| inner.find("DataContent")).and_then(words);
            if let Some(words) = words
                && best.as_ref().is_none_or(|(before, _)| words.len() > before.len())
            {
                *best = Some((words, path.clone()));
            }
        } else {
            let is_component = inner.name == "NewsComponent";
            if is_component {
                path.push(inner);
            }
            search(inner, path, best);
            if is_component {
                path.pop();
            }
        }
    }
}

fn words(content: &Element) -> Option<String> {
    let body = content.find("body.content").or_else(|| content.find("body")).unwrap_or(content);
    body.prose()
}
