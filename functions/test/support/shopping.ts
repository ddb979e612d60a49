import type { Stripe } from 'stripe';
import type { z } from 'zod';
import { StripeControl } from '../../../sandbox/src/stripe/stripe-control.ts';
import { receivePaymentEvent } from '../../src/features/orders/receive-payment-event.ts';
import { sweepOrders } from '../../src/features/orders/sweep-orders.ts';
import type { BillingCycle } from '../../src/domain/pricing/catalog.ts';
import { handlers } from '../../src/handlers.ts';
import type { Policy } from '../../src/platform/config.ts';
import { toFailure } from '../../src/platform/doors/failure.ts';
import { invoke, type IncomingCall } from '../../src/platform/operations.ts';
import type { Services } from '../../src/platform/container.ts';
import type { Api, OperationName } from '../../src/shared/api/index.ts';
import { api } from '../../src/shared/api/index.ts';
import type { Currency } from '../../src/shared/money.ts';
import { topics } from '../../src/topics.ts';
import { drain, testServices, type TestServices } from './services.ts';

/** A backend whose webhooks come in through the signature check, with the catalogue published. */
export interface Shop extends TestServices {
  readonly stripe: StripeControl;
  /** Who takes in webhooks: the backend itself unless a test puts a dying process in its place, chosen for each type of event. */
  webhookProcess: ((eventType: string) => Services) | null;
}

/** Starts a shop. One for a test file, with many shoppers: call `stop` in `afterAll`. */
export async function shop(policy: Partial<Policy> = {}): Promise<Shop> {
  const taker: Pick<Shop, 'webhookProcess'> = { webhookProcess: null };
  const services = await testServices({
    seeded: true,
    policy,
    webhooks: async (backend, rawBody, signature) => {
      try {
        // The type of an event stands at its end, after the object that it is about.
        const eventType = /"type":"([a-z_.]+)"}$/.exec(rawBody.toString())?.[1] ?? '';
        await receivePaymentEvent(taker.webhookProcess?.(eventType) ?? backend, rawBody, signature);
        return 200;
      } catch (error) {
        return toFailure('stripeWebhook', error).status;
      }
    },
  });
  const stripe = new StripeControl(services.control);
  return Object.assign(taker, services, { stripe });
}

/** Works off everything that is due, and what falls due within `forSeconds`. */
export function settle(services: TestServices, forSeconds = 0): Promise<number> {
  return drain(services, topics, { forSeconds });
}

/** Lets time pass without anybody at work, then does what the clock asks for: deadlines, page ends, and all that is due by then. */
export async function letPass(services: TestServices, seconds: number): Promise<void> {
  await services.advance(seconds);
  await sweepOrders(services);
  await settle(services, 30);
}

/** Calls an operation as the doors do. Throws CodedError. */
export async function call<N extends OperationName>(
  services: Services,
  name: N,
  input: z.input<Api[N]['input']>,
  as: { token?: string; key?: string } = {},
): Promise<z.output<Api[N]['output']>> {
  const incoming: IncomingCall = {
    input,
    bearerToken: as.token,
    appCheckToken: undefined,
    idempotencyKey: as.key ?? `key-${crypto.randomUUID()}`,
    clientAddress: '127.0.0.1',
  };
  return (await invoke(services, api[name], handlers[name], incoming)) as z.output<Api[N]['output']>;
}

/** Pays on the hosted page as a browser would, with the form it shows. Returns where the page leads. */
export async function pay(
  checkoutUrl: string,
  fields: Record<string, string> = {},
): Promise<{ status: number; location: string | null }> {
  return post(`${checkoutUrl}/pay`, {
    method: 'card',
    card: '4242 4242 4242 4242',
    exp: '12 / 40',
    cvc: '123',
    name: 'Ada Test',
    ...fields,
  });
}

/** Answers the bank's challenge of a card that asks its owner. */
export function authenticate(checkoutUrl: string, result: 'complete' | 'fail'): ReturnType<typeof pay> {
  return post(`${checkoutUrl}/authenticate`, { result });
}

async function post(url: string, form: Record<string, string>): ReturnType<typeof pay> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  await response.text();
  return { status: response.status, location: response.headers.get('location') };
}

/** What a basket holds: a product, or several with quantities. */
export type Basket = string | { productId: string; cycle?: BillingCycle; quantity?: number }[];

/** A signed-in person who shops. */
export interface Shopper {
  readonly uid: string;
  readonly email: string;
  readonly token: string;
  call<N extends OperationName>(
    name: N,
    input: z.input<Api[N]['input']>,
    key?: string,
  ): Promise<z.output<Api[N]['output']>>;
  /** Makes an order and opens its payment page. */
  checkout(basket: Basket, currency?: Currency): Promise<{ orderId: string; checkoutUrl: string }>;
  /** Makes an order, pays it by card and lets everything be done that follows within half a minute. */
  buy(basket: Basket, currency?: Currency): Promise<string>;
  order(orderId: string): Promise<z.output<Api['getOrder']['output']>>;
  memberId(): Promise<string>;
  customerId(): Promise<string>;
}

