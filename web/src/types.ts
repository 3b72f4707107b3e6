/** What the API answers with, as far as the page reads it. */
export interface Party { id: string | null; name: string | null; text: string; kind: string; country: string | null; office: string | null; span: Span }
export interface Span { field: string; start: number; end: number }
export interface EventRecord {
  id: string; op: string; date: string; date_basis: string; date_text: string | null; published_at: string | null; seen_at: string;
  actor: Party[]; recipient: Party[]; reciprocal: boolean; dyad: string | null;
  actor_country: string[]; recipient_country: string[];
  event: string; mode: string[]; quad: number; intensity: number; aux: string[]; confidence: number;
  cameo: { code: string; label: string } | null;
  attribution: { to: string } | null;
  topics: { id: string }[];
  location: { text: string; country: string | null } | null;
  evidence: { text: string; sentence: number; span: Span; trigger: { text: string; span: Span }; rule: string; rule_at: string };
  article: { id: string; url: string | null; title: string | null; source: string | null };
}
export interface Series { bucket: string; buckets: string[]; by: string; total: number; of: string; articles: number[]; of_articles: number[]; series: { key: string; counts: number[] }[] }
export interface Dyad { actor: string; recipient: string; cooperation: number; conflict: number; mutual: number }
export interface Dyads { countries: string[]; dyads: Dyad[]; total: number; unpaired: number }
export interface Count { key: string; name: string; country: string; cooperation: number; conflict: number; first: string }
export interface Tally { top: Count[]; total: number; without: number }
export interface Spike { kind: string; key: string; latest: number; mean: number; change: number | null; level: string; history: number[]; stories: { id: string; title: string; source: string; events: number }[] }
export interface Spikes { since: string; until: string; weeks: number; compared: number; spikes: Spike[] }
export interface Suggestion { kind: string; key: string; name: string; country: string }
export interface Health {
  mode: string; version: string; lexicon: string | null; lexicon_sha256: string | null; ready: boolean; uptime: number; events: number; articles: number;
  silent_articles: number; newest: string | null; last_seen: string | null; events_last_minute: number; lag_median: number | null; lag_p95: number | null;
  behind_bytes: number; backlog_bytes: number; bad_lines: number; repeated: number; dead: Record<string, number>; skipped: Record<string, number>;
  streams: number; table_bytes: number; takes_reports: boolean;
}
export interface Codes { types: { name: string; quad: number; intensity: number; about: string }[]; aux: string[]; countries: Record<string, string> }
export interface Explained {
  basis: string; why: string | null;
  sentences: { sentence: number; field: string; text: string; start: number; paragraph: boolean }[];
  near_misses: { sentence: number; text: string; rule: string; rule_at: string; why: string }[];
  suppressed: { sentence: number | null; reason: string; rule: string; text: string }[];
  events: EventRecord[];
}
