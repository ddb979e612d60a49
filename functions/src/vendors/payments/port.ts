import type { Amount, Currency } from '../../shared/money.ts';
import type { Locale } from '../../shared/locale.ts';

/** A payment that was made for an order, as the payment provider holds it now. */
export interface PaymentSession {
  id: string;
  /** Our order id, from `client_reference_id`. Null for a session that we did not make. */
  orderId: string | null;
  customerId: string | null;
  status: 'open' | 'complete' | 'expired';
  /** `unpaid` on a complete session means that the money is on its way (bank debit). */
  paymentStatus: 'paid' | 'unpaid' | 'no_payment_required';
  currency: Currency;
  /** What was charged in all, in minor units, tax and shipping included. */
  total: Amount<Currency>;
  tax: Amount<Currency>;
  shipping: Amount<Currency>;
  url: string | null;
  expiresAt: Date;
  paymentIntentId: string | null;
  subscriptionId: string | null;
  invoiceId: string | null;
}

export interface SessionLine {
  priceId: string;
  quantity: number;
}

export interface NewSession {
  orderId: string;
  memberId: string;
  customerId: string;
  mode: 'payment' | 'subscription';
  lines: SessionLine[];
  successUrl: string;
  cancelUrl: string;
  expiresAt: Date;
  locale: Locale;
}

export interface PaymentAttempt {
  id: string;
  orderId: string | null;
  /** The money will not come unless the member tries again: declined, sent back by the bank, or canceled. */
  failed: boolean;
}

/** What happened to the money of one payment. `disputeId` is the newest dispute. */
export interface Charge {
  id: string;
  paymentIntentId: string | null;
  customerId: string | null;
  currency: Currency;
  amount: Amount<Currency>;
  refunded: Amount<Currency>;
  receiptUrl: string | null;
  paid: boolean;
}

export interface Refund {
  id: string;
  chargeId: string | null;
  paymentIntentId: string | null;
  currency: Currency;
  amount: Amount<Currency>;
  status: 'pending' | 'succeeded' | 'failed' | 'canceled' | 'requires_action';
  createdAt: Date;
  metadata: Record<string, string>;
}

export interface SubscriptionState {
  id: string;
  customerId: string;
  status: 'active' | 'past_due' | 'canceled' | 'incomplete' | 'trialing' | 'unpaid' | 'incomplete_expired' | 'paused';
  priceLookupKeys: string[];
  currentPeriodEnd: Date;
  cancelAtPeriodEnd: boolean;
  metadata: Record<string, string>;
}

export interface Invoice {
  id: string;
  customerId: string | null;
  subscriptionId: string | null;
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  reason: 'subscription_create' | 'subscription_cycle' | 'other';
  currency: Currency;
  amountPaid: Amount<Currency>;
  tax: Amount<Currency>;
  hostedUrl: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
  /** Until when this invoice pays: the latest end of a line's period. */
  periodEnd: Date;
}

export interface Dispute {
  id: string;
  chargeId: string;
  paymentIntentId: string | null;
  currency: Currency;
  amount: Amount<Currency>;
  status: 'open' | 'won' | 'lost' | 'warning_closed';
  reason: string;
}

export interface BalanceTransaction {
  id: string;
  kind: 'charge' | 'payment' | 'refund' | 'payment_refund' | 'adjustment' | 'stripe_fee' | 'payout' | 'other';
  sourceId: string | null;
  /** Of our balance: a charge in another currency is converted before it gets here. */
  currency: Currency;
  /** Gross, signed: charges positive, refunds negative. Minor units. */
  amount: Amount<Currency>;
  fee: Amount<Currency>;
  createdAt: Date;
}

export interface CatalogPrice {
  lookupKey: string;
  productId: string;
  productName: string;
  currency: Currency;
  amount: Amount<Currency>;
  interval: 'month' | 'year' | null;
}

/** A verified webhook: only `id`, `type` and `objectId` are ever used; everything else is fetched again. */
export interface PaymentEvent {
  id: string;
  type: string;
  createdAt: Date;
  /** Null for events about what has no id (the balance) and for types that we never subscribed to. */
  objectId: string | null;
  /** Account id for events of a connected account; such events are kept and ignored. */
  account: string | null;
}

/**
 * Payments in our words; `client.ts` speaks Stripe. Every creating call takes an idempotency key that is derived from our
 * ids, so that a repetition after a crash or time-out gives the first answer. Throws CodedError `vendor.unavailable`
 * (retry), `vendor.refused` (permanent), `payment.refused`; a look-up of what does not exist gives null.
 */
export interface PaymentsPort {
  ensureCustomer(input: {
    memberId: string;
    email: string | null;
    name: string | null;
    locale: Locale;
  }): Promise<{ customerId: string }>;
  /** Removes name, e-mail address and cards; the provider keeps what the law asks. Safe to repeat. */
  eraseCustomer(customerId: string): Promise<void>;
  /**
   * Opens the payment page of an order. Repeat it with the very same input: the provider refuses another input for the same
   * order. So `expiresAt` is a stored time and not "now plus"; it must lie 30 minutes to 24 hours ahead when the call
   * arrives, so leave room above the 30 minutes for repetitions.
   */
  createSession(input: NewSession): Promise<PaymentSession>;
  getSession(sessionId: string): Promise<PaymentSession | null>;
  /** Closes an open session. Returns the session as it is then: complete if the member was faster. */
  expireSession(sessionId: string): Promise<PaymentSession>;
  /** Which order a payment was tried for, from its metadata (null for a payment that is not ours), and whether it came to nothing. */
  getPayment(paymentIntentId: string): Promise<PaymentAttempt | null>;
  getCharge(chargeId: string): Promise<Charge | null>;
  getChargeOfPayment(paymentIntentId: string): Promise<Charge | null>;
  /** Refunds exactly once per `key`, and gives that refund again to whoever repeats it, also when it has failed since. */
  createRefund(input: {
    key: string;
    paymentIntentId: string;
    amount: Amount<Currency>;
    metadata: Record<string, string>;
  }): Promise<Refund>;
  getRefund(refundId: string): Promise<Refund | null>;
  listRefunds(paymentIntentId: string): Promise<Refund[]>;
  getSubscription(subscriptionId: string): Promise<SubscriptionState | null>;
  cancelSubscription(subscriptionId: string): Promise<SubscriptionState>;
  getInvoice(invoiceId: string): Promise<Invoice | null>;
  getDispute(disputeId: string): Promise<Dispute | null>;
  createPortalSession(input: { customerId: string; returnUrl: string; locale: Locale }): Promise<{ url: string }>;
  /** Makes product and price unless the lookup key exists with the same amount; a changed amount makes a new price and moves the key. Returns the price id. */
  syncPrice(price: CatalogPrice): Promise<{ priceId: string }>;
  listBalanceTransactions(input: { from: Date; to: Date }): AsyncIterable<BalanceTransaction>;
  /** Verifies the signature over the raw body (tolerance 5 minutes). Throws `webhook.signature_invalid`. */
  verifyWebhook(rawBody: Buffer, signature: string | undefined, now: Date): PaymentEvent;
}
