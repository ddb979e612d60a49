import { setTimeout as wait } from 'node:timers/promises';
import { vendorError } from './failure.ts';

/** How to reach a vendor that has no SDK. `timeoutMs` bounds one call as a whole, its retries included. */
export interface HttpOptions {
  vendor: string;
  /** Scheme and host, without a trailing slash needed. */
  baseUrl: string;
  headers: Record<string, string>;
  timeoutMs: number;
}

/**
 * One call. `route` is the path with its variables named, `/v2/sims/{iccid}/user-plans`: the names are what error messages
 * show, `params` and `query` hold the values, which never get into one.
 */
export interface HttpCall {
  method: 'GET' | 'POST';
  route: string;
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: object;
}

/** What came back, whatever the status. `json` is undefined for an empty body, for HTML and for anything that is no JSON. */
export interface HttpAnswer {
  status: number;
  /** A 2xx. */
  ok: boolean;
  empty: boolean;
  json: unknown;
}

export type HttpClient = (call: HttpCall) => Promise<HttpAnswer>;

/** Two repeats, after about a quarter and half a second: enough for a blip, too short to hold a task's place. */
const retryDelaysMs = [250, 500];

/**
 * Makes the transport of one vendor. An answer of any status is returned for the caller to judge; no answer at all
 * (network, time-out) throws `vendor.unavailable`. Only GET is repeated, on network errors, 429 and 5xx: a POST that got
 * no answer may have worked, so whoever sent it looks before sending it again.
 */
export function createHttpClient(options: HttpOptions): HttpClient {
  return async (call) => {
    const url = urlOf(options.baseUrl, call);
    const deadline = AbortSignal.timeout(options.timeoutMs);
    const delays = call.method === 'GET' ? retryDelaysMs : [];
    for (let tries = 0; ; tries++) {
      const delayMs = delays[tries];
      try {
        const answer = await attempt(options, call, url, deadline);
        if (delayMs === undefined || !asksForRetry(answer)) return answer;
      } catch (error) {
        if (delayMs === undefined || deadline.aborted) throw noAnswer(options, call, error);
      }
      // The jitter keeps callers that failed together from coming back together.
      await wait(delayMs * (0.75 + Math.random() / 2));
    }
  };
}

function asksForRetry(answer: HttpAnswer): boolean {
  return answer.status === 429 || answer.status >= 500;
}

function noAnswer(options: HttpOptions, call: HttpCall, error: unknown): Error {
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const what = timedOut ? `no answer within ${options.timeoutMs} ms` : 'the connection failed';
  const unsure = call.method === 'POST' ? '; the work may have been done, look before repeating' : '';
  return vendorError('unavailable', `${options.vendor} ${call.method} ${call.route}: ${what}${unsure}`, error);
}

async function attempt(options: HttpOptions, call: HttpCall, url: URL, signal: AbortSignal): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: call.method,
    headers: {
      accept: 'application/json',
      ...(call.body ? { 'content-type': 'application/json' } : {}),
      ...options.headers,
    },
    ...(call.body ? { body: JSON.stringify(call.body) } : {}),
    signal,
    // A redirect would turn a POST into a GET and could carry the credentials to another host.
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, ok: response.ok, empty: text.trim() === '', json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function urlOf(baseUrl: string, call: HttpCall): URL {
  const path = call.route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = call.params?.[name];
    if (value === undefined || value === '') throw new TypeError(`${call.route} needs ${name}`);
    return encodeURIComponent(value);
  });
  const url = new URL(baseUrl.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  return url;
}

/** Says in safe words which call got which answer, for the message of an error. */
export function describeAnswer(vendor: string, call: HttpCall, answer: HttpAnswer): string {
  const body =
    answer.json === undefined ? ` with ${answer.empty ? 'nothing' : 'no JSON: wrong URL or blocked caller?'}` : '';
  const hint =
    answer.status === 401 || answer.status === 403 ? ': check the credentials and the allowed addresses' : '';
  return `${vendor} ${call.method} ${call.route} answered ${answer.status}${body}${hint}`;
}
