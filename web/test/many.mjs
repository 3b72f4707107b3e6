// Measures the page and the API over many records: how soon the server is ready, how long every kind of question takes it,
// when the page first paints and comes to rest, and what it keeps in memory.
//   node test/many.mjs CHANCERY CHROMIUM EVENTS.jsonl [ROUNDS of each question, default 5]
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [, , chancery, chromium, events, rounds = "5"] = process.argv;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Kilobytes of a field of /proc/PID/status. */
const kept = (pid, field) => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
const mb = (kb) => `${(kb / 1024).toFixed(0)} MB`;

const begin = performance.now();
const server = spawn(chancery, ["serve", events, "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
const url = await new Promise((done, gone) => {
  let said = "";
  server.stderr.on("data", (d) => {
    said += d;
    const found = /dashboard: (http\S+)/.exec(said);
    if (found) done(found[1]);
  });
  server.on("exit", (code) => gone(new Error(`the program ended with ${code}: ${said}`)));
});
while ((await fetch(`${url}readyz`)).status !== 200) await sleep(20);
const seconds = (performance.now() - begin) / 1000;
const health = await (await fetch(`${url}api/health`)).json();
console.log(`${health.events} events, ${(statSync(events).size / 1e6).toFixed(0)} MB of JSONL: ready after ${seconds.toFixed(1)} s; the server keeps ${mb(kept(server.pid, "VmRSS"))}`);

const conditions = ["", "country=RUS", "dyad=RUS%3EUKR", "dyad=RUS%3C%3EUKR", "event=SANCTION,COERCE", "quad=4", "actor=european-union", "topic=energy",
  "source=Harbour%20Wire", "aux=none", "aux=future", "place=none", "confidence=0.9", "since=2026-06-01&until=2026-07-01", "q=sanction%20border",
  "q=zzzzqqqq", "duplicates=true", "country=RUS&event=SANCTION&topic=energy&q=dispatch&since=2025-01-01"];
const paths = ["events?limit=100", "events?limit=1000", "events?order=oldest", "series?by=event", "series?by=topic", "dyads?limit=16", "topics?", "countries?", "actors?", "actors?new=7",
  "sources?", "spikes?weeks=4", "spikes?weeks=52"];
const times = [];
for (const path of paths) {
  let [worst, sum, of] = [0, 0, ""];
  for (const condition of conditions) {
    for (let n = 0; n < Number(rounds); n++) {
      const from = performance.now();
      const answer = await fetch(`${url}api/${path}&${condition}`);
      await answer.arrayBuffer();
      const took = performance.now() - from;
      if (answer.status !== 200) throw new Error(`${path}&${condition}: ${answer.status}`);
      times.push(took);
      sum += took;
      if (took > worst) [worst, of] = [took, condition];
    }
  }
  console.log(`${path.padEnd(20)} mean ${(sum / conditions.length / Number(rounds)).toFixed(0).padStart(4)} ms, worst ${worst.toFixed(0).padStart(4)} ms${of ? ` (${of})` : ""}`);
}
times.sort((a, b) => a - b);
console.log(`all questions: median ${times[times.length >> 1].toFixed(0)} ms, worst ${times.at(-1).toFixed(0)} ms`);

const profile = mkdtempSync(join(tmpdir(), "chancery-many-"));
const browser = await puppeteer.launch({ executablePath: chromium, userDataDir: profile, args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--enable-precise-memory-info"] });
try {
  // The first page of a fresh browser pays for the browser; the second tells of the page.
  await (await browser.newPage()).goto("about:blank");
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 1000 });
  const from = performance.now();
  await page.goto(url);
  const paint = await page.evaluate(() => new Promise((done) => {
    const seen = () => performance.getEntriesByName("first-contentful-paint")[0];
    const look = () => (seen() ? done(seen().startTime) : setTimeout(look, 10));
    look();
  }));
  const rest = async () => {
    await page.waitForFunction(() => document.querySelector(".event, .empty") && !document.querySelector("[data-asking]"), { timeout: 60000, polling: 20 });
    await sleep(0);
  };
  await rest();
  console.log(`page: first paint ${paint.toFixed(0)} ms, every panel filled after ${(performance.now() - from).toFixed(0)} ms`);
  const memory = async (when) => {
    const cdp = await page.createCDPSession();
    await cdp.send("HeapProfiler.collectGarbage");
    const { metrics } = await cdp.send("Performance.enable").then(() => cdp.send("Performance.getMetrics"));
    const of = (name) => metrics.find((m) => m.name === name).value;
    console.log(`page memory ${when}: script heap ${mb(of("JSHeapUsedSize") / 1024)} of ${mb(of("JSHeapTotalSize") / 1024)}, ${of("Nodes")} nodes; ${renderer()}`);
    await cdp.detach();
  };
  // Private memory of the browser's process that shows the page.
  const renderer = () => {
    const sizes = children(browser.process().pid).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer"))
      .map((pid) => Number(/Private_Dirty:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]));
    return `private memory of its process ${mb(Math.max(...sizes))}`;
  };
  await memory("at rest");
  for (const query of ["?country=RUS", "?dyad=RUS%3EUKR", "?q=sanction", "?event=SANCTION&since=2026-10-01", ""]) {
    const from = performance.now();
    await page.goto(url + query);
    await rest();
    console.log(`page with ${query || "nothing asked"}: all panels after ${(performance.now() - from).toFixed(0)} ms`);
  }
  await memory("after five views");
} finally {
  await browser.close();
  server.removeAllListeners("exit");
  server.kill();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}

function children(pid) {
  const all = [];
  const walk = (p) => {
    for (const child of readFileSync(`/proc/${p}/task/${p}/children`, "utf8").split(" ").filter(Boolean)) {
      all.push(Number(child));
      walk(child);
    }
  };
  walk(pid);
  return all;
}
