//! What a page says of itself to machines: JSON-LD, OpenGraph, `meta`, `link`.

use dom_query::Document;
use serde_json::{Map, Value};

use super::{json_repair, json_scan, lookup};

/// Adds what the page says, each thing under the name of where it was found.
pub fn read(document: &Document, map: &mut Map<String, Value>) {
    ld(document, map);
    for meta in document.select("meta").iter() {
        let attr = |name: &str| meta.attr(name).map(|v| v.to_string());
        let Some(content) = attr("content").filter(|c| !lookup::is_missing(c)) else { continue };
        let Some(name) = attr("property").or_else(|| attr("name")).or_else(|| attr("itemprop")) else {
            continue;
        };
        let key = match name.trim().to_ascii_lowercase().as_str() {
            name @ ("og:title" | "og:url" | "og:site_name" | "og:description" | "twitter:title") => {
                name.to_owned()
            }
            "description" | "dc.description" | "twitter:description" => "meta:description".to_owned(),
            "author" | "article:author" | "dc.creator" | "parsely-author" | "sailthru.author" | "byl" => {
                // A profile's address is no name.
                if lookup::is_address(&content) {
                    continue;
                }
                "meta:author".to_owned()
            }
            "application-name" | "publisher" | "dc.publisher" | "copyright" => {
                "meta:application-name".to_owned()
            }
            "article:section" | "section" | "parsely-section" | "dc.subject" => "meta:section".to_owned(),
            "keywords" | "news_keywords" | "article:tag" | "parsely-tags" => "meta:keywords".to_owned(),
            "dc.language" | "language" | "og:locale" => "html:lang".to_owned(),
            _ => continue,
        };
        map.entry(key).or_insert_with(|| content.trim().into());
    }
    let text = |css: &str| {
        let found = document.select(css).iter().map(|s| s.text().to_string()).find(|t| !t.trim().is_empty());
        found.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            map.entry(key).or_insert_with(|| value.into());
        }
    };
    put(
        "html:lang",
        document
            .select("html")
            .attr("lang")
            .or(document.select("html").attr("xml:lang"))
            .map(|v| v.to_string()),
    );
    put("link:canonical", document.select("link[rel='canonical']").attr("href").map(|v| v.to_string()));
    put("h1", only_heading(document));
    put("html:title", text("title").map(|title| without_site(&title)));
    let address = ["link:canonical", "og:url", "ld:url"].iter().find_map(|k| map.get(*k)?.as_str());
    let host = address.and_then(host).map(str::to_owned);
    if let Some(host) = host {
        map.entry("url:host").or_insert_with(|| host.into());
    }
}

/// The page's heading, when there is one that can be it.
fn only_heading(document: &Document) -> Option<String> {
    for css in ["article h1", "main h1", "h1"] {
        let all: Vec<String> = document.select(css).iter().map(|h| h.text().trim().to_owned()).collect();
        if let [heading] = &all[..] {
            return Some(heading.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|h| h.len() > 5);
        }
    }
    None
}

/// `Envoy leaves Riga - Northern Wire` without the site's name.
fn without_site(title: &str) -> String {
    for mark in [" | ", " - ", " – ", " — ", " :: ", " » "] {
        if let Some((head, site)) = title.rsplit_once(mark)
            && head.split(' ').count() >= 3
            && site.split(' ').count() <= 5
        {
            return head.trim().to_owned();
        }
    }
    title.to_owned()
}

fn host(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(host.strip_prefix("www.").unwrap_or(host)).filter(|h| h.contains('.'))
}

/// The article among the page's JSON-LD.
fn ld(document: &Document, map: &mut Map<String, Value>) {
    let mut objects = Vec::new();
    for script in document.select("script[type='application/ld+json']").iter() {
        let text = script.text();
        let text = text.trim().trim_start_matches("<![CDATA[").trim_end_matches("]]>").trim();
        let Some(start) = text.find(['{', '[']) else { continue };
        if json_scan::extent(text.as_bytes(), start).depth > 60 {
            continue;
        }
        if let Ok(value) = json_repair::parse(text[start..].trim_end_matches(';')) {
            flatten(value, &mut objects, 0);
        }
    }
    objects.sort_by_key(rank);
    for object in objects.iter().filter(|o| rank(o) < 3) {
        let article = rank(object) == 0;
        let names: &[(&str, &str)] = &[
            ("headline", "ld:headline"),
            ("articleBody", "ld:articleBody"),
            ("description", "ld:description"),
            ("datePublished", "ld:datePublished"),
            ("dateCreated", "ld:datePublished"),
            ("uploadDate", "ld:datePublished"),
            ("dateModified", "ld:dateModified"),
            ("url", "ld:url"),
            ("articleSection", "ld:articleSection"),
            ("author", "ld:author"),
            ("publisher", "ld:publisher"),
            ("inLanguage", "html:lang"),
        ];
        for (name, key) in names {
            // Of what is no article only the date is believed.
            if !article && !key.contains("date") {
                continue;
            }
            let Some(value) = object.get(*name) else { continue };
            let value = match *key {
                "ld:author" | "ld:publisher" => lookup::names(value),
                "ld:headline" | "ld:articleBody" | "ld:description" => lookup::prose(value),
                _ => lookup::scalar(value),
            };
            if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
                map.entry(*key).or_insert_with(|| value.into());
            }
        }
    }
}

/// Objects of a graph, however they are wrapped.
fn flatten(value: Value, out: &mut Vec<Map<String, Value>>, depth: usize) {
    match value {
        Value::Array(list) if depth < 6 => list.into_iter().for_each(|v| flatten(v, out, depth + 1)),
        Value::Object(mut map) if depth < 6 && out.len() < 200 => {
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "hasPart"] {
                if map.get(key).is_some_and(|v| v.is_array() || v.is_object()) {
                    let inner = map.remove(key).unwrap_or_default();
                    flatten(inner, out, depth + 1);
                }
            }
            out.push(map);
        }
        _ => {}
    }
}

/// 0 an article, 1 a page, 2 anything with a date, 3 the rest.
fn rank(object: &Map<String, Value>) -> u8 {
    let kinds: Vec<&str> = match object.get("@type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |f: &dyn Fn(&str) -> bool| kinds.iter().any(|kind| f(kind.rsplit('/').next().unwrap_or(kind)));
    if is(&|kind| {
        kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" || kind == "CreativeWork"
    }) || (kinds.is_empty() && object.contains_key("headline"))
    {
        0
    } else if is(&|kind| kind.ends_with("Page") || kind == "VideoObject")
        && object.contains_key("datePublished")
    {
        1
    } else if object.contains_key("datePublished") {
        2
    } else {
        3
    }
}
