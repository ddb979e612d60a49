/**
 * A member's intent ("buy this plan") keeps one idempotency key over retries and page reloads of its tab, so that a lost
 * answer never buys twice. Once the outcome is known the key is forgotten, and the next click is a new intent.
 */
const prefix = 'dotm.intent.';

/** What the intents need of `sessionStorage`. */
export type IntentStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

function scopeOf(operation: string, input: unknown): string {
  return `${prefix}${operation}:${JSON.stringify(input)}`;
}

/** The key of this intent: the one kept from an earlier attempt, or a new one. */
export function intentKey(operation: string, input: unknown, store: IntentStore = sessionStorage): string {
  const scope = scopeOf(operation, input);
  const kept = store.getItem(scope);
  if (kept !== null) return kept;
  const key = crypto.randomUUID();
  store.setItem(scope, key);
  return key;
}

/** Forgets the key, because the outcome is known. */
export function forgetIntent(operation: string, input: unknown, store: IntentStore = sessionStorage): void {
  store.removeItem(scopeOf(operation, input));
}
