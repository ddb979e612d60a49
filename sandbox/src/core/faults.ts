import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { sortableId } from './ids.ts';
import type { SandboxEnv } from './vendor.ts';
import type { Store } from './store.ts';

/** A hung call ends after this long even if the caller never gives up, so that a forgotten test cannot pile up sockets. */
export const MAX_HANG_MS = 120_000;

/**
 * Says which fault to play and on which calls. `status` answers without doing the work; `hang` never answers and does no
 * work; `works-then-hangs` and `works-then-status` do the work first; `delay` waits, then works normally.
 * `path`: `*` stands for one segment, `**` for anything. `skip` calls pass first, then the fault hits `times` calls.
 */
export const faultInput = z.strictObject({
  vendor: z.string().min(1),
  kind: z.enum(['status', 'hang', 'works-then-hangs', 'works-then-status', 'delay']),
  method: z
    .string()
    .regex(/^[A-Za-z]+$/)
    .transform((text) => text.toUpperCase())
    .optional(),
  path: z.string().startsWith('/').optional(),
  times: z.number().int().min(1).max(1_000_000).default(1),
  skip: z.number().int().min(0).max(1_000_000).default(0),
  status: z.number().int().min(200).max(599).default(500),
  body: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
  html: z.boolean().default(false),
  headers: z.record(z.string(), z.string()).optional(),
  delayMs: z.number().int().min(0).max(MAX_HANG_MS).default(1_000),
});

/** What a caller gives to plan a fault. */
export type FaultInput = z.input<typeof faultInput>;

/** A planned fault as it is stored: `skip` and `times` count down, `hits` counts up. */
export type Fault = z.output<typeof faultInput> & { id: string; hits: number };

const KIND = 'fault';

function escapeExpression(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}

function matchesPath(pattern: string, path: string): boolean {
  const source = pattern
    .split('**')
    .map((part) => part.split('*').map(escapeExpression).join('[^/]+'))
    .join('.*');
  return new RegExp(`^${source}$`).test(path);
}

/** Keeps the planned faults of all vendors and plays them. Rules live in the store: a restart forgets none. */
export class Faults {
  readonly #store: Store;
  readonly #stopping = new AbortController();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Plans a fault; throws a ZodError that names the bad field. */
  add(input: FaultInput): Fault {
    const fault: Fault = { ...faultInput.parse(input), id: sortableId('flt'), hits: 0 };
    this.#save(fault);
    return fault;
  }

  /** Lists faults that still have calls to hit, oldest first. */
  list(vendor?: string): Fault[] {
    return this.#store.list<Fault>(KIND, vendor ? { vendor } : {});
  }

  /** Forgets one fault, or all of them, or all of one vendor. */
  remove(filter: { id?: string; vendor?: string } = {}): void {
    for (const fault of this.list(filter.vendor)) {
      if (!filter.id || fault.id === filter.id) this.#store.delete(KIND, fault.id);
    }
  }

  /** Ends every call that hangs. Only for shutting down. */
  close(): void {
    this.#stopping.abort();
  }

  /** Makes the middleware that plays `vendor`'s faults around its handlers and tells the call journal which one. */
  middleware(vendor: string): MiddlewareHandler<SandboxEnv> {
    return async (c, next) => {
      const fault = this.take(vendor, c.req.method, c.req.path);
      if (!fault) return next();
      c.set('fault', fault.kind);
      if (fault.kind === 'status') return answer(fault);
      if (fault.kind === 'delay') await this.wait(fault.delayMs, c.req.raw.signal);
      if (fault.kind !== 'hang') await next();
      if (fault.kind === 'works-then-status') {
        c.res = undefined;
        c.res = answer(fault);
      }
      if (fault.kind === 'hang' || fault.kind === 'works-then-hangs') {
        await this.wait(MAX_HANG_MS, c.req.raw.signal);
        // The caller is gone by now or has waited for the bound: a gateway's time-out is what remains to be said.
        c.res = undefined;
        c.res = new Response(null, { status: 504 });
      }
      return undefined;
    };
  }

  /**
   * Finds the first rule that hits this call and counts it down; rules that still skip let the next one have its turn. For vendors
   * that don't speak HTTP; all others get the middleware.
   */
  take(vendor: string, method: string, path: string): Fault | undefined {
    return this.#store.transaction(() => {
      for (const fault of this.list(vendor)) {
        if (fault.method && fault.method !== method) continue;
        if (fault.path && !matchesPath(fault.path, path)) continue;
        if (fault.skip > 0) {
          this.#save({ ...fault, skip: fault.skip - 1 });
          continue;
        }
        if (fault.times <= 1) this.#store.delete(KIND, fault.id);
        else this.#save({ ...fault, times: fault.times - 1, hits: fault.hits + 1 });
        return fault;
      }
      return undefined;
    });
  }

  #save(fault: Fault): void {
    this.#store.put(KIND, fault.id, fault, { vendor: fault.vendor });
  }

  /** Waits `ms` (without it: as long as a call may hang), or less when the caller gives up or the sandbox stops. */
  async wait(ms: number = MAX_HANG_MS, clientGone?: AbortSignal): Promise<void> {
    const signals = [this.#stopping.signal, ...(clientGone ? [clientGone] : [])];
    const ended = AbortSignal.any(signals);
    if (ended.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      ended.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

function answer(fault: Fault): Response {
  const html = `<html><head><title>${fault.status}</title></head><body><h1>${fault.status}</h1><p>The sandbox was told to answer this.</p></body></html>`;
  const text = typeof fault.body === 'string' ? fault.body : fault.body && JSON.stringify(fault.body);
  const type = fault.html ? 'text/html; charset=utf-8' : 'application/json';
  const mayHaveBody = fault.status !== 204 && fault.status !== 304;
  const body = mayHaveBody ? (text ?? (fault.html ? html : '')) : null;
  return new Response(body, { status: fault.status, headers: { 'content-type': type, ...fault.headers } });
}
