"""Recipes, exports, API and PostgreSQL against the real tools. Called by downstream.sh."""
import collections
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import chdb
import duckdb
import pandas as pd
import psycopg

root, work, many = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
only = sys.argv[4:]
chancery = root / "target/debug/chancery"
flood = root / "target/debug/examples/flood"
recipes = root / "docs/recipes"
env = {k: v for k, v in os.environ.items() if not k.startswith("CHANCERY_")}
passed = 0


def check(fine, words, more=""):
    global passed
    if not fine:
        sys.exit(f"FAILED: {words} {more}")
    passed += 1
    print(f"  {words}", flush=True)


def run(*args, **kwargs):
    return subprocess.run([str(a) for a in args], check=True, capture_output=True, text=True, env=env, cwd=work, **kwargs)


def records(path):
    return [json.loads(line) for line in open(path, encoding="utf-8")]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(done, words, seconds=120):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.1)
    sys.exit(f"FAILED: {words} never came")


events = work / "events.jsonl"
run(chancery, "scan", root / "seeds", "--out", events)
told = records(events)
ids = sorted(r["id"] for r in told)
pairs = collections.Counter()
for r in told:
    if r["dyad"]:
        pairs[r["dyad"]] += 1


def exports():
    print("exports")
    for to in ["csv", "gdelt2", "polecat", "icews", "geojson", "cloudevents"]:
        run(chancery, "export", events, "--to", to, "-o", f"out.{to}")
    run(chancery, "export", events, "--to", "sqlite", "-o", "out.db")
    run(chancery, "export", events, "--to", "parquet", "-o", "lake")
    run(chancery, "export", events, "--to", "parquet", "-o", "one.parquet")
    table = pd.read_csv(work / "out.csv", dtype=str, keep_default_na=False)
    check(sorted(table["id"]) == ids and len(table.columns) == 48, "pandas reads the CSV: 48 columns, every record")
    zeros = {r["id"]: r["cameo"]["code"] for r in told if r["cameo"] and r["cameo"]["code"].startswith("0")}
    check(zeros and all(table.set_index("id").loc[i, "cameo"] == c for i, c in zeros.items()), "codes keep their zeros")
    sentences = {r["id"]: r["evidence"]["text"] for r in told}
    check(all(table.set_index("id").loc[i, "sentence"].lstrip("'") == s.lstrip("'") for i, s in sentences.items()), "sentences come back whole")
    gdelt = pd.read_csv(work / "out.gdelt2", sep="\t", header=None, dtype=str, keep_default_na=False, quoting=3)
    check(gdelt.shape[1] == 61 and gdelt[0].is_unique, f"pandas reads GDELT 2.0: 61 columns, {len(gdelt)} rows")
    polecat = pd.read_csv(work / "out.polecat", sep="\t", dtype=str, keep_default_na=False, quoting=3)
    check(polecat.shape[1] == 40 and set(polecat["Event Type"]) <= {r["event"] for r in told}, f"pandas reads POLECAT: 40 columns, {len(polecat)} rows")
    icews = pd.read_csv(work / "out.icews", sep="\t", dtype=str, keep_default_na=False, quoting=3)
    check(icews.shape[1] == 20 and icews["Event ID"].is_unique, f"pandas reads ICEWS: 20 columns, {len(icews)} rows")
    sql = duckdb.connect()
    rows = sql.execute(f"SELECT count(*), count(DISTINCT column00) FROM read_csv('{work}/out.gdelt2', delim='\t', header=false, quote='', all_varchar=true)").fetchone()
    check(rows == (len(gdelt), len(gdelt)), "DuckDB reads GDELT 2.0")
    for where in ["lake/*/*.parquet", "one.parquet"]:
        lines = [r[0] for r in sql.execute(f"SELECT record FROM read_parquet('{work}/{where}')").fetchall()]
        check(sorted(lines) == sorted(open(events, encoding="utf-8").read().splitlines()), f"{where} read by DuckDB equals the JSONL, byte by byte")
    typed = sql.execute(f"SELECT id, date, quad, intensity, published_at, reciprocal FROM read_parquet('{work}/one.parquet')").fetchall()
    by_id = {r["id"]: r for r in told}
    check(all(str(d) == by_id[i]["date"] and q == by_id[i]["quad"] and abs(x - by_id[i]["intensity"]) < 1e-6 and m == by_id[i]["reciprocal"]
              and (p is None) == (by_id[i]["published_at"] is None) for i, d, q, x, p, m in typed), "Parquet's columns are typed and right")
    with sqlite3.connect(work / "out.db") as db:
        check(sorted(r[0] for r in db.execute("SELECT id FROM events")) == ids, "SQLite holds every record")
        hits = db.execute("SELECT e.id FROM events_text t JOIN events e ON e.rowid = t.rowid WHERE events_text MATCH 'sanctions'").fetchall()
        check(hits and all("sanctions" in (by_id[i]["evidence"]["text"] + str(by_id[i]["article"]["title"])).lower() for (i,) in hits), "SQLite finds words")
    features = json.load(open(work / "out.geojson", encoding="utf-8"))["features"]
    check([f["id"] for f in features] == [r["id"] for r in told], "GeoJSON is one document with a feature a record")
    check([e["data"] for e in records(work / "out.cloudevents")] == told, "CloudEvents carry the records")


