import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { LineAmounts } from './amounts.ts';
import type { Endpoint } from './api.ts';
import { requireCustomer } from './customers.ts';
import { list, page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';
import { idOf } from './tables.ts';
import { automaticTax } from './taxes.ts';
import type { TaxPlace } from './taxes.ts';
import { decimal } from './world.ts';
import type { World } from './world.ts';

/** One position of a new invoice. */
export interface LineInput {
  price: Stripe.Price;
  quantity: number;
  description: string;
  /** The subscription's position that it bills, or null for a one-off. */
  subscriptionItem: { id: string; subscription: string } | null;
  amounts: LineAmounts;
  /** Set for what a change of plan credits or charges for part of a period; its amounts have no list price behind them. */
  proration?: { start: number; end: number };
}

/** What a new invoice is made of. `period` is what its positions cover. */
export interface InvoiceInput {
  customer: Stripe.Customer;
  currency: string;
  lines: LineInput[];
  reason: Stripe.Invoice.BillingReason;
  subscription: Stripe.Subscription | null;
  description: string | null;
  footer: string | null;
  metadata: Record<string, string>;
  period: { start: number; end: number };
  /** What took something off; its parts stand in the lines' amounts. */
  discount: Stripe.Discount | null;
  /** Where tax was reckoned for; null where it is not. */
  taxedAt: TaxPlace;
}

/** Makes an invoice and finalises it: `invoice.created` (draft), then `invoice.finalized` (open). The real one waits an hour between them. */
export function createInvoice(world: World, input: InvoiceInput): Stripe.Invoice {
  const draft = draftOf(world, input);
  world.tables.invoices.put(draft);
  world.emit('invoice.created', draft);
  const sequence = input.customer.next_invoice_sequence ?? 1;
  world.tables.customers.put({
    ...requireCustomer(world, input.customer.id),
    currency: input.currency,
    next_invoice_sequence: sequence + 1,
  });
  const open = world.tables.invoices.put({
    ...draft,
    status: 'open',
    number: `${input.customer.invoice_prefix ?? 'DOTM'}-${String(sequence).padStart(4, '0')}`,
    auto_advance: true,
    effective_at: world.now(),
    hosted_invoice_url: `${world.origin}/i/${draft.id}`,
    status_transitions: { ...draft.status_transitions, finalized_at: world.now() },
  });
  world.emit('invoice.finalized', open);
  return open;
}

/** Writes an invoice as it would be, without storing it: what a preview answers, and what `createInvoice` begins with. */
export function draftOf(world: World, input: InvoiceInput): Stripe.Invoice {
  const { customer, subscription } = input;
  const id = randomId('in');
  const lines = input.lines.map((line) => lineOf(id, input, line));
  const sum = (of: keyof LineAmounts) => input.lines.reduce((whole, line) => whole + line.amounts[of], 0);
  const total = sum('total');
  const discounted = sum('discount');
  const subtotal = sum('subtotal');
  const taxed = input.taxedAt?.country ? subtotal - discounted : null;
  // A credit that is left over would go to the customer's balance; nothing is due then.
  const due = Math.max(0, total);
  return {
    id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'DOTM (sandbox)',
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_remaining: due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: false,
    automatic_tax: { disabled_reason: null, ...automaticTax(taxed !== null, input.taxedAt) },
    automatically_finalizes_at: null,
    billing_reason: input.reason,
    collection_method: 'charge_automatically',
    created: world.now(),
    currency: input.currency,
    custom_fields: null,
    customer: customer.id,
    customer_account: null,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: input.description,
    discounts: input.discount ? [input.discount.id] : [],
    due_date: null,
    effective_at: null,
    ending_balance: 0,
    footer: input.footer,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: list(lines, false, `/v1/invoices/${id}/lines`),
    livemode: false,
    metadata: input.metadata,
    next_payment_attempt: null,
    number: null,
    on_behalf_of: null,
    parent: subscription
      ? {
          type: 'subscription_details',
          quote_details: null,
          subscription_details: { metadata: subscription.metadata, subscription: subscription.id },
        }
      : null,
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    // A renewal bills ahead: the invoice's own period is the one that has just ended, its lines' the one that begins.
    period_end: input.period.start,
    period_start: input.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: null,
    total,
    total_discount_amounts: input.discount ? [{ amount: discounted, discount: input.discount.id }] : [],
    total_excluding_tax: subtotal - discounted,
    total_pretax_credit_amounts: [],
    total_taxes: taxed === null ? [] : [taxOf(sum('tax'), taxed)],
    webhooks_delivered_at: world.now(),
  };
}

function taxOf(amount: number, taxable: number): Stripe.Invoice.TotalTax {
  return {
    amount,
    tax_behavior: 'exclusive',
    tax_rate_details: { tax_rate: 'txr_sandbox' },
    taxability_reason: amount === 0 ? 'not_collecting' : 'standard_rated',
    taxable_amount: taxable,
    type: 'tax_rate_details',
  };
}

function lineOf(invoice: string, input: InvoiceInput, line: LineInput): Stripe.InvoiceLineItem {
  const { subtotal, discount, tax } = line.amounts;
  const item = line.subscriptionItem;
  return {
    id: randomId('il'),
    object: 'line_item',
    amount: subtotal,
    currency: input.currency,
    description: line.description,
    discount_amounts: input.discount ? [{ amount: discount, discount: input.discount.id }] : [],
    discountable: !line.proration,
    discounts: [],
    invoice,
    livemode: false,
    metadata: input.subscription?.metadata ?? {},
    parent: item
      ? {
          type: 'subscription_item_details',
          invoice_item_details: null,
          subscription_item_details: {
            invoice_item: null,
            proration: line.proration !== undefined,
            proration_details: { credited_items: null },
            subscription: item.subscription,
            subscription_item: item.id,
          },
        }
      : null,
    period: line.proration ?? (item ? input.period : { start: input.period.start, end: input.period.start }),
    pretax_credit_amounts: [],
    pricing: {
      type: 'price_details',
      price_details: { price: line.price.id, product: idOf(line.price.product) },
      unit_amount_decimal: decimal(line.proration ? subtotal : (line.price.unit_amount ?? 0)),
    },
    quantity: line.quantity,
    quantity_decimal: decimal(line.quantity),
    subscription: item?.subscription ?? null,
    subtotal,
    taxes: input.taxedAt?.country ? [taxOf(tax, subtotal - discount)] : [],
  };
}

/** Ties a payment intent to an invoice, as finalising does. One per invoice. */
export function linkIntent(world: World, invoice: Stripe.Invoice, intentId: string): void {
  world.tables.invoicePayments.put({
    id: randomId('inpay'),
    object: 'invoice_payment',
    amount_paid: null,
    amount_requested: invoice.amount_due,
    created: world.now(),
    currency: invoice.currency,
    invoice: invoice.id,
    is_default: true,
    livemode: false,
    payment: { type: 'payment_intent', payment_intent: intentId },
    status: 'open',
    status_transitions: { canceled_at: null, paid_at: null },
  });
}

/** Marks an invoice as paid, and emits `invoice.paid`, `invoice.payment_succeeded` and, where money moved, `invoice_payment.paid`. */
export function payInvoice(world: World, invoice: Stripe.Invoice): Stripe.Invoice {
  const now = world.now();
  const paid = world.tables.invoices.put({
    ...invoice,
    status: 'paid',
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    attempt_count: invoice.attempt_count + (invoice.amount_due > 0 ? 1 : 0),
    auto_advance: false,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: now },
  });
  world.emit('invoice.paid', paid);
  world.emit('invoice.payment_succeeded', paid);
  for (const payment of world.tables.invoicePayments.list({ invoice: invoice.id })) {
    const done = world.tables.invoicePayments.put({
      ...payment,
      amount_paid: payment.amount_requested,
      status: 'paid',
      status_transitions: { ...payment.status_transitions, paid_at: now },
    });
    world.emit('invoice_payment.paid', done);
  }
  return paid;
}

