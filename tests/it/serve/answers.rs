//! What the API answers, against the records it answers from.

use serde_json::Value;

use super::{Served, another, records, samples};

fn ids(answer: &super::Answer) -> Vec<String> {
    answer.json().as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap().to_string()).collect()
}

#[test]
fn events_are_the_lines_of_the_output_newest_first() {
    let served = Served::over(&samples().0, &[]);
    let answer = served.get("/api/events?limit=1000&duplicates=true");
    let mut all = records();
    all.reverse();
    assert_eq!(answer.json(), Value::Array(all.clone()));
    assert_eq!(answer.header("x-total-count"), all.len().to_string());
    let lines = served.get_with(
        "/api/events?limit=1000&duplicates=true&order=oldest",
        &[("accept", "application/x-ndjson")],
    );
    assert_eq!(lines.body, samples().0);
}

#[test]
fn every_condition_leaves_what_it_says() {
    let served = Served::over(&samples().0, &[]);
    let all = records();
    let has = |v: &Value, what: &str| v.as_array().unwrap().iter().any(|x| x == what);
    let some = |record: &Value, key: &str, want: &str| {
        record[key].as_array().unwrap().iter().any(|a| a["id"] == want)
    };
    type Test<'a> = (&'a str, Box<dyn Fn(&Value) -> bool + 'a>);
    let tests: Vec<Test> = vec![
        ("event=SANCTION,consult", Box::new(|r| r["event"] == "SANCTION" || r["event"] == "CONSULT")),
        ("quad=4", Box::new(|r| r["quad"] == 4)),
        ("country=BLR", Box::new(|r| has(&r["actor_country"], "BLR") || has(&r["recipient_country"], "BLR"))),
        (
            "dyad=EUR%3EBLR",
            Box::new(|r| has(&r["actor_country"], "EUR") && has(&r["recipient_country"], "BLR")),
        ),
        (
            "actor=european-union",
            Box::new(|r| some(r, "actor", "european-union") || some(r, "recipient", "european-union")),
        ),
        ("topic=sanctions", Box::new(|r| some(r, "topics", "sanctions"))),
        ("aux=none", Box::new(|r| r["aux"].as_array().unwrap().is_empty())),
        ("aux=future", Box::new(|r| has(&r["aux"], "future"))),
        ("place=none", Box::new(|r| r["location"]["country"].is_null())),
        ("confidence=0.9", Box::new(|r| r["confidence"].as_f64().unwrap() >= 0.9)),
        (
            "since=2026-11-20&until=2026-11-22",
            Box::new(|r| ("2026-11-20"..="2026-11-22").contains(&r["date"].as_str().unwrap())),
        ),
        (
            "q=Sanctions",
            Box::new(|r| {
                let text = format!("{} {}", r["evidence"]["text"], r["article"]["title"]).to_lowercase();
                text.contains("sanctions")
            }),
        ),
        ("country=XXX", Box::new(|_| false)),
    ];
    for (query, fits) in tests {
        let answer = served.get(&format!("/api/events?limit=1000&duplicates=true&order=oldest&{query}"));
        let wanted: Vec<Value> = all.iter().filter(|r| fits(r)).cloned().collect();
        assert_eq!(answer.json(), Value::Array(wanted), "{query}");
    }
}

#[test]
fn a_cursor_stays_where_it_is_while_lines_are_added() {
    let served = Served::over(&samples().0, &[]);
    let whole = ids(&served.get("/api/events?limit=1000"));
    let first = served.get("/api/events?limit=5");
    let cursor = first.header("x-next-cursor").to_string();
    served.append(&another("added-1", "2026-11-24"));
    served.until("/api/events?limit=1", |a| a.body.contains("added-1"));
    let mut pages = ids(&first);
    let mut next = cursor;
    while !next.is_empty() {
        let page = served.get(&format!("/api/events?limit=7&cursor={next}"));
        pages.extend(ids(&page));
        next = page.header("x-next-cursor").to_string();
    }
    assert_eq!(pages, whole);
    assert_eq!(served.get("/api/events?cursor=0000000001-000000000000000").status, 404);
}

