/** Panel 5: topics as a share of all over time, and who is told of. */
import { countryName } from "../api";
import { fill, foreign, h, s } from "../dom";
import { brief, plural, shortDay } from "../format";
import { choice, panel } from "../panel";
import * as state from "../state";
import type { Count, Series, Tally } from "../types";

export const topics = panel<{ top: Tally; series: Series }>({
  id: "topics",
  title: "Topics",
  about: "Share of the events of each day that touch a topic.",
  picture: true,
  path: () => `/api/topics?${state.query({ limit: "12" })}`,
  draw(body, { top, series }) {
    if (!top.total) return false;
    const chosen = state.list("topic");
    const all = series.articles.map((_, b) => Math.max(1, series.series.reduce((n, l) => n + l.counts[b], 0)));
    const rows = top.top.map((t) => {
      const line = series.series.find((l) => l.key === t.key);
      const shares = (line?.counts ?? []).map((n, b) => n / all[b]);
      const n = t.cooperation + t.conflict;
      return h("tr", {}, h("th", { scope: "row" }, h("button", { type: "button", class: "link", "aria-pressed": String(chosen.includes(t.key)), onclick: () => state.toggle("topic", t.key) }, t.key)),
        h("td", { class: "spark" }, spark(shares, `${t.key}: share by ${series.bucket}`)), h("td", { class: "num" }, `${Math.round((n / top.total) * 100)} %`), h("td", { class: "num dim" }, brief(n)));
    });
    fill(body, h("table", { class: "rows" }, h("thead", { class: "hidden" }, h("tr", {}, ...["Topic", "Over time", "Share", "Events"].map((t) => h("th", { scope: "col" }, t)))), h("tbody", {}, ...rows)),
      h("p", { class: "foot" }, `${plural(top.without, "event")} touch no topic.`));
  },
});

/** A small line of shares. Smoothed a little: a day with one event is no trend. */
function spark(shares: number[], label: string) {
  const width = 150, height = 26;
  const reach = Math.max(1, Math.round(shares.length / 40));
  const smooth = shares.map((_, i) => {
    const part = shares.slice(Math.max(0, i - reach), i + reach + 1);
    return part.reduce((a, b) => a + b, 0) / part.length;
  });
  const most = Math.max(0.01, ...smooth);
  const x = (i: number) => (smooth.length > 1 ? (i / (smooth.length - 1)) * width : width / 2);
  const y = (v: number) => height - 2 - (v / most) * (height - 4);
  const points = smooth.map((v, i) => `${x(i).toFixed(1)},${y(v).toFixed(1)}`).join(" ");
  return s("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label, class: "sparkline" },
    s("polygon", { points: `0,${height} ${points} ${width},${height}`, class: "area" }), s("polyline", { points, class: "stroke" }));
}

export const actors = panel<{ top: Count[]; total: number }>({
  id: "actors",
  title: "Actors",
  tools: [choice("Actors", [["", "Most told of"], ["new", "New this week"]], () => state.get("actors"), (v) => state.set({ actors: v }))],
  path: () => `/api/actors?${state.query({ limit: "14", new: state.get("actors") === "new" ? "7" : "" })}`,
  draw(body, data) {
    if (!data.top.length) return false;
    const most = Math.max(...data.top.map((a) => Math.max(a.cooperation, a.conflict)));
    const chosen = state.list("actor");
    const fresh = state.get("actors") === "new";
    const bar = (n: number, side: string) => h("i", { class: `bar ${side} l${Math.round((n / most) * 20)}` });
    fill(body, h("table", { class: "rows" },
      h("thead", { class: "hidden" }, h("tr", {}, ...["Actor", "Conflict", "Cooperation", "Events"].map((t) => h("th", { scope: "col" }, t)))),
      h("tbody", {}, ...data.top.map((a) => h("tr", {},
        h("th", { scope: "row" }, h("button", { type: "button", class: "link", "aria-pressed": String(chosen.includes(a.key)), onclick: () => state.toggle("actor", a.key) }, foreign(a.name, 48)),
          a.country && countryName(a.country) !== a.name ? h("small", {}, ` ${a.country}`) : null),
        h("td", { class: "both" }, h("span", { class: "left" }, bar(a.conflict, "down")), h("span", { class: "right" }, bar(a.cooperation, "up"))),
        h("td", { class: "num" }, fresh ? shortDay(a.first) : brief(a.cooperation + a.conflict)))))),
      h("p", { class: "foot" }, h("i", { class: "dot q4" }), "conflict to the left, ", h("i", { class: "dot q2" }), "cooperation to the right."));
  },
});
