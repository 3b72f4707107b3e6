//! The room from outside: sentences of our own with the dates they hold, and claims with the day they get.

use chrono::{DateTime, FixedOffset, NaiveDate};
use proptest::prelude::*;

use super::*;
use crate::model::{
    Article, Basis, Claim, DateHit, Dateline, Event, EventType, Field, Precision, Published, Rel, RuleRef,
    Sentence, Span, Status, Tense, Token, Tree, Upos, Word, Xpos, Zone,
};

/// An article of Thursday 13 March 2031, morning.
fn article(text: &str) -> Article {
    let at: DateTime<FixedOffset> = DateTime::parse_from_rfc3339("2031-03-13T09:00:00+01:00").unwrap();
    Article {
        id: "a".into(),
        title: None,
        summary: None,
        text: text.into(),
        url: None,
        source: None,
        author: None,
        section: None,
        language: Some("en".into()),
        published: Some(Published { at, zone: Zone::Explicit, day_only: false }),
        seen_at: at.to_utc(),
        dateline: None,
        truncated: false,
        version: None,
        status: Status::Usable,
        path: "a.txt".into(),
        range: None,
        sha256: String::new(),
    }
}

/// One sentence over the whole text, cut at blanks and before signs.
fn sentence(text: &str) -> Sentence {
    let pieces = lex::lex(text, 0, text.len());
    let tokens = pieces.iter().map(|p| Token { span: Span::new(p.start, p.end) }).collect();
    Sentence { field: Field::Text, span: Span::new(0, text.len()), tokens, tree: None }
}

fn hits(text: &str) -> Vec<DateHit> {
    let article = article(text);
    find(&article, &[sentence(text)])
}

fn shown(text: &str) -> String {
    let all: Vec<String> =
        hits(text).iter().map(|hit| format!("{}={}", hit.span.of(text), hit.value)).collect();
    all.join("; ")
}

#[test]
fn dates_named_outright() {
    for (text, wanted) in [
        ("Talks open on 22 November 2031 in Riga.", "22 November 2031=2031-11-22"),
        ("Talks opened on Nov. 22, 2030, in Riga.", "Nov. 22, 2030=2030-11-22"),
        ("They met on Sunday, 9 March 2031.", "Sunday, 9 March 2031=2031-03-09"),
        ("They met on the 3rd of March.", "3rd of March=2031-03-03"),
        ("Talks run from 22-24 March.", "22-24 March=2031-03-22"),
        ("Signed 2031-02-28 at noon.", "2031-02-28=2031-02-28"),
        ("Signed 28/02/2031 at noon.", "28/02/2031=2031-02-28"),
        ("Signed 2/28/31 at noon.", "2/28/31=2031-02-28"),
        ("Signed 28.02.2031.", "28.02.2031=2031-02-28"),
        ("It fell in November 2030 and rose in early December.", "November 2030=2030-11; December=2030-12"),
        ("The fourth quarter of 2030 beat Q3 2030.", "fourth quarter of 2030=2030-Q4; Q3 2030=2030-Q3"),
        ("In 2025 the 1990s seemed far.", "2025=2025; 1990s=199"),
        ("War came in the 19th century and in '82.", "19th century=18; '82=1982"),
        ("From March to June 2030 nobody met.", "March=2030-03; June 2030=2030-06"),
        ("It was agreed in August last year.", "August last year=2030-08"),
        ("In the first half of 2030 it grew.", "first half of 2030=2030-H1"),
        ("After the September 11 attacks much changed.", "September 11=2001-09-11"),
    ] {
        assert_eq!(shown(text), wanted, "{text}");
    }
}

