//! Who is kept out, what is kept harmless, and who is let go.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use chancery::feed::{Feed, Wake};
use chancery::serve::{Door, Limits, Options, Server, Texts};
use serde_json::Value;

use super::{Served, another, program, records, samples};

#[test]
fn an_address_that_others_reach_needs_a_token_or_the_word_that_none_is_wanted() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("events.jsonl"), &samples().0).unwrap();
    let output = program()
        .args(["serve", "-p", "0", "--listen", "0.0.0.0"])
        .current_dir(dir.path())
        .stderr(std::process::Stdio::piped())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("--token") && said.contains("--insecure"), "{said}");
    let served = Served::over(&samples().0, &[]);
    assert!(served.host().starts_with("127.0.0.1:"), "loopback unless said");
}

#[test]
fn with_a_token_nothing_but_its_pulse_is_shown_without_it() {
    let served = Served::over(&samples().0, &["--token", "correct-horse-7"]);
    for path in ["/", "/api/events", "/api/stream", "/metrics", "/openapi.json", "/assets/app.js"] {
        assert_eq!(served.get(path).status, 401, "{path}");
        assert_eq!(
            served.get_with(path, &[("authorization", "Bearer correct-horse-8")]).status,
            401,
            "{path}"
        );
        assert_eq!(served.get(&format!("{path}?token=correct-horse")).status, 401, "{path}");
    }
    assert_eq!((served.get("/healthz").status, served.get("/readyz").status), (200, 200));
    assert_eq!(served.get_with("/api/events", &[("authorization", "Bearer correct-horse-7")]).status, 200);
    let welcome = served.get("/?token=correct-horse-7");
    assert_eq!((welcome.status, welcome.header("location")), (303, "/"));
    let cookie = welcome.header("set-cookie").to_string();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let shown = cookie.split(';').next().unwrap().to_string();
    assert_eq!(served.get_with("/api/events", &[("cookie", &shown)]).status, 200);
}

