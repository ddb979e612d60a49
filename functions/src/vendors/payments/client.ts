import type { Stripe } from 'stripe';
import type { PaymentAttempt, PaymentsPort, SubscriptionState } from './port.ts';
import { discountRenewals } from './discount-renewals.ts';
import { ensureCoupon } from './ensure-coupon.ts';
import { isMissing, paymentError } from './errors.ts';
import { findOrCreate } from './find-or-create.ts';
import { syncPrice, syncProduct } from './sync-price.ts';
import {
  invoiceExpansion,
  readBalanceTransaction,
  readCharge,
  readDispute,
  readInvoice,
  readRefund,
  readSession,
  readSubscription,
  readSwapPreview,
} from './read.ts';
import { newSessionParams } from './session-params.ts';
import { verifyPaymentEvent } from './webhook-signature.ts';

/** How to reach Stripe. `webhookSecret` may hold several secrets, see WebhookInput. `timeoutMs` is 20 s per attempt unless set. */
export interface PaymentsOptions {
  secretKey: string;
  webhookSecret: string;
  apiBase: string;
  timeoutMs?: number;
  /** Whether Stripe Tax adds tax to what is bought; off unless set. */
  automaticTax?: boolean;
}

/** Stripe hands out at most 100 entries a page; fewer would only mean more calls. */
const pageSize = 100;

/**
 * Makes the payments that speak Stripe, at the API version that the SDK pins. The SDK is loaded at the first call that
 * needs it, so that verifying a webhook costs none of its start-up. It repeats a failed attempt twice, always with
 * an idempotency key; ours are derived from our ids. Stripe forgets a key after 24 hours, so what may be repeated later than
 * that (a customer, a refund) is looked for first.
 */
