import fc from 'fast-check';
import type { Stripe } from 'stripe';
import { purchaseReward } from '../../../src/domain/rewards/purchase-reward.ts';
import { sweepOrders } from '../../../src/features/orders/sweep-orders.ts';
import { minor, shareRoundedDown } from '../../../src/shared/money.ts';
import { call, pay } from '../../support/shopping.ts';
import { request } from '../storm/acts.ts';
import { chanceOf } from '../storm/chance.ts';
import type { RecordedEvent } from '../storm/provider.ts';
import type { Side } from '../storm/side.ts';

const total = 2_000;
const gigabytes10 = 10_000_000_000n;

/** All that a member's order of 10 GB is, in a dozen plain values. */
export interface OrderModel {
  page: 'open' | 'complete' | 'expired';
  money: 'none' | 'coming' | 'here' | 'bounced';
  /** Cents that went back, a number for each refund. */
  back: number[];
  dispute: 'none' | 'open' | 'won' | 'lost';
  carrierRefuses: boolean;
  /** Whether we have heard of the payment, and whether of everything. */
  heardOfPayment: boolean;
  heardAll: boolean;
  delivered: boolean;
  steps: number;
}

/** The order that is played with, at a side that others use as well. */
export interface RealOrder {
  side: Side;
  uid: string;
  orderId: string;
  sessionId: string;
  checkoutUrl: string;
  disputeId: string | null;
  /** Events that nobody has told us yet, and those that came. */
  untold: RecordedEvent[];
  told: RecordedEvent[];
}

type Step = fc.AsyncCommand<OrderModel, RealOrder>;

const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);
const left = (model: Readonly<OrderModel>) => total - sum(model.back);

/** What can happen at the provider, with when it can and what it changes. */
interface Act {
  name: string;
  may: (model: Readonly<OrderModel>) => boolean;
  does: (real: RealOrder, model: OrderModel) => Promise<unknown>;
  then: (model: OrderModel) => void;
}

const isPaid = (model: Readonly<OrderModel>) => model.money === 'here' && model.dispute === 'none' && left(model) > 0;
const isKnown = (model: Readonly<OrderModel>) => isPaid(model) && model.heardAll && model.delivered;

function refundAct(cents: number | 'rest'): Act {
  return {
    name: `refund ${String(cents)} at the provider`,
    may: (model) => isPaid(model) && (cents === 'rest' || left(model) > cents),
    does: async (real) =>
      request(real.side.provider, '/v1/refunds', {
        payment_intent: await paymentOf(real),
        ...(cents === 'rest' ? {} : { amount: String(cents) }),
      }),
    then: (model) => model.back.push(cents === 'rest' ? left(model) : cents),
  };
}

function operatorAct(cents: number | 'rest'): Act {
  return {
    name: `an operator refunds ${String(cents)}`,
    may: (model) => isKnown(model) && (cents === 'rest' || left(model) > cents),
    does: async ({ side, orderId }) => {
      const amount = cents === 'rest' ? {} : { amount: { unit: 'USD' as const, amount: (cents / 100).toFixed(2) } };
      const token = side.people.tokenOf('operator');
      await call(side, 'refundOrder', { orderId, reason: 'the member asked', ...amount }, { token });
      await side.workOff(4, 30);
    },
    then: (model) => model.back.push(cents === 'rest' ? left(model) : cents),
  };
}

const acts: Act[] = [
  {
    name: 'pay by card',
    may: ({ page }) => page === 'open',
    does: ({ checkoutUrl }) => pay(checkoutUrl),
    then: (model) => Object.assign(model, { page: 'complete', money: 'here' }),
  },
  {
    name: 'try a card that is declined',
    may: ({ page }) => page === 'open',
    does: ({ checkoutUrl }) => pay(checkoutUrl, { card: '4000 0000 0000 0002' }),
    then: () => undefined,
  },
  {
    name: 'order a bank debit',
    may: ({ page }) => page === 'open',
    does: ({ checkoutUrl }) => pay(checkoutUrl, { method: 'bank_debit' }),
    then: (model) => Object.assign(model, { page: 'complete', money: 'coming' }),
  },
  {
    name: 'the debit comes',
    may: ({ money }) => money === 'coming',
    does: ({ side, sessionId }) => side.provider.stripe.settleSession(sessionId, 'succeed'),
    then: (model) => (model.money = 'here'),
  },
  {
    name: 'the debit bounces',
    may: ({ money }) => money === 'coming',
    does: ({ side, sessionId }) => side.provider.stripe.settleSession(sessionId, 'fail'),
    then: (model) => (model.money = 'bounced'),
  },
  {
    name: 'the page ends',
    may: ({ page }) => page === 'open',
    does: ({ side, sessionId }) => side.provider.stripe.expireSession(sessionId),
    then: (model) => (model.page = 'expired'),
  },
  {
    name: 'the member cancels',
    may: ({ page }) => page === 'open',
    does: ({ side, uid, orderId }) => call(side, 'cancelOrder', { orderId }, { token: side.people.tokenOf(uid) }),
    then: (model) => (model.page = 'expired'),
  },
  ...[refundAct(300), refundAct(700), refundAct('rest'), operatorAct(450), operatorAct('rest')],
  {
    name: 'the bank disputes',
    may: isKnown,
    does: async (real) => {
      const dispute = await real.side.provider.stripe.openDispute({ paymentIntent: await paymentOf(real) });
      real.disputeId = dispute.id;
    },
    then: (model) => (model.dispute = 'open'),
  },
  ...(['won', 'lost'] as const).map((outcome): Act => ({
    name: `the dispute is ${outcome}`,
    may: ({ dispute }) => dispute === 'open',
    does: ({ side, disputeId }) => side.provider.stripe.closeDispute(disputeId ?? '', outcome),
    then: (model) => (model.dispute = outcome),
  })),
  {
    name: 'the carrier begins to refuse',
    may: ({ heardOfPayment }) => !heardOfPayment,
    does: ({ side }) => side.carrierControl.setOxio({ refuseLines: { status: 400 } }),
    then: (model) => (model.carrierRefuses = true),
  },
];

