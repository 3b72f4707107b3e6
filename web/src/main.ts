/** The page: panels in their places, kept in step with the address and with what arrives. */
import { ask, learn } from "./api";
import { byId, fill, h } from "./dom";
import type { Panel } from "./panel";
import { matrix, trend } from "./panels/dyads";
import * as evidence from "./panels/evidence";
import { arrive, feed, step } from "./panels/feed";
import { health } from "./panels/health";
import { map } from "./panels/map";
import { spikes } from "./panels/spikes";
import { timeline } from "./panels/timeline";
import { actors, topics } from "./panels/topics";
import * as search from "./search";
import * as state from "./state";
import * as tools from "./tools";
import type { EventRecord, Health } from "./types";

const PANELS: [Panel, string][] = [[feed, "Live"], [timeline, "Time"], [spikes, "Rises"], [matrix, "Pairs"], [trend, "Trend"], [map, "Map"], [topics, "Topics"], [actors, "Actors"], [health, "Health"]];
/** Live events redraw the figures at most so often. */
const CALM = 3000;

function start() {
  tools.start();
  fill(byId("main"), ...PANELS.map(([p]) => p.el));
  fill(byId("jump"), ...PANELS.map(([p, words]) => h("a", { href: `#${p.el.id}` }, words)));
  void connect();
}

/** Waits for a server that answers and has read what stands. */
async function connect() {
  try {
    const [first] = await Promise.all([ask<Health>("/api/health"), learn()]);
    state.setNewest(first.newest ?? "");
    if (!first.ready) {
      say("The output is being indexed…");
      return void setTimeout(connect, 700);
    }
    evidence.takesReports(first.takes_reports);
  } catch (e) {
    say(`${(e as Error).message} Trying again…`);
    return void setTimeout(connect, 3000);
  }
  byId("notice").hidden = true;
  search.start();
  refresh();
  void evidence.show();
  listen();
  addEventListener("visibilitychange", () => (document.hidden ? rest() : resume()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (e) => e.persisted && resume());
  setInterval(() => !document.hidden && health.refresh(), 5000);
}

function refresh() {
  for (const [panel] of PANELS) panel.refresh();
}

function say(words: string) {
  const notice = byId("notice");
  notice.textContent = words;
  notice.hidden = false;
}

state.onChange((changed) => {
  if (changed.has("open")) void evidence.show();
  if (state.conditionsChanged(changed)) {
    refresh();
    listen();
    return;
  }
  if (changed.has("share")) timeline.refresh();
  if (changed.has("weeks")) spikes.refresh();
  if (changed.has("map")) map.refresh();
  if (changed.has("actors")) actors.refresh();
});

let source: EventSource | null = null;
let due = 0;

/** A page that nobody sees holds no stream: a browser keeps six connections to a server at most, for all its tabs and the
 *  pages one may go back to, and a seventh page would wait for one of them. */
function rest() {
  source?.close();
  source = null;
}

function resume() {
  if (source || document.hidden) return;
  listen();
  feed.refresh();
  calm();
}

/** Live events that match the view. The browser connects again by itself, and the server tells what was missed. */
function listen() {
  rest();
  if (document.hidden) return;
  // What is new is of any day: the view's days are for the figures.
  const days: Record<string, string> = state.get("since") || state.get("until") ? {} : { since: "", until: "" };
  source = new EventSource(`/api/stream?${state.query({ duplicates: "false", ...days })}`);
  source.onopen = () => {
    tools.live.textContent = "live";
    tools.live.className = "live on";
    byId("notice").hidden = true;
  };
  source.onerror = () => {
    tools.live.textContent = "not connected";
    tools.live.className = "live off";
    say("The connection is lost. What you see may be old; it is tried again by itself.");
  };
  source.addEventListener("event", (e) => {
    arrive(JSON.parse((e as MessageEvent).data) as EventRecord);
    calm();
  });
  // What was missed is in the list when it is asked for again.
  source.addEventListener("gap", () => {
    feed.refresh();
    calm();
  });
}

function calm() {
  if (due) return;
  due = window.setTimeout(async () => {
    due = 0;
    const now = await ask<Health>("/api/health").catch(() => null);
    if (now?.newest) state.setNewest(now.newest);
    for (const panel of [timeline, spikes, matrix, trend, map, topics, actors, health]) panel.refresh();
  }, CALM);
}

addEventListener("keydown", (e) => {
  const typing = e.target instanceof HTMLInputElement || e.target instanceof HTMLSelectElement;
  if (typing || e.ctrlKey || e.metaKey || e.altKey || document.querySelector("dialog[open]")) return;
  const keys: Record<string, () => void> = {
    "/": () => byId("search").focus(), j: () => step(1), k: () => step(-1), t: tools.otherTheme, c: state.clear, "?": tools.help,
  };
  const act = keys[e.key];
  if (act) {
    e.preventDefault();
    act();
  }
});

let width = innerWidth;
let resizing = 0;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = window.setTimeout(() => {
    if (width === innerWidth) return;
    width = innerWidth;
    timeline.refresh();
    trend.refresh();
  }, 200);
});

start();
