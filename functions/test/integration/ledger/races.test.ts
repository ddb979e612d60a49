import { afterEach, beforeEach, expect, it } from 'vitest';
import { balanceOf, foldLedger, post, verifyLedger } from '../../../src/store/ledger.ts';
import { foldEntries, legs, openLedger, race, type LedgerWorld } from './support.ts';

let world: LedgerWorld;

beforeEach(async () => {
  world = await openLedger();
});

afterEach(async () => {
  expect(await verifyLedger(world.db)).toEqual([]);
  await world.close();
});

const clearing = 'platform/stripe_clearing/USD';
const revenue = 'platform/revenue/USD';

it('of 20 spends at once exactly as many succeed as there is money for', async () => {
  const funds = 'member/mem_a/funds/USD';
  await world.post(legs('ord_in/test', { [funds]: 700n, [clearing]: -700n }));
  const results = await race(20, (index) =>
    world.post(legs(`ord_${String(index)}/spend`, { [funds]: -100n, [revenue]: 100n })),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  expect(results.length - refused.length).toBe(7);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ledger.insufficient_funds' });
  expect(await balanceOf(world.db, funds)).toBe(0n);
  expect(await balanceOf(world.db, revenue)).toBe(700n);
});

it('the same posting from 20 connections at once is one transfer, and all get its id', async () => {
  const posting = legs('ord_once/test', { 'member/mem_a/funds/USD': 100n, [clearing]: -100n });
  const results = await race(20, () => world.post(posting));
  const answers = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  expect(new Set(answers.map((answer) => answer?.transferId)).size).toBe(1);
  expect(answers.filter((answer) => answer?.replayed === false)).toHaveLength(1);
  expect(await balanceOf(world.db, 'member/mem_a/funds/USD')).toBe(100n);
});

it('20 different postings with one key at once: one is written, 19 are refused', async () => {
  const results = await race(20, (index) =>
    world.post(legs('ord_key/test', { 'member/mem_a/funds/USD': BigInt(index + 1), [clearing]: BigInt(-index - 1) })),
  );
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(19);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'ledger.key_reused' });
});

it('20 first postings to one new account at once open it once', async () => {
  const results = await race(20, (index) =>
    world.post(legs(`ord_${String(index)}/test`, { 'member/mem_new/funds/USD': 1n, [clearing]: -1n })),
  );
  expect(results.every((result) => result.status === 'fulfilled')).toBe(true);
  expect(await balanceOf(world.db, 'member/mem_new/funds/USD')).toBe(20n);
});

