import type { Stripe } from 'stripe';
import { z } from 'zod';
import { randomId } from '../core/ids.ts';
import { endpoint } from './api.ts';
import type { Endpoint } from './api.ts';
import { priceItems, totalsOf } from './checkout-amounts.ts';
import { buildLineItems, checkCombination, checkTax, checkTotal, sessionInput } from './checkout-input.ts';
import type { SessionInput } from './checkout-input.ts';
import { requireUsableCoupon } from './coupons.ts';
import { requireCustomer } from './customers.ts';
import { invalidRequest } from './errors.ts';
import { page } from './pagination.ts';
import { common, paging, range, text } from './params.ts';
import { bankDebitOf } from './payment-methods.ts';
import { automaticTax, taxRateAt } from './taxes.ts';
import type { SessionPlan } from './checkout-plan.ts';
import type { World } from './world.ts';

const MIN_LIFE_SECONDS = 30 * 60;
const MAX_LIFE_SECONDS = 24 * 3600;

function createSession(world: World, input: SessionInput): Stripe.Checkout.Session {
  checkCombination(input);
  const customer = input.customer === undefined ? null : requireCustomer(world, input.customer);
  checkTax(input, customer);
  const listed = buildLineItems(world, input);
  const currency = listed[0]?.currency ?? 'usd';
  const named = input.discounts?.[0]?.coupon;
  const coupon = named === undefined ? null : requireUsableCoupon(world, named, currency, 'discounts[0][coupon]');
  // A customer whose address is known sees the tax at once; anybody else says where they are on the page.
  const place = input.automatic_tax?.enabled ? (customer?.address ?? null) : null;
  const lineItems = priceItems(listed, coupon, taxRateAt(place));
  checkTotal(input, lineItems, currency);
  const session = sessionOf(world, input, customer, lineItems);
  const { payment_intent_data: intent, subscription_data: subscription, invoice_creation: invoice } = input;
  world.tables.sessionPlans.put({
    id: session.id,
    lineItems,
    couponId: coupon?.id ?? null,
    savesAddress: customer === null || input.customer_update?.address === 'auto',
    place: place && { country: place.country, state: place.state },
    intentId: null,
    intentData: {
      description: intent?.description ?? null,
      metadata: intent?.metadata ?? {},
      receiptEmail: intent?.receipt_email ?? null,
      setupFutureUsage: intent?.setup_future_usage ?? null,
    },
    subscriptionData: { description: subscription?.description ?? null, metadata: subscription?.metadata ?? {} },
    invoiceData: invoice?.enabled
      ? {
          description: invoice.invoice_data?.description ?? null,
          footer: invoice.invoice_data?.footer ?? null,
          metadata: invoice.invoice_data?.metadata ?? {},
        }
      : null,
    challenge: null,
  });
  world.agenda.schedule('session-expires', session.id, session.expires_at);
  return world.tables.sessions.put(session);
}

function sessionOf(
  world: World,
  input: SessionInput,
  customer: Stripe.Customer | null,
  lineItems: Stripe.LineItem[],
): Stripe.Checkout.Session {
  const id = randomId('cs_test', 58);
  const totals = totalsOf(lineItems);
  const email = customer?.email ?? input.customer_email ?? null;
  const currency = lineItems[0]?.currency ?? 'usd';
  const saved = input.saved_payment_method_options;
  return {
    id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: input.allowed_payment_method_types ?? null,
    ...totals,
    automatic_tax: automaticTax(input.automatic_tax?.enabled ?? false, customer?.address),
    billing_address_collection: input.billing_address_collection ?? null,
    cancel_url: input.cancel_url ?? null,
    client_reference_id: input.client_reference_id ?? null,
    client_secret: null,
    collected_information: { business_name: null, individual_name: null, shipping_details: null },
    consent: null,
    consent_collection: null,
    created: world.now(),
    currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: customer?.id ?? null,
    customer_account: null,
    customer_creation: customer
      ? null
      : input.mode === 'payment'
        ? (input.customer_creation ?? 'if_required')
        : 'always',
    customer_details: email === null ? null : detailsOf(email, customer?.name ?? null),
    customer_email: input.customer_email ?? null,
    discounts: (input.discounts ?? []).map(({ coupon }) => ({ coupon, promotion_code: null })),
    expires_at: expiryOf(world, input.expires_at),
    integration_identifier: null,
    invoice: null,
    invoice_creation: input.mode === 'payment' ? invoiceCreationOf(input) : null,
    livemode: false,
    locale: input.locale ?? null,
    managed_payments: { enabled: false },
    metadata: input.metadata ?? {},
    mode: input.mode,
    origin_context: input.origin_context ?? null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection:
      input.mode === 'subscription' ? (input.payment_method_collection ?? 'always') : 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: methodTypesOf(input, currency),
    payment_status: totals.amount_total === 0 ? 'no_payment_required' : 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options:
      saved || customer
        ? {
            allow_redisplay_filters: saved?.allow_redisplay_filters ?? ['always'],
            payment_method_remove: saved?.payment_method_remove ?? 'disabled',
            payment_method_save: saved?.payment_method_save ?? null,
          }
        : null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: input.submit_type ?? null,
    subscription: null,
    success_url: input.success_url ?? null,
    ui_mode: 'hosted_page',
    url: `${world.origin}/c/pay/${id}`,
    wallet_options: null,
  };
}

