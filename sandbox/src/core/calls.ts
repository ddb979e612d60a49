import type { MiddlewareHandler } from 'hono';
import { sortableId } from './ids.ts';
import { maskBody } from './masking.ts';
import type { SandboxEnv } from './vendor.ts';
import type { Store } from './store.ts';

/** The journal keeps this many calls; older ones go. A long day of development makes a few thousand. */
export const MAX_CALLS = 5_000;

/** One call of our system to a vendor, as the journal keeps it. `at` is real time, ISO-8601. */
export interface CallRecord {
  id: string;
  at: string;
  vendor: string;
  method: string;
  path: string;
  query: string;
  requestHeaders: Record<string, string>;
  requestBody: string;
  /** 0 when the caller gave up before there was an answer. */
  status: number;
  responseBody: string;
  ms: number;
  fault: string | null;
}

const KIND = 'call';
// Pruning on each call would cost a scan each; a small surplus is harmless.
const PRUNE_EVERY = 50;
/** Request headers worth reading later. Whatever is not named here, Authorization above all, is never stored. */
const KEPT_HEADERS = ['content-type', 'idempotency-key', 'stripe-version', 'user-agent', 'x-message-id'];

/** Keeps the journal of every call that reached a stand-in, with secrets masked. */
export class Calls {
  readonly #store: Store;
  #sincePrune = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Writes one call into the journal. */
  record(call: Omit<CallRecord, 'id'>): void {
    const id = sortableId('call');
    this.#store.put(KIND, id, { id, ...call }, { vendor: call.vendor });
    if (++this.#sincePrune < PRUNE_EVERY) return;
    this.#sincePrune = 0;
    this.#store.prune(KIND, MAX_CALLS);
  }

  /** Lists calls, newest first, of one vendor or all. */
  list(filter: { vendor?: string | undefined; limit?: number } = {}): CallRecord[] {
    const where = filter.vendor ? { vendor: filter.vendor } : {};
    return this.#store.list<CallRecord>(KIND, where, { order: 'desc', limit: filter.limit ?? 100 });
  }

  /** Reads one call, or undefined. */
  get(id: string): CallRecord | undefined {
    return this.#store.get<CallRecord>(KIND, id);
  }

  /** Counts the calls of one vendor that the journal still has. */
  count(vendor: string): number {
    return this.#store.count(KIND, { vendor });
  }

  /** Makes the middleware that writes `vendor`'s calls down; it goes around the faults, so that played faults are seen too. */
  middleware(vendor: string): MiddlewareHandler<SandboxEnv> {
    return async (c, next) => {
      const startedAt = performance.now();
      const at = new Date().toISOString();
      const requestBody = await c.req.raw.clone().text();
      await next();
      const gone = c.req.raw.signal.aborted;
      const url = new URL(c.req.url);
      this.record({
        at,
        vendor,
        method: c.req.method,
        path: url.pathname,
        query: url.search,
        requestHeaders: keptHeaders(c.req.raw.headers),
        requestBody: maskBody(requestBody, c.req.header('content-type') ?? ''),
        status: gone ? 0 : c.res.status,
        responseBody: await responseText(c.res),
        ms: Math.round(performance.now() - startedAt),
        fault: c.get('fault') ?? null,
      });
    };
  }
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  return kept;
}

async function responseText(response: Response): Promise<string> {
  const type = response.headers.get('content-type') ?? '';
  if (/html|image|octet-stream|css|javascript/i.test(type)) return `(${type})`;
  return maskBody(await response.clone().text(), type);
}
