/** Panel 6: what rose this week, and the stories behind it. */
import { countryName } from "../api";
import { fill, foreign, h, s } from "../dom";
import { day, pair, plural } from "../format";
import { choice, panel } from "../panel";
import * as state from "../state";
import type { Spike, Spikes } from "../types";

export const spikes = panel<Spikes>({
  id: "spikes",
  title: "What rose this week",
  about: "By day of publication. Red: over 25 % above the weeks before; orange: 10 to 25 %.",
  tools: [choice("Compare with", [["", "4 weeks"], ["52", "52 weeks"]], () => state.get("weeks"), (v) => state.set({ weeks: v }))],
  path: () => `/api/spikes?${state.query({ weeks: state.get("weeks") || "4", limit: "12", since: "", until: state.get("until") })}`,
  draw(body, data) {
    if (!data.spikes.length) return false;
    fill(body, h("p", { class: "foot top" }, `${day(data.since)} to ${day(data.until)}, against the ${data.weeks} weeks before.`),
      h("ul", { class: "spike-list" }, ...data.spikes.map(row)));
  },
});

const named = (x: Spike) => (x.kind === "dyad" ? pair(x.key) : x.kind === "country" ? countryName(x.key) : x.kind === "event" ? x.key.toLowerCase() : x.key);

function row(x: Spike) {
  const change = x.change === null ? "new" : `${x.change > 0 ? "+" : ""}${Math.round(x.change)} %`;
  const words = { red: "sharp rise", orange: "rise", limited: "limited change", steady: "steady" }[x.level] ?? x.level;
  const badge = x.level === "limited" ? words : `${x.change === null || x.change > 0 ? "▲" : "▼"} ${change}`;
  return h("li", { class: `spike ${x.level}` }, h("details", {},
    h("summary", {}, h("span", { class: "kind" }, x.kind), h("span", { class: "name" }, named(x)), history(x),
      h("span", { class: "against", title: "events this week, against the mean of the weeks before" }, `${x.latest} vs ${x.mean < 10 ? x.mean.toFixed(1) : Math.round(x.mean)}`), h("span", { class: `badge ${x.level}`, title: words }, badge)),
    h("div", { class: "behind" },
      h("ol", {}, ...x.stories.map((story) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => state.set({ story: story.id, period: "all" }) },
        story.title ? foreign(story.title, 160) : "Untitled"), h("small", {}, " ", story.source ? foreign(story.source, 40) : "", ` · ${plural(story.events, "event")}`)))),
      h("button", { type: "button", class: "link", onclick: () => state.toggle(x.kind as state.Condition, x.key) }, `Show only ${named(x)}`))));
}

function history(x: Spike) {
  const shown = x.history.slice(-26);
  const most = Math.max(1, ...shown);
  const step = 78 / shown.length;
  return s("svg", { viewBox: "0 0 78 24", width: 64, height: 24, class: "bars", role: "img", "aria-label": `Events by week: ${shown.join(", ")}` },
    ...shown.map((n, i) => s("rect", { x: i * step, width: Math.max(1, step - 1.5), y: 24 - (n / most) * 23, height: Math.max(0.8, (n / most) * 23), class: i === shown.length - 1 ? "latest" : "" })));
}
