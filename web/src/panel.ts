/** A panel: a head, a body, and what it shows while it waits, when there is nothing, and when something is wrong. */
import { Refused, ask } from "./api";
import { type Child, fill, h } from "./dom";
import { picture } from "./picture";
import * as state from "./state";

export interface Panel {
  el: HTMLElement;
  body: HTMLElement;
  refresh(): void;
}

interface Options<T> {
  id: string;
  title: string;
  about?: string;
  tools?: Child[];
  /** Where the figures are, or none to draw without asking. */
  path(): string | string[] | null;
  /** Draws; false when there is nothing to see. */
  draw(body: HTMLElement, data: T): boolean | void | Promise<void>;
  /** Whether its SVG can be saved as a picture. */
  picture?: boolean;
}

export function panel<T>(options: Options<T>): Panel {
  const body = h("div", { class: "body" });
  const save = options.picture
    ? h("button", { class: "quiet", type: "button", title: "Save as PNG", "aria-label": `Save ${options.title} as PNG`, onclick: () => picture(el, options.title) }, "PNG")
    : null;
  const head = h("header", {}, h("div", {}, h("h2", { id: `${options.id}-title` }, options.title), options.about ? h("p", { class: "about" }, options.about) : null),
    h("div", { class: "panel-tools" }, ...(options.tools ?? []), save));
  const el = h("section", { id: options.id, class: `panel ${options.id}`, "aria-labelledby": `${options.id}-title`, tabindex: "-1" }, head, body);
  let running: AbortController | null = null;

  async function refresh() {
    running?.abort();
    const mine = (running = new AbortController());
    const path = options.path();
    el.dataset.asking = "";
    // A short wait is not worth a change of looks.
    const slow = setTimeout(() => el.setAttribute("aria-busy", "true"), 300);
    try {
      const data = path === null ? null : Array.isArray(path) ? await Promise.all(path.map((p) => ask(p, mine.signal))) : await ask(path, mine.signal);
      if (mine.signal.aborted) return clearTimeout(slow);
      if ((await options.draw(body, data as T)) === false) nothing(body);
    } catch (e) {
      if (mine.signal.aborted) return clearTimeout(slow);
      wrong(body, e as Error, refresh);
    }
    clearTimeout(slow);
    if (running !== mine) return;
    el.removeAttribute("aria-busy");
    delete el.dataset.asking;
  }
  return { el, body, refresh };
}

export function nothing(body: HTMLElement, words = "No events match.") {
  const filtered = state.CONDITIONS.some((c) => state.get(c));
  fill(body, h("p", { class: "empty" }, words, " ",
    filtered ? h("button", { type: "button", class: "link", onclick: state.clear }, "Clear the filters")
      : state.period() !== "all" ? h("button", { type: "button", class: "link", onclick: () => state.set({ period: "all" }) }, "Show all days") : null));
}

function wrong(body: HTMLElement, error: Error, again: () => void) {
  const hint = error instanceof Refused ? error.hint : "";
  fill(body, h("div", { class: "wrong", role: "alert" }, h("strong", {}, error.message), hint ? h("p", {}, hint) : null,
    h("button", { type: "button", onclick: again }, "Try again")));
}

/** A row of buttons of which one is pressed. */
export function choice(label: string, options: [string, string][], current: () => string, pick: (value: string) => void) {
  const group = h("div", { class: "choice", role: "group", "aria-label": label });
  const draw = () => fill(group, ...options.map(([value, words]) =>
    h("button", { type: "button", "aria-pressed": String(current() === value), onclick: () => pick(value) }, words)));
  draw();
  state.onChange(draw);
  return group;
}
