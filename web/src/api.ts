/** Asking the server. */
import type { Codes } from "./types";

export class Refused extends Error {
  constructor(readonly status: number, message: string, readonly hint: string) {
    super(message);
  }
}

export async function ask<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await fetched(path, { signal })).json();
}

export async function fetched(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch (e) {
    if ((e as Error).name === "AbortError") throw e;
    throw new Refused(0, "The server does not answer.", "Is chancery still running?");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refused(response.status, problem.detail ?? `The server answered ${response.status}.`, problem.hint ?? "");
}

let known: Codes = { types: [], aux: [], countries: {} };
export async function learn() {
  known = await ask<Codes>("/api/codes");
}
export const codes = () => known;
export const countryName = (code: string) => known.countries[code] ?? code;
export const quadOf = (event: string) => known.types.find((t) => t.name === event)?.quad ?? 1;
