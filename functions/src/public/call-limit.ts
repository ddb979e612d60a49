/** Says whether a client may call now. */
export interface CallLimit {
  /** Counts a call. Returns 0 when it is allowed, else after how many whole seconds to come again. */
  take(client: string): number;
}

/** How many clients are remembered: a few MB at most. Who has been quiet longest is forgotten first, and starts anew. */
const mostClients = 10_000;

const minuteMs = 60_000;

interface Bucket {
  calls: number;
  at: number;
}

/**
 * Bounds the calls of each client: `callsPerMinute` at once, refilled evenly. It counts in memory, for this instance alone, because a
 * function without a database has nowhere else to count. That is the first line; the bound on instances and the project's firewall
 * are the second (ADR 0014).
 */
export function callLimit(callsPerMinute: number, now: () => number): CallLimit {
  const buckets = new Map<string, Bucket>();
  const perMs = callsPerMinute / minuteMs;
  return {
    take(client) {
      const at = now();
      const before = buckets.get(client) ?? { calls: callsPerMinute, at };
      const calls = Math.min(callsPerMinute, before.calls + Math.max(0, at - before.at) * perMs);
      // Put in again at the end: the first in a Map is then who has been quiet longest.
      buckets.delete(client);
      buckets.set(client, { calls: calls >= 1 ? calls - 1 : calls, at });
      if (buckets.size > mostClients) {
        for (const quietest of buckets.keys()) {
          buckets.delete(quietest);
          break;
        }
      }
      return calls >= 1 ? 0 : Math.max(1, Math.ceil((1 - calls) / perMs / 1000));
    },
  };
}