#[test]
fn dates_by_reference() {
    for (text, wanted) in [
        ("They met on Sunday.", "Sunday=2031-03-09"),
        ("They met on Thursday.", "Thursday=2031-03-13"),
        ("They will meet on Sunday.", "Sunday=2031-03-16"),
        ("They are scheduled to meet on Monday evening.", "Monday evening=2031-03-17TEV"),
        (
            "They met last Thursday and meet again next Thursday.",
            "last Thursday=2031-03-06; next Thursday=2031-03-20",
        ),
        ("The envoy left yesterday and returns tomorrow.", "yesterday=2031-03-12; tomorrow=2031-03-14"),
        ("Tonight or this morning, it makes no odds.", "Tonight=2031-03-13TNI; this morning=2031-03-13TMO"),
        ("Last week was worse than this month.", "Last week=2031-W10; this month=2031-03"),
        ("Next year is better than last year.", "Next year=2032; last year=2030"),
        (
            "Two days ago he was here, three months ago he was not.",
            "Two days ago=2031-03-11; three months ago=2030-12",
        ),
        ("The law will lapse in two weeks.", "two weeks=2031-03-27"),
        ("He resigned earlier this year.", "this year=2031"),
        ("It ended on 5 March and resumed the next day.", "5 March=2031-03-05; next day=2031-03-06"),
        ("The last quarter was poor.", "last quarter=2030-Q4"),
        ("They fought in October.", "October=2030-10"),
        ("Elections will be held in October.", "October=2031-10"),
        ("Elections should be completed in October.", "October=2031-10"),
        ("The conclave is set to open in May.", "May=2031-05"),
        ("It broke the record set in November.", "November=2030-11"),
        ("They spoke over the weekend.", "the weekend=2031-W10-WE"),
        (
            "Pipelines froze last winter, not in the summer of 2030.",
            "last winter=2030-WI; summer of 2030=2030-SU",
        ),
    ] {
        assert_eq!(shown(text), wanted, "{text}");
    }
}

#[test]
fn what_looks_like_a_date_and_is_none() {
    for text in [
        "They may march on the capital.",
        "May said that Mark August Wilson had left.",
        "About 2000 troops and 1990 civilians were moved.",
        "It cost $2010 and weighed 2,015 kg.",
        "The Sunday Times reported on Black Friday sales.",
        "A man of 22, room 2019, scored 3-2.",
        "Version 1.2.3 of the F-2000 flew 5.10 km.",
        "For the first time in two years they met.",
        "The 38-year-old second secretary spoke for ten days.",
        "The March 23 Movement took the town.",
        "He has a quarter of the votes.",
    ] {
        assert_eq!(shown(text), "", "{text}");
    }
}

#[test]
fn weekdays_resolve_in_the_articles_own_zone() {
    let text = "They met on Thursday.";
    let mut late = article(text);
    // Half past eleven on Wednesday evening in New York is Thursday in Greenwich.
    let at = DateTime::parse_from_rfc3339("2031-03-12T23:30:00-04:00").unwrap();
    late.published = Some(Published { at, zone: Zone::Explicit, day_only: false });
    assert_eq!(find(&late, &[sentence(text)])[0].value, "2031-03-06");
}

fn claim(text: &str, trigger: &str, tense: Tense) -> Claim {
    let start = text.find(trigger).unwrap();
    let span = Span::new(start, start + trigger.len());
    let token = sentence(text).tokens.iter().position(|t| t.span.start == span.start).unwrap() as u16;
    Claim {
        sentence: 0,
        event: EventType::Consult,
        mode: vec![],
        context: vec![],
        cameo: None,
        intensity: 2.5,
        actors: vec![],
        recipients: vec![],
        reciprocal: false,
        trigger: (token, token + 1),
        span,
        rule: RuleRef { id: "test".into(), at: "test:1".into() },
        aux: vec![],
        tense,
        attribution: None,
        magnitude: None,
        confidence: 1.0,
        because: vec![],
    }
}

fn dated(article: &Article, trigger: &str, tense: Tense, tree: Option<Tree>) -> Event {
    let sentences = [Sentence { tree, ..sentence(&article.text) }];
    let hits = find(article, &sentences);
    date(claim(&article.text, trigger, tense), article, &sentences, &hits)
}

