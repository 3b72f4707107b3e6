// Drives the page in a real browser over a real server: what an analyst does in the first minutes, on a desk and on a
// phone, by day and by night, with articles that mean harm. Any error in the console, any request to another host and
// any fault that axe finds fails it.
//   node test/page.mjs CHANCERY CHROMIUM [DIRECTORY FOR SCREENSHOTS]
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

const [, , chancery, chromium, shots] = process.argv;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const dir = mkdtempSync(join(tmpdir(), "chancery-page-"));
const inbox = join(dir, "inbox");
const events = join(dir, "events.jsonl");
mkdirSync(inbox);
if (shots) mkdirSync(shots, { recursive: true });
let failed = 0, passed = 0;

const check = (fine, words, more = "") => {
  if (fine) return void (passed += 1);
  failed += 1;
  console.error(`FAILED: ${words} ${more}`);
};

/** Starts the program and waits for the address it tells. */
function start(args) {
  const child = spawn(chancery, args, { cwd: dir, env: { ...process.env, CHANCERY_WATCH_SETTLE_MS: "50", CHANCERY_WATCH_RESCAN_SECONDS: "1" } });
  return new Promise((done, gone) => {
    let said = "";
    child.stderr.on("data", (d) => {
      said += d;
      const url = /dashboard: (http\S+)/.exec(said);
      if (url) done({ child, url: url[1] });
    });
    child.on("exit", (code) => gone(new Error(`the program ended with ${code}: ${said}`)));
  });
}

const until = async (page, what, words, ...args) => {
  try {
    await page.waitForFunction(what, { timeout: 15000 }, ...args);
    passed += 1;
  } catch {
    check(false, words);
  }
};

async function open(browser, url, options = {}) {
  const page = await browser.newPage();
  const own = new URL(url).host;
  page.on("console", (m) => m.type() === "error" && check(false, "error in the console:", m.text()));
  page.on("pageerror", (e) => check(false, "error on the page:", e.message));
  page.on("request", (r) => {
    const to = new URL(r.url());
    if (!["data:", "blob:"].includes(to.protocol)) check(to.host === own, "request to another host:", r.url());
  });
  await page.setViewport({ width: 1440, height: 1000, ...options.viewport });
  if (options.dark) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  await page.goto(url + (options.query ?? ""));
  await page.waitForSelector(".event, .empty");
  await settled(page);
  return page;
}

/** No panel waits for an answer any more. */
async function settled(page) {
  await until(page, () => !document.querySelector("[data-asking]") && document.querySelectorAll("main > section").length === 9, "the panels come to rest");
}

async function accessible(page, name) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }));
  for (const v of found.violations) check(false, `axe on ${name}: ${v.id} (${v.impact}):`, `${v.help}\n    ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join("\n    ")}`);
  check(found.passes.length > 10, `axe looked at ${name}`);
}

const shot = async (page, name, options = {}) => shots && (await page.screenshot({ path: join(shots, `${name}.png`), ...options }));
const text = (page, selector) => page.$eval(selector, (e) => e.textContent);
const article = (name, words) => writeFileSync(join(inbox, name), words);

async function desk(browser, url) {
  const page = await open(browser, url);
  check((await page.$$(".event")).length > 5, "the feed has events");
  check((await page.$$(".timeline rect")).length > 3, "the timeline has bars");
  check((await page.$$(".matrix .cell")).length > 3, "the matrix has cells");
  check((await page.$$(".smalls svg")).length > 0, "pairs have a trend");
  check((await page.$$(".spike")).length > 0, "there are rises");
  check((await page.$$(".world .land:not(.s0)")).length > 5, "the map is shaded");
  check((await page.$$(".topics .sparkline")).length > 2, "topics have lines");
  check((await page.$$(".actors tr")).length > 3, "actors are listed");
  check((await page.$$(".health .tile")).length > 8, "health has its tiles");
  await accessible(page, "the page by day");
  await shot(page, "page-light");
  for (const id of ["feed", "timeline", "spikes", "dyads", "trend", "map", "topics", "actors", "health"]) {
    const el = await page.$(`#${id}`);
    await el.scrollIntoView();
    if (shots) await el.screenshot({ path: join(shots, `panel-${id}.png`) });
  }
  await page.evaluate(() => scrollTo(0, 0));
  return page;
}

