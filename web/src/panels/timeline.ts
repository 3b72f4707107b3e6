/** Panel 2: the timeline, by event type, with a brush. */
import { codes, quadOf } from "../api";
import { fill, h, s } from "../dom";
import { brief, count, day, month, plural, shortDay } from "../format";
import { type Stack, highest, mirror, trim } from "../mirror";
import { choice, panel } from "../panel";
import * as state from "../state";
import type { Series } from "../types";

const LEFT = 44;

export const timeline = panel<Series>({
  id: "timeline",
  title: "What happened when",
  about: "Cooperation above the line, conflict below; acts in dark, words in light. Drag to choose days.",
  tools: [choice("Unit", [["", "Events"], ["1", "Per 100 articles"]], () => state.get("share"), (v) => state.set({ share: v }))],
  picture: true,
  path: () => `/api/series?${state.query({ by: "event" })}`,
  draw(body, whole) {
    if (!whole.total) return false;
    const [data] = trim([whole]);
    const order = codes().types.map((t) => t.name);
    const stacks: Stack[] = data.series.map((l) => ({ key: l.key, quad: quadOf(l.key), counts: l.counts }))
      .sort((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
    const share = state.get("share") === "1";
    const value = share ? (n: number, b: number) => (data.of_articles[b] ? (n * 100) / data.of_articles[b] : 0) : (n: number) => n;
    const width = Math.max(body.clientWidth, 320);
    const height = width < 560 ? 220 : 270;
    const label = bucketLabel(data);
    const drawing = mirror(stacks, {
      width, height, left: LEFT, value, most: highest(stacks, value),
      unit: (n) => (n < 10 && n % 1 ? n.toFixed(1) : brief(n)),
      ticks: ticks(data), tick: (b) => (data.bucket === "year" ? data.buckets[b].slice(0, 4) : data.bucket === "month" ? month(data.buckets[b]) : shortDay(data.buckets[b])),
      label: () => `${plural(data.total, "event")} by ${data.bucket} and type, from ${day(data.buckets[0])} to ${day(data.buckets[data.buckets.length - 1])}`,
    });
    const tip = h("div", { class: "tip", hidden: true });
    const frame = h("div", { class: "frame" }, drawing, tip);
    brush(frame, drawing, tip, data, stacks, label, value, share);
    fill(body, frame, legend(stacks), h("p", { class: "foot" },
      `${plural(data.total, "event")} by ${data.bucket}. `,
      share ? (data.of === "read" ? "Shares are of all articles read." : "Shares are of articles with an event; article records are not written.") : null));
  },
});

function bucketLabel(data: Series) {
  return (b: number) => {
    const first = data.buckets[b];
    if (data.bucket === "day") return day(first);
    if (data.bucket === "week") return `Week of ${day(first)}`;
    return data.bucket === "month" ? month(first) : first.slice(0, 4);
  };
}

function ticks(data: Series): number[] {
  const all = data.buckets.map((_, b) => b);
  if (data.bucket !== "day" || data.buckets.length < 20) return all;
  return all.filter((b) => new Date(`${data.buckets[b]}T00:00:00Z`).getUTCDay() === 1);
}

function legend(stacks: Stack[]) {
  const chosen = state.list("event");
  const sum = (x: Stack) => x.counts.reduce((a, b) => a + b, 0);
  return h("ul", { class: "legend", "aria-label": "Event types" }, ...stacks.map((stack) => {
    const about = codes().types.find((t) => t.name === stack.key)?.about ?? "";
    return h("li", {}, h("button", { type: "button", title: about, "aria-pressed": String(chosen.includes(stack.key)), onclick: () => state.toggle("event", stack.key) },
      h("i", { class: `dot q${stack.quad}` }), stack.key.toLowerCase(), h("b", {}, brief(sum(stack)))));
  }));
}

/** Hover tells a bucket; a drag, or shift with the arrow keys, chooses days. */
function brush(frame: HTMLElement, drawing: SVGElement, tip: HTMLElement, data: Series, stacks: Stack[], label: (b: number) => string,
  value: (n: number, b: number) => number, share: boolean) {
  const n = data.buckets.length;
  const box = s("rect", { class: "brush", y: 0, height: "100%", width: 0 }) as SVGRectElement;
  drawing.append(box);
  const width = Number(drawing.getAttribute("viewBox")!.split(" ")[2]);
  const step = (width - LEFT) / n;
  let from = -1, to = -1;
  const at = (e: PointerEvent) => {
    const r = drawing.getBoundingClientRect();
    const x = ((e.clientX - r.left) / r.width) * width - LEFT;
    return Math.min(n - 1, Math.max(0, Math.floor(x / step)));
  };
  const show = (a: number, b: number) => {
    box.setAttribute("x", String(LEFT + Math.min(a, b) * step));
    box.setAttribute("width", String((Math.abs(b - a) + 1) * step));
  };
  const tell = (b: number) => {
    const rows = stacks.filter((x) => x.counts[b]).sort((x, y) => y.counts[b] - x.counts[b]);
    const total = rows.reduce((sum, x) => sum + x.counts[b], 0);
    fill(tip, h("strong", {}, label(b)), h("span", {}, ` ${plural(total, "event")}`),
      ...rows.slice(0, 6).map((x) => h("div", {}, h("i", { class: `dot q${x.quad}` }), x.key.toLowerCase(), h("b", {}, share ? value(x.counts[b], b).toFixed(1) : count(x.counts[b])))),
      rows.length > 6 ? h("div", { class: "more" }, `and ${rows.length - 6} more types`) : null);
    tip.hidden = false;
    const middle = ((LEFT + (b + 0.5) * step) / width) * frame.clientWidth;
    tip.style.left = `${Math.min(Math.max(middle, 100), frame.clientWidth - 100)}px`;
  };
  const choose = () => {
    const [a, b] = [Math.min(from, to), Math.max(from, to)];
    const end = b + 1 < n ? new Date(new Date(`${data.buckets[b + 1]}T00:00:00Z`).getTime() - 864e5).toISOString().slice(0, 10)
      : data.bucket === "day" ? data.buckets[b] : state.range().until || last(data);
    state.set({ since: data.buckets[a], until: end, period: "" });
  };
  drawing.addEventListener("pointerdown", (e) => {
    if (e.button) return;
    drawing.setPointerCapture(e.pointerId);
    from = to = at(e);
    show(from, to);
  });
  drawing.addEventListener("pointermove", (e) => {
    const b = at(e);
    tell(b);
    if (from >= 0) show(from, (to = b));
  });
  drawing.addEventListener("pointerup", () => {
    if (from >= 0) choose();
    from = to = -1;
  });
  drawing.addEventListener("pointerleave", () => (tip.hidden = true));
  drawing.setAttribute("tabindex", "0");
  drawing.setAttribute("aria-label", `${drawing.getAttribute("aria-label")}. Arrow keys tell each ${data.bucket}, shift with arrow keys chooses, enter keeps the choice.`);
  let cursor = n - 1;
  drawing.addEventListener("keydown", (e) => {
    if (e.key === "ArrowLeft" || e.key === "ArrowRight") {
      const before = cursor;
      cursor = Math.min(n - 1, Math.max(0, cursor + (e.key === "ArrowLeft" ? -1 : 1)));
      if (e.shiftKey) {
        if (from < 0) from = before;
        to = cursor;
      } else from = to = cursor;
      show(from, to);
      tell(cursor);
      e.preventDefault();
    } else if (e.key === "Enter" && from >= 0) {
      choose();
      from = to = -1;
    } else if (e.key === "Escape") {
      from = to = -1;
      box.setAttribute("width", "0");
      tip.hidden = true;
    }
  });
}

/** The last day of the last bucket. */
function last(data: Series): string {
  const first = new Date(`${data.buckets[data.buckets.length - 1]}T00:00:00Z`);
  if (data.bucket === "week") first.setUTCDate(first.getUTCDate() + 6);
  if (data.bucket === "month") first.setUTCMonth(first.getUTCMonth() + 1, 0);
  if (data.bucket === "year") first.setUTCFullYear(first.getUTCFullYear(), 11, 31);
  return first.toISOString().slice(0, 10);
}