export function createPaymentsClient(options: PaymentsOptions): PaymentsPort {
  let sdk: Promise<Stripe> | undefined;

  /** Runs one use of the SDK. With `absent`, "no such object in this account" is that value and no error. */
  async function using<T>(call: string, use: (stripe: Stripe) => Promise<T>, ...absent: T[]): Promise<T> {
    try {
      return await use(await (sdk ??= openSdk(options)));
    } catch (error) {
      if (absent.length > 0 && isMissing(error)) return absent[0] as T;
      throw paymentError(call, error);
    }
  }

  const refundsOf = (stripe: Stripe, paymentIntentId: string) =>
    all(stripe.refunds.list({ payment_intent: paymentIntentId, limit: pageSize }));

  return {
    ensureCustomer: ({ memberId, email, name, locale }) =>
      using('ensure customer', async (stripe) => {
        // Only what never changes is sent under the key: a repetition with a new name must give the same customer.
        const { id } = await findOrCreate(
          `customer:${memberId}`,
          () => findCustomer(stripe, memberId, email),
          (idempotencyKey) => stripe.customers.create({ metadata: { member_id: memberId } }, { idempotencyKey }),
        );
        await stripe.customers.update(id, {
          ...(email === null ? {} : { email }),
          ...(name === null ? {} : { name }),
          preferred_locales: [locale],
        });
        return { customerId: id };
      }),

    eraseCustomer: (customerId) =>
      using(
        'delete customer',
        async (stripe) => {
          await stripe.customers.del(customerId);
        },
        undefined,
      ),

    createSession: (input) =>
      using('create checkout session', async (stripe) => {
        const couponId = input.coupon && (await ensureCoupon(stripe, input.orderId, input.coupon));
        const params = newSessionParams(input, couponId, { automaticTax: options.automaticTax ?? false });
        return readSession(
          await stripe.checkout.sessions.create(params, { idempotencyKey: `checkout:${input.orderId}` }),
        );
      }),

    getSession: (sessionId) =>
      using(
        'read checkout session',
        async (stripe) => readSession(await stripe.checkout.sessions.retrieve(sessionId)),
        null,
      ),

    expireSession: (sessionId) =>
      using('expire checkout session', async (stripe) => {
        const session = readSession(await stripe.checkout.sessions.retrieve(sessionId));
        if (session.status !== 'open') return session;
        return stripe.checkout.sessions.expire(sessionId).then(readSession, async (error: unknown) => {
          // The member may have paid between the two calls: then it is complete, and that is the answer.
          const now = readSession(await stripe.checkout.sessions.retrieve(sessionId));
          if (now.status === 'open') throw error;
          return now;
        });
      }),

    getPayment: (paymentIntentId) =>
      using<PaymentAttempt | null>(
        'read payment intent',
        async (stripe) => {
          const { id, metadata, status } = await stripe.paymentIntents.retrieve(paymentIntentId);
          const failed = status === 'requires_payment_method' || status === 'canceled';
          return { id, orderId: metadata['order_id'] ?? null, failed };
        },
        null,
      ),

    getCharge: (chargeId) =>
      using('read charge', async (stripe) => readCharge(await stripe.charges.retrieve(chargeId)), null),

    getChargeOfPayment: (paymentIntentId) =>
      using(
        'read payment intent',
        async (stripe) => {
          const intent = await stripe.paymentIntents.retrieve(paymentIntentId, { expand: ['latest_charge'] });
          return typeof intent.latest_charge === 'object' && intent.latest_charge
            ? readCharge(intent.latest_charge)
            : null;
        },
        null,
      ),

    createRefund: ({ key, paymentIntentId, amount, metadata }) =>
      using('create refund', async (stripe) => {
        const params = { payment_intent: paymentIntentId, amount: Number(amount), metadata: { ...metadata, key } };
        const refund = await findOrCreate(
          `refund:${key}`,
          async () => (await refundsOf(stripe, paymentIntentId)).find((made) => made.metadata?.['key'] === key),
          (idempotencyKey) => stripe.refunds.create(params, { idempotencyKey }),
        );
        return readRefund(refund);
      }),

    getRefund: (refundId) =>
      using('read refund', async (stripe) => readRefund(await stripe.refunds.retrieve(refundId)), null),

    listRefunds: (paymentIntentId) =>
      using('list refunds', async (stripe) => (await refundsOf(stripe, paymentIntentId)).map(readRefund), []),

    getSubscription: (subscriptionId) =>
      using<SubscriptionState | null>(
        'read subscription',
        async (stripe) => readSubscription(await stripe.subscriptions.retrieve(subscriptionId)),
        null,
      ),

    cancelSubscription: (subscriptionId) =>
      using('cancel subscription', async (stripe) =>
        stripe.subscriptions.cancel(subscriptionId).then(readSubscription, async (error: unknown) => {
          // Stripe says "no such subscription" of one that is canceled already; reading it still works.
          if (!isMissing(error)) throw error;
          return readSubscription(await stripe.subscriptions.retrieve(subscriptionId));
        }),
      ),

    endWithPeriod: (subscriptionId, end) =>
      using('end subscription with its period', async (stripe) =>
        readSubscription(await stripe.subscriptions.update(subscriptionId, { cancel_at_period_end: end })),
      ),

    previewSwap: ({ subscriptionId, itemId, priceId }, at) =>
      using('preview change of plan', async (stripe) =>
        readSwapPreview(
          await stripe.invoices.createPreview({
            subscription: subscriptionId,
            subscription_details: { ...swapParams(itemId, priceId), ...billedAt(at) },
          }),
        ),
      ),

    swapNow: ({ key, subscriptionId, itemId, priceId, at, metadata }) =>
      using('change plan', async (stripe) =>
        readSubscription(
          await stripe.subscriptions.update(
            subscriptionId,
            { ...swapParams(itemId, priceId), ...billedAt(at), payment_behavior: 'error_if_incomplete', metadata },
            { idempotencyKey: `swap:${key}` },
          ),
        ),
      ),

    swapAtRenewal: ({ key, subscriptionId, itemId, priceId, holdUntil }) =>
      using('change plan at renewal', async (stripe) =>
        readSubscription(
          await stripe.subscriptions.update(
            subscriptionId,
            {
              ...swapParams(itemId, priceId),
              proration_behavior: 'none',
              ...(holdUntil === null ? {} : { trial_end: epochSeconds(holdUntil) }),
            },
            { idempotencyKey: `swap:${key}` },
          ),
        ),
      ),

    discountRenewals: (input) => using('discount renewals', (stripe) => discountRenewals(stripe, input)),

    getInvoice: (invoiceId) =>
      using(
        'read invoice',
        async (stripe) => readInvoice(await stripe.invoices.retrieve(invoiceId, { expand: invoiceExpansion })),
        null,
      ),

    getDispute: (disputeId) =>
      using('read dispute', async (stripe) => readDispute(await stripe.disputes.retrieve(disputeId)), null),

    createPortalSession: ({ customerId, returnUrl, locale }) =>
      using('create portal session', async (stripe) => {
        const { url } = await stripe.billingPortal.sessions.create({
          customer: customerId,
          return_url: returnUrl,
          locale,
        });
        return { url };
      }),

    syncProduct: (id, name) => using('sync product', (stripe) => syncProduct(stripe, id, name)),
    syncPrice: (price) => using('sync price', (stripe) => syncPrice(stripe, price)),

    async *listBalanceTransactions({ from, to }) {
      const created = { gte: epochSeconds(from), lt: epochSeconds(to) };
      let startingAfter: string | undefined;
      do {
        const page = await using('list balance transactions', (stripe) =>
          stripe.balanceTransactions.list({
            created,
            limit: pageSize,
            ...(startingAfter === undefined ? {} : { starting_after: startingAfter }),
          }),
        );
        yield* page.data.map(readBalanceTransaction);
        startingAfter = page.has_more ? page.data.at(-1)?.id : undefined;
      } while (startingAfter !== undefined);
    },

    verifyWebhook: (rawBody, signature, now) =>
      verifyPaymentEvent({ rawBody, signature, secrets: options.webhookSecret, now }),
  };
}

/** Opens the SDK as we use it everywhere: two repeats, 20 s an attempt unless told otherwise, no telemetry. */
export async function openSdk(options: Omit<PaymentsOptions, 'webhookSecret' | 'automaticTax'>): Promise<Stripe> {
  const { default: StripeSdk } = await import('stripe');
  const base = new URL(options.apiBase);
  return new StripeSdk(options.secretKey, {
    host: base.hostname,
    ...(base.port === '' ? {} : { port: base.port }),
    protocol: base.protocol === 'http:' ? 'http' : 'https',
    maxNetworkRetries: 2,
    timeout: options.timeoutMs ?? 20_000,
    telemetry: false,
  });
}

/**
 * Finds the customer that an earlier attempt made, among those with this address: another person may have used it before.
 * Stripe's search by metadata would do without an address, but it lags behind by up to a minute.
 */
async function findCustomer(
  stripe: Stripe,
  memberId: string,
  email: string | null,
): Promise<Stripe.Customer | undefined> {
  if (email === null) return undefined;
  const customers = await all(stripe.customers.list({ email, limit: pageSize }));
  return customers.find((customer) => customer.metadata['member_id'] === memberId);
}

/** Reads every page of a list. */
async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const entries: T[] = [];
  for await (const entry of pages) entries.push(entry);
  return entries;
}

function swapParams(itemId: string, priceId: string) {
  return { items: [{ id: itemId, price: priceId }] };
}

/** Stripe reckons by the very second, so the second that was shown is the one that is billed. */
function billedAt(at: Date) {
  return { proration_behavior: 'always_invoice' as const, proration_date: epochSeconds(at) };
}

function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