/** A live event arrives, without a reload, and the figures follow. */
async function live(page) {
  await until(page, () => document.querySelector(".live")?.textContent === "live", "the stream is connected");
  article("live.txt", "Norway imposed sanctions on Fiji on Sunday.\n\nNorway imposed sanctions on Fiji on Sunday, officials in Oslo said.\n");
  await until(page, () => [...document.querySelectorAll(".event.new .who")].some((e) => e.textContent.includes("Norway → Fiji")), "a live event arrives");
}

/** A page that was left, or is behind another, holds no stream: a browser has only six connections to a server. */
async function leaves(browser, url) {
  const page = await open(browser, url);
  for (const code of ["NOR", "FJI", "RUS", "UKR", "USA", "CHN", "EUR", "BLR"]) {
    await page.goto(`${url}?country=${code}`);
    await until(page, () => document.querySelector(".live")?.textContent === "live", `the stream of view ${code} is connected`);
    await settled(page);
  }
  await page.goBack();
  await until(page, () => document.querySelector(".live")?.textContent === "live", "the stream is connected after going back");
  const held = async () => Number(/^chancery_streams (\d+)/m.exec(await (await fetch(`${url}metrics`)).text())[1]);
  const streams = await held();
  check(streams <= 2, "pages that were left hold streams:", streams);
  await page.close();
}

async function filters(page) {
  await page.type("#search", "Belarus");
  await until(page, () => document.querySelectorAll("#suggestions li").length > 1, "names are suggested");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until(page, () => location.search.includes("country=BLR"), "the filter is in the address");
  await settled(page);
  await until(page, () => document.querySelectorAll(".event").length > 0 && [...document.querySelectorAll(".event .who")].every((e) => e.textContent.includes("Belarus")), "only Belarus is left");
  await page.goBack();
  await until(page, () => !location.search.includes("country"), "going back takes the filter away");
  await settled(page);
  const box = await (await page.$(".timeline svg")).boundingBox();
  await page.mouse.move(box.x + box.width * 0.55, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.97, box.y + 60, { steps: 4 });
  await shot(page, "brush");
  await page.mouse.up();
  await until(page, () => /since=\d{4}-\d\d-\d\d/.test(location.search) && location.search.includes("until="), "the brush chooses days");
  await settled(page);
  await page.keyboard.press("c");
  await until(page, () => !location.search.includes("since"), "c clears");
  await settled(page);
  await page.click(".matrix .cell");
  await until(page, () => location.search.includes("dyad="), "a cell leads to its pair");
  await settled(page);
  await page.keyboard.press("c");
  await settled(page);
}

async function evidence(page, url) {
  await page.goto(`${url}?country=BLR`);
  await page.waitForSelector(".event .open");
  await settled(page);
  await page.keyboard.press("j");
  check(await page.evaluate(() => document.activeElement.classList.contains("open")), "j goes to an event");
  await page.keyboard.press("Enter");
  await until(page, () => document.querySelector("#drawer[open] .fulltext .main mark.trigger"), "the evidence shows the sentence in its article");
  check(/events\/[A-Z]+\.toml:\d+/.test(await text(page, "#drawer dl")), "the rule is named with file and line");
  await accessible(page, "the evidence");
  await shot(page, "evidence");
  await page.evaluate(() => [...document.querySelectorAll("#drawer details")].find((d) => d.textContent.includes("Report")).setAttribute("open", ""));
  await page.click(".report button");
  await until(page, () => document.querySelector(".report pre")?.textContent.includes("no event"), "a report becomes a test stub");
  check(readFileSync(`${events}.reports.test`, "utf8").includes("no event"), "the stub is in the file");
  await page.keyboard.press("Escape");
  await until(page, () => !location.search.includes("open="), "escape closes, and the address follows");
}

async function rises(page, url) {
  await page.goto(url);
  await page.waitForSelector(".spike summary");
  await settled(page);
  await page.click(".spike summary");
  await until(page, () => document.querySelector(".spike details[open] .behind li button"), "a rise shows its stories");
  await (await page.$("#spikes")).scrollIntoView();
  await shot(page, "rises");
}