/** Who pays, as a session shows it. */
export function detailsOf(
  email: string | null,
  name: string | null,
  place: SessionPlan['place'] = null,
): Stripe.Checkout.Session.CustomerDetails {
  return {
    address: place && { city: null, line1: null, line2: null, postal_code: null, ...place },
    business_name: null,
    email,
    individual_name: null,
    name,
    phone: null,
    tax_exempt: 'none',
    tax_ids: [],
  };
}

function invoiceCreationOf(input: SessionInput): Stripe.Checkout.Session.InvoiceCreation {
  const data = input.invoice_creation?.invoice_data;
  return {
    enabled: input.invoice_creation?.enabled ?? false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: data?.description ?? null,
      footer: data?.footer ?? null,
      issuer: null,
      metadata: data?.metadata ?? {},
      rendering_options: null,
    },
  };
}

/** Card always; the currency's bank debit for one-time payments, because a subscription by debit is not played here. */
function methodTypesOf(input: SessionInput, currency: string): string[] {
  const debit = input.mode === 'payment' ? bankDebitOf(currency) : null;
  const offered = debit ? ['card', debit] : ['card'];
  const left = offered
    .filter(
      (type) => !input.allowed_payment_method_types || input.allowed_payment_method_types.some((it) => it === type),
    )
    .filter((type) => !input.excluded_payment_method_types?.some((it) => it === type));
  if (left.length > 0) return left;
  throw invalidRequest('No valid payment method types for this Checkout Session.', {
    param: 'allowed_payment_method_types',
  });
}

function expiryOf(world: World, wanted: number | undefined): number {
  const now = world.now();
  if (wanted === undefined) return now + MAX_LIFE_SECONDS;
  if (wanted - now >= MIN_LIFE_SECONDS && wanted - now <= MAX_LIFE_SECONDS) return wanted;
  // A caller who reckons with real time, while the sandbox's clock was moved, means the same span from the sandbox's now.
  const span = wanted - Math.floor(now - world.core.clock.offsetMs / 1000);
  if (span >= MIN_LIFE_SECONDS && span <= MAX_LIFE_SECONDS) return now + span;
  throw invalidRequest(
    span < MIN_LIFE_SECONDS
      ? 'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.'
      : 'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
    { param: 'expires_at' },
  );
}

/** Ends an open session unpaid and emits `checkout.session.expired`; anything but an open one stays as it is. */
export function expireSession(world: World, id: string): Stripe.Checkout.Session | undefined {
  const session = world.tables.sessions.get(id);
  if (session?.status !== 'open') return session;
  const expired = world.tables.sessions.put({ ...session, status: 'expired', url: null });
  world.agenda.cancel('session-expires', id);
  world.emit('checkout.session.expired', expired);
  return expired;
}

function expireByApi(world: World, id: string): Stripe.Checkout.Session {
  const session = world.tables.sessions.require(id);
  if (session.status !== 'open') {
    throw invalidRequest(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of "${session.status ?? ''}".`,
    );
  }
  return expireSession(world, id) ?? session;
}

/** `/v1/checkout/sessions…` */
export const checkoutSessionEndpoints: Endpoint[] = [
  endpoint('POST', '/v1/checkout/sessions', sessionInput, createSession),
  endpoint(
    'GET',
    '/v1/checkout/sessions',
    z.strictObject({
      ...paging,
      created: range.optional(),
      customer: text.optional(),
      customer_details: z.strictObject({ email: text }).optional(),
      payment_intent: text.optional(),
      status: z.enum(['complete', 'expired', 'open']).optional(),
      subscription: text.optional(),
    }),
    (world, input) => {
      const { customer, payment_intent: paymentIntent, status, subscription } = input;
      const found = world.tables.sessions.list({ customer, paymentIntent, status, subscription });
      const email = input.customer_details?.email;
      return page(
        found.filter((it) => !email || it.customer_details?.email === email),
        input,
        '/v1/checkout/sessions',
      );
    },
  ),
  endpoint('GET', '/v1/checkout/sessions/:id', z.strictObject(common), (world, _input, id) =>
    world.tables.sessions.require(id),
  ),
  endpoint('GET', '/v1/checkout/sessions/:id/line_items', z.strictObject(paging), (world, input, id) => {
    world.tables.sessions.require(id);
    return page(world.tables.sessionPlans.get(id)?.lineItems ?? [], input, `/v1/checkout/sessions/${id}/line_items`);
  }),
  endpoint('POST', '/v1/checkout/sessions/:id/expire', z.strictObject(common), (world, _input, id) =>
    expireByApi(world, id),
  ),
];
