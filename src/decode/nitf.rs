//! NITF: a newspaper's story with its head, its headline and its body. Also as the body of NewsML items.

use serde_json::{Map, Value};

use super::options::Options;
use super::xml::{self, Element, See, Step, Walker};
use super::{Decoded, Format, Give};
use crate::model::Item;

/// See the module.
pub struct Nitf;

impl Format for Nitf {
    fn name(&self) -> &'static str {
        "nitf"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        xml::root(head) == Some("nitf")
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        xml::decode(item, options, give, read, true)
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        xml::sample(item, options, read)
    }
}

fn read(text: &str, options: &Options, see: See) {
    let mut walker = Walker::new(text, &options.limits);
    loop {
        match walker.next(|name| name == "nitf") {
            Ok(Step::Element(element)) => {
                let mut map = Map::new();
                fields(&element, &mut map);
                if !see(Ok((Value::Object(map), element.range.clone()))) {
                    return;
                }
            }
            Ok(Step::End) => return,
            Ok(_) => {}
            Err(fault) => {
                see(Err(fault));
                return;
            }
        }
    }
}

/// Adds what an `nitf` element says, where it is not known yet.
pub fn fields(nitf: &Element, map: &mut Map<String, Value>) {
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value
            && !map.contains_key(key)
        {
            map.insert(key.to_owned(), value.into());
        }
    };
    let head = nitf.at("head");
    let body_head = nitf.at("body/body.head");
    let headline = body_head.and_then(|h| {
        h.line_at("hedline/hl1").or_else(|| h.line_at("headline/hl1")).or_else(|| h.line_at("hedline"))
    });
    // The title in the head is often a slug: it counts where there is no headline.
    let headline = headline.or_else(|| nitf.find("hl1").and_then(Element::line));
    put("headline", headline.or_else(|| head.and_then(|h| h.line_at("title"))));
    let body = nitf.at("body/body.content").or_else(|| nitf.find("body.content")).or_else(|| nitf.at("body"));
    put("body", body.and_then(Element::prose));
    put("abstract", body_head.and_then(|h| h.at("abstract")).and_then(Element::prose));
    put("byline", body_head.and_then(|h| h.line_at("byline")));
    put("dateline", body_head.and_then(|h| h.line_at("dateline")));
    put("xml:lang", nitf.attr("xml:lang").map(str::to_owned));
    let Some(head) = head else { return };
    let docdata = head.at("docdata");
    let data = |path: &str, attr: &str| Some(docdata?.at(path)?.attr(attr)?.to_owned());
    put("id", data("doc-id", "id-string"));
    put("source", data("doc.copyright", "holder").or_else(|| data("doc-id", "regsrc")));
    put("date_issue", data("date.issue", "norm"));
    put("date_release", data("date.release", "norm"));
    put("version", data("du-key", "version").or_else(|| data("ed-msg", "version")));
    put("management-status", data("", "management-status"));
    put("pubstatus", docdata.and_then(|d| d.attr("management-status")).map(str::to_owned));
    let pubdata = head.at("pubdata");
    put("date_publication", pubdata.and_then(|p| p.attr("date.publication")).map(str::to_owned));
    put("publication", pubdata.and_then(|p| p.attr("name")).map(str::to_owned));
    put("section", pubdata.and_then(|p| p.attr("position.section")).map(str::to_owned));
    let keywords = docdata
        .and_then(|d| d.at("key-list"))
        .map(|list| list.all("keyword").filter_map(|k| k.attr("key")).collect::<Vec<_>>().join(", "));
    put("keywords", keywords.filter(|k| !k.is_empty()));
    for meta in head.all("meta") {
        if let (Some(name), Some(content)) = (meta.attr("name"), meta.attr("content")) {
            let key = match name.to_ascii_lowercase().as_str() {
                "language" | "lang" | "anpa-language" => "language",
                "provider" | "creator" => "provider",
                _ => continue,
            };
            put(key, Some(content.to_owned()));
        }
    }
}
