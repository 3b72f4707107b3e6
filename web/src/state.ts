/** The view is the address: what is filtered and what is open can be sent to a colleague as a link. */

export const CONDITIONS = ["since", "until", "event", "quad", "actor", "country", "dyad", "topic", "source", "aux", "place", "story", "q", "confidence"] as const;
export type Condition = (typeof CONDITIONS)[number];
const VIEW = ["period", "open", "weeks", "share", "map", "actors"] as const;
type View = (typeof VIEW)[number];
type Key = Condition | View;

type Listener = (changed: Set<Key>) => void;
const listeners: Listener[] = [];

function read(): Map<Key, string> {
  const out = new Map<Key, string>();
  const query = new URLSearchParams(location.search);
  for (const key of [...CONDITIONS, ...VIEW]) {
    const value = query.get(key);
    if (value) out.set(key, value);
  }
  return out;
}

let now = read();

export const get = (key: Key) => now.get(key) ?? "";
export const list = (key: Key) => get(key).split(",").filter(Boolean);

/** Sets several at once; an empty value removes. */
export function set(changes: Partial<Record<Key, string>>, replace = false) {
  const next = new Map(now);
  const changed = new Set<Key>();
  for (const [key, value] of Object.entries(changes) as [Key, string][]) {
    if ((next.get(key) ?? "") === value) continue;
    changed.add(key);
    if (value) next.set(key, value);
    else next.delete(key);
  }
  if (!changed.size) return;
  now = next;
  const query = new URLSearchParams([...now.entries()]).toString();
  history[replace ? "replaceState" : "pushState"](null, "", query ? `?${query}` : location.pathname);
  listeners.forEach((l) => l(changed));
}

/** Adds a value to a list, or takes it out. */
export function toggle(key: Condition, value: string) {
  const values = list(key);
  const next = values.includes(value) ? values.filter((v) => v !== value) : [...values, value];
  set({ [key]: next.join(",") });
}

export function clear() {
  set(Object.fromEntries([...CONDITIONS, "period" as const].map((k) => [k, ""])));
}

export function onChange(listener: Listener) {
  listeners.push(listener);
}

addEventListener("popstate", () => {
  const before = now;
  now = read();
  const keys = new Set<Key>([...before.keys(), ...now.keys()].filter((k) => before.get(k) !== now.get(k)));
  if (keys.size) listeners.forEach((l) => l(keys));
});

export const conditionsChanged = (changed: Set<Key>) =>
  changed.has("period") || CONDITIONS.some((c) => changed.has(c));

let newest = "";
/** The newest day of publication: periods count back from it, not from the clock, so that an archive is not empty. */
export function setNewest(day: string) {
  newest = day;
}

export const PERIODS: [string, string, number][] = [["7", "7 days", 7], ["30", "30 days", 30], ["90", "90 days", 90], ["365", "1 year", 365], ["all", "All", 0]];
export const period = () => get("period") || (get("since") || get("until") ? "" : "90");

/** The days the view speaks of. */
export function range(): { since: string; until: string } {
  const chosen = PERIODS.find(([key]) => key === period());
  if (get("since") || get("until") || !chosen || !chosen[2] || !newest) return { since: get("since"), until: get("until") };
  const day = new Date(`${newest}T00:00:00Z`);
  const until = new Date(day.getTime() + 7 * 864e5);
  const since = new Date(day.getTime() - (chosen[2] - 1) * 864e5);
  return { since: since.toISOString().slice(0, 10), until: until.toISOString().slice(0, 10) };
}

/** The conditions as a query, with others laid over them. */
export function query(over: Record<string, string> = {}): string {
  const out = new URLSearchParams();
  for (const key of CONDITIONS) if (get(key)) out.set(key, get(key));
  const { since, until } = range();
  if (since) out.set("since", since);
  if (until) out.set("until", until);
  for (const [key, value] of Object.entries(over)) {
    if (value) out.set(key, value);
    else out.delete(key);
  }
  return out.toString();
}
