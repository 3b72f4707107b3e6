/** Panel 8: the evidence. The article's own sentences, what was read out of them, and what was not. */
import { Refused, ask, codes, countryName, fetched } from "../api";
import { byId, fill, foreign, h, link } from "../dom";
import { day, moment } from "../format";
import * as state from "../state";
import type { EventRecord, Explained } from "../types";
import { marked, who } from "./feed";

const drawer = byId<HTMLDialogElement>("drawer");
let opener: HTMLElement | null = null;
let reports = false;
export const takesReports = (yes: boolean) => (reports = yes);

export async function show() {
  const id = state.get("open");
  if (!id) return void (drawer.open && drawer.close());
  if (!drawer.open) {
    opener = document.activeElement as HTMLElement;
    drawer.showModal();
  }
  fill(drawer, bar("Evidence"), h("p", { class: "empty" }, "Reading…"));
  try {
    const told = await ask<Explained>(`/api/explain/${encodeURIComponent(id)}`);
    if (state.get("open") === id) draw(id, told);
  } catch (e) {
    const words = e instanceof Refused && e.status === 404 ? "This event is not in the output any more." : (e as Error).message;
    fill(drawer, bar("Evidence"), h("div", { class: "wrong", role: "alert" }, words));
  }
}

drawer.addEventListener("close", () => {
  state.set({ open: "" });
  opener?.focus();
});
drawer.addEventListener("click", (e) => e.target === drawer && drawer.close());

function bar(title: string) {
  return h("header", { class: "drawer-bar" }, h("h2", { id: "drawer-title" }, foreign(title, 300)),
    h("button", { type: "button", class: "quiet", "aria-label": "Close", onclick: () => drawer.close() }, "Close"));
}

function draw(id: string, told: Explained) {
  const main = told.events.find((e) => e.id === id) ?? told.events[0];
  if (!main) return fill(drawer, bar("Evidence"), h("p", { class: "empty" }, "This article tells no event."), silence(told));
  const a = main.article;
  const others = told.events.filter((e) => e !== main);
  fill(drawer, bar(a.title ?? "Untitled"),
    h("p", { class: "byline" }, a.source ? foreign(a.source, 80) : "unnamed source", main.published_at ? ` · ${moment(main.published_at)}` : "", a.url ? [" · "].join("") : "", a.url ? link(a.url, "original") : null),
    card(main, true),
    others.length ? h("section", {}, h("h3", {}, `In the same article`), ...others.map((e) => card(e, false))) : null,
    silence(told), text(told, main));
}

function card(e: EventRecord, full: boolean) {
  const facts: [string, Node | string | null][] = [
    ["When", `${day(e.date)} — ${e.date_basis}${e.date_text ? ` “${e.date_text}”` : ""}`],
    ["Code", e.cameo ? `${e.cameo.code} ${e.cameo.label}` : "no CAMEO code"],
    ["Topics", e.topics.map((t) => t.id).join(", ") || null],
    ["Place", e.location ? `${e.location.text}${e.location.country ? ` (${countryName(e.location.country)})` : ""}` : null],
    ["Said by", e.attribution?.to ?? null],
    ["Caveats", e.aux.join(", ") || null],
    ["Rule", `${e.evidence.rule} at ${e.evidence.rule_at}`],
    ["Certainty", `${Math.round(e.confidence * 100)} %`],
  ];
  return h("article", { class: `told q${e.quad}` },
    h("h3", {}, h("i", { class: `dot q${e.quad}` }), e.event.toLowerCase(), e.mode[0] ? ` ${e.mode[0]}` : "", h("span", { class: "who" }, ` ${who(e)}`)),
    h("p", { class: "quote" }, marked(e, 2000)),
    full ? h("dl", {}, ...facts.filter(([, v]) => v).flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v instanceof Node ? v : foreign(String(v), 300))])) : null,
    full && reports ? report(e) : null,
    full ? null : h("button", { type: "button", class: "link", onclick: () => state.set({ open: e.id }) }, "Show this one"));
}

function silence(told: Explained) {
  if (told.basis !== "article") return h("p", { class: "foot" }, `The article's text cannot be shown: ${told.why ?? "it is gone"}.`);
  if (!told.near_misses.length && !told.suppressed.length) return h("p", { class: "foot" }, "Nothing in it was silenced, and no other rule came near.");
  return h("details", { class: "silence", open: true }, h("summary", {}, `What was not told: ${told.suppressed.length} silenced, ${told.near_misses.length} near misses`),
    h("ul", {}, ...told.suppressed.map((x) => h("li", {}, h("b", {}, `silenced: ${x.reason}`), " ", x.text ? h("q", {}, foreign(x.text, 200)) : "", h("small", {}, ` ${x.rule}`))),
      ...told.near_misses.map((x) => h("li", {}, h("b", {}, "near miss"), " ", h("q", {}, foreign(x.text, 200)), ` — ${x.why}`, h("small", {}, ` ${x.rule} at ${x.rule_at}`)))));
}

function text(told: Explained, main: EventRecord) {
  if (!told.sentences.length) return null;
  const bySentence = new Map<number, EventRecord[]>();
  for (const e of told.events) bySentence.set(e.evidence.sentence, [...(bySentence.get(e.evidence.sentence) ?? []), e]);
  const near = new Set(told.near_misses.map((x) => x.sentence));
  const paragraphs: HTMLElement[] = [];
  for (const x of told.sentences.slice(0, 400)) {
    if (x.field === "title" && x.sentence === 0) continue;
    if (x.paragraph || !paragraphs.length) paragraphs.push(h("p", {}));
    const events = bySentence.get(x.sentence);
    const e = events?.find((y) => y.id === main.id) ?? events?.[0];
    const el = h("span", { class: `s${e ? ` has q${e.quad}` : ""}${e === main ? " main" : ""}${!e && near.has(x.sentence) ? " near" : ""}` }, e ? marked(e, 2000) : foreign(x.text, 2000));
    paragraphs[paragraphs.length - 1].append(el, " ");
  }
  return h("section", { class: "fulltext" }, h("h3", {}, "The article as it was read"), ...paragraphs);
}

function report(e: EventRecord) {
  const type = h("select", { "aria-label": "What it should be" }, h("option", { value: "" }, "no event at all"), ...codes().types.map((t) => h("option", { value: t.name }, t.name.toLowerCase())));
  const note = h("input", { type: "text", maxlength: "300", placeholder: "A word on why (optional)", "aria-label": "A word on why" });
  const said = h("p", { class: "foot", role: "status" });
  const form = h("form", { class: "report" }, h("label", {}, "It should be ", type), note, h("button", { type: "submit" }, "Write a test stub"), said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = JSON.stringify({ id: e.id, event: type.value || null, note: note.value || null });
    try {
      const answer = await (await fetched("/api/report", { method: "POST", headers: { "content-type": "application/json" }, body })).json();
      fill(said, `Added to ${answer.file}:`, h("pre", {}, answer.stub.trim()));
    } catch (error) {
      said.textContent = (error as Error).message;
    }
  });
  return h("details", {}, h("summary", {}, "Report it as wrong"), form);
}
