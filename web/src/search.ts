/** What is filtered: the search box, the chips, the days. */
import { ask, codes, countryName } from "./api";
import { byId, fill, h } from "./dom";
import { day, pair } from "./format";
import * as state from "./state";
import type { Suggestion } from "./types";

const input = byId<HTMLInputElement>("search");
const box = byId<HTMLUListElement>("suggestions");
let shown: (Suggestion | { kind: "q"; key: string; name: string; country: string })[] = [];
let at = -1;
let asked: AbortController | null = null;

export function start() {
  input.form!.addEventListener("submit", (e) => {
    e.preventDefault();
    pick(at >= 0 ? at : shown.length - 1);
  });
  input.addEventListener("input", suggest);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      at = (at + (e.key === "ArrowDown" ? 1 : -1) + shown.length) % Math.max(1, shown.length);
      draw();
      e.preventDefault();
    } else if (e.key === "Escape") close();
  });
  chips();
  state.onChange(chips);
}

async function suggest() {
  asked?.abort();
  const typed = input.value.trim();
  if (!typed) return close();
  const mine = (asked = new AbortController());
  const words = { kind: "q" as const, key: typed, name: typed, country: "" };
  shown = [words];
  at = -1;
  draw();
  try {
    const found = await ask<Suggestion[]>(`/api/suggest?q=${encodeURIComponent(typed)}`, mine.signal);
    const lower = typed.toLowerCase();
    // Countries are known here by name, to the server by code.
    const countries = Object.entries(codes().countries).filter(([, name]) => name.toLowerCase().includes(lower)).slice(0, 3)
      .map(([code, name]) => ({ kind: "country", key: code, name, country: code }));
    const types = codes().types.filter((t) => t.name.toLowerCase().startsWith(lower)).map((t) => ({ kind: "event", key: t.name, name: t.name.toLowerCase(), country: "" }));
    const rest = found.filter((x) => x.kind !== "country" || !countries.some((c) => c.key === x.key));
    shown = [...countries, ...types, ...rest].slice(0, 9);
    shown.push(words);
    draw();
  } catch {
    /* A newer question is under way. */
  }
}

function draw() {
  box.hidden = !shown.length;
  input.setAttribute("aria-expanded", String(!box.hidden));
  fill(box, ...shown.map((x, i) => h("li", { role: "option", id: `suggestion-${i}`, "aria-selected": String(i === at), onpointerdown: (e: Event) => (e.preventDefault(), pick(i)) },
    h("span", { class: "kind" }, x.kind === "q" ? "words" : x.kind), x.kind === "q" ? `“${x.name}”` : x.name.slice(0, 60), x.country && x.kind === "actor" ? h("small", {}, ` ${countryName(x.country)}`) : null)));
  if (at >= 0) input.setAttribute("aria-activedescendant", `suggestion-${at}`);
  else input.removeAttribute("aria-activedescendant");
}

function pick(i: number) {
  const x = shown[i];
  if (!x) return;
  if (x.kind === "q") state.set({ q: x.key });
  else if (!state.list(x.kind as state.Condition).includes(x.key)) state.toggle(x.kind as state.Condition, x.key);
  input.value = "";
  close();
}

function close() {
  shown = [];
  at = -1;
  draw();
}

const label: Partial<Record<state.Condition, (v: string) => string>> = {
  country: countryName, dyad: pair, event: (v) => v.toLowerCase(), place: (v) => `in ${v === "none" ? "no place" : countryName(v)}`,
  q: (v) => `“${v}”`, story: () => "one story", quad: (v) => ["", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict"][Number(v)] ?? v,
  confidence: (v) => `certainty from ${Math.round(Number(v) * 100)} %`,
};

function chips() {
  const row = byId("conditions");
  const chips = state.CONDITIONS.filter((c) => c !== "since" && c !== "until").flatMap((c) =>
    (c === "q" || c === "dyad" ? [state.get(c)].filter(Boolean) : state.list(c)).map((v) => {
      const words = (label[c] ?? ((x: string) => x))(v);
      return h("button", { type: "button", class: "chip", "aria-label": `Remove filter: ${c} ${words}`, onclick: () => (c === "q" || c === "dyad" ? state.set({ [c]: "" }) : state.toggle(c, v)) }, h("span", { class: "kind" }, c === "q" ? "words" : c), words.slice(0, 60), h("span", { "aria-hidden": "true" }, " ×"));
    }));
  const { since, until } = state.range();
  const date = (name: "since" | "until", value: string) => h("input", { type: "date", value, "aria-label": name === "since" ? "From day" : "To day",
    onchange: (e: Event) => state.set({ since, until, period: "", [name]: (e.target as HTMLInputElement).value }) });
  fill(row, h("div", { class: "choice", role: "group", "aria-label": "Days" }, ...state.PERIODS.map(([key, words]) =>
    h("button", { type: "button", "aria-pressed": String(state.period() === key), onclick: () => state.set({ period: key === "90" ? "" : key, since: "", until: "" }) }, words))),
  h("span", { class: "dates" }, date("since", since), "–", date("until", until)), ...chips,
  chips.length || state.get("since") || state.get("until") ? h("button", { type: "button", class: "link", onclick: state.clear }, "Clear") : null,
  h("span", { class: "hidden", role: "status" }, since ? `${day(since)} to ${until ? day(until) : "now"}` : ""));
}
