import { isDeepStrictEqual } from 'node:util';
import type { Stripe } from 'stripe';
import { writeMember } from '../../../src/features/projections/write-member.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { recordDocuments } from '../../support/recorded-documents.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
  linesOf,
  mailsOf,
  need,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

/** All that is left of a person's way along a path, without ids and times: two runs of a path are compared by it. */
export interface Outcome {
  orders: { state: string; total: string; refunded: string; timeline: string[]; books: Record<string, string> }[];
  charges: { amount: number; refunded: number; currency: string }[];
  /** Of our refunds, what each gave back; more of them than in another run means that one was made twice. */
  refunds: number[];
  /** For each line at the carrier its plans. */
  lines: string[][];
  /** Of our lines, how many have their telephone number: at least as many as without a disturbance. */
  numbers: number;
  mails: string[];
  alerts: string[];
  subscriptions: string[];
  /** What became of the promotions that orders took. */
  promotions: string[];
  /** What the member holds of the ledger's accounts, apart from orders. */
  balances: Record<string, string>;
  /** How many there are of what must not be made twice. */
  made: { customers: number; endUsers: number; sessions: number };
  groups: number;
  openJobs: string[];
  deadJobs: string[];
}

/** Reads what is left of `who`'s way, which began at `since`, from our books and from the vendors'. */
export async function readOutcome(shop: Shop, who: Shopper, since: Date): Promise<Outcome> {
  const { rows: members } = await shop.db.query<{ id: string }>('select id from member where uid = $1', [who.uid]);
  const memberId = need(members[0]).id;
  const { rows: orders } = await shop.db.query<{ id: string; state: string; total: bigint; refunded: bigint }>(
    'select id, state, total_minor as total, refunded_minor as refunded from orders where member_id = $1 order by id',
    [memberId],
  );
  const customers = (await shop.stripe.list<Stripe.Customer>('customers')).filter(
    ({ metadata }) => metadata['member_id'] === memberId,
  );
  const ofCustomer = <T extends { customer: unknown }>(all: T[]): T[] =>
    all.filter(({ customer }) => customers.some(({ id }) => id === customer));
  const charges = ofCustomer(await shop.stripe.list<Stripe.Charge>('charges')).map(({ id }) => id);
  const refunds = (await shop.stripe.list<Stripe.Refund>('refunds')).filter((one) =>
    charges.some((charge) => charge === one.charge),
  );
  const endUsers = (await shop.control.oxioEndUsers()).filter(({ email }) => email === who.email);
  const { groups } = await shop.control.call<{ groups: { groupExternalId?: string }[] }>('GET', '/oxio/groups');
  return {
    orders: await Promise.all(
      orders.map(async (order) => ({
        state: order.state,
        total: order.total.toString(),
        refunded: order.refunded.toString(),
        timeline: await timelineOf(shop, order.id),
        books: await booksOf(shop, order.id),
      })),
    ),
    charges: customers.length === 0 ? [] : await chargesOf(shop, who),
    refunds: refunds.map(({ amount }) => amount).sort((a, b) => a - b),
    lines: await linesOf(shop, who),
    numbers: await numbersOf(shop, memberId),
    mails: await mailsOf(shop, who),
    alerts: await alertsAbout(shop, memberId, ...orders.map(({ id }) => id)),
    subscriptions: ofCustomer(await shop.stripe.list<Stripe.Subscription>('subscriptions')).map(({ status }) => status),
    promotions: await promotionsOf(shop, memberId),
    balances: await balancesOf(shop, memberId),
    made: {
      customers: customers.length,
      endUsers: endUsers.length,
      sessions: ofCustomer(await shop.stripe.list<Stripe.Checkout.Session>('sessions')).length,
    },
    groups: groups.filter((group) => group.groupExternalId === memberId).length,
    openJobs: await jobs(shop, 'pending', since),
    deadJobs: await jobs(shop, 'dead', since),
  };
}

/** What must be true of any shop at any rest, whatever died before: the books balance and everybody sees what Postgres holds. */
export async function brokenRules(shop: Shop, who: Shopper): Promise<string[]> {
  const books = (await verifyLedger(shop.db)).map(({ problem, subject }) => `ledger: ${problem} of ${subject}`);
  return [...books, ...(await miscounted(shop)), ...(await staleDocuments(shop, who))];
}

/** Promotions that count other redemptions than there are. */
async function miscounted(shop: Shop): Promise<string[]> {
  const { rows } = await shop.db.query<{ code: string; taken: number; held: number }>(
    `select code, taken, held from promotion,
       lateral (select count(*)::integer as held from promotion_redemption r where r.code = promotion.code and state <> 'released') as counted
     where taken <> held`,
  );
  return rows.map(
    ({ code, taken, held }) => `promotion ${code} counts ${String(taken)} redemptions of ${String(held)}`,
  );
}

async function promotionsOf(shop: Shop, memberId: string): Promise<string[]> {
  const { rows } = await shop.db.query<{ state: string }>(
    'select state from promotion_redemption where member_id = $1 order by state',
    [memberId],
  );
  return rows.map(({ state }) => state);
}

/** Documents of a person that are not what a rebuild would write. */
async function staleDocuments(shop: Shop, who: Shopper): Promise<string[]> {
  const rebuilt = recordDocuments();
  const { rows } = await shop.db.query<{ id: string }>('select id from member where uid = $1', [who.uid]);
  await writeMember({ ...shop, clock: shop.clock, documents: async () => rebuilt }, need(rows[0]).id);
  const root = `members/${who.uid}`;
  const all = new Set([...shop.projected.list(root), ...rebuilt.list(root)]);
  return [...all]
    .filter((path) => !isDeepStrictEqual(shop.projected.read(path), rebuilt.read(path)))
    .map((path) => `projection: ${path} is not what a rebuild writes`);
}

async function timelineOf(shop: Shop, orderId: string): Promise<string[]> {
  const { rows } = await shop.db.query<{ kind: string }>(
    // A number that the carrier has by the time we look for the line comes with the line, and has no step of its own.
    `select kind from order_event where order_id = $1 and kind <> 'number_assigned' order by kind`,
    [orderId],
  );
  return rows.map(({ kind }) => kind);
}

async function numbersOf(shop: Shop, memberId: string): Promise<number> {
  const { rowCount } = await shop.db.query('select 1 from line where member_id = $1 and phone_number is not null', [
    memberId,
  ]);
  return rowCount ?? 0;
}

async function balancesOf(shop: Shop, memberId: string): Promise<Record<string, string>> {
  const { rows } = await shop.db.query<{ name: string; sum: bigint }>(
    `select regexp_replace(code, '^(member|line)/[^/]+/', '') as name, sum(amount)::numeric(38, 0) as sum from ledger.journal
     where code like 'member/' || $1 || '/%' or code in (select 'line/' || id || '/data/BYTE' from line where member_id = $1)
     group by name having sum(amount) <> 0 order by name`,
    [memberId],
  );
  return Object.fromEntries(rows.map(({ name, sum }) => [name, sum.toString()]));
}

/** Jobs in this state that were made since then, as topics. */
async function jobs(shop: Shop, state: 'pending' | 'dead', since: Date): Promise<string[]> {
  const { rows } = await shop.db.query<{ topic: string }>(
    'select topic from outbox where state = $1 and created_at >= $2 order by topic',
    [state, since],
  );
  return rows.map(({ topic }) => topic);
}
