import type { SandboxClock } from './clock.ts';
import { sortableId } from './ids.ts';
import type { ListOptions, Store } from './store.ts';
import { deliverOnce } from './webhook-attempt.ts';
import type { WebhookAttempt } from './webhook-attempt.ts';

/** How a vendor's events leave: as they come, each twice, kept until released (in order or shuffled), or not at all. */
export const WEBHOOK_MODES = ['normal', 'duplicate', 'hold', 'shuffle', 'drop'] as const;

/** One of `WEBHOOK_MODES`. */
export type WebhookMode = (typeof WEBHOOK_MODES)[number];

/** The state of a delivery: waiting for its (next) attempt, held by the mode, done, given up, or dropped by the mode. */
export type DeliveryState = 'waiting' | 'held' | 'delivered' | 'failed' | 'dropped';

/** One event on its way to our system. Times are real time, ISO-8601. */
export interface WebhookDelivery {
  id: string;
  vendor: string;
  eventId: string;
  eventType: string | null;
  body: string;
  state: DeliveryState;
  createdAt: string;
  nextAttemptAt: string | null;
  attempts: WebhookAttempt[];
}

/** Waits between attempts in seconds: quick at first, because a developer watches; in all about as patient as Stripe in test mode. */
export const RETRY_SECONDS = [1, 5, 30, 120, 600, 3_600, 7_200, 14_400] as const;

const KIND = 'webhook';
const SETTINGS = 'webhook-settings';
/** Deliveries kept per store; older ones go, as in the call journal. */
export const MAX_DELIVERIES = 5_000;

/** Deliveries of one vendor under way at the same time; the local functions emulator starts a process for each. */
const MAX_PARALLEL = 2;

/** What a sender needs. `sign` makes the vendor's headers for a body at a Unix time in seconds. */
export interface WebhookSenderOptions {
  store: Store;
  clock: SandboxClock;
  vendor: string;
  url?: string | undefined;
  sign: (body: string, timestampSeconds: number) => Record<string, string>;
}

interface Settings {
  mode: WebhookMode;
  url: string | null;
}

/**
 * Sends one vendor's signed events until they are answered 2xx, keeps a journal of each attempt, and misbehaves on demand.
 * Waits and signatures use real time, not the sandbox's clock: the receiver checks a signature's age against its own clock.
 */
export class WebhookSender {
  readonly vendor: string;
  readonly #options: WebhookSenderOptions;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #inFlight = new Map<string, Promise<void>>();
  readonly #delivering = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();

  constructor(options: WebhookSenderOptions) {
    this.vendor = options.vendor;
    this.#options = options;
    // A target that the configuration names wins over one remembered from an earlier run: ports may have moved.
    if (options.url) this.#saveSettings({ ...this.#settings(), url: options.url });
    for (const delivery of this.list({ state: 'waiting' })) this.#schedule(delivery, 0);
  }

  /** The mode that events leave in. */
  get mode(): WebhookMode {
    return this.#settings().mode;
  }

  /** Where events go, or null: then they wait. */
  get url(): string | null {
    return this.#settings().url;
  }

  /** Changes the mode for events to come. Held ones stay held until `release`. */
  setMode(mode: WebhookMode): void {
    this.#saveSettings({ ...this.#settings(), mode });
  }

  /** Changes the target; what waited for one is sent at once. */
  setTarget(url: string): void {
    this.#saveSettings({ ...this.#settings(), url });
    for (const delivery of this.list({ state: 'waiting' })) this.#schedule(delivery, 0);
  }