def recipe_tests():
    print("recipes")
    os.chdir(work)
    sql = duckdb.connect()
    answers = []
    for statement in sql.extract_statements((recipes / "duckdb.sql").read_text()):
        answers.append(sql.execute(statement).fetchall())
    check(sum(r[2] + r[3] for r in answers[1]) > 0 and any(r[0] == "EUR>BLR" for r in answers[1]), "duckdb.sql counts pairs")
    check(len(answers[2]) == pairs["EUR>BLR"], "duckdb.sql shows the sentences")
    rows = duckdb.connect().execute((recipes / "parquet.sql").read_text()).fetchall()
    check(sum(r[1] for r in rows) == len(told), "parquet.sql counts all days")
    session = chdb.session.Session()
    for statement in [s for s in (recipes / "clickhouse.sql").read_text().split(";") if s.strip()]:
        # The embedded server reads files from where it stands.
        answer = session.query(statement.replace("file('events.jsonl'", f"file('{events}'"), "JSONEachRow")
    rows = [json.loads(line) for line in str(answer).splitlines()]
    top = collections.Counter({r["dyad"]: int(r["cooperation"]) + int(r["conflict"]) for r in rows})
    check(all(pairs[d] == n for d, n in top.items()) and len(top) == min(20, len(pairs)), "clickhouse.sql counts pairs in chDB")
    out = run(sys.executable, recipes / "events.py", events).stdout
    check("cooperation" in out and "conflict" in out and len(out.splitlines()) > 3, "events.py prints days")
    out = run("Rscript", recipes / "events.R", events).stdout
    check("cooperation" in out and "2026-11" in out, "events.R prints days")


