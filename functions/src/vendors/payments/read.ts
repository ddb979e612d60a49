import type { Stripe } from 'stripe';
import { isCurrency, minor } from '../../shared/money.ts';
import type { Amount, Currency } from '../../shared/money.ts';
import { vendorError } from '../failure.ts';
import type {
  BalanceTransaction,
  Charge,
  Dispute,
  Invoice,
  PaymentSession,
  Refund,
  SubscriptionItem,
  SubscriptionState,
  SwapPreview,
} from './port.ts';

/**
 * Translates Stripe's objects into our words. Stripe may add words to its lists at any time: those that we do not know
 * become the most cautious one that we do.
 */

/** Reads a checkout session. */
export function readSession(session: Stripe.Checkout.Session): PaymentSession {
  const currency = readCurrency(session.currency, session.id);
  return {
    id: session.id,
    orderId: session.client_reference_id,
    customerId: idOf(session.customer),
    status: oneOf(session.status, ['open', 'complete', 'expired'], 'open'),
    paymentStatus: oneOf(session.payment_status, ['paid', 'unpaid', 'no_payment_required'], 'unpaid'),
    currency,
    total: amountOf(currency, session.amount_total),
    tax: amountOf(currency, session.total_details?.amount_tax),
    shipping: amountOf(currency, session.total_details?.amount_shipping),
    discount: amountOf(currency, session.total_details?.amount_discount),
    url: session.url,
    expiresAt: dateOf(session.expires_at),
    paymentIntentId: idOf(session.payment_intent),
    subscriptionId: idOf(session.subscription),
    invoiceId: idOf(session.invoice),
  };
}

/** Reads a charge. */
export function readCharge(charge: Stripe.Charge): Charge {
  const currency = readCurrency(charge.currency, charge.id);
  return {
    id: charge.id,
    paymentIntentId: idOf(charge.payment_intent),
    customerId: idOf(charge.customer),
    currency,
    amount: amountOf(currency, charge.amount),
    refunded: amountOf(currency, charge.amount_refunded),
    receiptUrl: charge.receipt_url,
    paid: charge.paid,
  };
}

/** Reads a refund. A refund without a status has not been decided. */
export function readRefund(refund: Stripe.Refund): Refund {
  const currency = readCurrency(refund.currency, refund.id);
  return {
    id: refund.id,
    chargeId: idOf(refund.charge),
    paymentIntentId: idOf(refund.payment_intent),
    currency,
    amount: amountOf(currency, refund.amount),
    status: oneOf(refund.status, ['succeeded', 'failed', 'canceled', 'requires_action'], 'pending'),
    createdAt: dateOf(refund.created),
    metadata: { ...refund.metadata },
  };
}

/**
 * Reads a subscription. It is paid until the end of its longest-running item. An unknown status counts as paused: no service, not over.
 */
export function readSubscription(subscription: Stripe.Subscription): SubscriptionState {
  const items = subscription.items.data;
  const ends = items.map((item) => item.current_period_end);
  return {
    id: subscription.id,
    customerId: idOf(subscription.customer) ?? '',
    status: oneOf(
      subscription.status,
      ['active', 'past_due', 'canceled', 'incomplete', 'trialing', 'unpaid', 'incomplete_expired'],
      'paused',
    ),
    items: items.map(readItem),
    discounted: subscription.discounts.length > 0 || items.some((item) => item.discounts.length > 0),
    latestInvoiceId: idOf(subscription.latest_invoice),
    currentPeriodEnd: dateOf(Math.max(...(ends.length > 0 ? ends : [subscription.start_date]))),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    metadata: { ...subscription.metadata },
  };
}

const intervals = ['month', 'year'] as const;

function readItem(item: Stripe.SubscriptionItem): SubscriptionItem {
  const { price } = item;
  const currency = readCurrency(price.currency, item.id);
  const { interval, interval_count: count } = price.recurring ?? { interval: null, interval_count: 0 };
  return {
    id: item.id,
    priceId: price.id,
    productId: idOf(price.product) ?? '',
    currency,
    amount: amountOf(currency, price.unit_amount),
    interval: count === 1 ? (intervals.find((known) => known === interval) ?? null) : null,
    quantity: item.quantity ?? 1,
    periodStart: dateOf(item.current_period_start),
    periodEnd: dateOf(item.current_period_end),
  };
}

/** Reads what a swap would cost from the invoice that Stripe would make: its positions are credits below zero and charges. */
export function readSwapPreview(invoice: Stripe.Invoice): SwapPreview {
  const currency = readCurrency(invoice.currency, invoice.id);
  const sum = (amounts: number[]) => amounts.reduce((all, amount) => all + amount, 0);
  const amounts = invoice.lines.data.map((line) => line.amount);
  return {
    currency,
    credit: amountOf(currency, 0 - sum(amounts.filter((amount) => amount < 0))),
    charge: amountOf(currency, sum(amounts.filter((amount) => amount > 0))),
    tax: amountOf(currency, Math.max(0, sum((invoice.total_taxes ?? []).map((tax) => tax.amount)))),
    dueNow: amountOf(currency, invoice.amount_due),
  };
}

