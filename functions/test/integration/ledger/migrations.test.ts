import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = path.resolve(import.meta.dirname, '../../../sql/migrations');

const clearing = 'platform/stripe_clearing/USD';
const funds = (member: number): string => `member/mem_${String(member)}/funds/USD`;

interface Written {
  transfer_id: bigint;
  replayed: boolean;
}

/** Posts by the function as it has been since the first migration: `account -> [unit, amount]`, sorted here. */
async function post(
  client: pg.Client,
  key: string,
  legs: Record<string, [unit: string, amount: string]>,
  meta: object = {},
): Promise<Written> {
  const codes = Object.keys(legs).toSorted();
  const { rows } = await client.query<Written>('select * from ledger.post($1, $2, $3, $4, $5, $6, $7)', [
    key,
    'paymentReceived',
    '2026-03-01T12:00:00Z',
    codes,
    codes.map((code) => legs[code]?.[0]),
    codes.map((code) => legs[code]?.[1]),
    meta,
  ]);
  if (!rows[0]) throw new Error('the ledger did not answer');
  return rows[0];
}

const usd = (amount: string): [string, string] => ['USD/2', amount];

/** Postings of every shape: two legs and more, one unit and two, more digits than 64 bits hold, to platform accounts alone. */
async function writeHistory(client: pg.Client): Promise<Map<string, Written>> {
  const written = new Map<string, Written>();
  const write = async (...args: Parameters<typeof post> extends [pg.Client, ...infer Rest] ? Rest : never) => {
    written.set(args[0], await post(client, ...args));
  };
  for (let member = 0; member < 9; member += 1) {
    const legs = { [funds(member)]: usd(String(1000 + member)), [clearing]: usd(String(-1000 - member)) };
    await write(`ord_${String(member)}/pay`, legs, { orderId: `ord_${String(member)}` });
  }
  await write('ord_1/share', { [funds(1)]: usd('-300'), [funds(2)]: usd('100'), [funds(3)]: usd('200') });
  await write('ord_2/fee', { 'platform/stripe_fees/USD': usd('-59'), [clearing]: usd('59') });
  await write('ord_3/both', {
    [funds(3)]: usd('-5'),
    'platform/revenue/USD': usd('5'),
    'line/lin_3/data/BYTE': ['BYTE/0', '1000000'],
    'platform/data_stock/BYTE': ['BYTE/0', '-1000000'],
  });
  await client.query('select ledger.fold()');
  const cap = `10333333${'0'.repeat(17)}1`;
  await write('rwd_1/all', {
    'member/mem_1/rewards_pending/DOTM': ['DOTM/18', cap],
    'platform/reward_issuance/DOTM': ['DOTM/18', `-${cap}`],
  });
  const { transfer_id: undone } = await post(client, 'ord_9/pay', { [funds(9)]: usd('70'), [clearing]: usd('-70') });
  await client.query(`select ledger.reverse($1, 'ord_9/undo', '2026-03-02')`, [undone]);
  return written;
}

/** All balances but those of nothing: later migrations open accounts. */
async function balances(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    'select code, balance::text from ledger.balances where balance <> 0 order by code',
  );
  return rows as unknown[];
}

describe('a database with history is migrated from before 0004', () => {
  const name = `t_${randomBytes(8).toString('hex')}`;
  let admin: pg.Client;
  let client: pg.Client;
  let history: Map<string, Written>;
  let before: unknown[];

  beforeAll(async () => {
    const url = new URL(process.env['TEST_POSTGRES_URL'] ?? '');
    admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    await admin.query(`create database ${name}`);
    url.pathname = `/${name}`;
    client = new pg.Client({ connectionString: url.href });
    await client.connect();
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).toSorted();
    const apply = async (file: string): Promise<void> => {
      await client.query(`begin; ${await readFile(path.join(folder, file), 'utf8')}; commit`);
    };
    for (const file of files.filter((each) => each < '0004')) await apply(file);
    history = await writeHistory(client);
    before = await balances(client);
    for (const file of files.filter((each) => each >= '0004')) await apply(file);
  });

  afterAll(async () => {
    await client.end();
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });

  it('every balance is what it was, and the sum of its entries', async () => {
    expect(await balances(client)).toEqual(before);
    const { rows } = await client.query(
      `select b.code from ledger.balances as b join ledger.accounts as a on a.code = b.code
       where b.balance <> coalesce((select sum(amount) from ledger.entries as e where e.account_id = a.id), 0)`,
    );
    expect(rows).toEqual([]);
    expect((await client.query('select * from ledger.verify()')).rows).toEqual([]);
  });

  it('every transfer holds the legs that its entries are', async () => {
    const { rows } = await client.query(
      `select t.id from ledger.transfers as t cross join lateral (
         select array_agg(a.code::text order by a.code) as codes, array_agg(a.unit::text order by a.code) as units,
           array_agg(e.amount::numeric order by a.code) as amounts
         from ledger.entries as e join ledger.accounts as a on a.id = e.account_id where e.transfer_id = t.id
       ) as written where (t.codes, t.units, t.amounts) is distinct from (written.codes, written.units, written.amounts)`,
    );
    expect(rows).toEqual([]);
    expect((await client.query('select 1 from ledger.transfers')).rowCount).toBe(history.size + 2);
  });

  it('a posting from before, sent again, answers from the first time; with other legs it is refused', async () => {
    const legs = { [funds(4)]: usd('1004'), [clearing]: usd('-1004') };
    const again = await post(client, 'ord_4/pay', legs, { orderId: 'ord_4' });
    expect(again).toEqual({ ...history.get('ord_4/pay'), replayed: true });
    const other = { [funds(4)]: usd('1005'), [clearing]: usd('-1005') };
    await expect(post(client, 'ord_4/pay', other, { orderId: 'ord_4' })).rejects.toMatchObject({ code: 'LG002' });
  });

  it('a transfer from before is reversed exactly, and once', async () => {
    const id = history.get('ord_3/both')?.transfer_id;
    await client.query(`select ledger.reverse($1, 'ord_3/undo', now())`, [id]);
    const twice = client.query(`select ledger.reverse($1, 'ord_3/undo_again', now())`, [id]);
    await expect(twice).rejects.toThrow('transfers_reverses');
    const { rows } = await client.query(
      `select balance::text from ledger.balances where code = 'line/lin_3/data/BYTE'`,
    );
    expect(rows).toEqual([{ balance: '0' }]);
    expect((await client.query('select * from ledger.verify()')).rows).toEqual([]);
  });

  it('a currency that is counted already keeps its decimals', async () => {
    const { rows } = await client.query('select unit from ledger.units order by unit');
    expect(rows.map(({ unit }: { unit: string }) => unit)).toEqual(['BYTE/0', 'CAD/2', 'DOTM/18', 'USD/2']);
  });
});
