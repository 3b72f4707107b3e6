/** Making elements. Text goes in as text, never as markup: what an article says cannot become part of the page. */

export type Child = Node | string | number | null | undefined | false;
type Props = Record<string, unknown>;

function apply(el: Element, props: Props) {
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) el.addEventListener(key.slice(2), value as EventListener);
    else if (key === "text") el.textContent = String(value);
    else if (value === true) el.setAttribute(key, "");
    else el.setAttribute(key, String(value));
  }
}

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]) {
  const el = document.createElement(tag);
  apply(el, props);
  add(el, children);
  return el;
}

export function s(tag: string, props: Props = {}, ...children: Child[]): SVGElement {
  const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
  apply(el, props);
  add(el, children);
  return el;
}

export function add(el: Element, children: Child[]) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    el.append(child instanceof Node ? child : String(child));
  }
}

export function fill(el: Element, ...children: Child[]) {
  el.replaceChildren();
  add(el, children);
}

export const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

/** Text from outside: set apart from the direction of the text around it, and not longer than a screen can bear. */
export function foreign(text: string, most = 600, props: Props = {}) {
  const cut = text.length > most ? `${text.slice(0, most)}…` : text;
  return h("bdi", { dir: "auto", ...props }, cut);
}

/** A link only where the address is one of the web; else the words alone. */
export function link(url: string | null | undefined, label: Child) {
  if (!url || !/^https?:\/\//i.test(url)) return h("span", {}, label);
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}
