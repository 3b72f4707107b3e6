//! Every format by a document of our own: what is in it, and what a broken one costs.

use super::laws::lawful;
use super::tests::{item, reasons, titles};
use super::*;
use crate::model::Status;

macro_rules! fixture {
    ($name:literal) => {
        (concat!("inbox/", $name), include_bytes!(concat!("../../tests/fixtures/", $name)) as &[u8])
    };
}

/// A name and the bytes under it.
type Document = (&'static str, &'static [u8]);

/// All documents, with the format that must read them and how many articles they hold.
const ALL: &[(Document, &str, usize)] = &[
    (fixture!("page.html"), "html", 1),
    (fixture!("rss2.xml"), "feed", 2),
    (fixture!("rdf.xml"), "feed", 1),
    (fixture!("atom.xml"), "feed", 2),
    (fixture!("feed.json"), "json", 2),
    (fixture!("ninjs.json"), "json", 1),
    (fixture!("newsml-g2.xml"), "newsml-g2", 2),
    (fixture!("newsml1.xml"), "newsml1", 1),
    (fixture!("nitf.xml"), "nitf", 1),
    (fixture!("desk.xml"), "xml", 2),
    (fixture!("table.csv"), "table", 2),
    (fixture!("table.tsv"), "table", 1),
    (fixture!("letter.eml"), "mail", 1),
    (fixture!("letters.mbox"), "mail", 2),
    (fixture!("wire.7901"), "iptc7901", 1),
    (fixture!("wire.anpa"), "anpa", 1),
    (fixture!("wire.telex"), "iptc7901", 1),
    (fixture!("pages.warc"), "container", 2),
];

fn read((path, bytes): (&str, &[u8])) -> Decoded {
    decode(&item(path, bytes), &Options::default())
}

fn first(document: (&str, &[u8])) -> Article {
    read(document).articles.remove(0)
}

fn published(article: &Article) -> String {
    article.published.map_or("none".into(), |p| p.at.to_rfc3339())
}

#[test]
fn each_document_is_read_by_its_format_whatever_its_name() {
    for ((path, bytes), format, articles) in ALL {
        for path in [*path, "inbox/x", "inbox/x.bin"] {
            // A mailbox, a table and a page without a name are still told by what is in them.
            let decoded = read((path, bytes));
            assert_eq!(
                (decoded.format, decoded.articles.len()),
                (Some(*format), *articles),
                "{path}: {:?}",
                decoded.lost
            );
            lawful(&decoded, bytes.len());
        }
    }
}

#[test]
fn documents_in_a_row_are_told_apart() {
    for ((path, one), ..) in ALL.iter().filter(|(_, format, _)| *format == "nitf") {
        let decoded = decode(&item(path, [*one, *one].concat()), &Options::default());
        let ranges: Vec<_> = decoded.articles.iter().filter_map(|a| a.range.clone()).collect();
        assert!(
            ranges.len() == 2 && ranges[0].end <= ranges[1].start,
            "{path}: {ranges:?} {:?}",
            decoded.lost
        );
    }
    // A bracket astray in a service's answer: what is lost by it is lost once.
    let astray = r#"{"version": "1", "items": [{"title": "One", "date": "x"}, {"title": "Two"}}, {"title": "Three"}]}"#;
    let decoded = decode(&item("a.json", astray), &Options::default());
    lawful(&decoded, astray.len());
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec!["malformed"]));
}

#[test]
fn what_an_archive_says_of_a_page_is_normalised_too() {
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nThe envoy left Riga on Sunday, and he returned.";
    let id = "urn:uuid:0000\u{1}-0000";
    let record = format!(
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <{id}>\r\nContent-Length: {}\r\n\r\n{page}\r\n\r\n",
        page.len()
    );
    let decoded = decode(&item("a.warc", record), &Options::default());
    assert_eq!(decoded.articles[0].id, "urn:uuid:0000-0000");
    // A length beyond all numbers is an end that never comes.
    let endless =
        "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 18446744073709551615\r\n\r\nHTTP/1.1 200 OK";
    assert_eq!(reasons(&decode(&item("a.warc", endless), &Options::default())), ["truncated"]);
}

#[test]
fn ids_and_ranges_are_each_article_s_own() {
    for ((path, bytes), _, articles) in ALL.iter().filter(|(_, _, n)| *n > 1) {
        let decoded = read((path, bytes));
        let mut ids: Vec<&str> = decoded.articles.iter().map(|a| a.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), *articles, "{path}");
        let ranges: Vec<_> =
            decoded.articles.iter().map(|a| a.range.clone().unwrap_or_else(|| panic!("{path}"))).collect();
        assert!(ranges.windows(2).all(|r| r[0].end <= r[1].start), "{path}: {ranges:?}");
    }
}