/** Where a price remembers its lookup key after the key has moved to a newer price. */
export const lookupKeyField = 'lookup_key';

/** What `readInvoice` needs to see whole: an invoice names its payment, and only that names its charge. */
export const invoiceExpansion = ['payments.data.payment.payment_intent'];

/** Reads an invoice that was fetched with `invoiceExpansion`. */
export function readInvoice(invoice: Stripe.Invoice): Invoice {
  const currency = readCurrency(invoice.currency, invoice.id);
  const payments = invoice.payments?.data ?? [];
  const payment = (payments.find(({ status }) => status === 'paid') ?? payments.find((it) => it.is_default))?.payment;
  const intent = payment?.payment_intent;
  // The invoice's own period_end looks back at the period before; its lines say what has been paid for.
  const lineEnds = invoice.lines.data.map((line) => line.period.end);
  return {
    id: invoice.id,
    customerId: idOf(invoice.customer),
    subscriptionId: idOf(invoice.parent?.subscription_details?.subscription),
    status: oneOf(invoice.status, ['open', 'paid', 'uncollectible', 'void'], 'draft'),
    reason: oneOf(
      invoice.billing_reason,
      ['subscription_create', 'subscription_cycle', 'subscription_update'],
      'other',
    ),
    currency,
    amountPaid: amountOf(currency, invoice.amount_paid),
    tax: amountOf(
      currency,
      invoice.total_taxes?.reduce((sum, tax) => sum + tax.amount, 0),
    ),
    hostedUrl: invoice.hosted_invoice_url ?? null,
    paymentIntentId: idOf(intent),
    chargeId: idOf(payment?.charge) ?? (typeof intent === 'object' ? idOf(intent.latest_charge) : null),
    periodEnd: dateOf(Math.max(invoice.period_end, ...lineEnds)),
    lines: invoice.lines.data.map((line) => ({
      productId: line.pricing?.price_details?.product ?? null,
      quantity: line.quantity ?? 1,
      amount: amountOf(currency, line.amount),
      discount: amountOf(
        currency,
        line.discount_amounts?.reduce((sum, { amount }) => sum + amount, 0),
      ),
      period: { start: dateOf(line.period.start), end: dateOf(line.period.end) },
    })),
    subscriptionMetadata: { ...invoice.parent?.subscription_details?.metadata },
  };
}

/** Reads a dispute. One that was prevented took no money, as a warning that was closed; whatever is undecided is open. */
export function readDispute(dispute: Stripe.Dispute): Dispute {
  const currency = readCurrency(dispute.currency, dispute.id);
  const status = dispute.status === 'prevented' ? 'warning_closed' : dispute.status;
  return {
    id: dispute.id,
    chargeId: idOf(dispute.charge) ?? '',
    paymentIntentId: idOf(dispute.payment_intent),
    currency,
    amount: amountOf(currency, dispute.amount),
    status: oneOf(status, ['won', 'lost', 'warning_closed'], 'open'),
    reason: dispute.reason,
  };
}

/** Reads a balance transaction. Its currency is that of our balance, which may differ from the charge's. */
export function readBalanceTransaction(transaction: Stripe.BalanceTransaction): BalanceTransaction {
  const currency = readCurrency(transaction.currency, transaction.id);
  return {
    id: transaction.id,
    kind: oneOf(
      transaction.type,
      ['charge', 'payment', 'refund', 'payment_refund', 'adjustment', 'stripe_fee', 'payout'],
      'other',
    ),
    sourceId: idOf(transaction.source),
    currency,
    amount: amountOf(currency, transaction.amount),
    fee: amountOf(currency, transaction.fee),
    createdAt: dateOf(transaction.created),
  };
}

function idOf(reference: string | { id: string } | null | undefined): string | null {
  return typeof reference === 'string' ? reference : (reference?.id ?? null);
}

/** Stripe counts in minor units; USD and CAD have two decimals at Stripe as here. */
function amountOf(currency: Currency, value: number | null | undefined): Amount<Currency> {
  return minor(currency, BigInt(value ?? 0));
}

function readCurrency(code: string | null, id: string): Currency {
  const currency = code?.toUpperCase() ?? '';
  if (isCurrency(currency)) return currency;
  throw vendorError('refused', `Stripe ${id} is in ${code ?? 'no currency'}, which is no ISO 4217 currency`);
}

function dateOf(epochSeconds: number): Date {
  return new Date(epochSeconds * 1000);
}

function oneOf<const Known extends string, const Otherwise extends string>(
  value: string | null,
  known: readonly Known[],
  otherwise: Otherwise,
): Known | Otherwise {
  return known.find((word) => word === value) ?? otherwise;
}
