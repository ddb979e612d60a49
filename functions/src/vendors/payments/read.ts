import type { Stripe } from 'stripe';
import { currencies, minor } from '../../shared/money.ts';
import type { Amount, Currency } from '../../shared/money.ts';
import { vendorError } from '../failure.ts';
import type {
  BalanceTransaction,
  Charge,
  Dispute,
  Invoice,
  PaymentSession,
  Refund,
  SubscriptionState,
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
 * Reads a subscription. It is paid until the end of its longest-running item; the lookup key of a price that has been
 * replaced has moved on, but the price keeps it in its metadata. An unknown status counts as paused: no service, not over.
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
    priceLookupKeys: items.flatMap(({ price }) => price.metadata[lookupKeyField] ?? price.lookup_key ?? []),
    currentPeriodEnd: dateOf(Math.max(...(ends.length > 0 ? ends : [subscription.start_date]))),
    cancelAtPeriodEnd: subscription.cancel_at_period_end,
    metadata: { ...subscription.metadata },
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
    reason: oneOf(invoice.billing_reason, ['subscription_create', 'subscription_cycle'], 'other'),
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
  const currency = currencies.find((known) => known.toLowerCase() === code);
  if (currency) return currency;
  throw vendorError(
    'refused',
    `Stripe ${id} is in ${code ?? 'no currency'}; we sell in ${currencies.join(' and ')} only`,
  );
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