#[test]
fn a_page_speaks_by_its_metadata_first() {
    let article = first(fixture!("page.html"));
    assert_eq!(article.title.as_deref(), Some("Envoy leaves Riga after two days of talks"));
    assert_eq!(published(&article), "2031-03-09T14:05:00+02:00");
    assert_eq!(article.url.as_deref(), Some("https://nw.example/world/envoy-leaves-riga"));
    assert_eq!(
        (article.source.as_deref(), article.author.as_deref()),
        (Some("Northern Wire"), Some("A. Writer"))
    );
    assert_eq!((article.language.as_deref(), article.section.as_deref()), (Some("en"), Some("World")));
    assert!(article.text.contains("The envoy of the island republic left Riga"), "{}", article.text);
    assert!(
        article.text.contains("in the past year.\n\nA spokeswoman"),
        "paragraphs are kept: {}",
        article.text
    );
    for word in ["Sport", "Ferry line sold", "All rights reserved", "tracking"] {
        assert!(!article.text.contains(word), "{word} is none of the article");
    }
}

#[test]
fn a_page_without_metadata_still_has_a_date_and_a_title() {
    let words = "The envoy of the island republic left Riga on Sunday after two days of talks with the foreign minister. ".repeat(4);
    let html = format!(
        "<html><head><title>Envoy leaves Riga on Sunday | Northern Wire</title></head><body><div class=post-date>9. März 2030</div><p>{words}</p><p>{words}</p></body></html>"
    );
    let article = first(("a", html.as_bytes()));
    assert_eq!(article.title.as_deref(), Some("Envoy leaves Riga on Sunday"));
    assert_eq!(published(&article), "2030-03-09T00:00:00+00:00");
}

#[test]
fn feeds_give_their_entries_and_a_bad_one_costs_itself() {
    let decoded = read(fixture!("rss2.xml"));
    let article = &decoded.articles[0];
    assert_eq!(
        (article.title.as_deref(), article.id.as_str()),
        (Some("Envoy leaves Riga & returns"), "nw:7")
    );
    assert_eq!(article.url.as_deref(), Some("https://nw.example/world/envoy"));
    assert_eq!(article.text, "The envoy left Riga on Sunday.\n\nHe returned at night.");
    assert_eq!(published(article), "2031-03-09T14:05:00+02:00");
    assert_eq!(
        (article.language.as_deref(), article.section.as_deref()),
        (Some("en"), Some("Diplomacy, Baltic"))
    );
    assert_eq!(article.source.as_deref(), Some("Northern Wire: world"));
    assert_eq!(decoded.articles[1].title.as_deref(), Some("Harbour & ferry: a strike ends"));
    assert_eq!(decoded.articles[1].summary.as_deref(), Some("Dockers went back to work on Monday."));
    assert_eq!(reasons(&decoded), ["malformed"]);
    assert!(decoded.lost[0].error.starts_with("line 10"), "{}", decoded.lost[0].error);

    let rdf = first(fixture!("rdf.xml"));
    assert_eq!(
        (rdf.title.as_deref(), rdf.id.as_str()),
        (Some("Minister visits Åland"), "https://nw.example/1")
    );
    assert_eq!(published(&rdf), "2031-03-09T14:05:00+00:00");

    let atom = read(fixture!("atom.xml"));
    assert_eq!(titles(&atom), ["Envoy & minister meet", "Later"]);
    assert_eq!(atom.articles[0].text, "They met in Riga.\n\nThen they parted.");
    assert_eq!(atom.articles[0].url.as_deref(), Some("https://nw.example/atom/meet.html"));
    assert_eq!(atom.articles[0].author.as_deref(), Some("A. Writer"));
    assert_eq!(published(&atom.articles[1]), "2031-03-11T00:00:00+00:00");
}

