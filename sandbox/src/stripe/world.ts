import { Stripe } from 'stripe';
import type { Core } from '../core/vendor.ts';
import type { WebhookSender } from '../core/webhooks.ts';
import { randomId } from '../core/ids.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { Agenda } from './agenda.ts';
import { openTables } from './tables.ts';
import type { StoredEvent, Tables } from './tables.ts';

/** The API version that events and answers are written in: the one that the pinned SDK was made for. */
export const API_VERSION = Stripe.API_VERSION;

/** The account that the stand-in plays. */
export const ACCOUNT_ID = 'acct_sandbox';

/** The only secret key that the stand-in takes. */
export const SECRET_KEY = SANDBOX_CREDENTIALS.stripeSecretKey;

/** The API request that caused an event; null for what happens by itself or on a hosted page. */
export interface RequestContext {
  id: string | null;
  idempotency_key: string | null;
}

/** The type of an event, by the SDK's list. */
export type EventType = Stripe.Event['type'];

/** State, time and events of the stand-in: what every handler works on. */
export class World {
  readonly core: Core;
  readonly tables: Tables;
  readonly agenda: Agenda;
  readonly #sender: WebhookSender;
  #request: RequestContext | null = null;
  #asOf: number | null = null;
  #unsent: StoredEvent[] = [];

  constructor(core: Core, sender: WebhookSender) {
    this.core = core;
    this.tables = openTables(core.store);
    this.agenda = new Agenda(core.store);
    this.#sender = sender;
  }

  /** Tells the time in Unix seconds: the sandbox clock's, or the due time of the agenda entry that runs. */
  now(): number {
    return this.#asOf ?? this.core.clock.nowSeconds();
  }

  /** The base URL of hosted pages, without a trailing slash. */
  get origin(): string {
    return this.core.urls.stripe;
  }

  /**
   * Runs `fn` (synchronous) so that all its writes happen or none, and sends its events after that, in order. `asOf` sets the
   * time that objects made by it carry.
   */
  run<T>(fn: () => T, context: { request?: RequestContext | null; asOf?: number | null } = {}): T {
    this.#request = context.request ?? null;
    this.#asOf = context.asOf ?? null;
    this.#unsent = [];
    try {
      const result = this.core.store.transaction(fn);
      for (const event of this.#unsent) this.#sender.send(event.id, JSON.stringify(event));
      return result;
    } finally {
      this.#request = null;
      this.#asOf = null;
      this.#unsent = [];
    }
  }

  /** Records an event about `object` as it is now and sends it once the running `run` is done, if the endpoint asked for its type. */
  emit(type: EventType, object: object, previousAttributes?: object): void {
    const event = this.#record(type, object, previousAttributes ? { previousAttributes } : {});
    const wanted = this.core.config.stripeWebhook?.events;
    if (wanted === undefined || wanted.includes(type)) this.#unsent.push(event);
  }

  /** Records and sends an event of any type, also of another account: for control. Answers it. */
  emitRaw(
    type: string,
    object: object,
    options: { account?: string | undefined; id?: string | undefined } = {},
  ): StoredEvent {
    const event = this.#record(type, object, options);
    this.#unsent.push(event);
    return event;
  }

  #record(
    type: string,
    object: object,
    options: { previousAttributes?: object; account?: string | undefined; id?: string | undefined },
  ): StoredEvent {
    const event: StoredEvent = {
      id: options.id ?? randomId('evt'),
      object: 'event',
      ...(options.account ? { account: options.account } : {}),
      api_version: API_VERSION,
      created: this.now(),
      data: {
        object,
        ...(options.previousAttributes ? { previous_attributes: options.previousAttributes } : {}),
      },
      livemode: false,
      pending_webhooks: 1,
      request: this.#request ?? { id: null, idempotency_key: null },
      type: type as EventType,
    };
    // A copy, because the object may be changed further before the event leaves.
    const copy = JSON.parse(JSON.stringify(event)) as StoredEvent;
    this.tables.events.put(copy);
    return copy;
  }
}

/** Writes a whole number as the SDK's decimal; on the wire it is a string. */
export function decimal(value: number): Stripe.Decimal {
  return Stripe.Decimal.from(value);
}
