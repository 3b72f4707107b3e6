/** Panel 1: the live feed. */
import { ask, countryName, fetched } from "../api";
import { add, fill, foreign, h } from "../dom";
import { count, moment, shortDay } from "../format";
import { nothing, panel } from "../panel";
import * as state from "../state";
import type { EventRecord } from "../types";

const MOST = 200;
let next = "";
let total = 0;
let held: EventRecord[] = [];
const items = h("ol", { class: "events", "aria-label": "Events, newest first" });
const fresh = h("button", { type: "button", class: "fresh", hidden: true, onclick: () => release() });
const more = h("button", { type: "button", class: "wide", onclick: () => loadMore() }, "Older events");
const sum = h("span", { class: "sum" });

export const feed = panel<null>({
  id: "feed",
  title: "As it is read",
  tools: [sum],
  path: () => null,
  draw(body) {
    return load(body);
  },
});

async function load(body: HTMLElement) {
  const response = await fetched(`/api/events?${state.query({ limit: "50" })}`).catch((e: Error) => {
    fill(body, h("div", { class: "wrong", role: "alert" }, e.message));
    return null;
  });
  if (!response) return;
  const events: EventRecord[] = await response.json();
  next = response.headers.get("x-next-cursor") ?? "";
  total = Number(response.headers.get("x-total-count") ?? events.length);
  held = [];
  fresh.hidden = true;
  sum.textContent = `${count(total)} in view`;
  if (!events.length) return nothing(body);
  fill(items, ...events.map(card));
  more.hidden = !next;
  fill(body, fresh, items, more);
}

async function loadMore() {
  if (!next) return;
  const response = await fetched(`/api/events?${state.query({ limit: "50", cursor: next })}`);
  next = response.headers.get("x-next-cursor") ?? "";
  const first = items.children.length;
  add(items, ((await response.json()) as EventRecord[]).map(card));
  more.hidden = !next;
  (items.children[first] as HTMLElement | undefined)?.querySelector("button")?.focus();
}

/** A live event. It is shown at once where the reader looks at the top, else it waits behind a button. */
export function arrive(event: EventRecord) {
  if (event.op === "retract") {
    document.getElementById(`event-${event.id}`)?.remove();
    return;
  }
  total += 1;
  sum.textContent = `${count(total)} in view`;
  if (!items.isConnected) return void feed.refresh();
  held.push(event);
  if (feed.body.scrollTop < 40 && !document.hidden) release();
  else {
    fresh.hidden = false;
    fresh.textContent = `${count(held.length)} new`;
  }
}

function release() {
  for (const event of held.slice(-MOST)) {
    document.getElementById(`event-${event.id}`)?.remove();
    const el = card(event);
    el.classList.add("new");
    items.prepend(el);
  }
  held = [];
  fresh.hidden = true;
  while (items.children.length > MOST + 50) items.lastElementChild?.remove();
  if (fresh === document.activeElement) feed.body.scrollTop = 0;
}

function card(event: EventRecord): HTMLLIElement {
  return h("li", { class: `event q${event.quad}`, id: `event-${event.id}` },
    h("button", { type: "button", class: "open", "data-id": event.id, onclick: () => state.set({ open: event.id }) },
      h("span", { class: "line" }, h("span", { class: "type" }, h("i", { class: `dot q${event.quad}` }), event.event.toLowerCase(), event.mode[0] ? h("small", {}, ` ${event.mode[0]}`) : null),
        h("span", { class: "who" }, who(event)), h("time", { datetime: event.date }, shortDay(event.date))),
      h("span", { class: "sentence" }, marked(event)),
      h("span", { class: "origin" }, event.article.source ? foreign(event.article.source, 60) : "unnamed source",
        ` · ${moment(event.published_at ?? event.seen_at)}`, ...event.aux.map((a) => h("em", { class: "aux" }, a)))));
}

export function who(event: EventRecord): string {
  const side = (codes: string[], parties: { name: string | null; text: string }[]) =>
    codes.length ? codes.map(countryName).join(", ") : parties.map((p) => p.name ?? p.text).join(", ").slice(0, 60);
  const actor = side(event.actor_country, event.actor);
  const recipient = side(event.recipient_country, event.recipient);
  if (event.reciprocal && !recipient) return event.actor_country.map(countryName).join(" ↔ ");
  return recipient ? `${actor} ${event.reciprocal ? "↔" : "→"} ${recipient}` : actor;
}

/** The sentence with actor, recipient and trigger marked. Offsets count Unicode scalars of the field. */
export function marked(event: EventRecord, most = 420): HTMLElement {
  const { text, span, trigger } = event.evidence;
  const scalars = [...text];
  const marks = [
    ...event.actor.map((a) => ({ span: a.span, kind: "actor", words: "actor" })),
    ...event.recipient.map((a) => ({ span: a.span, kind: "recipient", words: "recipient" })),
    { span: trigger.span, kind: "trigger", words: "trigger" },
  ].filter((m) => m.span.field === span.field && m.span.start >= span.start && m.span.end <= span.end)
    .map((m) => ({ ...m, from: m.span.start - span.start, to: m.span.end - span.start }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  const out = h("bdi", { dir: "auto" });
  let at = 0;
  const plain = (to: number) => to > at && out.append(scalars.slice(at, Math.min(to, most)).join(""));
  for (const mark of marks) {
    if (mark.from < at || mark.from >= most) continue;
    plain(mark.from);
    out.append(h("mark", { class: mark.kind, title: mark.words }, scalars.slice(mark.from, mark.to).join("")));
    at = mark.to;
  }
  plain(scalars.length);
  if (scalars.length > most) out.append("…");
  return out;
}

/** Moves the focus from event to event. */
export function step(by: number) {
  const all = [...items.querySelectorAll<HTMLElement>("button.open")];
  const now = all.indexOf(document.activeElement as HTMLElement);
  all[Math.min(all.length - 1, Math.max(0, now + by))]?.focus();
}

export const one = (id: string) => ask<{ events: EventRecord[] }>(`/api/explain/${encodeURIComponent(id)}`);
