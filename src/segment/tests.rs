//! Laws and examples of cutting.

use proptest::prelude::*;

use super::{sentences, tokens};
use crate::model::Span;

fn cut(text: &str) -> Vec<&str> {
    tokens(text, Span::new(0, text.len())).iter().map(|t| t.span.of(text)).collect()
}

fn split(text: &str) -> Vec<&str> {
    sentences(text, 0).iter().map(|s| s.of(text)).collect()
}

#[track_caller]
fn check(text: &str, wanted: &str) {
    assert_eq!(cut(text).join("|"), wanted, "{text}");
}

#[test]
fn clitics() {
    check("Russia's fleet didn't sail", "Russia|'s|fleet|did|n't|sail");
    check("Russia’s fleet didn’t sail", "Russia|’s|fleet|did|n’t|sail");
    check("Russians' boats cannot sail; I'm gonna wait", "Russians|'|boats|can|not|sail|;|I|'m|gon|na|wait");
    check("O'Connor left Sana'a at six o'clock", "O'Connor|left|Sana'a|at|six|o'clock");
    check("the '60s and 'the' 1960s", "the|'60s|and|'|the|'|1960s");
}

#[test]
fn hyphens() {
    check("a four-day visit by Bashar al-Assad", "a|four|-|day|visit|by|Bashar|al|-|Assad");
    check("pro-Russian ex-president's e-mail", "pro-Russian|ex-president|'s|e-mail");
    check("U.S.-led talks -- again", "U.S.|-|led|talks|--|again");
    check("2019-2021 and 2025-11-22", "2019|-|2021|and|2025-11-22");
}

#[test]
fn numbers_and_money() {
    check("$3bn, €1,000.50 and 12% at 6:30am", "$|3|bn|,|€|1,000.50|and|12|%|at|6:30|am");
    check("on 9/11, No. 5 or no.", "on|9/11|,|No.|5|or|no|.");
    check("the 20th century (1,200 ships)", "the|20th|century|(|1,200|ships|)");
}

#[test]
fn abbreviations_and_addresses() {
    check("Mr. Li of Acme Corp. met the U.S. envoy.", "Mr.|Li|of|Acme|Corp.|met|the|U.S.|envoy|.");
    check("AT&T and R&D by Sgt. J. K. Low", "AT&T|and|R&D|by|Sgt.|J.|K.|Low");
    check("see https://example.org/a-b?c=1.", "see|https://example.org/a-b?c=1|.");
    check("write to a.b@example.org, or @desk #talks", "write|to|a.b@example.org|,|or|@desk|#talks");
    check("\"No,\" he said... 'Why?!'", "\"|No|,|\"|he|said|...|'|Why|?!|'");
}

#[test]
fn sentences_end_where_readers_end_them() {
    assert_eq!(split("He left. She stayed."), ["He left.", "She stayed."]);
    assert_eq!(split("Gen. Ali met Mr. Roy. Talks followed."), ["Gen. Ali met Mr. Roy.", "Talks followed."]);
    assert_eq!(split("It hit the U.S. The fleet left."), ["It hit the U.S.", "The fleet left."]);
    assert_eq!(
        split("The U.S. President spoke on Jan. 5 at 5 p.m. Monday."),
        ["The U.S. President spoke on Jan. 5 at 5 p.m. Monday."]
    );
    assert_eq!(split("\"We agree.\" He left."), ["\"We agree.\"", "He left."]);
    assert_eq!(split("\"Why?\" he asked. \"Because.\""), ["\"Why?\" he asked.", "\"Because.\""]);
    assert_eq!(
        split("J. K. Low spoke. (So did Ann.) Then rain."),
        ["J. K. Low spoke.", "(So did Ann.)", "Then rain."]
    );
    assert_eq!(split("Oil rose 3.5 percent.\nGas fell"), ["Oil rose 3.5 percent.", "Gas fell"]);
    assert_eq!(split("1. Talks begin. 2. Talks end."), ["1. Talks begin.", "2. Talks end."]);
    assert_eq!(
        split("Well... He waited. Prices of Acme Inc. shares fell."),
        ["Well...", "He waited.", "Prices of Acme Inc. shares fell."]
    );
    assert_eq!(split("He answered no. Nobody left."), ["He answered no.", "Nobody left."]);
    assert_eq!(split("That was the end.Then it rained."), ["That was the end.", "Then it rained."]);
}

/// Checks that `parts` are ordered, apart, and leave only white space of `text[from..to]` uncovered.
fn tiles(text: &str, from: usize, to: usize, parts: impl Iterator<Item = Span>) -> Result<(), TestCaseError> {
    let mut at = from;
    for part in parts {
        prop_assert!(part.start as usize >= at && part.start < part.end && part.end as usize <= to);
        prop_assert!(text[at..part.start as usize].chars().all(char::is_whitespace));
        at = part.end as usize;
    }
    prop_assert!(text[at..to].chars().all(char::is_whitespace));
    Ok(())
}

fn laws(text: &str) -> Result<(), TestCaseError> {
    let spans = sentences(text, 0);
    tiles(text, 0, text.len(), spans.iter().copied())?;
    for span in spans {
        tiles(text, span.start as usize, span.end as usize, tokens(text, span).iter().map(|t| t.span))?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_tiled(text in any::<String>()) {
        laws(&text)?;
    }

    #[test]
    fn text_like_news_is_tiled(text in r#"([A-Z]?[a-z]{0,4}|[0-9]{1,4}|[.,:;!?'"’“”()\-/&@#$%…+]|n't|U\.S\.| |\n|http://|İ){0,40}"#) {
        laws(&text)?;
    }

    #[test]
    fn a_start_inside_is_respected(text in any::<String>(), from in 0usize..40) {
        prop_assert!(sentences(&text, from).iter().all(|s| s.start as usize >= from.min(text.len())));
    }

    #[test]
    fn a_word_is_cut_alike_anywhere(word in r"[A-Za-z][A-Za-z'’&-]{0,8}[a-z]") {
        let alone: Vec<String> = cut(&word).into_iter().map(String::from).collect();
        let text = format!("then {word} again");
        let inside: Vec<String> = cut(&text)[1..].iter().map(|s| s.to_string()).collect();
        prop_assert_eq!(&inside[..inside.len() - 1], &alone[..]);
    }
}
