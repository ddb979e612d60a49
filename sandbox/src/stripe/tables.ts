import type { Stripe } from 'stripe';
import type { ListOptions, Store } from '../core/store.ts';
import { resourceMissing } from './errors.ts';
import type { CardBehaviour } from './cards.ts';
import type { SessionPlan } from './checkout-plan.ts';

type Indexes = Record<string, string>;

/** One kind of object in the store, typed. `label` is what the real API calls it in "No such …". */
export class Table<T extends { id: string }> {
  readonly label: string;
  readonly #store: Store;
  readonly #kind: string;
  readonly #indexesOf: (value: T) => Record<string, string | null | undefined>;

  constructor(
    store: Store,
    label: string,
    indexesOf: (value: T) => Record<string, string | null | undefined> = () => ({}),
  ) {
    this.label = label;
    this.#store = store;
    this.#kind = `stripe.${label}`;
    this.#indexesOf = indexesOf;
  }

  /** Reads one object, or undefined. */
  get(id: string): T | undefined {
    return this.#store.get<T>(this.#kind, id);
  }

  /** Reads one object; throws `resource_missing` naming the parameter that held the id. */
  require(id: string, param = 'id'): T {
    const value = this.get(id);
    if (!value) throw resourceMissing(this.label, id, param);
    return value;
  }

  /** Writes one object and answers it. */
  put(value: T): T {
    const indexes: Indexes = {};
    for (const [name, text] of Object.entries(this.#indexesOf(value))) if (text) indexes[name] = text;
    this.#store.put(this.#kind, value.id, value, indexes);
    return value;
  }

  /** Lists objects, newest first as the API does, whose indexes equal `where`. */
  list(where: Record<string, string | undefined> = {}, options: ListOptions = { order: 'desc' }): T[] {
    const given: Indexes = {};
    for (const [name, text] of Object.entries(where)) if (text !== undefined) given[name] = text;
    return this.#store.list<T>(this.#kind, given, options);
  }

  /** Counts objects. */
  count(where: Indexes = {}): number {
    return this.#store.count(this.#kind, where);
  }

  /** Removes one object. */
  remove(id: string): void {
    this.#store.delete(this.#kind, id);
  }
}

/** Answers the id of a reference, whether it is expanded or not. */
export function idOf(reference: string | { id: string }): string;
export function idOf(reference: string | { id: string } | null | undefined): string | null;
export function idOf(reference: string | { id: string } | null | undefined): string | null {
  if (!reference) return null;
  return typeof reference === 'string' ? reference : reference.id;
}

/** What is kept about a payment method and never shown: how its card behaves. */
export interface HiddenCard {
  id: string;
  behaviour: CardBehaviour;
  /** Set up once with its owner present: `authenticate` cards then pass off session, as 4000 0025 0000 3155 does. */
  setUp: boolean;
}

/** What control decided about a customer: all saved cards fail until it is taken back. */
export interface CustomerSwitches {
  id: string;
  cardFails: boolean;
}

/** All objects of the stand-in. Kept in one place so that indexes and labels are read at a glance. */
export function openTables(store: Store) {
  return {
    customers: new Table<Stripe.Customer>(store, 'customer', (it) => ({ email: it.email })),
    deletedCustomers: new Table<Stripe.DeletedCustomer>(store, 'deleted customer'),
    customerSwitches: new Table<CustomerSwitches>(store, 'customer switch'),
    products: new Table<Stripe.Product>(store, 'product', (it) => ({ active: String(it.active) })),
    prices: new Table<Stripe.Price>(store, 'price', (it) => ({ product: idOf(it.product), lookupKey: it.lookup_key })),
    coupons: new Table<Stripe.Coupon>(store, 'coupon'),
    discounts: new Table<Stripe.Discount>(store, 'discount'),
    paymentMethods: new Table<Stripe.PaymentMethod>(store, 'PaymentMethod', (it) => ({ customer: idOf(it.customer) })),
    hiddenCards: new Table<HiddenCard>(store, 'hidden card'),
    paymentIntents: new Table<Stripe.PaymentIntent>(store, 'payment_intent', (it) => ({ customer: idOf(it.customer) })),
    charges: new Table<Stripe.Charge>(store, 'charge', (it) => ({
      customer: idOf(it.customer),
      paymentIntent: idOf(it.payment_intent),
    })),
    refunds: new Table<Stripe.Refund>(store, 'refund', (it) => ({
      charge: idOf(it.charge),
      paymentIntent: idOf(it.payment_intent),
    })),
    disputes: new Table<Stripe.Dispute>(store, 'dispute', (it) => ({
      charge: idOf(it.charge),
      paymentIntent: idOf(it.payment_intent),
    })),
    balanceTransactions: new Table<Stripe.BalanceTransaction>(store, 'balance_transaction', (it) => ({
      source: idOf(it.source as string | null),
      type: it.type,
    })),
    sessions: new Table<Stripe.Checkout.Session>(store, 'checkout.session', (it) => ({
      customer: idOf(it.customer),
      paymentIntent: idOf(it.payment_intent),
      subscription: idOf(it.subscription),
      status: it.status,
    })),
    sessionPlans: new Table<SessionPlan>(store, 'session plan'),
    subscriptions: new Table<Stripe.Subscription>(store, 'subscription', (it) => ({ customer: idOf(it.customer) })),
    invoices: new Table<Stripe.Invoice>(store, 'invoice', (it) => ({
      customer: idOf(it.customer),
      subscription: idOf(it.parent?.subscription_details?.subscription),
      status: it.status,
    })),
    invoicePayments: new Table<Stripe.InvoicePayment>(store, 'invoice_payment', (it) => ({
      invoice: idOf(it.invoice),
      paymentIntent: idOf(it.payment.payment_intent),
    })),
    portalSessions: new Table<Stripe.BillingPortal.Session>(store, 'billing_portal.session', (it) => ({ url: it.url })),
    events: new Table<StoredEvent>(store, 'event', (it) => ({ type: it.type })),
    webhookEndpoints: new Table<Stripe.WebhookEndpoint>(store, 'webhook endpoint'),
    idempotency: new Table<StoredAnswer>(store, 'idempotency key'),
  };
}

/** All tables by name. */
export type Tables = ReturnType<typeof openTables>;

/** An event as the API shows it; the SDK's own union of 250 event types cannot be built from a name, its base can. */
export type StoredEvent = Omit<Stripe.EventBase, 'data'> & {
  data: { object: object; previous_attributes?: object };
};

/** The first answer given under an Idempotency-Key. */
export interface StoredAnswer {
  id: string;
  fingerprint: string;
  endpoint: string;
  status: number;
  body: object;
  at: number;
}