/// `date[/end] basis precision`
fn told(event: &Event) -> String {
    let end = event.end_date.map(|end| format!("/{end}")).unwrap_or_default();
    format!("{}{end} {} {}", event.date, event.basis.as_str(), event.precision.as_str())
}

#[test]
fn events_take_the_date_beside_them() {
    use Tense::*;
    for (text, trigger, tense, wanted) in [
        ("The envoy landed in Riga on Sunday to a cold welcome.", "landed", Past, "2031-03-09 relative day"),
        ("The ministers will meet on Sunday in Riga.", "meet", Future, "2031-03-16 relative day"),
        ("On 2 March 2031 the two sides signed a treaty.", "signed", Past, "2031-03-02 explicit day"),
        ("The envoy left for Riga.", "left", Past, "2031-03-13 published day"),
        ("Riga imposed tariffs last week.", "imposed", Past, "2031-03-03/2031-03-09 relative week"),
        ("Riga imposed tariffs this month.", "imposed", Past, "2031-03-01/2031-03-13 relative month"),
        ("The fund was founded in 2001.", "founded", Past, "2001-01-01/2001-12-31 explicit year"),
        ("The truce holds until Friday, officials agreed.", "agreed", Past, "2031-03-13 published day"),
        ("Oslo criticised the 2015 deal.", "criticised", Past, "2031-03-13 published day"),
        (
            "Oslo met Riga on Monday; on Tuesday it expelled an envoy.",
            "expelled",
            Past,
            "2031-03-11 relative day",
        ),
        ("Oslo met Riga on Monday; on Tuesday it expelled an envoy.", "met", Past, "2031-03-10 relative day"),
        (
            "The president began a four-day visit to Oslo.",
            "visit",
            Past,
            "2031-03-13/2031-03-16 published day",
        ),
        (
            "The president arrived on Sunday for a four-day visit.",
            "visit",
            Past,
            "2031-03-09/2031-03-12 relative day",
        ),
        (
            "The president ended a four-day visit on Sunday.",
            "visit",
            Past,
            "2031-03-06/2031-03-09 relative day",
        ),
        ("The envoys talked for three days.", "talked", Past, "2031-03-13/2031-03-15 published day"),
        ("Oslo gave Riga a ten-day ultimatum.", "gave", Past, "2031-03-13 published day"),
        ("Talks run from 22-24 March in Riga.", "Talks", Future, "2031-03-22/2031-03-24 relative day"),
    ] {
        assert_eq!(told(&dated(&article(text), trigger, tense, None)), wanted, "{text}");
    }
}

#[test]
fn a_weekday_follows_the_tense_of_its_claim() {
    // The cue of the sentence looks back ("said"), the claim ahead.
    let text = "He said the ministers meet on Sunday.";
    assert_eq!(dated(&article(text), "meet", Tense::Future, None).date.to_string(), "2031-03-16");
    assert_eq!(dated(&article(text), "said", Tense::Past, None).date.to_string(), "2031-03-09");
}

#[test]
fn without_a_date_the_basis_says_what_was_used() {
    let mut wire = article("RIGA, March 12 (NW) - The envoy left.");
    wire.dateline =
        Some(Dateline { place: "RIGA".into(), day: NaiveDate::from_ymd_opt(2031, 3, 12), len: 22 });
    assert_eq!(told(&dated(&wire, "left", Tense::Past, None)), "2031-03-12 dateline day");
    let mut unsigned = article("The envoy left.");
    unsigned.published = None;
    let event = dated(&unsigned, "left", Tense::Past, None);
    assert_eq!((event.basis, event.precision, event.date_hit), (Basis::Seen, Precision::Day, None));
}

