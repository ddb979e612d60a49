import { Hono } from 'hono';
import type { Core, Vendor, VendorFact } from '../core/vendor.ts';
import { WebhookSender } from '../core/webhooks.ts';
import type { AgendaKind } from './agenda.ts';
import { createApi } from './api.ts';
import { balanceTransactionEndpoints } from './balance-transactions.ts';
import { billingPortalEndpoints } from './billing-portal.ts';
import { chargeEndpoints } from './charges.ts';
import { settleSession } from './checkout-payment.ts';
import { checkoutSessionEndpoints, expireSession } from './checkout-sessions.ts';
import { createStripeControl } from './control.ts';
import { couponEndpoints } from './coupons.ts';
import { customerEndpoints } from './customers.ts';
import { disputeEndpoints } from './disputes.ts';
import { eventEndpoints } from './events.ts';
import { invoicePreviewEndpoints } from './invoice-preview.ts';
import { invoiceEndpoints } from './invoices.ts';
import { createPaperPages } from './pages/paper-pages.ts';
import { createPaymentPages } from './pages/payment-page.ts';
import { createPortalPages } from './pages/portal-page.ts';
import { paymentIntentEndpoints } from './payment-intents.ts';
import { paymentMethodEndpoints } from './payment-methods.ts';
import { priceEndpoints } from './prices.ts';
import { productEndpoints } from './products.ts';
import { referRefund, refundEndpoints, settleRefund } from './refunds.ts';
import { signWebhook } from './signature.ts';
import { renewSubscription, retryInvoice } from './subscription-cycle.ts';
import { subscriptionEndpoints } from './subscriptions.ts';
import { webhookEndpointEndpoints } from './webhook-endpoints.ts';
import { World } from './world.ts';

/** Signs events where the configuration names no secret; nothing checks them then but a developer's own receiver. */
export const DEFAULT_WEBHOOK_SECRET = 'whsec_sandbox';

const ENDPOINTS = [
  ...customerEndpoints,
  ...productEndpoints,
  ...priceEndpoints,
  ...couponEndpoints,
  ...checkoutSessionEndpoints,
  ...paymentIntentEndpoints,
  ...paymentMethodEndpoints,
  ...chargeEndpoints,
  ...refundEndpoints,
  ...disputeEndpoints,
  ...balanceTransactionEndpoints,
  ...subscriptionEndpoints,
  ...invoiceEndpoints,
  ...invoicePreviewEndpoints,
  ...billingPortalEndpoints,
  ...eventEndpoints,
  ...webhookEndpointEndpoints,
];

const WHEN_DUE: Record<AgendaKind, (world: World, id: string) => unknown> = {
  'session-expires': expireSession,
  'bank-debit-settles': (world, id) => settleSession(world, id, 'succeed'),
  'subscription-renews': renewSubscription,
  'invoice-retries': retryInvoice,
  'refund-settles': settleRefund,
  'refund-gets-reference': referRefund,
};

/** Looks for what fell due this often; jumps of the clock are looked at once. */
const TICK_MS = 1_000;

/** Builds the stand-in for Stripe: the API, the hosted pages, signed events, and what happens by the clock. */
export function createStripeVendor(core: Core): Vendor {
  const secret = core.config.stripeWebhook?.secret ?? DEFAULT_WEBHOOK_SECRET;
  const sender = core.webhooks.register(
    new WebhookSender({
      store: core.store,
      clock: core.clock,
      vendor: 'stripe',
      url: core.config.stripeWebhook?.url,
      sign: (body, timestampSeconds) => signWebhook(body, timestampSeconds, secret),
    }),
  );
  const world = new World(core, sender);
  const forgetListener = core.clock.onAdvance(() => runDue(world));
  const ticker = setInterval(() => runDue(world), TICK_MS);
  ticker.unref();
  const app = new Hono();
  app.route('/', createPaymentPages(world));
  app.route('/', createPaperPages(world));
  app.route('/', createPortalPages(world));
  app.route('/', createApi(world, ENDPOINTS));
  app.onError((error, c) => {
    report(`${c.req.method} ${c.req.path}`, error);
    return c.json({ error: { type: 'api_error', message: `The sandbox failed: ${error.message}` } }, 500);
  });
  return {
    name: 'stripe',
    title: 'Stripe (payments)',
    app,
    control: createStripeControl(world),
    facts: () => factsOf(world),
    reset: () => world.agenda.reset(),
    stop: () => {
      clearInterval(ticker);
      forgetListener();
    },
  };
}

/** Does what fell due, the earliest first, each as of its own time, as if the clock had passed it. */
function runDue(world: World): void {
  const now = world.core.clock.nowSeconds();
  for (let entry = world.agenda.takeDue(now); entry; entry = world.agenda.takeDue(now)) {
    const { kind, objectId, at } = entry;
    try {
      world.run(() => WHEN_DUE[kind](world, objectId), { asOf: at });
    } catch (error) {
      // One object in a bad state must not stop the clock for all others, nor end the process.
      report(`${kind} of ${objectId}`, error);
    }
  }
}

function report(what: string, error: unknown): void {
  process.stderr.write(`sandbox: stripe: ${what} failed: ${error instanceof Error ? error.stack : String(error)}\n`);
}

function factsOf({ tables }: World): VendorFact[] {
  return [
    { label: 'Customers', value: tables.customers.count() },
    { label: 'Open sessions', value: tables.sessions.count({ status: 'open' }) },
    { label: 'Charges', value: tables.charges.count() },
    { label: 'Refunds', value: tables.refunds.count() },
    { label: 'Subscriptions', value: tables.subscriptions.count() },
    { label: 'Events', value: tables.events.count() },
  ];
}
