import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { legs, openLedger, type LedgerWorld } from './support.ts';

let world: LedgerWorld;

beforeAll(async () => {
  world = await openLedger();
  await world.post(legs('ord_setup/test', { 'member/mem_a/funds/USD': 2000n, 'platform/stripe_clearing/USD': -2000n }));
});

afterAll(async () => {
  expect(await verifyLedger(world.db)).toEqual([]);
  await world.close();
});

/** Posts by hand, past the builder that would refuse these itself. */
function postRaw(
  codes: unknown,
  units: unknown,
  amounts: unknown,
  key = 'ord_raw/test',
  template = 'test',
  meta = '{}',
) {
  return world.db.query('select ledger.post($1, $2, now(), $3, $4, $5, $6)', [
    key,
    template,
    codes,
    units,
    amounts,
    meta,
  ]);
}

const a = 'member/mem_a/funds/USD';
const b = 'member/mem_b/funds/USD';

describe('a malformed posting is refused and leaves nothing', () => {
  it.each([
    ['one that does not sum to zero', [a, b], ['USD/2', 'USD/2'], ['-5', '4'], 'LG003'],
    [
      'one that sums to zero only across units',
      [a, 'member/mem_b/funds/CAD'],
      ['USD/2', 'CAD/2'],
      ['-5', '5'],
      'LG003',
    ],
    ['one with a single leg', [b], ['USD/2'], ['5'], 'LG003'],
    ['one without legs', [], [], [], 'LG003'],
    ['one with a leg of zero', [a, b], ['USD/2', 'USD/2'], ['0', '0'], '23514'],
    ['one with a part of a cent', [a, b], ['USD/2', 'USD/2'], ['-0.5', '0.5'], '23514'],
    ['one with NaN', [a, b], ['USD/2', 'USD/2'], ['NaN', 'NaN'], '*'],
    ['one with an infinite amount', [a, b], ['USD/2', 'USD/2'], ['-Infinity', 'Infinity'], '*'],
    ['one without an amount', [a, b], ['USD/2', 'USD/2'], ['-5', null], '*'],
    ['one without an account', [a, null], ['USD/2', 'USD/2'], ['-5', '5'], '*'],
    ['one without a unit', [a, b], ['USD/2', null], ['-5', '5'], '*'],
    ['one in another unit than its account', [a, b], ['CAD/2', 'CAD/2'], ['-5', '5'], 'LG003'],
    ['one in a unit of two letters', [a, 'member/mem_c/funds/XX'], ['USD/2', 'XX/2'], ['-5', '5'], '23514'],
    ['one in tokens with other decimals', [a, 'member/mem_c/funds/DOTM'], ['USD/2', 'DOTM/2'], ['-5', '5'], '23514'],
    [
      'one with more decimals than any currency',
      [a, 'member/mem_c/funds/EUR'],
      ['USD/2', 'EUR/5'],
      ['-5', '5'],
      '23514',
    ],
    ['one in a currency with other decimals', [a, 'member/mem_c/funds/CAD'], ['USD/2', 'CAD/3'], ['-5', '5'], 'LG003'],
    ['one whose unit is not that of the code', [a, 'member/mem_c/funds/CAD'], ['USD/2', 'USD/2'], ['-5', '5'], 'LG003'],
    ['one that names an account twice', [a, a], ['USD/2', 'USD/2'], ['-5', '5'], 'LG003'],
    ['one whose legs are not sorted', [b, a], ['USD/2', 'USD/2'], ['5', '-5'], 'LG003'],
    ['one with more accounts than amounts', [a, b], ['USD/2', 'USD/2'], ['-5'], 'LG003'],
    ['one with more amounts than accounts', [a, b], ['USD/2', 'USD/2'], ['-5', '5', '7'], 'LG003'],
    ['one with a made-up code', [a, 'stranger/x/USD'], ['USD/2', 'USD/2'], ['-5', '5'], '23514'],
  ])('%s', async (_what, codes, units, amounts, code) => {
    const error: unknown = await postRaw(codes, units, amounts).then(
      () => undefined,
      (refusal: unknown) => refusal,
    );
    expect(error).toBeInstanceOf(Error);
    if (code !== '*') expect(error).toMatchObject({ code });
    const { rows } = await world.db.query<{ count: bigint }>('select count(*) as count from ledger.transfers');
    expect(rows[0]?.count).toBe(1n);
    expect(await balanceOf(world.db, a)).toBe(2000n);
  });

  it('one without a key, with an empty key, a made-up template, or meta that is no object', async () => {
    const good = [
      [a, b],
      ['USD/2', 'USD/2'],
      ['-5', '5'],
    ] as const;
    await expect(postRaw(...good, null as never)).rejects.toThrow();
    await expect(postRaw(...good, '')).rejects.toMatchObject({ code: '23514' });
    await expect(postRaw(...good, 'k', 'Robert; drop')).rejects.toMatchObject({ code: '23514' });
    await expect(postRaw(...good, 'k', 'test', '[1]')).rejects.toMatchObject({ code: '23514' });
  });
});

