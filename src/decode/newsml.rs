//! NewsML-G2: items of news, packages, concepts and plans, alone or together in a message.

use serde_json::{Map, Value};

use super::options::Options;
use super::xml::{self, Element, See, Step, Walker};
use super::{Decoded, Format, Give, nitf};
use crate::model::Item;

/// See the module.
pub struct NewsMlG2;

impl Format for NewsMlG2 {
    fn name(&self) -> &'static str {
        "newsml-g2"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        xml::root(head).is_some_and(|root| is_item(root) || root == "newsMessage")
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let head = super::charset::head(&item.bytes);
        let alone = xml::root(&head) != Some("newsMessage");
        xml::decode(item, options, give, read, alone)
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        xml::sample(item, options, read)
    }
}

fn is_item(name: &str) -> bool {
    matches!(
        name,
        "newsItem" | "packageItem" | "conceptItem" | "knowledgeItem" | "planningItem" | "catalogItem"
    )
}

fn read(text: &str, options: &Options, see: See) {
    let mut walker = Walker::new(text, &options.limits);
    loop {
        let go_on = match walker.next(is_item) {
            Ok(Step::Element(item)) => {
                let range = item.range.clone();
                see(Ok((fields(&item), range)))
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

fn fields(item: &Element) -> Value {
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty())
            && !map.contains_key(key)
        {
            map.insert(key.to_owned(), value.into());
        }
    };
    let meta = item.at("itemMeta");
    let content = item.at("contentMeta");
    let of_meta = |path: &str| meta.and_then(|m| m.line_at(path));
    let of_content = |path: &str| content.and_then(|c| c.line_at(path));
    put("guid", item.attr("guid").map(str::to_owned));
    put("version", item.attr("version").map(str::to_owned));
    put("headline", of_content("headline").or_else(|| title(item, meta)));
    put(
        "description",
        content.and_then(|c| c.at("description")).and_then(Element::prose).or_else(|| definition(item)),
    );
    put("versionCreated", of_meta("versionCreated"));
    put("firstCreated", of_meta("firstCreated"));
    put("contentCreated", of_content("contentCreated"));
    let status = meta.and_then(|m| m.at("pubStatus"));
    put("pubStatus", status.and_then(|s| s.attr("qcode").or(s.attr("uri"))).map(str::to_owned));
    let language = content.and_then(|c| c.at("language")).and_then(|l| l.attr("tag"));
    put("language", language.map(str::to_owned));
    put("xml:lang", item.attr("xml:lang").map(str::to_owned));
    put("byline", of_content("by").or_else(|| of_content("creator/name")));
    put("dateline", of_content("dateline"));
    put("slugline", of_content("slugline"));
    let provider = meta.and_then(|m| m.at("provider"));
    put("source", of_content("infoSource/name").or_else(|| provider.and_then(party)));
    put("copyright", item.line_at("rightsInfo/copyrightHolder/name"));
    let subjects = content.into_iter().flat_map(|c| c.all("subject")).filter_map(|s| s.line_at("name"));
    let subjects: Vec<String> = subjects.take(50).collect();
    put("subject", (!subjects.is_empty()).then(|| subjects.join(", ")));
    let link = meta.into_iter().flat_map(|m| m.all("link")).find(|l| l.attr("rel").is_some_and(is_own));
    put("url", link.and_then(|l| l.attr("href")).map(str::to_owned));
    if let Some(set) = item.at("contentSet") {
        put("body", body(set));
        if let Some(inner) = set.find("nitf") {
            nitf::fields(inner, &mut map);
        }
    }
    Value::Object(map)
}

/// Whether a link leads to the article itself.
fn is_own(rel: &str) -> bool {
    matches!(rel.rsplit(':').next(), Some("isA" | "canonical" | "permalink" | "webpage"))
}

/// Who: a name, else the last part of a code such as `nprov:NW`.
fn party(element: &Element) -> Option<String> {
    element.line_at("name").or_else(|| {
        let code = element.attr("qcode").or(element.attr("literal"))?;
        code.rsplit(':').next().map(str::to_owned)
    })
}

/// What stands for a headline in an item that is no story: its own title, or the name of what it tells about.
fn title(item: &Element, meta: Option<&Element>) -> Option<String> {
    meta.and_then(|m| m.line_at("title"))
        .or_else(|| item.line_at("concept/name"))
        .or_else(|| item.line_at("conceptSet/concept/name"))
        .or_else(|| item.line_at("contentMeta/slugline"))
        // Packages and plans name what they are about in their parts.
        .or_else(|| ["headline", "title", "slugline"].iter().find_map(|name| item.find(name)?.line()))
}

fn definition(item: &Element) -> Option<String> {
    item.at("concept/definition")
        .or_else(|| item.at("conceptSet/concept/definition"))
        .and_then(Element::prose)
}

/// The story's words: a page or NITF inside, or plain text.
fn body(set: &Element) -> Option<String> {
    let xml = set.all("inlineXML").find_map(|inline| {
        if let Some(nitf) = inline.find("nitf") {
            let content = nitf.at("body/body.content").or_else(|| nitf.find("body.content"))?;
            return content.prose();
        }
        inline.find("body").unwrap_or(inline).prose()
    });
    xml.or_else(|| {
        let data = set.all("inlineData").filter(|d| d.attr("encoding").is_none());
        data.filter(|d| d.attr("contenttype").is_none_or(|t| t.starts_with("text") || t.contains("html")))
            .find_map(Element::prose)
    })
}
