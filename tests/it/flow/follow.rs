//! Followed files: growing, renamed, truncated, copied.

use std::fs;

use chancery::flow;
use chancery::source::Until;

use super::{Bench, append};

#[tokio::test]
async fn a_growing_file_is_followed_by_whole_lines_through_restarts() {
    let bench = Bench::new();
    let feed = bench.inbox("feed.jsonl");
    bench
        .watching(async {
            append(&feed, "{\"n\":1}\n{\"n\":");
            bench.until_texts(1).await;
            append(&feed, "2}\n");
            bench.until_texts(2).await;
        })
        .await;
    append(&feed, "{\"n\":3}\n");
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.lines_read, summary.generations), (1, 0));
    assert_eq!(bench.texts(), ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"]);
}

#[tokio::test]
async fn a_last_line_without_an_end_is_read_once_it_is_whole() {
    let bench = Bench::new();
    let feed = bench.inbox("feed.jsonl");
    append(&feed, "{\"n\":1}\n{\"n\":2");
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.lines_read, summary.unfinished_lines), (1, 1));
    append(&feed, "}");
    bench.once().await.unwrap();
    append(&feed, "\n{\"n\":3}");
    bench.once().await.unwrap();
    assert_eq!(bench.texts(), ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"]);
}

#[tokio::test]
async fn a_rotated_file_is_followed_under_its_new_name_and_a_truncated_one_starts_anew() {
    let bench = Bench::new();
    let (feed, old) = (bench.inbox("feed.jsonl"), bench.inbox("feed.jsonl.1"));
    append(&feed, "1\n2\n");
    bench.once().await.unwrap();
    fs::rename(&feed, &old).unwrap();
    append(&old, "3\n");
    append(&feed, "4\n5\n");
    bench.once().await.unwrap();
    fs::write(&feed, "6\n").unwrap();
    let summary = bench.once().await.unwrap();
    assert_eq!(summary.generations, 1);
    assert_eq!(super::sorted(bench.texts()), ["1", "2", "3", "4", "5", "6"]);
}

#[tokio::test]
async fn a_copy_made_to_truncate_the_original_is_not_read_again() {
    let bench = Bench::new();
    let (feed, copy) = (bench.inbox("feed.jsonl"), bench.inbox("feed.jsonl.1"));
    append(&feed, "1\n2\n");
    bench.once().await.unwrap();
    append(&feed, "3\n");
    fs::copy(&feed, &copy).unwrap();
    bench.once().await.unwrap();
    fs::write(&feed, "4\n").unwrap();
    bench.once().await.unwrap();
    let mut texts = bench.texts();
    texts.dedup();
    assert_eq!(texts.last().map(String::as_str), Some("4"));
    assert!(texts.iter().filter(|t| *t == "1").count() == 1, "{texts:?}");
}

#[tokio::test]
async fn a_copy_is_known_even_when_the_original_was_renamed_before_the_copy_is_met() {
    let bench = Bench::new();
    let (feed, copy, old) =
        (bench.inbox("feed.jsonl"), bench.inbox("feed.jsonl.9"), bench.inbox("feed.jsonl.2"));
    append(&feed, "1\n2\n");
    bench.once().await.unwrap();
    fs::copy(&feed, &copy).unwrap();
    let original = fs::File::options().write(true).open(&feed).unwrap();
    original.set_len(0).unwrap();
    fs::rename(&feed, &old).unwrap();
    // A backlog is read in the order of times: the emptied original comes first.
    original.set_modified(std::time::UNIX_EPOCH).unwrap();
    append(&copy, "3\n");
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.lines_read, bench.texts()), (1, vec!["1".into(), "2".into(), "3".into()]));
}

#[tokio::test]
async fn a_pass_takes_the_last_line_as_it_is_and_needs_no_ledger() {
    let bench = Bench::new();
    append(&bench.inbox("feed.jsonl"), "1\nhalf");
    bench.put("a.txt", "one");
    let mut job = bench.job(Until::Scanned);
    job.ledger = None;
    let summary = flow::run(job, bench.flow(), std::future::pending()).await.unwrap();
    assert_eq!((summary.lines_read, summary.files_read, summary.events), (2, 1, 3));
    assert!(!flow::ledger_of(&bench.out()).exists());
}

#[tokio::test]
async fn an_over_long_line_is_a_dead_letter_with_its_place() {
    let mut bench = Bench::new();
    bench.options.max_line = 100;
    append(&bench.inbox("feed.jsonl"), &format!("1\n{}\n2\n", "x".repeat(200)));
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.lines_read, summary.dead.get("too_long")), (2, Some(&1)));
    assert_eq!(bench.dead()[0]["range"], serde_json::json!([2, 202]));
}