async function paymentOf({ side, sessionId }: RealOrder): Promise<string> {
  return (await side.provider.payments.getSession(sessionId))?.paymentIntentId ?? '';
}

class Happens implements Step {
  readonly #act: Act;
  constructor(act: Act) {
    this.#act = act;
  }
  check = (model: Readonly<OrderModel>) => this.#act.may(model);
  async run(model: OrderModel, real: RealOrder): Promise<void> {
    model.steps += 1;
    await this.#act.does(real, model);
    this.#act.then(model);
    model.heardAll = false;
  }
  toString = () => this.#act.name;
}

/** We hear of the payment: money that stays is delivered for, or all goes back when the carrier refuses. */
function hearOfPayment(model: OrderModel): void {
  if (model.money !== 'here' || model.heardOfPayment) return;
  model.heardOfPayment = true;
  if (left(model) === 0) return;
  if (model.carrierRefuses) model.back.push(left(model));
  else model.delivered = true;
}

/** Every event comes, in any order, some of them again and again; then all is as the model says. */
class HearAll implements Step {
  readonly #order: number;
  readonly #copies: number;
  constructor(order: number, copies: number) {
    this.#order = order;
    this.#copies = copies;
  }
  check = () => true;
  async run(model: OrderModel, real: RealOrder): Promise<void> {
    model.steps += 1;
    const chance = chanceOf(this.#order);
    const fresh = [...real.untold.splice(0), ...real.side.provider.takeEvents()];
    real.told.push(...fresh);
    for (let round = 0, events = fresh; round === 0 || events.length > 0; round += 1) {
      const copies = Array.from({ length: this.#copies }, () => events).flat();
      for (const event of chance.shuffle(copies)) await real.side.deliver(event);
      await real.side.workOff(4, 90);
      // What we did at the provider ourselves comes back as events.
      events = real.side.provider.takeEvents();
      real.told.push(...events);
    }
    hearOfPayment(model);
    model.heardAll = true;
    await expectOrder(model, real);
  }
  toString = () => `hear all (order ${String(this.#order)}, ${String(this.#copies)} times)`;
}

/** Events that came long ago come once more and change nothing. */
class HearAgain implements Step {
  check = (model: Readonly<OrderModel>) => model.heardAll;
  async run(model: OrderModel, real: RealOrder): Promise<void> {
    model.steps += 1;
    for (const event of real.told) await real.side.deliver(event);
    await real.side.workOff(2, 0);
    await expectOrder(model, real);
  }
  toString = () => 'hear everything again';
}

/** Nobody tells us anything, and time passes: we ask ourselves, and pages end. */
class TimePasses implements Step {
  readonly #minutes: number;
  constructor(minutes: number) {
    this.#minutes = minutes;
  }
  check = () => true;
  async run(model: OrderModel, { side }: RealOrder): Promise<void> {
    model.steps += 1;
    await side.advance(this.#minutes * 60);
    await sweepOrders(side);
    await side.workOff(4, 90);
    if (model.page === 'open' && this.#minutes >= 121) model.page = 'expired';
    hearOfPayment(model);
    model.heardAll = false;
  }
  toString = () => `${String(this.#minutes)} minutes pass`;
}

/** Histories of one order. Each ends with hearing all. */
export function orderHistories(maxCommands: number): fc.Arbitrary<Iterable<Step>> {
  const act = fc.constantFrom(...acts).map((one) => new Happens(one));
  // Most of what can happen needs money and delivery first, so that most histories begin with them.
  const payment = acts.slice(0, 1).map((one) => new Happens(one));
  const beginning = fc.constantFrom([], payment, [...payment, new HearAll(1, 1)], [...payment, new HearAll(1, 2)]);
  const hear = fc
    .tuple(fc.nat(1_000), fc.integer({ min: 1, max: 3 }))
    .map(([order, copies]) => new HearAll(order, copies));
  const minutes = fc.constantFrom(11, 150).map((count) => new TimePasses(count));
  const steps = fc.commands([act, act, act, act, hear, minutes, fc.constant(new HearAgain())], {
    maxCommands,
    size: 'max',
  });
  return fc.tuple(beginning, steps, hear).map(([first, all, last]) => [...first, ...all, last]);
}

/** Compares the order, its money, its data, its reward, its line and its mails with the model. */
async function expectOrder(model: OrderModel, real: RealOrder): Promise<void> {
  const found = await readOrder(real);
  const expected = JSON.stringify(expectedOf(model));
  if (JSON.stringify(found) !== expected) throw new Error(`found    ${JSON.stringify(found)}\nexpected ${expected}`);
}

type Facts = Record<string, unknown>;

function stateOf(model: OrderModel): string {
  if (model.money === 'here') return left(model) === 0 || model.dispute === 'lost' ? 'refunded' : 'active';
  if (model.money === 'bounced' || model.page === 'expired') return 'expired';
  return 'created';
}

function expectedOf(model: OrderModel): Facts {
  const state = stateOf(model);
  const lost = model.dispute === 'lost' ? left(model) : 0;
  const kept = model.money === 'here' ? left(model) - lost : 0;
  const reward = purchaseReward({
    paid: minor('USD', BigInt(total)),
    currency: 'USD',
    basisPoints: 1033,
    rate: { numerator: 1n, denominator: 1n },
  });
  const held = model.dispute === 'open' ? left(model) : 0;
  const balances = {
    'revenue/USD': kept,
    'stripe_clearing/USD': held - kept,
    'disputes/USD': -held,
    'rewards_pending/DOTM': model.delivered ? shareRoundedDown(reward, BigInt(kept), BigInt(total)) : 0,
    'data/BYTE': model.delivered && state === 'active' ? gigabytes10 : 0,
  };
  const inPart = model.back.length - (left(model) === 0 ? 1 : 0);
  const mails = [
    ...(model.heardOfPayment ? ['order_paid'] : []),
    ...(model.delivered ? ['esim_ready'] : []),
    ...Array.from({ length: inPart }, () => 'order_refunded_in_part'),
    ...(left(model) === 0 ? ['order_refunded'] : []),
    ...(model.money === 'bounced' ? ['payment_failed'] : []),
  ];
  return {
    state,
    books: Object.entries(balances)
      .flatMap(([name, amount]) => (BigInt(amount) === 0n ? [] : [`${name} ${String(amount)}`]))
      .sort(),
    charges: model.money === 'here' ? [[total, sum(model.back)]] : [],
    lines: model.delivered ? 1 : 0,
    mails: mails.sort(),
  };
}

async function readOrder({ side, orderId }: RealOrder): Promise<Facts> {
  const read = async <R extends object>(sql: string) => (await side.db.query<R>(sql, [orderId])).rows;
  const [order] = await read<{ state: string; member_id: string; customer: string; payment: string | null }>(
    `select o.state, member_id, stripe_customer_id as customer, payment_intent_id as payment
     from orders o join member m on m.id = member_id where o.id = $1`,
  );
  const books = await read<{ line: string }>(
    `select regexp_replace(code, '^(platform|member/[^/]+|line/[^/]+)/', '') || ' ' || sum(amount) as line from ledger.journal
     where (meta ->> 'orderId' = $1 or idempotency_key like $1 || '/%') and code not like 'platform/reward%' and code not like 'platform/data%'
     group by regexp_replace(code, '^(platform|member/[^/]+|line/[^/]+)/', '') having sum(amount) <> 0`,
  );
  const mails = await read<{ kind: string }>(`select kind from mail where refers_to ->> 'orderId' = $1`);
  const [end] = await read<{ id: string }>(
    'select oxio_end_user_id as id from member where id = (select member_id from orders where id = $1)',
  );
  const { data } = await request<{ data: Stripe.Charge[] }>(
    side.provider,
    `/v1/charges?customer=${order?.customer ?? ''}&limit=100`,
  );
  const charges = data.filter(({ status }) => status === 'succeeded');
  return {
    state: order?.state,
    books: books.map(({ line }) => line).sort(),
    charges: charges.map((charge) => [charge.amount, charge.amount_refunded]),
    lines: end?.id ? (await side.carrierControl.oxioLines(end.id)).length : 0,
    mails: mails.map(({ kind }) => kind).sort(),
  };
}