/** Waits until as many sessions of this database as `count` wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  for (;;) {
    const { rowCount } = await world.db.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rowCount === count) return;
  }
}

it('a first posting that deadlocks with another, because the account was opened meanwhile, is repeated and counted once', async () => {
  const [fresh, known] = ['member/mem_a/funds/USD', 'member/mem_b/funds/USD'];
  await world.post(legs('ord_in/test', { [known]: 1000n, [clearing]: -1000n }));
  // Holds up who opens an account and has asked for it, at the one moment that matters: its other account is locked, the new one not yet.
  await world.db.query(`create function hold_up() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(1); return new; end $$`);
  await world.db.query(`create trigger hold_up before insert on ledger.accounts for each row
    when (current_setting('test.hold_up', true) = 'on') execute function hold_up()`);
  let attempts = 0;
  const counted = (key: string, setting: 'on' | 'off') =>
    world.db.transaction(async (tx) => {
      attempts += 1;
      await tx.query(`set local test.hold_up = '${setting}'`);
      return post(tx, legs(key, { [fresh]: 10n, [known]: -10n }));
    });
  await world.db.transaction(async (gate) => {
    await gate.query('select pg_advisory_lock(1)');
    const first = counted('ord_1/test', 'on');
    await untilWaiting(1);
    await world.post(legs('ord_open/test', { [fresh]: 5n, [clearing]: -5n }));
    // Has locked the account that is there now, and waits for the one that the first holds, which will come back for this one.
    const second = counted('ord_2/test', 'off');
    await untilWaiting(2);
    await gate.query('select pg_advisory_unlock(1)');
    await Promise.all([first, second]);
  });
  // On a busy machine the two may meet once more.
  expect(attempts).toBeGreaterThanOrEqual(3);
  expect(await balanceOf(world.db, fresh)).toBe(25n);
  expect(await balanceOf(world.db, known)).toBe(980n);
});

it('postings that cross between the same accounts never deadlock', async () => {
  const [a, b] = ['member/mem_a/funds/USD', 'member/mem_b/funds/USD'];
  await world.post(legs('ord_in/test', { [a]: 1000n, [b]: 1000n, [clearing]: -2000n }));
  const results = await race(20, async (worker) => {
    for (let step = 0; step < 10; step += 1) {
      const amount = worker % 2 === 0 ? 1n : -1n;
      // Outside of db.transaction, which would repeat a deadlock and hide it.
      await post(
        { ...world.db, deferred: [], once: new Set() },
        legs(`ord_${String(worker)}_${String(step)}/test`, { [a]: amount, [b]: -amount }),
      );
    }
  });
  expect(results.filter((result) => result.status === 'rejected')).toEqual([]);
  expect(await balanceOf(world.db, a)).toBe(1000n);
});

it('a hot platform account does not serialise: a second posting commits while the first is still open', async () => {
  await world.db.transaction(async (first) => {
    await post(first, legs('ord_1/test', { 'member/mem_a/funds/USD': 5n, [clearing]: -5n }));
    // Were the account locked, this would wait for the outer transaction, which waits for this: lock_timeout would end it.
    await world.db.transaction(async (second) => {
      await second.query("set local lock_timeout = '2s'");
      await post(second, legs('ord_2/test', { 'member/mem_b/funds/USD': 7n, [clearing]: -7n }));
    });
    expect(await balanceOf(world.db, clearing)).toBe(-7n);
    expect(await balanceOf(first, clearing)).toBe(-12n);
  });
  expect(await balanceOf(world.db, clearing)).toBe(-12n);
});

it('folding passes over a running transaction and picks it up after its end, whatever was committed in between', async () => {
  await world.db.transaction(async (slow) => {
    await post(slow, legs('ord_slow/test', { 'member/mem_a/funds/USD': 5n, [clearing]: -5n }));
    await world.post(legs('ord_fast/test', { 'member/mem_b/funds/USD': 7n, [clearing]: -7n }));
    await foldLedger(world.db);
    expect(await balanceOf(world.db, clearing)).toBe(-7n);
  });
  expect(await balanceOf(world.db, clearing)).toBe(-12n);
  await foldEntries(world.db, 2);
  expect(await balanceOf(world.db, clearing)).toBe(-12n);
  expect(await foldLedger(world.db)).toBe(0);
});

it('folding in two places while postings run loses nothing and counts nothing twice', async () => {
  const workers = 6;
  const postingsEach = 60;
  let running = true;
  let observed = 0n;
  const folder = async (): Promise<void> => {
    while (running) await foldLedger(world.db);
  };
  const reader = async (): Promise<void> => {
    while (running) {
      const balance = await balanceOf(world.db, clearing);
      // Only payments run, so what lies at the provider never shrinks; a moment of double counting or loss would show here.
      expect(balance <= observed && balance >= BigInt(-workers * postingsEach)).toBe(true);
      observed = balance;
    }
  };
  const background = [folder(), folder(), reader()];
  await race(workers, async (worker) => {
    for (let step = 0; step < postingsEach; step += 1) {
      await world.post(
        legs(`ord_${String(worker)}_${String(step)}/test`, {
          [`member/mem_${String(worker)}/funds/USD`]: 1n,
          [clearing]: -1n,
        }),
      );
    }
  });
  running = false;
  await Promise.all(background);
  expect(await balanceOf(world.db, clearing)).toBe(BigInt(-workers * postingsEach));
  await foldLedger(world.db);
  expect(await balanceOf(world.db, clearing)).toBe(BigInt(-workers * postingsEach));
});
