import type { Store } from './store.ts';

/** Called after the clock moved; awaited, so that whoever moved it sees what became due already done. */
export type AdvanceListener = (now: Date) => void | Promise<void>;

interface StoredOffset {
  offsetMs: number;
}

/**
 * Tells the sandbox's time: real time plus an offset that is kept in the store, so that a moved clock stays moved after a
 * restart. Vendors ask it for every date they put in an answer, and never ask the machine.
 */
export class SandboxClock {
  readonly #store: Store;
  readonly #listeners = new Set<AdvanceListener>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Milliseconds that the sandbox runs ahead of the machine (negative: behind). */
  get offsetMs(): number {
    return this.#store.get<StoredOffset>('clock', 'offset')?.offsetMs ?? 0;
  }

  /** Tells the time in the sandbox. */
  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  /** Tells the time in the sandbox as whole Unix seconds, rounded down, as Stripe writes it. */
  nowSeconds(): number {
    return Math.floor(this.now().getTime() / 1000);
  }

  /** Moves the clock by `seconds` (negative: back) and waits for all listeners. */
  async advance(seconds: number): Promise<void> {
    await this.#moveTo(this.offsetMs + seconds * 1000);
  }

  /** Sets the clock to `date` and waits for all listeners. It runs on from there. */
  async set(date: Date): Promise<void> {
    await this.#moveTo(date.getTime() - Date.now());
  }

  /** Registers a listener for jumps of the clock; answers a function that removes it. Time that merely passes is not told. */
  onAdvance(listener: AdvanceListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #moveTo(offsetMs: number): Promise<void> {
    this.#store.put('clock', 'offset', { offsetMs: Math.round(offsetMs) } satisfies StoredOffset);
    for (const listener of this.#listeners) await listener(this.now());
  }
}
