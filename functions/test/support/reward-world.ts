import { accrueRewards } from '../../src/features/orders/accrue-reward.ts';
import { reverseRewards } from '../../src/features/orders/reverse-rewards.ts';
import { vestRewards } from '../../src/features/rewards/vest-rewards.ts';
import type { Policy } from '../../src/platform/config.ts';
import { openDb, type Tx } from '../../src/platform/db.ts';
import { newId } from '../../src/platform/ids.ts';
import type { Services } from '../../src/platform/container.ts';
import { fromMoney, minor, type Amount } from '../../src/shared/money.ts';
import { balanceOf } from '../../src/store/ledger.ts';
import { findOrder } from '../../src/store/orders.ts';
import { freshDatabase } from './postgres.ts';
import { readMisstatedRewards } from '../../src/store/reward-checks.ts';
import { readTotals } from '../../src/store/reward-views.ts';
import { TEST_PERSON_KEY } from './services.ts';
import { withoutChain } from './without-chain.ts';
import { voiceSettings, withoutVoice } from './without-voice.ts';

/** Rewards on real Postgres without vendors, doors or jobs: orders appear as if they had been paid and delivered. */
export interface RewardWorld {
  readonly services: Services;
  /** Days from the beginning; moves only when it is told. */
  day: number;
  member(): Promise<string>;
  /** An order that was paid with `cents`, delivered and has accrued its reward: 10.33 % of them. It costs as much, unless told. */
  purchase(memberId: string, cents: bigint, priceCents?: bigint): Promise<string>;
  /** An order that is not paid yet, for what is held for it. */
  openOrder(memberId: string): Promise<string>;
  /** The number of a batch that is planned. */
  batch(): Promise<bigint>;
  /** So much of the order's money has gone back by now, all refunds together. */
  refund(orderId: string, refundedCents: bigint): Promise<void>;
  vest(): Promise<number>;
  inTx<T>(work: (tx: Tx, now: Date) => Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const policy: Policy = {
  orderDeadlineMinutes: 30,
  refundWindowDays: 14,
  taxes: false,
  appUrl: 'https://app.test',
  carrierPlanIds: {},
  rewards: { dailyCapDotm: '500', foundingMemberDotm: '100', foundingMembers: 0, newMemberDotm: '1' },
  chain: null,
  walletCoolingHours: 48,
  voice: voiceSettings,
};

const unused = (): never => {
  throw new Error('there are no vendors here');
};

/** Makes a world of rewards. `connections` is how many of its transactions may run at once. */
export async function rewardWorld(
  options: { rewards?: Partial<Policy['rewards']>; connections?: number } = {},
): Promise<RewardWorld> {
  const database = await freshDatabase({ seeded: true });
  const db = openDb({
    connectionString: database.url,
    max: options.connections ?? 4,
    onCommitted: async () => undefined,
  });
  const begin = Date.UTC(2027, 0, 1, 12);
  const now = () => new Date(begin + world.day * 86_400_000);
  const services: Services = {
    clock: { now },
    db,
    policy: { ...policy, rewards: { ...policy.rewards, ...options.rewards } },
    payments: unused,
    carrier: unused,
    mail: unused,
    documents: unused,
    users: unused,
    quoteKeys: unused,
    personKey: () => TEST_PERSON_KEY,
    ...withoutChain,
    ...withoutVoice,
  };
  const inTx = <T>(work: (tx: Tx, at: Date) => Promise<T>) => db.transaction((tx) => work(tx, now()));
  const insertOrder = async (tx: Tx, memberId: string, cents: bigint, settled: boolean): Promise<string> => {
    const id = newId('order', now());
    const at = now();
    await tx.query(
      `insert into orders (id, member_id, state, mode, currency, total_minor, catalog_version, created_at, expires_at, state_changed_at,
         settled, paid_at)
       values ($1, $2, $3, 'payment', 'USD', $4, (select max(version) from catalog_version), $5, $5, $5, $6, $7)`,
      [id, memberId, settled ? 'active' : 'created', cents, at, settled, settled ? at : null],
    );
    return id;
  };
  const world: RewardWorld = {
    services,
    day: 0,
    async member() {
      const id = newId('member', now());
      await db.query(
        `insert into member (id, uid, uid_hash, email, email_verified, created_at) values ($1, $1, $1, $1 || '@example.com', true, $2)`,
        [id, now()],
      );
      return id;
    },
    purchase: (memberId, cents, priceCents = cents) =>
      inTx(async (tx, at) => {
        const id = await insertOrder(tx, memberId, cents, true);
        await tx.query(
          `insert into order_item (order_id, position, product_id, name, quantity, unit_minor, reward_basis_points, includes_line, kind, billing)
           values ($1, 0, 'global_data_10gb', 'Data', 1, $2, 1033, false, 'connectivity', 'one_time')`,
          [id, priceCents],
        );
        const order = await findOrder(tx, id);
        if (!order) throw new Error('the order was just written');
        await accrueRewards(tx, services, order, at);
        return id;
      }),
    openOrder: (memberId) => inTx((tx) => insertOrder(tx, memberId, 1000n, false)),
    batch: () =>
      inTx(async (tx, at) => {
        const address = `0x${'1'.repeat(40)}`;
        await tx.query(
          `insert into distribution_run (id, key, state, chain_id, distributor, requested_by, created_at)
           values ('run', 'run', 'awaiting_approval', 1, $1, 'test', $2) on conflict do nothing`,
          [address, at],
        );
        const { rows } = await tx.query<{ id: bigint }>(
          `insert into distribution_batch (run_id, chain_id, distributor, entries, total_micro, words, entries_hash, from_block, state, created_at)
           values ('run', 1, $1, 1, 1, $2, $2, 0, 'planned', $3) returning id`,
          [address, `0x${'2'.repeat(64)}`, at],
        );
        if (!rows[0]) throw new Error('the batch was not written');
        return rows[0].id;
      }),
    refund: (orderId, refundedCents) =>
      inTx(async (tx, at) => {
        const { rows } = await tx.query<{ id: string }>(
          'update orders set refunded_minor = greatest(refunded_minor, $2) where id = $1 returning id',
          [orderId, refundedCents],
        );
        const order = await findOrder(tx, rows[0]?.id ?? '');
        if (!order) throw new Error(`no order ${orderId}`);
        await reverseRewards(tx, order, at);
      }),
    vest: () => vestRewards(services),
    inTx,
    async stop() {
      await db.end();
      await database.drop();
    },
  };
  return world;
}

/** A member's tokens by where they are, in wei. */
export async function totalsOf(world: RewardWorld, memberId: string): Promise<Record<string, Amount<'DOTM'>>> {
  const { nextVestingAt: _next, ...totals } = await readTotals(world.services.db, memberId);
  return Object.fromEntries(Object.entries(totals).map(([name, money]) => [name, minor('DOTM', fromMoney(money))]));
}

/** What was ever promised to a member, by the ledger. */
async function accruedBy(world: RewardWorld, memberId: string): Promise<bigint> {
  const { rows } = await world.services.db.query<{ wei: bigint }>(
    `select coalesce(sum(amount), 0)::numeric(38, 0) as wei from ledger.journal where template = 'rewardAccrued' and code = $1`,
    [`member/${memberId}/rewards_pending/DOTM`],
  );
  return rows[0]?.wei ?? 0n;
}

/**
 * Throws unless the books of a member's rewards are right: accrued is what is pending, vested, reserved, paid, spent and reversed; rows and
 * accounts agree; no reward has less than nothing; and nobody has both a note and free tokens.
 */
export async function checkBooks(world: RewardWorld, memberId: string): Promise<void> {
  const { db } = world.services;
  const {
    pending = 0n,
    vested = 0n,
    reserved = 0n,
    paid = 0n,
    spent = 0n,
    reversed = 0n,
    note = 0n,
  } = await totalsOf(world, memberId);
  const accrued = await accruedBy(world, memberId);
  if (accrued !== pending + vested + reserved + paid + spent + reversed) {
    throw new Error(
      `accrued ${String(accrued)}, and stands at ${JSON.stringify([pending, vested, reserved, paid, spent, reversed].map(String))}`,
    );
  }
  const held = { rewards_pending: pending, rewards_vested: vested, rewards_reserved: reserved, reward_set_off: note };
  for (const [purpose, expected] of Object.entries(held)) {
    const found = await balanceOf(db, `member/${memberId}/${purpose}/DOTM`);
    if (found !== expected || found < 0n)
      throw new Error(`${purpose} is ${String(found)}, rows say ${String(expected)}`);
  }
  if (note > 0n && vested > 0n) throw new Error('a member has both a note and free tokens');
  const { rows } = await db.query('select id from reward where member_id = $1 and free_wei < 0', [memberId]);
  if (rows.length > 0) throw new Error('a reward has less than nothing free');
}

/** Throws unless all rows and all accounts of the world agree. */
export async function checkAllBooks(world: RewardWorld): Promise<void> {
  const misstated = await readMisstatedRewards(world.services.db, '', 100);
  if (misstated.length > 0) {
    const said = misstated.map((row) => `${row.subject}: ${String(row.expected)} / ${String(row.found)}`);
    throw new Error(`rewards and ledger disagree: ${said.join(', ')}`);
  }
}