#[test]
fn a_foreign_name_or_page_is_refused() {
    let served = Served::over(&samples().0, &["--host", "desk.example"]);
    let ask = |host: &str| {
        served
            .raw(format!("GET /api/events HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
    };
    for host in ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", ""] {
        assert!(ask(host).starts_with("HTTP/1.1 421"), "{host}: {}", ask(host));
    }
    for host in ["localhost", "LOCALHOST:7777", "127.0.0.1", "[::1]:80", "desk.example"] {
        assert!(ask(host).starts_with("HTTP/1.1 200"), "{host}: {}", ask(host));
    }
    let from = |headers: &[(&str, &str)]| served.get_with("/api/events", headers).status;
    assert_eq!(from(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")]), 403);
    assert_eq!(from(&[("sec-fetch-site", "same-origin")]), 200);
    let json = ("content-type", "application/json");
    assert_eq!(
        served.post("/api/report", "{\"id\":\"x\"}", &[json, ("origin", "http://evil.example")]).status,
        403
    );
    let answer = served.get_with("/api/events", &[("origin", "http://evil.example")]);
    assert_eq!(answer.header("access-control-allow-origin"), "", "no CORS");
}

#[test]
fn every_answer_carries_what_keeps_the_page_alone() {
    let served = Served::over(&samples().0, &[]);
    for path in ["/", "/assets/app.js", "/api/events", "/api/nothing", "/api/events?limit=x", "/metrics"] {
        let answer = served.get(path);
        let csp = answer.header("content-security-policy");
        assert!(
            csp.contains("default-src 'self'") && csp.contains("frame-ancestors 'none'"),
            "{path}: {csp}"
        );
        assert!(!csp.contains("unsafe"), "{path}: {csp}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
    let page = served.get("/").body;
    assert!(!page.contains("http://") && !page.contains("https://"), "nothing from elsewhere");
    assert!(!page.contains("<script>") && !page.contains(" style="), "nothing inline");
}

#[test]
fn what_is_too_large_or_too_slow_is_refused() {
    let served = Served::over(&samples().0, &[]);
    let long = format!(
        "GET /api/events?q={} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        "a".repeat(20_000)
    );
    assert!(served.raw(long.as_bytes()).starts_with("HTTP/1.1 414"));
    let huge = format!("GET / HTTP/1.1\r\nHost: localhost\r\nX-Big: {}\r\n\r\n", "a".repeat(200_000));
    let answer = served.raw(huge.as_bytes());
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    let body = format!("{{\"id\":\"{}\"}}", "a".repeat(100_000));
    assert_eq!(served.post("/api/report", &body, &[("content-type", "application/json")]).status, 413);
    assert_eq!(served.post("/api/report", "{}", &[("content-type", "text/plain")]).status, 415);
    let words = "a%20".repeat(150);
    assert_eq!(served.get(&format!("/api/events?q={words}")).status, 400);
}

#[test]
fn hostile_articles_stay_text() {
    let mut lines = String::new();
    let titles = [
        "</script><script>alert(1)</script>".to_string(),
        "\u{202e}gpj.exe\u{2066} \u{0} \u{7} end".to_string(),
        "=HYPERLINK(\"http://evil.example\",\"x\"),\r\n\"quoted\"\ttabbed".to_string(),
        "W".repeat(1 << 20),
    ];
    for (i, title) in titles.iter().enumerate() {
        let mut record = records().remove(0);
        record["id"] = format!("hostile-{i}").into();
        record["article"]["title"] = title.as_str().into();
        record["article"]["url"] = "javascript:alert(1)".into();
        record["evidence"]["text"] = format!("# {title}\nsecond line").into();
        lines.push_str(&format!("{record}\n"));
    }
    let served = Served::over(&lines, &[]);
    let events = served.get("/api/events?order=oldest");
    assert_eq!(events.header("content-type"), "application/json");
    for (i, title) in titles.iter().enumerate() {
        assert_eq!(events.json()[i]["article"]["title"], title.as_str(), "JSON gives back what it was given");
    }
    let csv = served.get("/api/export?to=csv");
    assert!(csv.header("content-disposition").starts_with("attachment"));
    assert!(csv.body.contains("\"'=HYPERLINK"), "a spreadsheet runs nothing");
    let gdelt = served.get("/api/export?to=polecat").body;
    assert!(gdelt.lines().all(|l| l.split('\t').count() == 40), "a row stays a row");
    let report = "{\"id\":\"hostile-2\",\"note\":\"two\\nlines\"}";
    let stub = served.post("/api/report", report, &[("content-type", "application/json")]).json();
    let stub = stub["stub"].as_str().unwrap();
    assert_eq!(stub.trim().lines().count(), 6, "{stub}");
    assert!(stub.contains("\n=HYPERLINK") && stub.ends_with("\n  no event\n"), "{stub}");
    let written = std::fs::read_to_string(served.path("events.jsonl.reports.test")).unwrap();
    assert_eq!(written, stub);
}

/// A server in this process, with limits of the test's choosing.
fn small(limits: Limits) -> (tokio::runtime::Runtime, std::net::SocketAddr, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let events = dir.path().join("events.jsonl");
    std::fs::write(&events, &samples().0).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let address = listener.local_addr().unwrap();
    let options =
        Options { door: Door::default(), readers: None, texts: Texts::default(), reports: None, limits };
    let server = Server::new(Feed::new(&[events], None), Wake::default(), options);
    runtime.spawn(server.run(listener, std::future::pending()));
    (runtime, address, dir)
}

fn metric(address: std::net::SocketAddr, name: &str) -> u64 {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let line = text
        .lines()
        .find(|l| l.starts_with(&format!("chancery_{name} ")))
        .unwrap_or_else(|| panic!("{name}: {text}"));
    line.split(' ').nth(1).unwrap().parse().unwrap()
}

fn wait_for(mut done: impl FnMut() -> bool) {
    let end = std::time::Instant::now() + Duration::from_secs(60);
    while !done() {
        assert!(std::time::Instant::now() < end, "it never came");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_client_that_takes_nothing_is_dropped_and_holds_back_nobody() {
    let limits = Limits { stall: Duration::from_millis(500), backlog: 4, ..Limits::default() };
    let (_runtime, address, dir) = small(limits);
    let open = |query: &str| {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /api/stream{query} HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        stream
    };
    let asleep = open("");
    wait_for(|| metric(address, "streams") == 1);
    // Far more than its window and our buffers hold.
    let line = another("a", "2026-11-24");
    let mut file = std::fs::OpenOptions::new().append(true).open(dir.path().join("events.jsonl")).unwrap();
    for round in 0..60 {
        let lines: String =
            (0..100).map(|n| line.replace("\"id\":\"a\"", &format!("\"id\":\"e{round}-{n}\""))).collect();
        file.write_all(lines.as_bytes()).unwrap();
    }
    wait_for(|| metric(address, "clients_stalled_total") == 1);
    wait_for(|| metric(address, "streams") == 0);
    let events = records().len() as u64 + 6000;
    wait_for(|| metric(address, "index_events") == events);
    drop(asleep);
}

#[test]
fn a_slow_reader_is_told_of_the_gap_and_goes_on() {
    let limits = Limits { stall: Duration::from_secs(60), backlog: 2, ..Limits::default() };
    let (_runtime, address, dir) = small(limits);
    let mut slow = TcpStream::connect(address).unwrap();
    write!(slow, "GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    wait_for(|| metric(address, "streams") == 1);
    let line = another("a", "2026-11-24");
    let mut file = std::fs::OpenOptions::new().append(true).open(dir.path().join("events.jsonl")).unwrap();
    let mut written = records().len() as u64;
    // It reads nothing until more has passed than is kept for it.
    for round in 0..400 {
        let lines: String =
            (0..50).map(|n| line.replace("\"id\":\"a\"", &format!("\"id\":\"e{round}-{n}\""))).collect();
        file.write_all(lines.as_bytes()).unwrap();
        written += 50;
        wait_for(|| metric(address, "index_events") == written);
        if round % 20 == 19 && round > 60 {
            break;
        }
    }
    slow.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut text = String::new();
    let mut part = [0; 1 << 16];
    while !text.contains("event: gap") {
        let n = slow.read(&mut part).unwrap();
        assert!(n > 0);
        text.push_str(&String::from_utf8_lossy(&part[..n]));
        text = text.split_off(text.len().saturating_sub(200_000).min(text.len()).min(floor(&text)));
    }
    assert!(metric(address, "stream_missed_events_total") > 0);
    assert_eq!(metric(address, "streams"), 1, "it is still served");
}

/// A place near the end that does not cut a character.
fn floor(text: &str) -> usize {
    let mut at = text.len().saturating_sub(200_000);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[test]
fn a_head_that_never_ends_and_too_many_streams_are_refused() {
    let limits = Limits { head: Duration::from_millis(300), streams: 2, ..Limits::default() };
    let (_runtime, address, _dir) = small(limits);
    let mut drip = TcpStream::connect(address).unwrap();
    drip.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(drip, "GET / HTTP/1.1\r\nHost: local").unwrap();
    let mut rest = Vec::new();
    let _ = drip.read_to_end(&mut rest);
    assert!(!String::from_utf8_lossy(&rest).starts_with("HTTP/1.1 200"));
    let open = || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /api/stream HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        (stream, String::from_utf8_lossy(&head).into_owned())
    };
    let (first, second, third) = (open(), open(), open());
    assert_eq!(
        (first.1.as_str(), second.1.as_str(), third.1.as_str()),
        ("HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 503")
    );
}

#[test]
fn the_openapi_document_names_every_path_and_is_of_the_types() {
    let served = Served::over(&samples().0, &[]);
    let document = served.get("/openapi.json").json();
    let paths = document["paths"].as_object().unwrap();
    for path in [
        "/api/events",
        "/api/series",
        "/api/dyads",
        "/api/topics",
        "/api/spikes",
        "/api/articles/{id}",
        "/api/explain/{id}",
        "/api/stream",
        "/metrics",
        "/healthz",
        "/readyz",
    ] {
        assert!(paths.contains_key(path), "{path}");
    }
    let parameters = paths["/api/events"]["get"]["parameters"].as_array().unwrap();
    let named = |name: &str| parameters.iter().find(|p| p["name"] == name).cloned().unwrap_or(Value::Null);
    assert_eq!(named("limit")["schema"]["maximum"], 1000);
    assert_eq!(named("since")["schema"]["format"], "date");
    // What it says of an answer holds for a real one.
    for path in ["series", "dyads", "topics", "spikes", "countries", "actors", "sources", "codes", "health"] {
        let answer = served.get(&format!("/api/{path}")).json();
        let schema = &paths[&format!("/api/{path}")]["get"]["responses"]["200"]["content"]["application/json"]
            ["schema"];
        let mut whole = document.clone();
        whole["$ref"] = schema["$ref"].clone();
        let validator = jsonschema::validator_for(&whole).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&answer).map(|e| format!("{}: {e}", e.instance_path)).collect();
        assert!(faults.is_empty(), "{path}: {faults:?}");
    }
}
