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
  discount: Amount<Currency>;
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

/**
 * What is taken off the list prices of one order. `once` for what holds for this payment only, `forever` for what holds for the renewals
 * of its subscription too.
 */
export interface NewCoupon {
  /** Above zero, and at most what the lines come to. */
  amount: Amount<Currency>;
  currency: Currency;
  duration: 'once' | 'forever';
  /** Why, in the member's words: the payment page, invoices and receipts show it. The provider takes 40 characters; more is cut off. */
  name: string;
}

export interface NewSession {
  orderId: string;
  memberId: string;
  customerId: string;
  mode: 'payment' | 'subscription';
  /** Mode `subscription` may hold one-time prices beside recurring ones, all of one interval; they are on the first invoice only. */
  lines: SessionLine[];
  coupon: NewCoupon | null;
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

/** One position of a subscription. It keeps its id when its price changes. */
export interface SubscriptionItem {
  id: string;
  priceId: string;
  /** The product's id: ours, because we make products under our own ids. */
  productId: string;
  currency: Currency;
  /** Of one piece, for one period. */
  amount: Amount<Currency>;
  /** Null for a rhythm that we don't sell. */
  interval: 'month' | 'year' | null;
  quantity: number;
  periodStart: Date;
  periodEnd: Date;
}

export interface SubscriptionState {
  id: string;
  customerId: string;
  status: 'active' | 'past_due' | 'canceled' | 'incomplete' | 'trialing' | 'unpaid' | 'incomplete_expired' | 'paused';
  items: SubscriptionItem[];
  /** Something is taken off its invoices. */
  discounted: boolean;
  latestInvoiceId: string | null;
  currentPeriodEnd: Date;
  cancelAtPeriodEnd: boolean;
  metadata: Record<string, string>;
}

/** A position of an invoice, before tax. */
export interface InvoiceLine {
  /** Ours, because we make products under our own ids; null for a position without a product. */
  productId: string | null;
  quantity: number;
  /** List price times quantity; below zero for a credit. */
  amount: Amount<Currency>;
  discount: Amount<Currency>;
  period: { start: Date; end: Date };
}

export interface Invoice {
  id: string;
  customerId: string | null;
  subscriptionId: string | null;
  status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update' | 'other';
  currency: Currency;
  amountPaid: Amount<Currency>;
  tax: Amount<Currency>;
  hostedUrl: string | null;
  paymentIntentId: string | null;
  chargeId: string | null;
  /** Until when this invoice pays: the latest end of a line's period. */
  periodEnd: Date;
  lines: InvoiceLine[];
  /** What the subscription's metadata said when the invoice was made. */
  subscriptionMetadata: Record<string, string>;
}

/** Puts another price on one position of a subscription. */
export interface PriceSwap {
  subscriptionId: string;
  itemId: string;
  priceId: string;
}

/** What a swap at once would cost, by the provider's own reckoning. All amounts from 0. */
export interface SwapPreview {
  currency: Currency;
  /** For unused time of the old price, before tax. */
  credit: Amount<Currency>;
  /** For the new price until the next renewal, before tax. */
  charge: Amount<Currency>;
  /** On the difference. */
  tax: Amount<Currency>;
  /** Charge less credit, with tax: what the card is charged. */
  dueNow: Amount<Currency>;
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
   * arrives, so leave room above the 30 minutes for repetitions. A coupon is made first, under the order's id, or taken over from an
   * earlier attempt; throws `vendor.refused` when that one takes another amount off.
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
  /** Ends a subscription at once. */
  cancelSubscription(subscriptionId: string): Promise<SubscriptionState>;
  /** Lets a subscription end with its period, or takes that back. Throws `vendor.refused` for one that has ended. */
  endWithPeriod(subscriptionId: string, end: boolean): Promise<SubscriptionState>;
  /** Asks what a swap would cost if it happened at `at` (whole seconds, within the period). Changes nothing. */
  previewSwap(swap: PriceSwap, at: Date): Promise<SwapPreview>;
  /**
   * Swaps a price at once: what is due for `at` is charged to the saved card. Throws `payment.refused` when the card refuses, and then
   * nothing has changed. Happens once for each `key`; a repetition within a day gives the first answer. `metadata` is put on the
   * subscription, and so on the invoice that this makes.
   */
  swapNow(input: PriceSwap & { key: string; at: Date; metadata: Record<string, string> }): Promise<SubscriptionState>;
  /**
   * Swaps a price for what comes after the running period; no money moves. With `holdUntil`, the end of that period, the next bill waits
   * for then although the rhythm is another one.
   */
  swapAtRenewal(input: PriceSwap & { key: string; holdUntil: Date | null }): Promise<SubscriptionState>;
  /**
   * Takes a coupon of duration `forever` off each coming invoice of the subscription that an order began. Safe to repeat; one that has ended
   * is left alone. Throws `vendor.refused` when an earlier attempt made the coupon with another amount.
   */
  discountRenewals(input: { orderId: string; subscriptionId: string; coupon: NewCoupon }): Promise<void>;
  getInvoice(invoiceId: string): Promise<Invoice | null>;
  getDispute(disputeId: string): Promise<Dispute | null>;
  createPortalSession(input: { customerId: string; returnUrl: string; locale: Locale }): Promise<{ url: string }>;
  /** Makes a product under our own id, or gives the one that is there this name. */
  syncProduct(productId: string, name: string): Promise<void>;
  /** Makes product and price unless the lookup key exists with the same amount; a changed amount makes a new price and moves the key. Returns the price id. */
  syncPrice(price: CatalogPrice): Promise<{ priceId: string }>;
  listBalanceTransactions(input: { from: Date; to: Date }): AsyncIterable<BalanceTransaction>;
  /** Verifies the signature over the raw body (tolerance 5 minutes). Throws `webhook.signature_invalid`. */
  verifyWebhook(rawBody: Buffer, signature: string | undefined, now: Date): PaymentEvent;
}