#[test]
fn what_makes_no_sense_is_refused_with_its_name() {
    let served = Served::over(&samples().0, &[]);
    for (query, name) in [
        ("evnt=SANCTION", "evnt"),
        ("event=SANKTION", "SANKTION"),
        ("aux=maybe", "maybe"),
        ("dyad=EUR", "dyad"),
        ("quad=5", "quad"),
        ("since=yesterday", "since"),
        ("confidence=7", "confidence"),
        ("limit=0", "limit"),
        ("limit=100000", "limit"),
    ] {
        let answer = served.get(&format!("/api/events?{query}"));
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let problem = answer.json();
        assert!(problem["detail"].as_str().unwrap().contains(name), "{query}: {problem}");
        assert!(!problem["hint"].as_str().unwrap().is_empty());
    }
    assert_eq!(served.get("/api/nothing").status, 404);
    assert_eq!(served.post("/api/events", "", &[]).status, 405);
}

#[test]
fn figures_are_sums_over_the_events() {
    let served = Served::over(&samples().0, &[]);
    let all: Vec<Value> = records().into_iter().filter(|r| r["duplicate_of"].is_null()).collect();
    let series = served.get("/api/series?bucket=day").json();
    let sum: u64 = series["series"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|l| l["counts"].as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!((sum, series["total"].as_u64().unwrap()), (all.len() as u64, all.len() as u64));
    let dyads = served.get("/api/dyads?limit=1000").json();
    let both = dyads["total"].as_u64().unwrap() + dyads["unpaired"].as_u64().unwrap();
    assert_eq!(both, all.len() as u64);
    let pair = dyads["dyads"]
        .as_array()
        .unwrap()
        .iter()
        .find(|d| d["actor"] == "EUR" && d["recipient"] == "BLR")
        .unwrap();
    let one_way = |r: &&Value| {
        let is = |side: &str, code: &str| r[side].as_array().unwrap().iter().any(|c| c == code);
        is("actor_country", "EUR") && is("recipient_country", "BLR") && r["quad"].as_u64().unwrap() >= 3
    };
    assert_eq!(pair["conflict"].as_u64().unwrap(), all.iter().filter(one_way).count() as u64);
    let topics = served.get("/api/topics").json();
    assert_eq!(topics["top"]["total"].as_u64().unwrap(), all.len() as u64);
    let countries = served.get("/api/countries").json();
    let unplaced = all.iter().filter(|r| r["location"]["country"].is_null()).count() as u64;
    assert_eq!(countries["places"]["without"].as_u64().unwrap(), unplaced);
    assert!(!served.get("/api/actors?new=7").json()["top"].as_array().unwrap().is_empty());
    assert!(served.get("/api/suggest?q=euro").body.contains("european-union"));
}

#[test]
fn a_rise_is_told_with_its_stories_and_small_numbers_are_no_news() {
    let mut lines = String::new();
    let mut n = 0;
    let mut add = |day: &str, count: usize, event: &str| {
        for _ in 0..count {
            let mut record: Value = serde_json::from_str(&another(&format!("e{n}"), day)).unwrap();
            record["published_at"] = format!("{day}T10:00:00Z").into();
            record["event"] = event.into();
            record["story"]["id"] = format!("story-{}", n % 7).into();
            record["duplicate_of"] = Value::Null;
            lines.push_str(&format!("{record}\n"));
            n += 1;
        }
    };
    for day in ["2026-10-29", "2026-11-05", "2026-11-12", "2026-11-19"] {
        add(day, 8, "SANCTION");
        add(day, 10, "CONSULT");
        add(day, 1, "AID");
    }
    add("2026-11-26", 30, "SANCTION");
    add("2026-11-26", 11, "CONSULT");
    add("2026-11-26", 4, "AID");
    let served = Served::over(&lines, &[]);
    let spikes = served.get("/api/spikes?limit=100").json();
    assert_eq!((&spikes["since"], &spikes["until"]), (&"2026-11-20".into(), &"2026-11-26".into()));
    let of = |key: &str| {
        let list = spikes["spikes"].as_array().unwrap();
        list.iter().find(|s| s["kind"] == "event" && s["key"] == key).unwrap().clone()
    };
    let sanction = of("SANCTION");
    assert_eq!((sanction["level"].as_str().unwrap(), sanction["latest"].as_u64().unwrap()), ("red", 30));
    assert_eq!(sanction["change"].as_f64().unwrap(), 275.0);
    assert_eq!(sanction["history"].as_array().unwrap().len(), 5);
    assert_eq!(sanction["stories"].as_array().unwrap().len(), 5);
    assert_eq!(of("CONSULT")["level"], "orange");
    assert_eq!(of("AID")["level"], "limited");
}

#[test]
fn streams_tell_what_arrives_and_replay_what_was_missed() {
    let served = Served::over(&samples().0, &[]);
    let mut live = served.stream("", &[]).greeted();
    let mut only = served.stream("?event=AID", &[]).greeted();
    served.append(&another("one", "2026-11-24"));
    let (first, event) = live.next("event");
    assert_eq!(event["id"], "one");
    served.append(&another("two", "2026-11-24"));
    served.append(&another("three", "2026-11-24").replace("\"event\":\"", "\"event\":\"AID\",\"was\":\""));
    assert_eq!(
        (live.next("event").1["id"].clone(), live.next("event").1["id"].clone()),
        ("two".into(), "three".into())
    );
    assert_eq!(only.next("event").1["id"], "three", "only what was asked for");
    drop(live);
    let mut again = served.stream("", &[("Last-Event-ID", &first)]);
    assert_eq!(
        (again.next("event").1["id"].clone(), again.next("event").1["id"].clone()),
        ("two".into(), "three".into())
    );
    let mut lost = served.stream("?last_event_id=0000000001-000000000000000", &[]);
    assert!(lost.next("gap").1["reason"].as_str().unwrap().contains("not known"));
}

#[test]
fn corrections_replace_and_retractions_remove() {
    let mut changed = records().remove(0);
    changed["rev"] = 2.into();
    changed["op"] = "update".into();
    changed["intensity"] = 1.5.into();
    let mut gone = records().remove(1);
    gone["rev"] = 2.into();
    gone["op"] = "retract".into();
    let lines =
        format!("{}{changed}\n{gone}\nno record\n{}\n", samples().0, samples().0.lines().next().unwrap());
    let served = Served::over(&lines, &[]);
    let events = served.get("/api/events?limit=1000&duplicates=true").json();
    let events = events.as_array().unwrap();
    assert_eq!(events.len(), records().len() - 1);
    assert!(events.contains(&changed));
    assert!(!events.iter().any(|e| e["id"] == gone["id"]));
    let health = served.get("/api/health").json();
    assert_eq!((&health["bad_lines"], &health["events"]), (&1.into(), &(events.len() as u64).into()));
}

#[test]
fn evidence_is_read_again_from_the_article_or_the_reason_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let inbox = dir.path().join("inbox");
    std::fs::create_dir(&inbox).unwrap();
    let text = "Norway imposed sanctions on Fiji on Sunday.\n\nThe minister did not meet anybody in Peru.\n";
    std::fs::write(inbox.join("a.txt"), text).unwrap();
    let served = Served::start(dir, &["watch", "inbox", "--out", "events.jsonl", "--serve", "-p", "0"]);
    let events = served.until("/api/events", |a| a.body.contains("\"NOR\""));
    let id = events.json()[0]["id"].as_str().unwrap().to_string();
    let told = served.get(&format!("/api/explain/{id}")).json();
    assert_eq!(told["basis"], "article", "{told}");
    assert!(
        told["sentences"].as_array().unwrap().iter().any(|s| s["text"].as_str().unwrap().contains("Fiji"))
    );
    let article = events.json()[0]["article"]["id"].as_str().unwrap().to_string();
    let whole = served.get(&format!("/api/articles/{article}")).json();
    assert_eq!(whole["events"].as_array().unwrap().len(), 1);
    // The flow tells its counts a moment after the commit that the page has already read.
    let metrics = served.until("/metrics", |a| a.body.contains("chancery_documents_total 1")).body;
    for name in [
        "chancery_documents_total 1",
        "chancery_commits_total",
        "chancery_end_to_end_seconds_bucket",
        "chancery_build_info",
    ] {
        assert!(metrics.contains(name), "{name} in\n{metrics}");
    }
    // From here on the changed file is another document, read or not yet.
    std::fs::write(served.path("inbox/a.txt"), "Something else stands here now.").unwrap();
    let told = served.get(&format!("/api/explain/{id}")).json();
    assert_eq!(told["basis"], "records");
    assert!(told["why"].as_str().unwrap().contains("no longer holds"), "{told}");
    assert_eq!(served.get("/api/explain/nothing").status, 404);
}

