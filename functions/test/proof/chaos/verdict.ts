import type { Stripe } from 'stripe';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { deadJobs, type Shop } from '../../support/shopping.ts';

/** An order as it ended, beside what the vendors hold of it. */
interface Ended {
  id: string;
  state: string;
  total: bigint;
  memberId: string;
  paymentIntentId: string | null;
  endUserId: string | null;
  units: number;
  seconds: number;
}

/** What the campaign came to. `problems` is empty when the promise held. */
export interface Verdict {
  released: number;
  refunded: number;
  longestSeconds: number;
  lines: number;
  repeatedMails: number;
  problems: string[];
}

const connected = ['released', 'installed', 'active'];

/** Compares every order with the payment provider, the carrier and the books. */
export async function judge(shop: Shop): Promise<Verdict> {
  const orders = await readOrders(shop);
  // The control API lists at most 5,000 of a kind, more than a campaign makes.
  const charges = (await shop.stripe.list<Stripe.Charge>('charges')).filter(({ status }) => status === 'succeeded');
  const problems: string[] = [];
  if (charges.length !== orders.length)
    problems.push(`${String(orders.length)} orders came to ${String(charges.length)} charges`);
  let taken = 0;
  for (const order of orders) {
    const own = charges.filter((charge) => charge.payment_intent === order.paymentIntentId);
    const [charge] = own;
    if (own.length !== 1 || !charge) problems.push(`${order.id} has ${String(own.length)} charges`);
    else {
      taken += charge.amount - charge.amount_refunded;
      const back = order.state === 'refunded' ? charge.amount : 0;
      if (BigInt(charge.amount) !== order.total) problems.push(`${order.id} was charged ${String(charge.amount)}`);
      if (charge.amount_refunded !== back)
        problems.push(`${order.id} is ${order.state}, and ${String(charge.amount_refunded)} went back`);
    }
    if (order.state !== 'refunded' && !connected.includes(order.state))
      problems.push(`${order.id} has not ended: it is ${order.state}`);
  }
  problems.push(...(await bookProblems(shop, taken)), ...(await openWork(shop)), ...(await lineProblems(shop, orders)));
  return {
    released: orders.filter(({ state }) => connected.includes(state)).length,
    refunded: orders.filter(({ state }) => state === 'refunded').length,
    longestSeconds: Math.max(...orders.map(({ seconds }) => seconds)),
    lines: (await shop.control.oxioLines()).length,
    repeatedMails: await countRepeatedMails(shop),
    problems,
  };
}

async function readOrders(shop: Shop): Promise<Ended[]> {
  const { rows } = await shop.db.query<Ended>(
    `select o.id, o.state, o.total_minor as total, o.member_id as "memberId",
       m.oxio_end_user_id as "endUserId", o.payment_intent_id as "paymentIntentId",
       (select coalesce(sum(quantity), 0)::int from order_item i where i.order_id = o.id and i.data_bytes is not null) as units,
       extract(epoch from coalesce((select max(at) from order_event e where e.order_id = o.id and e.kind in ('released', 'activated', 'refunded')),
         o.state_changed_at) - o.created_at)::float8 as seconds
     from orders o join member m on m.id = o.member_id order by o.id`,
  );
  return rows;
}

/** The books balance in themselves, and say the same as the payment provider. */
async function bookProblems(shop: Shop, taken: number): Promise<string[]> {
  const problems = (await verifyLedger(shop.db)).map(({ problem, subject }) => `ledger: ${problem}: ${subject}`);
  const { rows } = await shop.db.query<{ name: string; sum: bigint }>(
    `select regexp_replace(code, '^(platform|member/[^/]+)/', '') as name, sum(balance)::numeric(38, 0) as sum
     from ledger.balances where unit = 'USD/2' group by name`,
  );
  const balance = (name: string) => rows.find((row) => row.name === name)?.sum ?? 0n;
  const expected = { 'stripe_clearing/USD': -BigInt(taken), 'revenue/USD': BigInt(taken), 'funds/USD': 0n };
  for (const [name, sum] of Object.entries(expected)) {
    if (balance(name) !== sum) problems.push(`${name} is ${String(balance(name))}, the provider says ${String(sum)}`);
  }
  return problems;
}

/** Nothing is left to do: no event, no refund, no mail waits. Only deliveries that were given up, and so paid back, are dead. */
async function openWork(shop: Shop): Promise<string[]> {
  const dead = (await deadJobs(shop)).filter((job) => !job.startsWith('order.fulfil'));
  const { rows } = await shop.db.query<{ what: string }>(
    `select 'event ' || event_id || ' of type ' || type || ' is not done' as what from inbox where done_at is null
     union all select 'refund ' || id || ' is ' || state from refund where state in ('requested', 'pending')
     union all select 'mail ' || kind || ' ' || id || ' is not sent' from mail where sent_at is null and not_sent_because is null
     union all select 'job ' || topic || ' ' || id || ' is open' from outbox where state = 'pending' and topic <> 'line.watch'`,
  );
  return [...dead.map((job) => `dead job ${job}`), ...rows.map((row) => row.what)];
}

/** A member has one line at the carrier, with one plan for each unit delivered. An order that was given up may have left its plan. */
async function lineProblems(shop: Shop, orders: Ended[]): Promise<string[]> {
  const problems: string[] = [];
  const byUser = Map.groupBy(await shop.control.oxioLines(), (line) => line.endUserId);
  for (const own of Map.groupBy(orders, (order) => order.memberId).values()) {
    const lines = byUser.get(own[0]?.endUserId ?? '') ?? [];
    const plans = lines.flatMap((line) => line.subscriptions).length;
    const units = (all: Ended[]) => all.reduce((sum, order) => sum + order.units, 0);
    const delivered = units(own.filter(({ state }) => state !== 'refunded'));
    if (lines.length > 1) problems.push(`${own[0]?.memberId ?? ''} has ${String(lines.length)} lines`);
    if (delivered > 0 && lines.length === 0) problems.push(`${own[0]?.memberId ?? ''} has no line`);
    if (plans < delivered || plans > units(own))
      problems.push(`${own[0]?.memberId ?? ''} has ${String(plans)} plans for ${String(delivered)} units`);
  }
  return problems;
}

/**
 * How many mails came again, which happens only where the answer of the provider was lost. The sandbox keeps the last 2,000: in a long
 * campaign older ones are not counted.
 */
async function countRepeatedMails(shop: Shop): Promise<number> {
  const ids = (await shop.control.mail()).map((mail) => mail.messageId);
  return ids.length - new Set(ids).size;
}