  /** Takes an event (`body` is sent byte for byte) and delivers it as the mode says, in the background. */
  send(eventId: string, body: string): void {
    const mode = this.mode;
    const copies = mode === 'duplicate' ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const state = mode === 'drop' ? 'dropped' : mode === 'hold' || mode === 'shuffle' ? 'held' : 'waiting';
      const delivery: WebhookDelivery = {
        id: sortableId('whd'),
        vendor: this.vendor,
        eventId,
        eventType: typeOf(body),
        body,
        state,
        createdAt: new Date().toISOString(),
        nextAttemptAt: null,
        attempts: [],
      };
      this.#save(delivery);
      if (state === 'waiting') this.#schedule(delivery, 0);
    }
    this.#options.store.prune(KIND, MAX_DELIVERIES);
  }

  /** Sends what is held, one after the other: oldest first, or in random order in mode `shuffle`. Answers how many. */
  async release(): Promise<number> {
    const held = this.list({ state: 'held' });
    if (this.mode === 'shuffle') shuffle(held);
    for (const delivery of held) this.#save({ ...delivery, state: 'waiting' });
    for (const delivery of held) await this.#attempt(delivery.id);
    return held.length;
  }

  /** Sends one delivery again now, whatever its state and the mode. Answers it, or undefined when there is none. */
  async resend(id: string): Promise<WebhookDelivery | undefined> {
    const delivery = this.get(id);
    if (!delivery) return undefined;
    this.#save({ ...delivery, state: 'waiting' });
    await this.#attempt(id);
    return this.get(id);
  }

  /** Reads one delivery of this vendor, or undefined. */
  get(id: string): WebhookDelivery | undefined {
    const delivery = this.#options.store.get<WebhookDelivery>(KIND, id);
    return delivery?.vendor === this.vendor ? delivery : undefined;
  }

  /** Lists deliveries, oldest first unless told. */
  list(filter: { state?: DeliveryState; eventId?: string } = {}, options: ListOptions = {}): WebhookDelivery[] {
    return this.#options.store.list<WebhookDelivery>(KIND, { vendor: this.vendor, ...filter }, options);
  }

  /** Counts deliveries in a state. */
  count(state: DeliveryState): number {
    return this.#options.store.count(KIND, { vendor: this.vendor, state });
  }

  /** Waits until no attempt is under way. Attempts planned for later don't count. */
  async idle(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight.values());
  }

  /** Forgets planned attempts; the deliveries stay as they are. For a reset of the store. */
  cancelPlanned(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Plans no more attempts and cuts off those under way. What waits is tried again by the next start. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.cancelPlanned();
    await this.idle();
  }

  #settings(): Settings {
    return this.#options.store.get<Settings>(SETTINGS, this.vendor) ?? { mode: 'normal', url: null };
  }

  #saveSettings(settings: Settings): void {
    this.#options.store.put(SETTINGS, this.vendor, settings);
  }

  #save(delivery: WebhookDelivery): void {
    const { vendor, state, eventId } = delivery;
    this.#options.store.put(KIND, delivery.id, delivery, { vendor, state, eventId });
  }

  #schedule(delivery: WebhookDelivery, delayMs: number): void {
    if (this.#stopping.signal.aborted) return;
    clearTimeout(this.#timers.get(delivery.id));
    const timer = setTimeout(() => {
      this.#timers.delete(delivery.id);
      void this.#attempt(delivery.id);
    }, delayMs);
    this.#timers.set(delivery.id, timer);
  }

  /** Makes one attempt; two attempts of one delivery never overlap, the second waits for the first. */
  async #attempt(id: string): Promise<void> {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    const running = (this.#inFlight.get(id) ?? Promise.resolve()).then(() => this.#attemptNow(id));
    this.#inFlight.set(id, running);
    await running;
    if (this.#inFlight.get(id) === running) this.#inFlight.delete(id);
  }

  async #attemptNow(id: string): Promise<void> {
    const delivery = this.get(id);
    const url = this.url;
    if (!delivery || !url || this.#stopping.signal.aborted) return;
    const attempt = await this.#inTurn(() => {
      const headers = this.#options.sign(delivery.body, Math.floor(Date.now() / 1000));
      return deliverOnce(url, delivery.body, headers, this.#stopping.signal);
    });
    // Cut off by our own stop: that is no failure of the receiver, and the next start tries again.
    if (attempt.status === null && this.#stopping.signal.aborted) return;
    // A reset while the receiver was thinking removed the delivery: then there is nothing to write down.
    const current = this.get(id);
    if (current) this.#settle({ ...current, attempts: [...current.attempts, attempt] }, attempt);
  }

  /** Lets a few deliveries out at a time: side by side, as in reality, but not so many that a small machine chokes on them. */
  async #inTurn<T>(deliver: () => Promise<T>): Promise<T> {
    while (this.#delivering.size >= MAX_PARALLEL) await Promise.race(this.#delivering);
    const delivery = deliver();
    const ended: Promise<boolean> = delivery.then(
      () => this.#delivering.delete(ended),
      () => this.#delivering.delete(ended),
    );
    this.#delivering.add(ended);
    return delivery;
  }

  #settle(delivery: WebhookDelivery, attempt: WebhookAttempt): void {
    if (attempt.status !== null && attempt.status >= 200 && attempt.status < 300) {
      this.#save({ ...delivery, state: 'delivered', nextAttemptAt: null });
      return;
    }
    const delaySeconds = RETRY_SECONDS[delivery.attempts.length - 1];
    if (delaySeconds === undefined) {
      this.#save({ ...delivery, state: 'failed', nextAttemptAt: null });
      return;
    }
    const nextAttemptAt = new Date(Date.now() + delaySeconds * 1000).toISOString();
    this.#save({ ...delivery, state: 'waiting', nextAttemptAt });
    this.#schedule(delivery, delaySeconds * 1000);
  }
}

/** Knows all senders by vendor, for the control API and the console. */
export class WebhookHub {
  readonly #senders = new Map<string, WebhookSender>();

  /** Makes a sender known and answers it. Each vendor registers one while it is built. */
  register(sender: WebhookSender): WebhookSender {
    this.#senders.set(sender.vendor, sender);
    return sender;
  }

  /** Finds the sender of a vendor, or undefined when that vendor sends no events. */
  get(vendor: string): WebhookSender | undefined {
    return this.#senders.get(vendor);
  }

  /** Lists all senders. */
  all(): WebhookSender[] {
    return [...this.#senders.values()];
  }

  /** Clears the store by `clear` without losing the targets, which are wiring and not data. Modes return to normal. */
  reset(clear: () => void): void {
    const targets = this.all().map((sender) => ({ sender, url: sender.url }));
    for (const { sender } of targets) sender.cancelPlanned();
    clear();
    for (const { sender, url } of targets) if (url) sender.setTarget(url);
  }
}

function typeOf(body: string): string | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'type' in parsed) return String(parsed.type);
  } catch {
    // Not every vendor's event is JSON; the journal then shows no type.
  }
  return null;
}

function shuffle<T>(list: T[]): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    const a = list[i] as T;
    list[i] = list[j] as T;
    list[j] = a;
  }
}
