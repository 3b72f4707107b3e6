/** Panels 3 and 4: who with whom, and each pair over time, cooperation and conflict apart. */
import { ask, countryName } from "../api";
import { fill, h } from "../dom";
import { brief, day, month, pair, plural, shortDay } from "../format";
import { type Stack, highest, mirror, trim } from "../mirror";
import { panel } from "../panel";
import * as state from "../state";
import type { Dyads, Series } from "../types";

/** How much ink a count gets, of the largest. */
const weight = (n: number, most: number) => (n ? 0.16 + 0.84 * Math.sqrt(n / most) : 0);
const level = (n: number, most: number) => Math.min(9, Math.ceil(weight(n, most) * 9));

export const matrix = panel<Dyads>({
  id: "dyads",
  title: "Who acts on whom",
  about: "Rows act, columns receive. Left half cooperation, right half conflict.",
  path: () => `/api/dyads?${state.query({ limit: "14", dyad: "" })}`,
  draw(body, data) {
    if (!data.dyads.length) return false;
    const at = new Map(data.dyads.map((d) => [`${d.actor}>${d.recipient}`, d]));
    const most = Math.max(...data.dyads.map((d) => Math.max(d.cooperation, d.conflict)));
    const chosen = state.get("dyad");
    const head = h("tr", {}, h("td", {}), ...data.countries.map((c) => h("th", { scope: "col", title: countryName(c) }, h("span", {}, c))));
    const rows = data.countries.map((a) => h("tr", {}, h("th", { scope: "row", title: countryName(a) },
      h("button", { type: "button", class: "link", onclick: () => state.toggle("country", a) }, h("span", { class: "wide-only" }, countryName(a)), h("span", { class: "narrow-only" }, a))),
      ...data.countries.map((r) => {
        const d = at.get(`${a}>${r}`);
        if (!d) return h("td", { class: a === r ? "self" : "" });
        const dyad = `${a}>${r}`;
        const words = `${pair(dyad)}: ${d.cooperation} of cooperation, ${d.conflict} of conflict`;
        return h("td", {}, h("button", { type: "button", class: "cell", title: words, "aria-label": words, "aria-pressed": String(chosen === dyad), onclick: () => state.set({ dyad: chosen === dyad ? "" : dyad }) },
          h("i", { class: `coop w${level(d.cooperation, most)}` }), h("i", { class: `conf w${level(d.conflict, most)}` })));
      })));
    fill(body, h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Matrix of pairs" }, h("table", { class: "matrix" }, h("thead", {}, head), h("tbody", {}, ...rows))),
      h("p", { class: "foot" }, `${plural(data.total, "event")} between two countries; ${brief(data.unpaired)} without a pair. Darkest: ${brief(most)}.`));
  },
});

export const trend = panel<Dyads>({
  id: "trend",
  title: "Pairs over time",
  about: "The pair that was chosen and its reverse, else those told of most.",
  picture: true,
  path: () => `/api/dyads?${state.query({ limit: "30", dyad: both(state.get("dyad")) })}`,
  draw(body, data) {
    const pairs = wanted(data);
    if (!pairs.length) return false;
    return draw(body, pairs);
  },
});

/** A one-way pair asks for both ways: the answer is told apart. */
const both = (dyad: string) => (dyad.includes("<>") ? dyad : dyad.replace(">", "<>"));

function wanted(data: Dyads): string[] {
  const sorted = [...data.dyads].sort((x, y) => y.cooperation + y.conflict - x.cooperation - x.conflict);
  const chosen = both(state.get("dyad")).split("<>");
  const fits = chosen.length === 2 ? sorted.filter((d) => chosen.includes(d.actor) && chosen.includes(d.recipient)) : sorted;
  return fits.slice(0, 6).map((d) => `${d.actor}>${d.recipient}`);
}

async function draw(body: HTMLElement, pairs: string[]) {
  const asked = await Promise.all(pairs.map((dyad) => ask<Series>(`/api/series?${state.query({ by: "quad", dyad })}`)));
  const all = trim(asked);
  const stacks = all.map((data) => data.series.map((l): Stack => ({ key: l.key, quad: Number(l.key), counts: l.counts })));
  const most = Math.max(1, ...stacks.map((x) => highest(x)));
  const width = Math.max(220, (body.clientWidth || 400) / 2 - 16);
  fill(body, h("div", { class: "smalls" }, ...all.map((data, i) => {
    const sum = (quads: number[]) => stacks[i].filter((x) => quads.includes(x.quad)).reduce((n, x) => n + x.counts.reduce((a, b) => a + b, 0), 0);
    const ends = [0, data.buckets.length - 1];
    return h("figure", {}, h("figcaption", {}, h("button", { type: "button", class: "link", onclick: () => state.set({ dyad: pairs[i] }) }, pair(pairs[i])),
      h("span", { class: "sums" }, h("b", { class: "up" }, `${brief(sum([1, 2]))} coop.`), " ", h("b", { class: "down" }, `${brief(sum([3, 4]))} confl.`))),
      mirror(stacks[i], {
        width, height: 96, left: 4, bottom: 16, axis: "line", most, unit: () => "", ticks: [],
        tick: () => "", label: () => `${pair(pairs[i])}: ${sum([1, 2])} of cooperation, ${sum([3, 4])} of conflict, by ${data.bucket}`,
      }),
      h("div", { class: "ends" }, ...ends.map((b) => h("span", {}, data.buckets[b] ? (data.bucket === "day" ? shortDay(data.buckets[b]) : month(data.buckets[b])) : ""))));
  })), h("p", { class: "foot" }, `All on one scale. ${all[0]?.buckets[0] ? `From ${day(all[0].buckets[0])}.` : ""}`));
}
