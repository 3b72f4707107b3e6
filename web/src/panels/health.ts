/** Panel 9: is it well, and how far behind is it. */
import { fill, h } from "../dom";
import { brief, bytes, count, day, seconds } from "../format";
import { panel } from "../panel";
import type { Health } from "../types";
import { takesReports } from "./evidence";

export const health = panel<Health>({
  id: "health",
  title: "Health",
  path: () => "/api/health",
  draw(body, x) {
    takesReports(x.takes_reports);
    const watching = x.mode === "watch";
    const dead = Object.values(x.dead).reduce((a, b) => a + b, 0);
    const reasons = (m: Record<string, number>) => Object.entries(m).map(([k, n]) => `${k.replace(/_/g, " ")} ${count(n)}`).join(", ");
    const tile = (name: string, value: string, note = "", bad = false) => h("div", { class: bad ? "tile bad" : "tile" }, h("dt", {}, name), h("dd", {}, value, note ? h("small", {}, note) : null));
    fill(body, h("dl", { class: "tiles" },
      tile("Mode", watching ? "watching" : "serving a file", x.ready ? `for ${seconds(x.uptime)}` : "still indexing"),
      tile("Rate", `${brief(x.events_last_minute)} / min`, "events in the last minute"),
      tile("From seen to here", x.lag_median === null ? "—" : `under ${seconds(x.lag_median)}`, x.lag_p95 === null ? "no live event yet" : `95 % under ${seconds(x.lag_p95)}`),
      tile("Waiting", watching ? bytes(x.backlog_bytes) : bytes(x.behind_bytes), watching ? "of articles not read yet" : "of records not shown yet"),
      tile("Dead letters", watching ? count(dead) : "—", watching ? reasons(x.dead) || "none" : "known to watch alone", dead > 0),
      tile("Passed over", watching ? count(Object.values(x.skipped).reduce((a, b) => a + b, 0)) : "—", watching ? reasons(x.skipped) || "none" : "known to watch alone"),
      tile("Events", count(x.events), x.newest ? `newest article ${day(x.newest)}` : "none yet"),
      tile("Articles", count(x.articles), x.silent_articles ? `${count(x.silent_articles)} of them silent` : "with an event"),
      tile("Bad lines", count(x.bad_lines), x.repeated ? `${count(x.repeated)} repeated or replaced` : "none repeated", x.bad_lines > 0),
      tile("Lexicon", x.lexicon ?? "none", x.lexicon_sha256 ? x.lexicon_sha256.slice(0, 12) : ""),
      tile("Program", x.version, `${brief(x.streams)} live ${x.streams === 1 ? "reader" : "readers"}`)));
  },
});
