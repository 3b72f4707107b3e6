//! The room from outside: bytes in, articles and losses out.

use chrono::DateTime;
use proptest::prelude::*;

use super::laws::lawful;
use super::*;
use crate::model::{Status, Zone};

pub(super) fn item(path: &str, bytes: impl Into<Vec<u8>>) -> Item {
    let seen_at = DateTime::from_timestamp(1_930_831_500, 0).unwrap();
    Item { path: path.into(), range: None, bytes: bytes.into(), seen_at }
}

fn read(path: &str, text: &str) -> Decoded {
    decode(&item(path, text), &Options::default())
}

pub(super) fn reasons(decoded: &Decoded) -> Vec<&'static str> {
    decoded.lost.iter().map(|lost| lost.reason).collect()
}

pub(super) fn titles(decoded: &Decoded) -> Vec<&str> {
    decoded.articles.iter().map(|a| a.title.as_deref().unwrap_or("")).collect()
}

#[test]
fn a_wire_story_in_json_has_everything() {
    let decoded = read(
        "inbox/a.json",
        r#"{"guid": "urn:nw:7", "headline": "Envoy leaves &amp; returns", "body_html": "<p>RIGA, March 9 (NW) - The envoy left.</p><p>He returned.</p>",
            "versioncreated": "2031-03-09T14:05:00+02:00", "provider": [{"name": "Northern Wire"}], "language": "en-GB",
            "pubstatus": "canceled", "version": 3, "byline": "A. Writer", "subject": [{"name": "diplomacy"}, {"name": "travel"}]}"#,
    );
    let article = &decoded.articles[0];
    assert_eq!(article.id, "urn:nw:7");
    assert_eq!(article.title.as_deref(), Some("Envoy leaves & returns"));
    assert_eq!(article.text, "RIGA, March 9 (NW) - The envoy left.\n\nHe returned.");
    let dateline = article.dateline.as_ref().unwrap();
    assert_eq!((dateline.place.as_str(), &article.text[dateline.len as usize..][..9]), ("RIGA", "The envoy"));
    assert_eq!(article.day().to_string(), "2031-03-09");
    assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("Northern Wire"), Some("en")));
    assert_eq!((article.status, article.version.as_deref()), (Status::Withdrawn, Some("3")));
    assert_eq!(
        (article.author.as_deref(), article.section.as_deref()),
        (Some("A. Writer"), Some("diplomacy, travel"))
    );
    assert_eq!((decoded.format, article.range.clone()), (Some("json"), None));
}

