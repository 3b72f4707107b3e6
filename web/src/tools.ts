/** The corner of the page: live or not, theme, saving, help. */
import { byId, fill, h } from "./dom";
import * as state from "./state";

const THEME = "chancery-theme";
export const live = h("span", { class: "live", role: "status" }, "connecting");

export function theme(next?: string) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const kept = localStorage.getItem(THEME);
  const now = next ?? kept ?? (dark ? "dark" : "light");
  document.documentElement.dataset.theme = now;
  if (next) localStorage.setItem(THEME, next);
}

export const otherTheme = () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");

const FORMS: [string, string][] = [["csv", "CSV table"], ["jsonl", "JSONL records"], ["geojson", "GeoJSON"], ["gdelt2", "GDELT 2.0"], ["polecat", "POLECAT"], ["icews", "ICEWS"], ["cloudevents", "CloudEvents"]];

export function start() {
  theme();
  const links = () => FORMS.map(([to, words]) => h("li", {}, h("a", { href: `/api/export?${state.query({ to })}`, download: "" }, words)));
  const forms = h("ul", {});
  const menu = h("details", { class: "menu" }, h("summary", {}, "Export"), h("div", { class: "sheet" }, h("p", {}, "All events in view as"), forms, h("p", { class: "foot" }, "Pictures: the PNG button of a panel.")));
  menu.addEventListener("toggle", () => menu.open && fill(forms, ...links()));
  addEventListener("click", (e) => !menu.contains(e.target as Node) && (menu.open = false));
  fill(byId("tools"), live, menu,
    h("button", { type: "button", class: "quiet", id: "theme", title: "Dark or light (t)", "aria-label": "Switch between dark and light", onclick: otherTheme }, "◐"),
    h("button", { type: "button", class: "quiet", title: "Keys (?)", "aria-label": "Keys", onclick: help }, "?"));
}

const KEYS: [string, string][] = [["/", "search"], ["j, k", "next, previous event"], ["Enter", "open the evidence"], ["Esc", "close"], ["← →", "along the timeline; with shift, choose days"], ["t", "dark or light"], ["c", "clear the filters"], ["?", "this list"]];

export function help() {
  const dialog = byId<HTMLDialogElement>("help");
  fill(dialog, h("h2", { id: "help-title" }, "Keys"), h("dl", {}, ...KEYS.flatMap(([k, words]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, words)])),
    h("form", { method: "dialog" }, h("button", {}, "Close")));
  dialog.showModal();
}
