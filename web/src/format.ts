/** Figures and days in words. */
import { countryName } from "./api";

const whole = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
export const count = (n: number) => whole.format(n);
export const brief = (n: number) => (n < 10000 ? whole.format(n) : short.format(n));

const utc = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
const long = utc({ day: "numeric", month: "short", year: "numeric" });
const little = utc({ day: "numeric", month: "short" });
const monthly = utc({ month: "short", year: "numeric" });
const clock = utc({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const date = (day: string) => new Date(day.length > 10 ? day : `${day}T00:00:00Z`);
export const day = (d: string) => long.format(date(d));
export const shortDay = (d: string) => little.format(date(d));
export const month = (d: string) => monthly.format(date(d));
export const moment = (d: string) => `${clock.format(date(d))} UTC`;

export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB"];
  let i = 0;
  while (n >= 1000 && i < units.length - 1) (n /= 1000), i++;
  return `${n < 10 && i ? n.toFixed(1) : Math.round(n)} ${units[i]}`;
}

export function seconds(n: number): string {
  if (n < 1) return `${Math.round(n * 1000)} ms`;
  if (n < 120) return `${n < 10 ? n.toFixed(1) : Math.round(n)} s`;
  if (n < 7200) return `${Math.round(n / 60)} min`;
  return n < 172800 ? `${Math.round(n / 3600)} h` : `${Math.round(n / 86400)} days`;
}

/** A pair in words: "Russia → Ukraine", "Russia ↔ United States". */
export function pair(dyad: string): string {
  const mutual = dyad.includes("<>");
  const [a, b] = dyad.split(mutual ? "<>" : ">");
  return `${countryName(a)} ${mutual ? "↔" : "→"} ${countryName(b)}`;
}

export const plural = (n: number, word: string) => `${count(n)} ${word}${n === 1 ? "" : "s"}`;