#[test]
fn lists_come_bare_in_a_row_and_wrapped() {
    let two = r#"{"title": "One", "text": "a"}, {"title": "Two", "text": "b"}"#;
    let bare = format!("[{two}]");
    let documents = [
        bare.clone(),
        two.replace("}, {", "}\n\n{"),
        two.replace(", {", "{"),
        format!(r#"{{"status": "ok", "articles": {bare}}}"#),
        format!(r#"{{"response": {{"numFound": 2, "docs": {bare}}}}}"#),
        format!(r#"{{"version": "https://x.example/1", "title": "A feed", "items": {bare}}}"#),
        format!(r#"{{"data": {bare}}}"#),
        format!(r#"{{"articles": {{"results": {bare}}}}}"#),
        r#"{"hits": {"total": 2, "hits": [{"_id": "1", "_source": {"title": "One", "text": "a"}}, {"_id": "2", "_source": {"title": "Two", "text": "b"}}]}}"#.into(),
        serde_json::to_string_pretty(&serde_json::from_str::<serde_json::Value>(&bare).unwrap()).unwrap(),
    ];
    for document in documents {
        let decoded = read("a.json", &document);
        assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec![]), "{document}");
        for article in &decoded.articles {
            let range = article.range.clone().unwrap();
            let part = &document[range.start as usize..range.end as usize];
            assert!(
                part.starts_with('{')
                    && part.ends_with('}')
                    && part.contains(article.title.as_deref().unwrap())
            );
        }
    }
}

#[test]
fn an_article_with_lists_of_its_own_is_one_article() {
    let decoded =
        read("a.json", r#"{"title": "One", "text": "a", "items": [{"title": "no"}], "data": [{"x": 1}]}"#);
    assert_eq!(titles(&decoded), ["One"]);
}

#[test]
fn a_bad_line_costs_that_line_only() {
    let text = "{\"title\": \"One\"}\n{\"title\": \"Two\", oops}\n\n{\"title\": \"Thr\n{\"title\": \"Four\"}\n[1]\n{\"title\": \"Five\"";
    let decoded = read("a.jsonl", text);
    assert_eq!(titles(&decoded), ["One", "Four"]);
    assert_eq!(reasons(&decoded), ["malformed", "truncated", "no_articles", "truncated"]);
    let lost = &decoded.lost[0];
    assert!(lost.error.starts_with("line 2, column 18"), "{}", lost.error);
    assert_eq!(lost.range, Some(17..39));
    assert_eq!(decoded.format, Some("jsonl"));
}

#[test]
fn content_beats_a_lying_extension() {
    let lines = "{\"title\": \"One\"}\n{\"title\": \"Two\"}\n";
    assert_eq!(read("a.json", lines).format, Some("jsonl"));
    assert_eq!(read("a.txt", lines).articles.len(), 2);
    assert_eq!(read("a.jsonl", "{\n  \"title\": \"One\"\n}\n{\n \"title\": \"Two\"\n}").articles.len(), 2);
    assert_eq!(read("a.json", "The envoy left.").format, Some("text"));
    assert_eq!(read("a.md", "{\"title\": \"One\"}").format, Some("json"));
    assert_eq!(read("a.txt", "[Editor's note] The envoy left.").format, Some("text"));
}

#[test]
fn what_stands_before_a_truncation_is_kept() {
    let decoded = read("a.json", "[{\"title\": \"One\"},\n {\"title\": \"Two\"}, {\"title\": \"Thr");
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec!["truncated"]));
    let lost = &decoded.lost[0];
    assert!(lost.error.contains("begins at line 2, column 20"), "{}", lost.error);
    assert_eq!(reasons(&read("a.json", "{\"articles\": [{\"title\": \"One\"}")), ["truncated"]);
    assert_eq!(titles(&read("a.json", "{\"articles\": [{\"title\": \"One\"}")), ["One"]);
}

#[test]
fn depth_length_and_number_have_limits_that_are_named() {
    for deep in ["[".repeat(100_000), format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000))] {
        let decoded = read("a.json", &deep);
        assert_eq!(reasons(&decoded), ["too_deep"]);
        assert!(decoded.lost[0].error.contains("max_depth"));
    }
    let limits = Limits { max_line: 40, max_articles: 2, max_bytes: 1000, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let long =
        format!("{{\"title\": \"One\"}}\n{{\"title\": \"{}\"}}\n{{\"title\": \"Two\"}}\n", "x".repeat(99));
    let decoded = decode(&item("a.jsonl", long.clone()), &options);
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec!["too_long"]));
    assert!(decoded.lost[0].hint.as_deref().unwrap().contains("max_line = 128"));
    let decoded = decode(&item("a.jsonl", format!("{long}{{\"title\": \"Three\"}}\n")), &options);
    assert_eq!(reasons(&decoded), ["too_long", "too_many"]);
    let decoded = decode(&item("a.txt", "word ".repeat(300)), &options);
    assert_eq!(reasons(&decoded), ["too_long"]);
    assert!(decoded.lost[0].hint.as_deref().unwrap().contains("max_bytes = 2048"));
}

#[test]
fn what_is_no_text_says_so() {
    for (bytes, reason) in [
        (&b""[..], "empty"),
        (b" \n\t\r\n ", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "truncated"),
        (b"abc\0\0\0\0\x01\x02\x03", "binary"),
        (b"<!DOCTYPE html><p>", "no_text"),
        (b"[]", "no_articles"),
        (b"{}", "no_text"),
        (b"[[1, 2], 3]", "no_articles"),
        (b"---\ntitle:\n---\n", "no_text"),
    ] {
        let decoded = decode(&item("a", bytes), &Options::default());
        assert_eq!(reasons(&decoded), [reason], "{bytes:?}");
        assert!(decoded.articles.is_empty());
    }
}

