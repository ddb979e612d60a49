import type { z } from 'zod';
import { api } from '../../../functions/src/shared/api/index.ts';
import type { Api, OperationName } from '../../../functions/src/shared/api/index.ts';
import { ApiError, errorOfAnswer } from './errors.ts';

export type OperationInput<N extends OperationName> = z.input<Api[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<Api[N]['output']>;

/** What the client needs from its surroundings; tests pass their own. */
export interface ClientWorld {
  fetch: typeof fetch;
  /** The Firebase ID token, or null when signed out. `fresh` asks for a new one. */
  idToken: (fresh: boolean) => Promise<string | null>;
  appCheckToken: () => Promise<string | null>;
  sleep: (ms: number) => Promise<void>;
  /** Told after each attempt whether the network carried it: the offline banner listens. */
  onNetwork: (reached: boolean) => void;
}

export interface CallOptions {
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Calls one operation of the platform. Throws ApiError. */
export type Call = <N extends OperationName>(
  name: N,
  input: OperationInput<N>,
  options?: CallOptions,
) => Promise<OperationOutput<N>>;

/** Longer than any handler needs; a phone on a bad network is told sooner than the browser's own minutes. */
const timeoutMs = 20_000;
/** Five attempts with these pauses span about eight seconds: long enough for a deploy or a busy database, short enough to watch. */
const pausesMs = [400, 1000, 2200, 4500];
/** A server that asks for a longer pause than this is not waited for: the member is told instead. */
const longestPauseMs = 8000;

interface Prepared {
  url: string;
  method: string;
  body: string | null;
}

/** Fills the path's {parameters} from the input; the rest becomes the query of a GET or a JSON body. */
export function prepareRequest(name: OperationName, input: Record<string, unknown>): Prepared {
  const { path, method } = api[name];
  const rest = { ...input };
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = String(rest[parameter]);
    delete rest[parameter];
    return encodeURIComponent(value);
  });
  if (method !== 'GET') return { url: `/api${filled}`, method, body: JSON.stringify(rest) };
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(Object.fromEntries(given.map(([key, value]) => [key, String(value)]))).toString();
  return { url: `/api${filled}${query && `?${query}`}`, method, body: null };
}

/** Whether the same request may be sent again: reads and keyed deeds always, others only when the server did nothing. */
function mayRetry(name: OperationName, error: ApiError): boolean {
  const { method, idempotent } = api[name];
  if (!error.retry) return false;
  return method === 'GET' || idempotent || !(error.code === 'client.network' || error.code === 'internal');
}

/** Makes the typed client: identity, idempotency key, timeout, retries with backoff, and answers checked by their schema. */
export function createClient(world: ClientWorld): Call {
  async function send(
    name: OperationName,
    request: Prepared,
    options: CallOptions,
    freshToken: boolean,
  ): Promise<Response> {
    const [idToken, appCheck] = await Promise.all([world.idToken(freshToken), world.appCheckToken()]);
    // While somebody signs out, a page may still look for news: the server could only refuse.
    if (idToken === null && api[name].access !== 'public') throw new ApiError('auth.required');
    const headers = new Headers({ accept: 'application/json' });
    if (request.body !== null) headers.set('content-type', 'application/json');
    if (idToken !== null) headers.set('authorization', `Bearer ${idToken}`);
    if (appCheck !== null) headers.set('x-firebase-appcheck', appCheck);
    if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    return world.fetch(request.url, { method: request.method, headers, body: request.body, signal });
  }

  async function attempt(
    name: OperationName,
    request: Prepared,
    options: CallOptions,
    freshToken: boolean,
  ): Promise<unknown> {
    let response: Response;
    try {
      response = await send(name, request, options, freshToken);
    } catch (cause) {
      if (cause instanceof ApiError) throw cause;
      if (options.signal?.aborted) throw cause;
      world.onNetwork(false);
      throw new ApiError('client.network', { cause });
    }
    world.onNetwork(true);
    const body: unknown = await response.json().catch(() => null);
    if (!response.ok) throw errorOfAnswer(response.status, body, response.headers.get('retry-after'));
    return body;
  }

  async function persist(name: OperationName, request: Prepared, options: CallOptions): Promise<unknown> {
    let freshToken = false;
    for (let count = 0; ; count += 1) {
      try {
        return await attempt(name, request, options, freshToken);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // A token that expired while the phone slept: one try with a new one, then it is the member's turn.
        const stale: boolean = error.code === 'auth.required' && !freshToken && (await world.idToken(false)) !== null;
        const pause = stale ? 0 : pauseBefore(name, error, count);
        if (pause === null) throw error;
        freshToken = stale;
        await world.sleep(pause);
      }
    }
  }

  function pauseBefore(name: OperationName, error: ApiError, count: number): number | null {
    const planned = pausesMs[count];
    if (planned === undefined || !mayRetry(name, error)) return null;
    const pause = Math.max(error.retryAfterMs ?? 0, planned * (0.75 + Math.random() / 2));
    return pause > longestPauseMs ? null : pause;
  }

  return async function call<N extends OperationName>(name: N, input: OperationInput<N>, options: CallOptions = {}) {
    if (api[name].idempotent && options.idempotencyKey === undefined)
      throw new Error(`${name} needs an idempotency key`);
    const body = await persist(name, prepareRequest(name, input), options);
    const parsed = api[name].output.safeParse(body);
    if (!parsed.success) throw new ApiError('client.outdated', { message: parsed.error.message });
    return parsed.data as OperationOutput<N>;
  };
}