class Postgres:
    """A server of our own, in a directory of our own; not as root, which it refuses."""

    def __init__(self):
        self.bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.data, self.port = work / "pg", free_port()
        self.as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []
        self.data.mkdir()
        if self.as_user:
            shutil.chown(self.data, "postgres", "postgres")
        self.call("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "--no-sync")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def call(self, name, *args):
        subprocess.run([*self.as_user, str(self.bin / name), *map(str, args)], check=True, stdout=subprocess.DEVNULL, cwd="/")

    def start(self):
        for left in range(30, -1, -1):
            try:
                return self.call("pg_ctl", "-D", self.data, "-w", "-l", self.data / "log", "-o",
                                 f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1", "start")
            except subprocess.CalledProcessError:
                # After a kill its children take a moment to notice and to let go of their memory.
                if not left:
                    raise
                time.sleep(0.5)

    def kill(self):
        os.kill(int((self.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)

    def query(self, sql):
        with psycopg.connect(self.url) as db:
            return db.execute(sql).fetchall()


def postgres():
    print(f"PostgreSQL, killed in the middle of {many} events")
    server = Postgres()
    server.start()
    try:
        for _ in range(2):
            run("psql", "-v", "ON_ERROR_STOP=1", "-q", "-f", recipes / "postgres.sql", server.url)
        check([r[0] for r in server.query("SELECT id FROM chancery_records ORDER BY id COLLATE \"C\"")] == ids, "postgres.sql loads each record once, twice run")
        place = work / "many"
        (place / "inbox").mkdir(parents=True)
        with open(place / "events.jsonl", "w") as out:
            subprocess.run([flood, str(many)], stdout=out, check=True)
        watch = subprocess.Popen([chancery, "watch", "inbox", "--out", "events.jsonl", "--to", server.url, "-v"], cwd=place, env=env,
                                 stdout=subprocess.DEVNULL, stderr=open(place / "log", "w"))

        def held():
            try:
                return server.query("SELECT count(*) FROM chancery_events")[0][0]
            except psycopg.Error:
                return 0

        until(lambda: 0 < held(), "the first batch")
        for kill in range(2):
            before = held()
            server.kill()
            time.sleep(0.5)
            server.start()
            check(before < many, f"killed with {before} of {many} in the table")
            until(lambda: held() > before or held() == many, "it goes on after the kill")
        until(lambda: held() == many, "all of them", 300)
        watch.send_signal(signal.SIGTERM)
        check(watch.wait(60) == 130, "watch ends cleanly")
        with psycopg.connect(server.url) as db:
            rows = dict(db.execute("SELECT id, record FROM chancery_events").fetchall())
        lines = {r["id"]: r for r in records(place / "events.jsonl")}
        check(rows == lines, f"the table equals the JSONL: {len(rows)} records")
        check("wait for their target" in (place / "log").read_text(), "the wait was told")
    finally:
        server.call("pg_ctl", "-D", server.data, "-m", "immediate", "stop")


class Served:
    def __init__(self, *args):
        self.process = subprocess.Popen([chancery, *map(str, args)], cwd=work, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if line.startswith("dashboard: "):
                self.url = line.split()[1].rstrip("/")
                break
        # Whoever is not listened to must stop one day.
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        until(lambda: self.get("/readyz")[0] == 200, "ready")

    def get(self, path):
        try:
            with urllib.request.urlopen(self.url + path) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, ""

    def stop(self):
        self.process.terminate()
        self.process.wait()


def metrics():
    print("Grafana")
    inbox = work / "inbox"
    shutil.copytree(root / "seeds", inbox)
    (inbox / "bad.json").write_text("{")
    (inbox / "note.tmp").write_text("x")
    served = Served("watch", inbox, "--out", work / "live.jsonl", "--serve", "-p", "0")
    until(lambda: "chancery_dead_letters_total{" in served.get("/metrics")[1], "a dead letter is counted")
    text = served.get("/metrics")[1]
    known = set(re.findall(r"^(chancery_\w+)[ {]", text, re.M))
    board = json.loads((recipes / "grafana.json").read_text())
    wanted = {name for p in board["panels"] for t in p["targets"] for name in re.findall(r"chancery_\w+", t["expr"])}
    check(len(wanted) > 15 and wanted <= known, f"all {len(wanted)} names of grafana.json stand in /metrics", wanted - known)
    for line in text.splitlines():
        if line and not line.startswith("#") and not re.fullmatch(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-0-9.e+]+', line):
            sys.exit(f"FAILED: /metrics: {line}")
    check(all(re.search(rf"^# TYPE {re.sub('_(bucket|sum|count)$', '', n)} ", text, re.M) for n in known), "every metric has its type")
    served.stop()


def schemathesis():
    """Its phase that tries every combination of values never ends with so many conditions; random ones are asked."""
    print("schemathesis", flush=True)
    served = Served("serve", events, "-p", "0")
    try:
        done = subprocess.run([Path(sys.executable).parent / "schemathesis", "run", f"{served.url}/openapi.json", "--exclude-path", "/api/stream",
                               "--max-examples", "60", "--seed", "7", "--phases", "examples,fuzzing", "--request-timeout", "20", "--no-color"],
                              cwd=work, env=env, capture_output=True, text=True, timeout=1500)
        tail = "\n".join((done.stdout + done.stderr).splitlines()[-60:])
        check(done.returncode == 0, "it finds nothing against the OpenAPI document", tail)
    finally:
        served.stop()


for part in [exports, recipe_tests, metrics, postgres, schemathesis]:
    if not only or part.__name__ in only:
        part()
print(f"{passed} passed, 0 failed")