let shoppers = 0;

/** Signs somebody in whom the backend has not seen yet. */
export function shopper(services: TestServices, name = 'ada'): Shopper {
  shoppers += 1;
  const uid = `${name}-${String(shoppers)}`;
  const email = `${uid}@example.com`;
  services.people.put({ uid, email, name: 'Ada Test' });
  const token = services.people.tokenOf(uid);
  const one: Shopper = {
    uid,
    email,
    token,
    call: (operation, input, key) => call(services, operation, input, { token, ...(key === undefined ? {} : { key }) }),
    checkout: (basket, currency = 'USD') => one.call('startCheckout', { items: itemsOf(basket), currency }),
    async buy(basket, currency) {
      const { orderId, checkoutUrl } = await one.checkout(basket, currency);
      await pay(checkoutUrl);
      await settle(services, 30);
      return orderId;
    },
    order: (orderId) => one.call('getOrder', { orderId }),
    memberId: async () => (await one.call('getAccount', {})).memberId,
    async customerId() {
      const { rows } = await services.db.query<{ id: string }>(
        'select stripe_customer_id as id from member where uid = $1',
        [uid],
      );
      return need(rows[0]).id;
    },
  };
  return one;
}

function itemsOf(basket: Basket): Exclude<Basket, string> {
  return typeof basket === 'string' ? [{ productId: basket }] : basket;
}

/** A value that the test cannot go on without. */
export function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value, got none');
  return value;
}

/** What stands on an order's timeline, in order. */
export async function timelineOf(who: Shopper, orderId: string): Promise<string[]> {
  return (await who.order(orderId)).timeline.map((event) => event.kind);
}

/**
 * What the ledger holds about an order: the sum of all its entries for each account, zero sums left out. Accounts are named by what
 * they are for, such as `funds/USD`, `revenue/USD`, `rewards_pending/DOTM`, `data/BYTE`.
 */
export async function booksOf(services: TestServices, orderId: string): Promise<Record<string, string>> {
  const { rows } = await services.db.query<{ name: string; sum: bigint }>(
    `select regexp_replace(code, '^(platform|member/[^/]+|line/[^/]+)/', '') as name, sum(amount)::numeric(38, 0) as sum
     from ledger.journal where meta ->> 'orderId' = $1 or idempotency_key like $1 || '/%'
     group by name having sum(amount) <> 0 order by name`,
    [orderId],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.sum.toString()]));
}

/** The kinds of all mails that a person got, sorted, counted in the inbox: one that came twice stands there twice. */
export async function mailsOf(services: TestServices, who: Shopper): Promise<string[]> {
  const { rows } = await services.db.query<{ id: string; kind: string }>(
    `select mail.id, kind from mail join member on member.id = member_id where uid = $1`,
    [who.uid],
  );
  const kinds = new Map(rows.map((row) => [row.id, row.kind]));
  // Each mail carries our id of it in its Message-ID.
  const ids = (await services.control.mail({ to: who.email })).map((mail) =>
    /mai_[0-9a-z]{26}/.exec(mail.messageId ?? ''),
  );
  return ids.map((id) => kinds.get(id?.[0] ?? '') ?? 'unknown').sort();
}

/** What the payment provider took from a person and gave back, oldest first; what was declined is left out. */
export async function chargesOf(
  services: Shop,
  who: Shopper,
): Promise<{ amount: number; refunded: number; currency: string }[]> {
  const customer = await who.customerId();
  const charges = await services.stripe.list<Stripe.Charge>('charges');
  return charges
    .filter((charge) => charge.customer === customer && charge.status === 'succeeded')
    .map((charge) => ({ amount: charge.amount, refunded: charge.amount_refunded, currency: charge.currency }))
    .reverse();
}

/** What the carrier holds for a person: for each line the names of the plans on it. */
export async function linesOf(services: TestServices, who: Shopper): Promise<string[][]> {
  const endUsers = (await services.control.oxioEndUsers()).filter((user) => user.email === who.email);
  const lines = await Promise.all(endUsers.map((user) => services.control.oxioLines(user.endUserId)));
  return lines.flat().map((line) => line.subscriptions.map(({ plan }) => plan.displayName).sort());
}

/** The open alerts about a subject, by kind. */
export async function alertsAbout(services: TestServices, ...subjects: string[]): Promise<string[]> {
  const { rows } = await services.db.query<{ kind: string }>(
    'select kind from alert where subject = any ($1) and resolved_at is null order by kind',
    [subjects],
  );
  return rows.map((row) => row.kind);
}

/** Jobs that were given up, as `topic: error`. */
export async function deadJobs(services: TestServices): Promise<string[]> {
  const { rows } = await services.db.query<{ job: string }>(
    `select topic || ': ' || coalesce(last_error, '') as job from outbox where state = 'dead' order by id`,
  );
  return rows.map((row) => row.job);
}
