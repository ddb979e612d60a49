import { Stripe } from 'stripe';
import { expect } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startReceiver, startTestSandbox, until } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';
import { StripeControl } from './stripe-control.ts';

/** The secret that test sandboxes sign events with. */
export const TEST_WEBHOOK_SECRET = 'whsec_test';

/** A sandbox with a receiver of its events and the official SDK pointed at it. */
export interface StripeBench {
  sandbox: TestSandbox;
  stripe: Stripe;
  control: StripeControl;
  /** Every event that arrived so far, with its signature checked, in order of arrival. */
  events(): Stripe.Event[];
  /** Waits until an event of the type (about the object of the id, when one is given) arrived, and answers the last such. */
  event(type: string, objectId?: string): Promise<Stripe.Event>;
  stop(): Promise<void>;
}

/** Makes the official SDK talk to a stand-in at `url`. */
export function sdkFor(url: string, key: string = SANDBOX_CREDENTIALS.stripeSecretKey): Stripe {
  const { hostname, port } = new URL(url);
  return new Stripe(key, { host: hostname, port: Number(port), protocol: 'http', maxNetworkRetries: 0 });
}

/** Starts a bench; stop it in `afterAll`. */
export async function startStripeBench(): Promise<StripeBench> {
  const receiver = await startReceiver();
  const sandbox = await startTestSandbox({ stripeWebhook: { url: receiver.url, secret: TEST_WEBHOOK_SECRET } });
  const stripe = sdkFor(sandbox.urls.stripe);
  const events = () =>
    receiver.received.map((it) =>
      stripe.webhooks.constructEvent(it.body, String(it.headers['stripe-signature']), TEST_WEBHOOK_SECRET),
    );
  return {
    sandbox,
    stripe,
    control: new StripeControl(sandbox.control),
    events,
    event: (type, objectId) =>
      until(() =>
        events().findLast(
          (it) => it.type === type && (!objectId || (it.data.object as { id?: string }).id === objectId),
        ),
      ),
    stop: async () => {
      await sandbox.stop();
      await receiver.stop();
    },
  };
}

let counter = 0;

/** Makes a product with one price. `interval` makes it recurring. */
export async function makePrice(
  stripe: Stripe,
  unitAmount: number,
  options: { currency?: string; interval?: 'month' | 'year' } = {},
): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name: `Product ${++counter}` });
  return stripe.prices.create({
    product: product.id,
    currency: options.currency ?? 'usd',
    unit_amount: unitAmount,
    ...(options.interval ? { recurring: { interval: options.interval } } : {}),
  });
}

/** Opens a session for one piece of a price. */
export function openSession(
  stripe: Stripe,
  price: Stripe.Price,
  change: Partial<Stripe.Checkout.SessionCreateParams> = {},
): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: price.type === 'recurring' ? 'subscription' : 'payment',
    line_items: [{ price: price.id, quantity: 1 }],
    success_url: 'http://shop.test/ok?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://shop.test/plans',
    ...change,
  });
}

/** A good card's form fields. */
export const GOOD_CARD = { card: '4242 4242 4242 4242', exp: '12 / 34', cvc: '123', name: 'Ada Member' };

/** Posts the payment form as a browser would, without following redirects. */
export async function pay(
  session: Stripe.Checkout.Session,
  form: Record<string, string> = GOOD_CARD,
): Promise<{ status: number; location: string | null; html: string }> {
  return post(`${session.url}/pay`, form);
}

/** Posts a form without following redirects. */
export async function post(
  url: string,
  form: Record<string, string>,
): Promise<{ status: number; location: string | null; html: string }> {
  const answer = await fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form) });
  return { status: answer.status, location: answer.headers.get('location'), html: await answer.text() };
}

/** Matches a text that has `part` in it; vitest's own matcher, typed as the text that it stands for. */
export function containing(part: string): string {
  return expect.stringContaining(part) as string;
}
