import { afterEach, beforeEach, expect, it } from 'vitest';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { openLedger, race, type LedgerWorld } from './support.ts';

let world: LedgerWorld;

beforeEach(async () => {
  world = await openLedger();
});

afterEach(async () => {
  expect(await verifyLedger(world.db)).toEqual([]);
  await world.close();
});

/** Moves `amount` from the platform to a member, in a unit that no account has been opened in. */
function pay(key: string, unit: string, amount: bigint) {
  const [currency] = unit.split('/');
  const codes = [`member/mem_a/funds/${String(currency)}`, `platform/stripe_clearing/${String(currency)}`];
  return world.db.query('select ledger.post($1, $2, now(), $3, $4, $5)', [
    key,
    'paymentReceived',
    codes,
    [unit, unit],
    [String(amount), String(-amount)],
  ]);
}

it.each([
  ['EUR/2', 1999n],
  ['JPY/0', 2500n],
  ['KWD/3', 12_345n],
  ['CLF/4', 1n],
])('money in %s is counted like any other, and its accounts open themselves', async (unit, amount) => {
  await pay('ord_1/paymentReceived', unit, amount);
  const currency = unit.slice(0, 3);
  expect(await balanceOf(world.db, `member/mem_a/funds/${currency}`)).toBe(amount);
  expect(await balanceOf(world.db, `platform/stripe_clearing/${currency}`)).toBe(-amount);
});

it('a currency keeps the decimals that it was first counted with', async () => {
  await pay('ord_1/paymentReceived', 'EUR/2', 1999n);
  await expect(pay('ord_2/paymentReceived', 'EUR/3', 19_990n)).rejects.toMatchObject({ code: 'LG003' });
  expect(await balanceOf(world.db, 'member/mem_a/funds/EUR')).toBe(1999n);
});

it('of two first accounts of a currency that differ in decimals, opened at the same moment, one is refused', async () => {
  const open = (owner: string, unit: string) =>
    world.db.query('select ledger.open_account($1, $2)', [`member/${owner}/funds/EUR`, unit]);
  const results = await race(12, (index) => open(`mem_${String(index)}`, index % 2 === 0 ? 'EUR/2' : 'EUR/3'));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(6);
  for (const result of results)
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'LG003' });
  const { rows } = await world.db.query("select distinct unit from ledger.accounts where code like '%/EUR'");
  expect(rows).toHaveLength(1);
});

it.each(['XX/2', 'EURO/2', 'eur/2', 'EUR/5', 'EUR', 'EUR/-1', 'DOTM/2', 'BYTE/2', '€UR/2'])(
  'a posting in the made-up unit %s is refused',
  async (unit) => {
    await expect(pay('ord_1/paymentReceived', unit, 5n)).rejects.toThrow();
    const { rows } = await world.db.query('select 1 from ledger.transfers');
    expect(rows).toEqual([]);
  },
);