/// A tree from `(head, relation, part of speech)` a token, heads from 1, 0 for the root.
fn tree(words: &[(u16, Rel, Upos)]) -> Tree {
    let word = |&(head, rel, upos): &(u16, Rel, Upos)| Word {
        upos,
        xpos: Xpos::Nn,
        lemma: "".into(),
        head: head.checked_sub(1),
        rel,
    };
    Tree::new(words.iter().map(word).collect())
}

#[test]
fn the_tree_tells_whose_date_it_is() {
    use Rel::*;
    use Upos::*;
    let text = "Oslo condemned Riga for shelling villages on Sunday";
    let parsed = tree(&[
        (2, Nsubj, Propn),
        (0, Root, Verb),
        (2, Obj, Propn),
        (5, Mark, Sconj),
        (2, Advcl, Verb),
        (5, Obj, Noun),
        (8, Case, Adp),
        (5, Obl, Propn),
    ]);
    let one = article(text);
    assert_eq!(told(&dated(&one, "shelling", Tense::Past, Some(parsed.clone()))), "2031-03-09 relative day");
    assert_eq!(told(&dated(&one, "condemned", Tense::Past, Some(parsed))), "2031-03-13 published day");

    let text = "Oslo held talks on Sunday";
    let parsed = tree(&[(2, Nsubj, Propn), (0, Root, Verb), (2, Obj, Noun), (5, Case, Adp), (2, Obl, Propn)]);
    assert_eq!(told(&dated(&article(text), "talks", Tense::Past, Some(parsed))), "2031-03-09 relative day");

    let text = "Riga said on Sunday Oslo left";
    let parsed = tree(&[
        (2, Nsubj, Propn),
        (0, Root, Verb),
        (4, Case, Adp),
        (2, Obl, Propn),
        (6, Nsubj, Propn),
        (2, Ccomp, Verb),
    ]);
    assert_eq!(
        told(&dated(&article(text), "left", Tense::Past, Some(parsed.clone()))),
        "2031-03-09 relative day"
    );
    assert_eq!(told(&dated(&article(text), "left", Tense::Future, Some(parsed))), "2031-03-13 published day");
}

#[test]
fn history_is_over_a_year_old() {
    let text = "In 1991 and in 2029, on 14 March 2030 and on Sunday they met.";
    let one = article(text);
    let old: Vec<bool> = hits(text).iter().map(|hit| historical(hit, &one)).collect();
    assert_eq!(old, [true, true, false, false]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn hits_lie_inside_in_order_and_apart(words in proptest::collection::vec(proptest::sample::select(vec![
        "on", "in", "last", "next", "this", "the", "Sunday", "May", "Nov", ".", ",", "22", "31", "2030", "30", "February",
        "-", "/", "'", "s", "two", "days", "ago", "week", "year", "of", "first", "quarter", "end", "summer", "Q", "4",
        "1990", "9999", "0", "é", "ago", "earlier", "same", "day", "99999999999", "th", "for", "visit", "tomorrow", "night",
    ]), 0..25), glue in any::<u32>()) {
        let mut text = String::new();
        for (i, word) in words.iter().enumerate() {
            text.push_str(word);
            if glue >> (i % 32) & 1 == 0 { text.push(' '); }
        }
        let one = article(&text);
        let sentences = [sentence(&text)];
        let found = find(&one, &sentences);
        let mut end = 0;
        for hit in &found {
            prop_assert!(hit.span.start >= end && hit.span.end as usize <= text.len() && !hit.span.is_empty());
            prop_assert!(hit.start <= hit.end && !hit.span.of(&text).is_empty());
            end = hit.span.end;
        }
        if let Some(at) = text.find("visit") {
            prop_assume!(sentences[0].tokens.iter().any(|t| t.span.start as usize == at));
            let event = date(claim(&text, "visit", Tense::Past), &one, &sentences, &found);
            prop_assert!(event.end_date.is_none_or(|end| end > event.date));
        }
    }
}