#[test]
fn a_body_under_an_unknown_name_is_pointed_at() {
    let story = "The envoy left the capital in the morning and was expected back before night. ".repeat(8);
    let text =
        format!(r#"{{"headline": "Envoy leaves", "payload": {{"story": "{story}"}}, "ts": 1930831500}}"#);
    let decoded = read("inbox/feed.json", &text);
    assert_eq!(reasons(&decoded), ["no_text"]);
    let lost = &decoded.lost[0];
    assert!(lost.error.contains("looked for: maintext, article_text, articleBody"), "{}", lost.error);
    assert!(lost.error.contains("this file has: headline, payload.story (624 chars), ts"), "{}", lost.error);
    let hint = lost.hint.as_deref().unwrap();
    assert_eq!(hint, "add  [input.map] text = \"payload.story\"   or run  chancery map inbox/feed.json");

    let options = Options { map: vec![(Logical::Text, "payload.story".into())], ..Options::default() };
    let decoded = decode(&item("inbox/feed.json", text.clone()), &options);
    assert_eq!(decoded.articles[0].text.len(), story.trim().len());

    let report = map(&item("inbox/feed.json", text), &Options::default());
    assert_eq!(report.mend, ["text = \"payload.story\"", "published_at = \"ts\""]);
    let shown = report.to_string();
    assert!(shown.contains("title        <- headline"), "{shown}");
    assert!(shown.contains("ignored:     payload.story (624 chars), ts"), "{shown}");
}

#[test]
fn a_headline_alone_is_an_article() {
    let decoded = read(
        "a.json",
        r#"{"title": "Envoy leaves Riga", "seendate": "20310309T140500Z", "language": "English"}"#,
    );
    let article = &decoded.articles[0];
    assert_eq!((article.text.as_str(), article.language.as_deref()), ("", Some("en")));
    assert!(article.id.starts_with("sha256:") && article.id.len() == 23);
    assert_eq!(article.published.unwrap().zone, Zone::Explicit);
}

#[test]
fn a_markdown_file_with_front_matter() {
    let text = "---\ntitle: Envoy leaves\ndate: 2031-03-09 14:05\nurl: https://nw.example/7\nauthor: [A, B]\nlang: English\nid: 7\n---\n\n# Another title\n\nThe envoy left.";
    let decoded = read("a.txt", text);
    let article = &decoded.articles[0];
    assert_eq!((article.title.as_deref(), article.text.as_str()), (Some("Envoy leaves"), "The envoy left."));
    assert_eq!((article.id.as_str(), article.author.as_deref()), ("7", Some("A, B")));
    assert_eq!(article.published.unwrap().at.to_rfc3339(), "2031-03-09T14:05:00+00:00");
    assert_eq!((decoded.format, article.url.as_deref()), (Some("markdown"), Some("https://nw.example/7")));
}

#[test]
fn other_charsets_and_damage() {
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain("{\"title\": \"Été\"}".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(titles(&decode(&item("a.json", utf16), &Options::default())), ["Été"]);
    let mut bytes = "{\"title\": \"Łódź Žilina Ångström\"}\n{\"title\": \"".as_bytes().to_vec();
    bytes.extend_from_slice(b"b\xffd\"}\n{\"title\": \"Three\"}\n");
    let decoded = decode(&item("a.jsonl", bytes.clone()), &Options::default());
    assert_eq!(
        (titles(&decoded), decoded.replaced),
        (vec!["Łódź Žilina Ångström", "b\u{fffd}d", "Three"], 1)
    );
    let range = decoded.articles[2].range.clone().unwrap();
    assert_eq!(&bytes[range.start as usize..range.end as usize], b"{\"title\": \"Three\"}");
}

#[test]
fn a_line_of_a_followed_file_keeps_its_place() {
    let line = Item { range: Some(100..116), ..item("feed.jsonl", "{\"title\": \"One\"}") };
    assert_eq!(decode(&line, &Options::default()).articles[0].range, Some(100..116));
}

#[test]
fn a_million_empty_objects_are_told_in_a_thousand_lines() {
    let decoded = read("a.json", &format!("[{}]", "{},".repeat(5_000)));
    assert_eq!(decoded.lost.len(), 1001);
    assert!(decoded.lost[1000].error.starts_with("4000 more"));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let key = prop_oneof![
        "[a-z@+.\\[\\]]{0,6}",
        proptest::sample::select(vec![
            "title", "text", "body", "source", "date", "items", "data", "content", "_source", "id", "LP"
        ])
        .prop_map(str::to_owned)
    ];
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,30}".prop_map(Into::into),
        "<?/?[a-z]{0,4}>?&[a-z#0-9]{0,4};?.{0,9}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| serde_json::Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_lost(bytes in proptest::collection::vec(any::<u8>(), 0..400), path in "[a-z]\\.(json|jsonl|md|txt)") {
        let len = bytes.len();
        lawful(&decode(&item(&path, bytes), &Options::default()), len);
    }

    #[test]
    fn any_json_is_read_or_lost(value in json(), cut in 0usize..2000, lines in any::<bool>()) {
        let text = if lines { format!("{value}\n{value}") } else { serde_json::to_string_pretty(&value).unwrap() };
        let cut = text_norm::prefix(&text, cut).len();
        for text in [&text[..], &text[..cut]] {
            let bytes = item("a.json", text);
            map(&bytes, &Options::default()).to_string();
            lawful(&decode(&bytes, &Options::default()), text.len());
        }
    }

    #[test]
    fn any_jsonish_text_is_read_or_lost(text in "[\\[\\]{}\",:a-e0-9 \\\\\n\u{1e}ü-]{0,200}") {
        lawful(&read("a.jsonl", &text), text.len());
    }
}
