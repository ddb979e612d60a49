import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

const storage = new AsyncLocalStorage<{ traceId: string }>();

/** 32 hexadecimal digits, the form of Cloud Trace and of `traceparent`. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** The trace of the work that is running; a new one outside of any. */
export function currentTraceId(): string {
  return storage.getStore()?.traceId ?? newTraceId();
}

/** Runs `work` so that its log lines and outbox entries carry `traceId`: one order is one trace over all its tasks. */
export function withTrace<T>(traceId: string, work: () => T): T {
  return storage.run({ traceId }, work);
}

/** Takes the trace out of a W3C `traceparent` or Google's `X-Cloud-Trace-Context` header; makes one where there is none. */
export function traceIdFromHeaders(get: (name: string) => string | undefined): string {
  const w3c = /^00-([0-9a-f]{32})-/.exec(get('traceparent') ?? '')?.[1];
  const google = /^([0-9a-f]{32})\//.exec(get('x-cloud-trace-context') ?? '')?.[1];
  return w3c ?? google ?? newTraceId();
}
