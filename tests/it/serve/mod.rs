//! The real binary serving real records on loopback.

mod answers;
mod guarded;
mod onward;
mod shapes;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::Value;

/// Records of the sample articles, read once for all tests: events, then article lines.
pub fn samples() -> &'static (String, String) {
    static SAMPLES: OnceLock<(String, String)> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("events.jsonl");
        let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
        let done = program()
            .args(["scan", "--emit", "events,articles", "-o"])
            .arg(&out)
            .arg(seeds)
            .status()
            .unwrap();
        assert!(done.success());
        let read = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
        (read("events.jsonl"), read("events.jsonl.articles.jsonl"))
    })
}

/// The samples' records as JSON.
pub fn records() -> Vec<Value> {
    samples().0.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// The program, not disturbed by the environment of whoever runs the tests.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    for (name, _) in std::env::vars().filter(|(n, _)| n.starts_with("CHANCERY_")) {
        command.env_remove(name);
    }
    command.env("CHANCERY_WATCH_SETTLE_MS", "50").env("CHANCERY_WATCH_RESCAN_SECONDS", "1");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A server that runs; it ends with this.
pub struct Served {
    pub child: Child,
    pub url: String,
    pub dir: tempfile::TempDir,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

impl Served {
    /// `chancery serve events.jsonl` over these lines.
    pub fn over(lines: &str, more: &[&str]) -> Served {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("events.jsonl"), lines).unwrap();
        Served::start(dir, &[&["serve", "events.jsonl", "-p", "0"], more].concat())
    }

    /// Starts a command that serves, and waits until it does.
    pub fn start(dir: tempfile::TempDir, args: &[&str]) -> Served {
        let mut child = program().args(args).current_dir(dir.path()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = stderr
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("dashboard: ").map(str::to_string))
            .expect("it tells where it serves");
        std::thread::spawn(move || stderr.for_each(drop));
        let url = url.split("/?").next().unwrap().trim_end_matches('/').to_string();
        let served = Served { child, url, dir };
        served.until("/readyz", |a| a.status == 200);
        served
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn host(&self) -> &str {
        self.url.strip_prefix("http://").unwrap()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).build();
        let agent: ureq::Agent = agent.into();
        let mut request = agent.get(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.call().unwrap())
    }

    pub fn post(&self, path: &str, body: &str, headers: &[(&str, &str)]) -> Answer {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
        let agent: ureq::Agent = agent.into();
        let mut request = agent.post(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        answer(request.send(body).unwrap())
    }

    /// Asks until the answer is as wished.
    pub fn until(&self, path: &str, wished: impl Fn(&Answer) -> bool) -> Answer {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let answer = self.get(path);
            if wished(&answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{path} never came: {} {}", answer.status, answer.body);
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Sends bytes as they are; all that comes back until the server closes.
    pub fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        stream.write_all(bytes).unwrap();
        let mut out = Vec::new();
        let _ = stream.read_to_end(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// A live stream's frames, as they come.
    pub fn stream(&self, query: &str, headers: &[(&str, &str)]) -> Frames {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let more: String = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect();
        write!(stream, "GET /api/stream{query} HTTP/1.1\r\nHost: {}\r\n{more}\r\n", self.host()).unwrap();
        Frames { lines: BufReader::new(stream) }
    }

    pub fn append(&self, lines: &str) {
        let mut file = fs::OpenOptions::new().append(true).open(self.path("events.jsonl")).unwrap();
        file.write_all(lines.as_bytes()).unwrap();
    }
}

fn answer(mut response: ureq::http::Response<ureq::Body>) -> Answer {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.body_mut().with_config().limit(1 << 28).read_to_string().unwrap();
    Answer { status, headers, body }
}

/// Frames of a stream; what chunked transfer puts between them is passed over.
pub struct Frames {
    lines: BufReader<TcpStream>,
}

impl Frames {
    /// The next frame of a kind: its id and data.
    pub fn next(&mut self, kind: &str) -> (String, Value) {
        let (mut id, mut event) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the stream ended");
            if let Some(value) = line.strip_prefix("id: ") {
                id = value.trim().into();
            } else if let Some(value) = line.strip_prefix("event: ") {
                event = value.trim().into();
            } else if let Some(value) = line.strip_prefix("data: ")
                && event == kind
            {
                return (id, serde_json::from_str(value.trim()).unwrap());
            }
        }
    }

    /// Waits until the server has greeted.
    pub fn greeted(mut self) -> Frames {
        let mut line = String::new();
        while !line.starts_with("retry:") {
            line.clear();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the stream ended");
        }
        self
    }
}

/// A record with another id and day, as one line.
pub fn another(id: &str, day: &str) -> String {
    let mut record = records().remove(0);
    record["id"] = id.into();
    record["date"] = day.into();
    format!("{record}\n")
}
