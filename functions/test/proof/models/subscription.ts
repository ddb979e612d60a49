import fc from 'fast-check';
import type { Stripe } from 'stripe';
import { CodedError } from '../../../src/shared/errors.ts';
import { call, pay } from '../../support/shopping.ts';
import { request } from '../storm/acts.ts';
import { chanceOf } from '../storm/chance.ts';
import type { RecordedEvent } from '../storm/provider.ts';
import type { Side } from '../storm/side.ts';

const price = 800;
const items = [{ productId: 'network_vpn' }];
/** The provider tries a renewal so often before it ends the subscription. */
const tries = 4;

/** All that a member's monthly feature is. */
export interface SubscriptionModel {
  status: 'none' | 'active' | 'past_due' | 'canceled';
  endsWithPeriod: boolean;
  cardFails: boolean;
  bought: number;
  renewed: number;
  refunded: number;
  /** Renewals that failed: how often, whether they were paid after all, whether the member was told. */
  failures: { times: number; paid: boolean; told: boolean }[];
  heardAll: boolean;
  steps: number;
}

/** The member who is played with. `subscriptionId` is the provider's, of the last purchase. */
export interface RealSubscription {
  side: Side;
  uid: string;
  customerId: string;
  subscriptionId: string;
  told: RecordedEvent[];
}

type Step = fc.AsyncCommand<SubscriptionModel, RealSubscription>;

interface Act {
  name: string;
  may: (model: Readonly<SubscriptionModel>) => boolean;
  does: (real: RealSubscription) => Promise<unknown>;
  then: (model: SubscriptionModel) => unknown;
}

const acts: Act[] = [
  {
    name: 'buy',
    may: (model) => model.heardAll && !model.cardFails && (model.status === 'none' || model.status === 'canceled'),
    does: buy,
    then: (model) => Object.assign(model, { status: 'active', endsWithPeriod: false, bought: model.bought + 1 }),
  },
  {
    name: 'try to buy what one has',
    may: (model) => model.heardAll && (model.status === 'active' || model.status === 'past_due'),
    does: async ({ side, uid }) => {
      const token = side.people.tokenOf(uid);
      const refusal: unknown = await call(side, 'startCheckout', { items, currency: 'USD' }, { token }).catch(
        (error: unknown) => error,
      );
      if (!(refusal instanceof CodedError) || refusal.code !== 'order.membership_active')
        throw new Error(`a second subscription was not refused: ${String(refusal)}`);
    },
    then: () => undefined,
  },
  ...[true, false].map((fails): Act => ({
    name: fails ? 'the card begins to fail' : 'the card works again',
    may: (model) => model.bought > 0 && model.cardFails !== fails,
    does: ({ side, customerId }) => side.provider.stripe.setCardFails(customerId, fails),
    then: (model) => (model.cardFails = fails),
  })),
  {
    name: 'the period ends',
    may: (model) => model.status === 'active',
    does: ({ side, subscriptionId }) => side.provider.stripe.renewSubscription(subscriptionId),
    then: (model) => {
      if (model.endsWithPeriod) model.status = 'canceled';
      else if (!model.cardFails) model.renewed += 1;
      else {
        model.status = 'past_due';
        model.failures.push({ times: 1, paid: false, told: false });
      }
    },
  },
  {
    name: 'the provider tries the renewal again',
    may: (model) => model.status === 'past_due',
    does: async (real) => {
      const { latest_invoice: invoice } = await readAtProvider(real);
      if (typeof invoice === 'string') await real.side.provider.stripe.retryInvoice(invoice);
    },
    then: (model) => {
      const failure = model.failures.at(-1);
      if (!failure) return;
      if (!model.cardFails) {
        failure.paid = true;
        model.renewed += 1;
        model.status = 'active';
        return;
      }
      failure.times += 1;
      if (failure.times === tries) model.status = 'canceled';
    },
  },
  ...[true, false].map((ends): Act => ({
    name: ends ? 'the member cancels for the end' : 'the member goes on after all',
    may: (model) => model.status === 'active' && model.endsWithPeriod !== ends,
    does: ({ side, subscriptionId }) =>
      request(side.provider, `/v1/subscriptions/${subscriptionId}`, { cancel_at_period_end: String(ends) }),
    then: (model) => (model.endsWithPeriod = ends),
  })),
  {
    name: 'an operator gives the last period back',
    may: (model) => model.heardAll && model.status === 'active',
    does: async ({ side, uid }) => {
      const { rows } = await side.db.query<{ id: string }>(
        `select o.id from orders o join member m on m.id = member_id where uid = $1 and o.state = 'active'
         order by o.paid_at desc, o.id desc limit 1`,
        [uid],
      );
      const token = side.people.tokenOf('operator');
      const orderId = rows[0]?.id ?? '';
      await call(side, 'refundOrder', { orderId, reason: 'the member asked' }, { token });
      await side.workOff(4, 30);
    },
    then: (model) => Object.assign(model, { status: 'canceled', refunded: model.refunded + 1 }),
  },
];

async function buy(real: RealSubscription): Promise<void> {
  const { side, uid } = real;
  const token = side.people.tokenOf(uid);
  const { checkoutUrl } = await call(side, 'startCheckout', { items, currency: 'USD' }, { token });
  await pay(checkoutUrl);
  const session = await side.provider.payments.getSession(checkoutUrl.slice(checkoutUrl.lastIndexOf('/') + 1));
  real.subscriptionId = session?.subscriptionId ?? '';
  real.customerId = session?.customerId ?? '';
}

