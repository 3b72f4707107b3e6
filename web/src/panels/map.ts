/** Panel 7: the map. Countries are shaded; there are no pins, since a text names places, not points. */
import { ask, countryName } from "../api";
import { fill, h, s } from "../dom";
import { brief, count, plural } from "../format";
import { choice, panel } from "../panel";
import * as state from "../state";
import type { Count, Tally } from "../types";

interface World { width: number; height: number; shapes: Record<string, string>; dots: Record<string, [number, number]> }
let world: World | null = null;

const shown = () => state.get("map") || "all";
const figure = (c: Count) => (shown() === "coop" ? c.cooperation : shown() === "confl" ? c.conflict : c.cooperation + c.conflict);

export const map = panel<{ parties: Tally; places: Tally }>({
  id: "map",
  title: "Where",
  tools: [choice("Shade by", [["", "All"], ["coop", "Cooperation"], ["confl", "Conflict"], ["place", "Places"]], () => state.get("map"), (v) => state.set({ map: v }))],
  picture: true,
  path: () => `/api/countries?${state.query()}`,
  draw(body, data) {
    const tally = shown() === "place" ? data.places : data.parties;
    if (!tally.total) return false;
    return draw(body, tally);
  },
});

async function draw(body: HTMLElement, tally: Tally) {
  world ??= await ask<World>("/assets/world.json");
  const by = new Map(tally.top.map((c) => [c.key, c]));
  const most = Math.max(1, ...tally.top.map(figure));
  // Steps of a root scale: a few countries are told of far more often than all others.
  const step = (n: number) => (n ? Math.max(1, Math.ceil(Math.sqrt(n / most) * 6)) : 0);
  const tone = shown() === "coop" ? "coop" : shown() === "confl" ? "confl" : "all";
  const chosen = state.list("country");
  const land = (code: string, el: SVGElement) => {
    const c = by.get(code);
    const n = c ? figure(c) : 0;
    el.setAttribute("class", `land ${tone} s${step(n)}${chosen.includes(code) ? " chosen" : ""}`);
    if (c) {
      el.append(s("title", {}, `${countryName(code)}: ${plural(n, "event")} (${count(c.cooperation)} cooperation, ${count(c.conflict)} conflict)`));
      el.addEventListener("click", () => state.toggle("country", code));
    }
    return el;
  };
  const svg = s("svg", { viewBox: `0 0 ${world.width} ${world.height}`, class: "world", role: "img", "aria-label": "Map of the world, shaded by events; the list beside it has the figures" },
    ...Object.entries(world.shapes).map(([code, d]) => land(code, s("path", { d }))),
    ...Object.entries(world.dots).filter(([code]) => by.has(code)).map(([code, [x, y]]) => land(code, s("circle", { cx: x, cy: y, r: 3.5 }))));
  const top = [...tally.top].sort((a, b) => figure(b) - figure(a)).slice(0, 8);
  const outside = tally.top.filter((c) => !(c.key in world!.shapes) && !(c.key in world!.dots));
  fill(body, svg, h("div", { class: "scale", "aria-hidden": "true" }, "few", ...[1, 2, 3, 4, 5, 6].map((n) => h("i", { class: `land ${tone} s${n}` })), `${brief(most)} events`),
    h("ol", { class: "inline" }, ...top.map((c) => h("li", {}, h("button", { type: "button", class: "link", "aria-pressed": String(chosen.includes(c.key)), onclick: () => state.toggle("country", c.key) }, countryName(c.key)), " ", h("b", {}, brief(figure(c)))))),
    h("p", { class: "foot" }, shown() === "place" ? `${plural(tally.without, "event")} name no place.` : `${plural(tally.without, "event")} name no country.`,
      outside.length ? ` Not on the map: ${outside.map((c) => `${countryName(c.key)} ${brief(figure(c))}`).join(", ")}.` : ""));
}