describe('history does not change, not even for the owner of the database', () => {
  it.each([
    'update ledger.entries set amount = amount + 1',
    'update ledger.entries set position = 9 where false',
    'delete from ledger.entries',
    'truncate ledger.entries',
    "update ledger.transfers set template = 'other'",
    'delete from ledger.transfers',
    'truncate ledger.transfers',
    'truncate ledger.transfers, ledger.entries, ledger.accounts cascade',
    'delete from ledger.accounts',
    "update ledger.accounts set code = 'member/mem_z/funds/USD' where code = 'member/mem_a/funds/USD'",
    "update ledger.accounts set unit = 'CAD/2'",
    "update ledger.accounts set kind = 'deferred' where code = 'member/mem_a/funds/USD'",
    'update ledger.accounts set balance = balance + 100',
    'update ledger.accounts set version = 0',
    'update ledger.accounts set folded_below = 0',
    'insert into ledger.entries (transfer_id, account_id, amount, position) values (1, 1, 5, 9), (1, 2, -5, 9)',
    `insert into ledger.transfers (idempotency_key, template, event_at, codes, units, amounts)
       values ('k', 'test', now(), '{}', '{}', '{}')`,
    `insert into ledger.transfers (idempotency_key, template, event_at, codes, units, amounts) values ('k', 'test', now(),
       '{member/mem_a/funds/USD,platform/stripe_clearing/USD}', '{USD/2,USD/2}', '{5,-4}')`,
    "update ledger.units set unit = 'USD/3' where name = 'USD'",
    'delete from ledger.units',
    'truncate ledger.units',
    `insert into ledger.accounts (code, unit, kind, balance) values ('member/mem_r/funds/USD', 'USD/2', 'strict', 100)`,
    `insert into ledger.accounts (code, unit, kind) values ('member/mem_r/funds/USD', 'USD/2', 'deferred')`,
    `insert into ledger.accounts (code, unit, kind) values ('member/mem_r/funds/USD', 'CAD/2', 'strict')`,
    `update ledger.accounts set min_balance = 0 where code = 'platform/revenue/USD'`,
    `with moved as (update ledger.accounts set balance = 7 returning id) select * from moved`,
    `do $$ begin insert into ledger.entries values (1, 1, 5, null, 9), (1, 2, -5, null, 9); end $$`,
    `merge into ledger.entries e using (values (1)) v (x) on e.transfer_id = v.x when matched then delete`,
  ])('%s', async (statement) => {
    await expect(world.db.query(statement)).rejects.toMatchObject({
      code: expect.stringMatching(/^LG00[34]$/) as string,
    });
  });

  it('a transfer that would overdraw an account, inserted past the function', async () => {
    const overdrawn = `insert into ledger.transfers (idempotency_key, template, event_at, codes, units, amounts)
       values ('k', 'test', now(), '{member/mem_a/funds/USD,platform/stripe_clearing/USD}', '{USD/2,USD/2}', '{-9999,9999}')`;
    await expect(world.db.query(overdrawn)).rejects.toMatchObject({ code: 'LG001' });
  });
});

it('a login that owns nothing posts through the function and reaches no table behind it', async () => {
  const role = `ledger_reader_${String(process.pid)}`;
  const client = new pg.Client({ connectionString: world.url });
  await client.connect();
  try {
    await client.query(`create role ${role}`);
    await client.query(`grant usage on schema ledger to ${role}`);
    await client.query(`grant execute on all functions in schema ledger to ${role}`);
    await client.query(`grant select on all tables in schema ledger to ${role}`);
    await client.query(`grant insert on ledger.folds to ${role}`);
    await client.query(`set role ${role}`);
    const codes = ['member/mem_role/funds/USD', 'platform/stripe_clearing/USD'];
    await client.query(`select ledger.post('ord_role/test', 'test', now(), $1, '{USD/2,USD/2}', '{5,-5}')`, [codes]);
    await client.query('select ledger.fold()');
    const { rows } = await client.query<{ balance: bigint }>('select ledger.balance($1) as balance', [codes[0]]);
    expect(rows[0]?.balance).toBe(5n);
    const statements = [
      'update ledger.accounts set min_balance = null',
      'insert into ledger.entries values (1, 1, 1, null, 1)',
      'alter table ledger.entries disable trigger all',
    ];
    for (const statement of statements) await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.query('reset role');
    await client.query(`drop owned by ${role}`);
    await client.query(`drop role ${role}`);
    await client.end();
  }
});
