import type { Store } from '../core/store.ts';

/** What can fall due by the sandbox clock. */
export type AgendaKind =
  | 'session-expires'
  | 'bank-debit-settles'
  | 'subscription-renews'
  | 'invoice-retries'
  | 'refund-settles'
  | 'refund-gets-reference';

interface Entry {
  kind: AgendaKind;
  objectId: string;
  /** Unix seconds of the sandbox clock. */
  at: number;
}

const KIND = 'stripe.agenda';

/**
 * Keeps what falls due when: sessions that expire, debits that settle, subscriptions that renew. Entries live in the store, so
 * that a restart forgets none; one entry per kind and object, a later one replaces the earlier.
 */
export class Agenda {
  readonly #store: Store;
  // The earliest known entry spares a scan each second. It may be too early (after a cancel), never too late.
  #earliest: number | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Plans something, in place of what was planned of this kind for this object. */
  schedule(kind: AgendaKind, objectId: string, at: number): void {
    this.#store.put(KIND, `${kind}:${objectId}`, { kind, objectId, at } satisfies Entry);
    if (this.#earliest !== undefined) this.#earliest = Math.min(this.#earliest, at);
  }

  /** Forgets what was planned; nothing happens when nothing was. */
  cancel(kind: AgendaKind, objectId: string): void {
    this.#store.delete(KIND, `${kind}:${objectId}`);
  }

  /** Forgets what it remembers of the store, after a reset emptied that. */
  reset(): void {
    this.#earliest = undefined;
  }

  /** Takes the entry that fell due first, or undefined. Called again and again, so that what one plans for the past comes in order. */
  takeDue(now: number): Entry | undefined {
    if (this.#earliest !== undefined && this.#earliest > now) return undefined;
    const entries = this.#store.list<Entry>(KIND).sort((a, b) => a.at - b.at);
    const [first, second] = entries;
    if (!first || first.at > now) {
      this.#earliest = first?.at ?? Number.MAX_SAFE_INTEGER;
      return undefined;
    }
    this.#earliest = second?.at ?? Number.MAX_SAFE_INTEGER;
    this.cancel(first.kind, first.objectId);
    return first;
  }
}