function readAtProvider({ side, subscriptionId }: RealSubscription): Promise<Stripe.Subscription> {
  return request(side.provider, `/v1/subscriptions/${subscriptionId}`);
}

class Happens implements Step {
  readonly #act: Act;
  constructor(act: Act) {
    this.#act = act;
  }
  check = (model: Readonly<SubscriptionModel>) => this.#act.may(model);
  async run(model: SubscriptionModel, real: RealSubscription): Promise<void> {
    model.steps += 1;
    await this.#act.does(real);
    this.#act.then(model);
    model.heardAll = false;
  }
  toString = () => this.#act.name;
}

/** Every event comes, in any order and so many times, old ones among them; then all is as the model says. */
class HearAll implements Step {
  readonly #order: number;
  readonly #copies: number;
  constructor(order: number, copies: number) {
    this.#order = order;
    this.#copies = copies;
  }
  check = () => true;
  async run(model: SubscriptionModel, real: RealSubscription): Promise<void> {
    model.steps += 1;
    const { side } = real;
    const chance = chanceOf(this.#order);
    const old = this.#copies > 1 ? chance.shuffle(real.told).slice(0, 5) : [];
    for (let fresh = side.provider.takeEvents(); fresh.length > 0; fresh = side.provider.takeEvents()) {
      const copies = Array.from({ length: this.#copies }, () => fresh).flat();
      for (const event of chance.shuffle([...copies, ...old])) await side.deliver(event);
      await side.workOff(4, 90);
      real.told.push(...fresh);
    }
    for (const failure of model.failures) failure.told ||= !failure.paid;
    model.heardAll = true;
    const [found, expected] = [JSON.stringify(await readFacts(real)), JSON.stringify(expectedOf(model))];
    if (found !== expected) throw new Error(`found    ${found}\nexpected ${expected}`);
  }
  toString = () => `hear all (order ${String(this.#order)}, ${String(this.#copies)} times)`;
}

/** Histories of one member's subscription. Each ends with hearing all. */
export function subscriptionHistories(maxCommands: number): fc.Arbitrary<Iterable<Step>> {
  const act = fc.constantFrom(...acts).map((one) => new Happens(one));
  const hear = fc
    .tuple(fc.nat(1_000), fc.integer({ min: 1, max: 3 }))
    .map(([order, copies]) => new HearAll(order, copies));
  const steps = fc.commands([act, act, act, hear], { maxCommands, size: 'max' });
  return fc.tuple(steps, hear).map(([all, last]) => [...all, last]);
}

type Facts = Record<string, unknown>;

function expectedOf(model: SubscriptionModel): Facts {
  const paid = model.bought + model.renewed;
  const times = (kind: string, count: number) => Array.from({ length: count }, () => kind);
  const earlier = times('canceled', Math.max(0, model.bought - 1));
  return {
    subscriptions: [...earlier, ...(model.status === 'none' ? [] : [model.status])].sort(),
    endsWithPeriod: model.status === 'active' && model.endsWithPeriod,
    orders: [...times('active', paid - model.refunded), ...times('refunded', model.refunded)],
    kept: (paid - model.refunded) * price,
    charged: [paid * price, model.refunded * price],
    mails: [
      ...times('order_paid', model.bought),
      ...times('order_refunded', model.refunded),
      ...times('payment_failed', model.failures.filter(({ told }) => told).length),
      ...times('renewed', model.renewed),
    ],
  };
}

async function readFacts(real: RealSubscription): Promise<Facts> {
  const { side, uid, customerId } = real;
  const read = async <R extends object>(sql: string) => (await side.db.query<R>(sql, [uid])).rows;
  const { subscriptions } = await call(side, 'getAccount', {}, { token: side.people.tokenOf(uid) });
  const orders = await read<{ state: string }>(
    `select state from orders o join member m on m.id = member_id where uid = $1 order by state`,
  );
  const mails = await read<{ kind: string }>(
    `select kind from mail join member m on m.id = member_id where uid = $1 and kind <> 'welcome' order by kind`,
  );
  const books = await read<{ sum: bigint }>(
    `select coalesce(sum(amount), 0)::numeric(38, 0) as sum from ledger.journal where code = 'platform/revenue/USD' and meta ->> 'orderId' in
       (select o.id from orders o join member m on m.id = member_id where uid = $1)`,
  );
  const { data } = customerId
    ? await request<{ data: Stripe.Charge[] }>(side.provider, `/v1/charges?customer=${customerId}&limit=100`)
    : { data: [] };
  const charges = data.filter(({ status }) => status === 'succeeded');
  return {
    subscriptions: subscriptions.map(({ status }) => status).sort(),
    endsWithPeriod: subscriptions.some((one) => one.status === 'active' && one.cancelAtPeriodEnd),
    orders: orders.map(({ state }) => state),
    kept: Number(books[0]?.sum ?? 0n),
    charged: [
      charges.reduce((sum, { amount }) => sum + amount, 0),
      charges.reduce((sum, { amount_refunded: back }) => sum + back, 0),
    ],
    mails: mails.map(({ kind }) => kind),
  };
}
