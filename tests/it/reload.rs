//! The lexicon is exchanged under a running watch: by saving a file of it, and by SIGHUP.

use std::fs;

use crate::live::{Place, until};

const HEAD: &str = "# licence: ours\n# source: us\nid\tname\tkind\tcountry\n";

fn story(n: u32) -> String {
    format!(
        "Borduria story {n}\n\nOSLO, Nov 22 (Fjord Wire) - Borduria attacked Norway on Sunday, officials of village {n} said.\n"
    )
}

/// The hash in the records of each of the first lines, by their order.
fn hashes(place: &Place) -> Vec<String> {
    let text = fs::read_to_string(place.path("events.jsonl")).unwrap_or_default();
    let hash = |line: &str| {
        let record: serde_json::Value = serde_json::from_str(line).unwrap();
        record["coder"]["lexicon_sha256"].as_str().unwrap().to_string()
    };
    text.lines().map(hash).collect()
}

#[test]
fn an_edit_is_taken_up_and_a_fault_is_not() {
    let place = Place::new();
    fs::create_dir_all(place.path("mine/actors")).unwrap();
    let table = place.path("mine/actors/mine.tsv");
    // Saved as editors do: written beside, then renamed.
    let save = |row: &str| {
        fs::write(place.path("draft.tsv"), format!("{HEAD}{row}\n")).unwrap();
        fs::rename(place.path("draft.tsv"), &table).unwrap();
    };
    save("borduria\tBorduria\tcountry\tALB");
    let mut watch = place.start(&["--lexicon", "mine"]).ready();
    fs::write(place.inbox("1.txt"), story(1)).unwrap();
    place.until_lines(1);

    // Taken up by itself.
    save("borduria\tBorduria\tcountry\tHUN");
    watch.until_said("the lexicon was read again");
    fs::write(place.inbox("2.txt"), story(2)).unwrap();
    place.until_lines(2);

    // Broken: told, and the one before goes on.
    save("borduria\tBorduria\tcuontry\tHUN");
    watch.until_said("unknown kind \"cuontry\"");
    fs::write(place.inbox("3.txt"), story(3)).unwrap();
    place.until_lines(3);

    // Mended, and told by hand as well.
    save("borduria\tBorduria\tcountry\tROU");
    watch.until_said("the lexicon was read again");
    watch.signal("-HUP");
    watch.until_said("the lexicon was read again");
    fs::write(place.inbox("4.txt"), story(4)).unwrap();
    place.until_lines(4);

    let all = hashes(&place);
    assert!(all[0] != all[1] && all[1] == all[2] && all[2] != all[3], "{all:?}");
    let text = fs::read_to_string(place.path("events.jsonl")).unwrap();
    for (line, dyad) in text.lines().zip(["ALB>NOR", "HUN>NOR", "HUN>NOR", "ROU>NOR"]) {
        assert!(line.contains(dyad), "{dyad}: {line}");
    }
    let (code, said) = watch.stop();
    assert_eq!(code, Some(130));
    assert!(said.contains("lexicon refused"), "the refusal is counted: {said}");
}

#[test]
fn without_a_directory_a_hangup_reads_the_settings_again() {
    let place = Place::new();
    let mut watch = place.start(&[]).ready();
    watch.signal("-HUP");
    watch.until_said("the lexicon was read again");
    fs::write(
        place.inbox("1.txt"),
        "Norway\n\nOSLO, Nov 22 (Fjord Wire) - Norway attacked Denmark on Sunday.\n",
    )
    .unwrap();
    until("a line", || place.path("events.jsonl").metadata().is_ok_and(|m| m.len() > 0));
    assert_eq!(watch.stop().0, Some(130));
}