/** `/v1/invoices…` and `/v1/invoice_payments…` */
export const invoiceEndpoints: Endpoint[] = [
  endpoint(
    'GET',
    '/v1/invoices',
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: text.optional(),
      status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
      subscription: text.optional(),
    }),
    (world, input) => {
      const { customer, status, subscription } = input;
      return page(world.tables.invoices.list({ customer, status, subscription }), input, '/v1/invoices');
    },
  ),
  endpoint('GET', '/v1/invoices/:id', z.strictObject(common), (world, _input, id) => world.tables.invoices.require(id)),
  endpoint('GET', '/v1/invoices/:id/lines', z.strictObject(paging), (world, input, id) =>
    page(world.tables.invoices.require(id).lines.data, input, `/v1/invoices/${id}/lines`),
  ),
  endpoint(
    'GET',
    '/v1/invoice_payments',
    z.strictObject({
      ...paging,
      created: range.optional(),
      invoice: text.optional(),
      payment: z.strictObject({ type: z.literal('payment_intent'), payment_intent: text.optional() }).optional(),
      status: z.enum(['canceled', 'open', 'paid']).optional(),
    }),
    (world, input) => {
      const where = { invoice: input.invoice, paymentIntent: input.payment?.payment_intent };
      const found = world.tables.invoicePayments
        .list(where)
        .filter((it) => !input.status || it.status === input.status);
      return page(found, input, '/v1/invoice_payments');
    },
  ),
  endpoint('GET', '/v1/invoice_payments/:id', z.strictObject(common), (world, _input, id) =>
    world.tables.invoicePayments.require(id),
  ),
];