async function nightAndPhone(browser, url) {
  const night = await open(browser, url, { dark: true });
  check(await night.evaluate(() => document.documentElement.dataset.theme === "dark"), "the system's dark is obeyed");
  await accessible(night, "the page by night");
  await shot(night, "page-dark");
  await night.click("#theme");
  check(await night.evaluate(() => document.documentElement.dataset.theme === "light"), "the theme can be switched");
  await night.evaluate(() => localStorage.clear());
  await night.close();
  const phone = await open(browser, url, { viewport: { width: 390, height: 844, isMobile: true, hasTouch: true, deviceScaleFactor: 2 } });
  const over = await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check(over <= 0, "the phone's page is not wider than the phone", `${over} px`);
  await accessible(phone, "the phone");
  await shot(phone, "phone");
  await phone.click(".event .open");
  await until(phone, () => document.querySelector("#drawer[open] .quote"), "evidence opens on a phone");
  await shot(phone, "phone-evidence");
  await phone.close();
}

/** Nothing that matches, and a server that goes away. */
async function edges(browser, url) {
  const page = await open(browser, url, { query: "?q=zzzzqqqq" });
  check((await text(page, ".feed .empty")).includes("No events match"), "the empty feed says so");
  await accessible(page, "the empty page");
  await shot(page, "empty");
  await page.close();
}

/** Records that mean harm are text on the page, and nothing else. */
async function hostile(browser) {
  const sample = JSON.parse(readFileSync(events, "utf8").split("\n")[0]);
  const file = join(dir, "hostile.jsonl");
  const script = '<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>';
  const all = [
    { title: script, url: "javascript:window.harmed=1", source: script },
    { title: "\u202Egnp.exe \u2066evil", url: "data:text/html,<script>window.harmed=1</script>", source: "\u202Eecruos" },
    { title: "W".repeat(1 << 20), url: `https://news.example/"onclick="window.harmed=1`, source: "x".repeat(5000) },
  ];
  const lines = all.map((a, i) => JSON.stringify({
    ...sample, id: `hostile${i}`, article: { ...sample.article, ...a, id: `<b>${i}</b>` }, topics: [{ id: `<i>${i}`, score: 1, terms: [] }],
    actor: [{ ...sample.actor[0], id: null, name: `${script}${i}`, text: script }],
    evidence: { ...sample.evidence, text: `${script} ${sample.evidence.text}`, rule: script },
  }));
  writeFileSync(file, `${lines.join("\n")}\n`);
  const { child, url } = await start(["serve", file, "-p", "0"]);
  const page = await open(browser, url);
  await page.click("#event-hostile0 .open");
  await until(page, () => document.querySelector("#drawer[open] .told"), "hostile evidence opens");
  const links = await page.$$eval("#drawer a", (all) => all.map((a) => a.protocol));
  check(links.every((p) => p === "http:" || p === "https:"), "no link but to the web", links.join());
  await page.keyboard.press("Escape");
  check(!(await page.evaluate(() => window.harmed)), "no script of an article ran");
  check((await page.$$("main img, main script, main b > i > *")).length === 0, "no element of an article's making");
  check((await page.evaluate(() => document.body.textContent.length)) < 200000, "a title of a million letters is cut");
  await shot(page, "hostile");
  await page.close();
  child.removeAllListeners("exit");
  child.kill();
}

const seeds = new URL("../../seeds/", import.meta.url);
cpSync(seeds, inbox, { recursive: true });
const watch = await start(["watch", "inbox", "--out", "events.jsonl", "--serve", "-p", "0"]);
const profile = mkdtempSync(join(tmpdir(), "chancery-browser-"));
const browser = await puppeteer.launch({
  executablePath: chromium,
  userDataDir: profile,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
try {
  const page = await open(browser, watch.url);
  await until(page, () => document.querySelectorAll(".event").length > 20, "the samples are read");
  await page.close();
  const first = await desk(browser, watch.url);
  await live(first);
  await filters(first);
  await evidence(first, watch.url);
  await rises(first, watch.url);
  await first.close();
  await leaves(browser, watch.url);
  await nightAndPhone(browser, watch.url);
  await edges(browser, watch.url);
  await hostile(browser);
} catch (e) {
  check(false, "the test itself:", e.stack);
} finally {
  await browser.close();
  watch.child.removeAllListeners("exit");
  watch.child.kill();
  for (const d of [dir, profile]) rmSync(d, { recursive: true, force: true, maxRetries: 5 });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