#[test]
fn the_wires_standards_give_all_they_say() {
    let g2 = read(fixture!("newsml-g2.xml"));
    let article = &g2.articles[0];
    assert_eq!(
        (article.id.as_str(), article.version.as_deref()),
        ("urn:newsml:nw.example:20310309:treaty", Some("4"))
    );
    assert_eq!(
        article.text,
        "RIGA, March 9 (NW) - The treaty on the harbour was signed on Sunday.\n\nIt takes effect at once."
    );
    assert_eq!(
        (article.author.as_deref(), published(article).as_str()),
        (Some("A. Writer"), "2031-03-09T14:05:00+02:00")
    );
    assert_eq!((article.source.as_deref(), article.language.as_deref()), (Some("Northern Wire"), Some("en")));
    assert_eq!((g2.articles[1].status, g2.articles[1].text.as_str()), (Status::Withdrawn, "This was wrong."));

    let old = first(fixture!("newsml1.xml"));
    assert_eq!((old.title.as_deref(), old.version.as_deref()), (Some("Harbour treaty signed"), Some("2")));
    assert_eq!(
        old.text,
        "The treaty on the harbour was signed on Sunday, Northern Wire learned.\n\nIt takes effect at once."
    );
    assert_eq!((old.source.as_deref(), published(&old).as_str()), (Some("NW"), "2031-03-09T14:05:00+02:00"));

    let nitf = first(fixture!("nitf.xml"));
    assert_eq!((nitf.title.as_deref(), nitf.id.as_str()), (Some("Harbour treaty signed"), "nw-13"));
    assert_eq!(nitf.text, "The treaty on the harbour was signed on Sunday.\n\nIt takes effect at once.");
    assert_eq!(published(&nitf), "2031-03-09T14:05:00+02:00");

    let ninjs = first(fixture!("ninjs.json"));
    assert_eq!(
        (ninjs.title.as_deref(), ninjs.version.as_deref()),
        (Some("Harbour treaty signed"), Some("3"))
    );
    assert!(ninjs.text.ends_with("signed.\n\nIt takes effect at once."), "{}", ninjs.text);
}

#[test]
fn the_wires_of_old_are_read() {
    for document in [fixture!("wire.7901"), fixture!("wire.anpa")] {
        let article = first(document);
        assert_eq!(article.title.as_deref(), Some("Harbour treaty signed"), "{}", document.0);
        assert!(article.text.starts_with("RIGA"), "{}", article.text);
        assert!(article.text.ends_with("It takes effect at once."), "{}", article.text);
        assert_eq!(published(&article).get(..16), Some("2031-03-09T14:05"), "{}", document.0);
    }
    assert_eq!(first(fixture!("wire.anpa")).author.as_deref(), Some("A. WRITER"));
    let telex = first(fixture!("wire.telex"));
    assert_eq!(telex.title.as_deref(), Some("HARBOUR TREATY SIGNED"));
    assert_eq!(published(&telex), "2031-03-09T14:05:00+00:00");
}

#[test]
fn tables_and_other_xml_go_by_the_names_of_their_fields() {
    let table = read(fixture!("table.csv"));
    assert_eq!(titles(&table), ["Ferry, sold", "Strike over"]);
    assert_eq!(table.articles[0].text, "The ferry line was sold.\nThe buyer is not known.");
    assert_eq!(published(&table.articles[1]), "2031-03-10T00:00:00+00:00");
    assert_eq!(reasons(&table), ["no_text"]);
    let desk = read(fixture!("desk.xml"));
    assert_eq!(titles(&desk), ["Ferry line sold", "Strike over"]);
    assert_eq!(desk.articles[0].text, "The ferry line was sold.\n\nThe buyer is not known.");
    assert_eq!(
        (desk.articles[0].id.as_str(), published(&desk.articles[0]).as_str()),
        ("21", "2031-03-09T14:05:00+00:00")
    );
}

#[test]
fn letters_are_read_with_their_headers() {
    let letter = first(fixture!("letter.eml"));
    assert_eq!(letter.title.as_deref(), Some("Harbour treaty signed – the day"));
    assert!(letter.text.contains("signed on Sunday.\n\nIt takes effect at once"), "{}", letter.text);
    assert_eq!(
        (letter.source.as_deref(), letter.id.as_str()),
        (Some("The day in the north"), "day-20310309@nw.example")
    );
    let letters = read(fixture!("letters.mbox"));
    assert_eq!(titles(&letters), ["One", "Two"]);
    assert!(
        letters.articles[0].text.contains("From now on the harbour is open."),
        "a sentence is no new message"
    );
}

#[test]
fn web_archives_give_their_pages_with_address_and_time() {
    let decoded = read(fixture!("pages.warc"));
    assert_eq!(titles(&decoded), ["Envoy leaves Riga after two days of talks", "Strike over"]);
    assert_eq!(decoded.passed_over, 4, "info, request, a failure, a picture");
    let (page, small) = (&decoded.articles[0], &decoded.articles[1]);
    assert_eq!(
        page.url.as_deref(),
        Some("https://nw.example/world/envoy-leaves-riga"),
        "the page's own address first"
    );
    assert_eq!(published(page), "2031-03-09T14:05:00+02:00");
    assert_eq!(small.url.as_deref(), Some("https://nw.example/strike"));
    assert_eq!(
        (published(small).as_str(), small.id.as_str()),
        ("2031-03-10T01:02:03+00:00", "urn:uuid:00000000-0000-0000-0000-000000000004")
    );
}