#[test]
fn an_output_that_was_cut_is_read_anew() {
    let served = Served::over(&samples().0, &[]);
    let mut live = served.stream("", &[]).greeted();
    let cursor = served.get("/api/events?limit=3").header("x-next-cursor").to_string();
    let short: String = samples().0.lines().skip(2).take(4).map(|l| format!("{l}\n")).collect();
    std::fs::write(served.path("events.jsonl"), &short).unwrap();
    let all = "/api/events?limit=1000&duplicates=true&order=oldest";
    let answer = served.until(all, |a| a.status == 200 && a.header("x-total-count") == "4");
    let wanted: Vec<Value> = short.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(answer.json(), Value::Array(wanted));
    assert!(live.next("gap").1["reason"].as_str().unwrap().contains("cut"));
    assert_eq!(served.get(&format!("/api/events?cursor={cursor}")).status, 404);
    served.append(&another("after", "2026-11-24"));
    assert_eq!(live.next("event").1["id"], "after");
}

#[test]
fn evidence_is_explained_with_the_lexicon_in_force() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["inbox", "mine", "mine/actors"] {
        std::fs::create_dir(dir.path().join(name)).unwrap();
    }
    let table = |country: &str| {
        format!(
            "# licence: ours\n# source: us\nid\tname\tkind\tcountry\nborduria\tBorduria\tcountry\t{country}\n"
        )
    };
    std::fs::write(dir.path().join("mine/actors/mine.tsv"), table("ALB")).unwrap();
    std::fs::write(dir.path().join("inbox/a.txt"), "Norway imposed sanctions on Borduria on Sunday.\n")
        .unwrap();
    let args = ["watch", "inbox", "--out", "events.jsonl", "--lexicon", "mine", "--serve", "-p", "0"];
    let served = Served::start(dir, &args);
    let events = served.until("/api/events", |a| a.body.contains("NOR>ALB")).json();
    let id = events[0]["id"].as_str().unwrap();
    let explained = || served.get(&format!("/api/explain/{id}")).json()["events"][0].clone();
    assert_eq!(explained()["dyad"], "NOR>ALB");
    // Saved as editors do: written beside, then renamed.
    std::fs::write(served.path("draft.tsv"), table("HUN")).unwrap();
    std::fs::rename(served.path("draft.tsv"), served.path("mine/actors/mine.tsv")).unwrap();
    let before = events[0]["coder"]["lexicon_sha256"].clone();
    let health = served.until("/api/health", |a| a.json()["lexicon_sha256"] != before).json();
    let now = explained();
    assert_eq!(
        (&now["dyad"], &now["coder"]["lexicon_sha256"]),
        (&"NOR>HUN".into(), &health["lexicon_sha256"])
    );
    assert_eq!(served.get("/api/events").json()[0]["dyad"], "NOR>ALB", "what was written stays as it was");
}

#[test]
fn a_file_outside_the_articles_directories_is_never_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut record = records().remove(0);
    record["article"]["path"] = "/etc/passwd".into();
    let other: Value = {
        let mut r = records().remove(1);
        r["article"]["path"] = "../../../../etc/passwd".into();
        r
    };
    std::fs::write(dir.path().join("events.jsonl"), format!("{record}\n{other}\n")).unwrap();
    std::fs::create_dir(dir.path().join("articles")).unwrap();
    let served = Served::start(dir, &["serve", "events.jsonl", "-p", "0", "--articles", "articles"]);
    for r in [&record, &other] {
        let told = served.get(&format!("/api/explain/{}", r["id"].as_str().unwrap())).json();
        assert_eq!(told["basis"], "records");
        assert!(told["why"].as_str().unwrap().contains("not in a directory"), "{told}");
    }
}
