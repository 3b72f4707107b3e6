/** Bars that grow both ways from a line: cooperation up, conflict down. A mean would hide both. */
import { s } from "./dom";
import { brief } from "./format";
import * as state from "./state";
import type { Series } from "./types";

export interface Stack { key: string; quad: number; counts: number[] }
interface Options {
  width: number; height: number; left?: number; bottom?: number;
  label(bucket: number): string; ticks: number[]; tick(bucket: number): string;
  value?(n: number, bucket: number): number; unit?(n: number): string; axis?: "line"; most?: number;
}

/** Highest of both sides, in the unit that is drawn. */
export function highest(stacks: Stack[], value: (n: number, b: number) => number = (n) => n): number {
  const n = stacks[0]?.counts.length ?? 0;
  let most = 0;
  for (let b = 0; b < n; b++) {
    let up = 0, down = 0;
    for (const stack of stacks) {
      const v = value(stack.counts[b], b);
      if (stack.quad <= 2) up += v;
      else down += v;
    }
    most = Math.max(most, up, down);
  }
  return most;
}

/** Without the empty buckets before the first event of all, unless the reader chose the first day. */
export function trim(all: Series[]): Series[] {
  if (state.get("since")) return all;
  const n = all[0]?.buckets.length ?? 0;
  let first = 0;
  while (first < n - 8 && all.every((data) => data.series.every((l) => !l.counts[first]))) first++;
  return all.map((data) => ({
    ...data, buckets: data.buckets.slice(first), articles: data.articles.slice(first), of_articles: data.of_articles.slice(first),
    series: data.series.map((l) => ({ ...l, counts: l.counts.slice(first) })),
  }));
}

function nice(n: number): number {
  if (n <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 2.5, 5, 10].map((m) => m * unit).find((m) => m >= n) ?? n;
}

export function mirror(stacks: Stack[], options: Options): SVGElement {
  const { width, height, left = 44, bottom = 20 } = options;
  const value = options.value ?? ((n: number) => n);
  const unit = options.unit ?? brief;
  const top = nice(options.most ?? highest(stacks, value));
  const buckets = stacks[0]?.counts.length ?? 0;
  const middle = (height - bottom) / 2;
  const scale = (middle - 8) / top;
  const step = (width - left) / Math.max(buckets, 1);
  const svg = s("svg", { viewBox: `0 0 ${width} ${height}`, class: "mirror", role: "img", preserveAspectRatio: "none" });
  for (const v of options.axis === "line" ? [0] : [top, top / 2, 0, -top / 2, -top]) {
    const y = middle - v * scale;
    svg.append(s("line", { x1: left, x2: width, y1: y, y2: y, class: v ? "grid" : "axis" }));
    if (v) svg.append(s("text", { x: left - 6, y: y + 4, class: "tick", "text-anchor": "end" }, unit(Math.abs(v))));
  }
  // Material acts stand next to the line, words outside them.
  const order = [...stacks].sort((a, b) => b.quad % 2 === a.quad % 2 ? 0 : a.quad % 2 === 0 ? -1 : 1);
  const ups = new Float64Array(buckets), downs = new Float64Array(buckets);
  const gap = step > 4 ? 1 : 0;
  for (const stack of order) {
    const group = s("g", { class: `q${stack.quad}`, "data-key": stack.key });
    for (let b = 0; b < buckets; b++) {
      const v = value(stack.counts[b], b);
      if (!v) continue;
      const tall = v * scale;
      const up = stack.quad <= 2;
      const y = up ? middle - ups[b] - tall : middle + downs[b];
      if (up) ups[b] += tall;
      else downs[b] += tall;
      group.append(s("rect", { x: left + b * step, y, width: Math.max(step - gap, 0.6), height: Math.max(tall - (tall > 3 ? 0.5 : 0), 0.5) }));
    }
    svg.append(group);
  }
  let last = -1e9;
  for (const b of options.ticks) {
    const x = left + (b + 0.5) * step;
    if (x - last < 64 || x > width - 24) continue;
    last = x;
    svg.append(s("text", { x, y: height - 5, class: "tick", "text-anchor": "middle" }, options.tick(b)));
  }
  svg.setAttribute("aria-label", options.label(-1));
  return svg;
}