#[test]
fn the_map_shows_where_each_field_came_from() {
    for ((path, bytes), format, _) in ALL {
        let report = map(&item(path, *bytes), &Options::default());
        assert_eq!(report.format, Some(*format), "{path}");
        let fed = |field| report.used.iter().any(|feed| feed.field == field);
        assert!(fed(Logical::Title) || *format == "mail", "{path}: {report}");
        assert!(fed(Logical::Text) || fed(Logical::Summary), "{path}: {report}");
        assert!(fed(Logical::PublishedAt), "{path}: {report}");
    }
    let page = map(&item("a.html", fixture!("page.html").1), &Options::default()).to_string();
    assert!(page.contains("title        <- ld:headline"), "{page}");
    assert!(page.contains("og:title"), "what was ignored is told: {page}");
    // The same setting that mends JSON mends any other format.
    let options = Options { map: vec![(Logical::Title, "og:title".into())], ..Options::default() };
    let article = decode(&item("a.html", fixture!("page.html").1), &options).articles.remove(0);
    assert_eq!(article.title.as_deref(), Some("Envoy leaves Riga after talks"));
}

#[test]
fn entities_are_never_multiplied() {
    let lol = (1..10)
        .map(|i| format!("<!ENTITY l{i} \"{}\">", format!("&l{};", i - 1).repeat(10)))
        .collect::<String>();
    let xml = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY l0 \"lol\">{lol}]><rss><channel><item><title>&l9;</title></item><item><title>Sound &l0;</title></item></channel></rss>"
    );
    let decoded = read(("a.xml", xml.as_bytes()));
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["Sound lol"], vec!["entity_expansion"]));
    // A declaration so long that the outermost element lies behind what formats are recognised by.
    let long = "a".repeat(1 << 20);
    let xml = format!(
        "<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY a \"{long}\">]><rss><channel><item><title>&a;&a;</title></item></channel></rss>"
    );
    assert_eq!(reasons(&read(("a.xml", xml.as_bytes()))), ["entity_expansion"]);
}

#[test]
fn depth_and_length_are_bounded_in_every_format() {
    let wordy = format!("{{\"title\": \"Talks\", \"text\": \"{}\"}}", "They met again. ".repeat(40_000));
    for (path, bytes) in [("a.json", wordy.clone()), ("a.txt", wordy[20..].to_owned())] {
        let decoded = read((path, bytes.as_bytes()));
        assert_eq!((titles(&decoded), reasons(&decoded)), (vec![], vec!["too_long"]));
        let lost = &decoded.lost[0];
        let hint = lost.hint.clone().unwrap_or_default();
        assert!(lost.error.contains("(max_text)") && hint.contains("max_text = 1048576"), "{lost:?}");
    }
    let limits = Limits { max_page: 1000, max_line: 2000, max_fields: 4, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    let lost = |path: &str, text: String| reasons(&decode(&item(path, text), &options)).first().copied();
    assert_eq!(
        lost("a.html", format!("<html><body>{}</body></html>", "<p>word</p>".repeat(200))),
        Some("too_long")
    );
    assert_eq!(
        lost(
            "a.xml",
            format!("<rss><channel><item><title>{}</title></item></channel></rss>", "x".repeat(3000))
        ),
        Some("too_long")
    );
    assert_eq!(
        lost("a.xml", format!("<rss><channel><item>{}</item></channel></rss>", "<b/>".repeat(100))),
        Some("too_many_fields")
    );
    assert_eq!(lost("a.xml", format!("<rss><channel><item>{}", "<b>".repeat(100_000))), Some("too_deep"));
    assert_eq!(lost("a.csv", "title,text,a,b,c\n1,2,3,4,5\n".into()), Some("too_many_fields"));
    assert_eq!(lost("a.csv", format!("title,text\n\"x,{}", "y".repeat(3000))), Some("too_long"));
    assert_eq!(lost("a.json", r#"{"title":"a","b":1,"c":1,"d":1,"e":1}"#.into()), Some("too_many_fields"));
    let deep = format!("<html><body>{}word</body></html>", "<div>".repeat(20_000));
    assert_eq!(decode(&item("a.html", deep), &Options::default()).articles[0].text, "word");
}
