/**
 * How near to the machine's limit does the ledger post? Measures `ledger.post`, as the functions call it, beside the least that a posting
 * can be (ledger/limit.sql), on one PostgreSQL that waits for the disk at each commit, in short slices that alternate:
 *
 *   npm run bench -- ledger [rounds] [milliseconds per slice]
 *
 * Compare ratios: absolute figures drift with the machine and its load.
 */
import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { withDatabase } from './support/database.ts';
import { alternate, median, medianRatio, type Contender, type Slice } from './support/slices.ts';

const accounts = 10_000;
/** Enough for any run: no account may fall below zero. */
const openingCents = 1_000_000_000;

const rounds = Number(process.argv[2] ?? 15);
const sliceMs = Number(process.argv[3] ?? 700);

const run = Date.now().toString(36).toUpperCase().padStart(12, '0');
let counter = 0;

/** A key like those of the product: prefix, 26 characters, template, event. */
function nextKey(): string {
  counter += 1;
  return `ord_01${run}${String(counter).padStart(12, '0')}/paymentReceived/pi_${run}`;
}

/** Two different accounts in the order in which both sides lock. */
function twoAccounts(): [number, number] {
  const first = 1 + Math.floor(Math.random() * accounts);
  const second = 1 + Math.floor(Math.random() * (accounts - 1));
  const other = second >= first ? second + 1 : second;
  return first < other ? [first, other] : [other, first];
}

function memberAccount(number: number): string {
  return `member/mem_01k9xq4v7d${String(number).padStart(16, '0')}/funds/USD`;
}

const postingSql =
  'select transfer_id, replayed from ledger.post($1::text, $2::text, $3::timestamptz, $4::text[], $5::text[], $6::numeric[], $7::jsonb)';

function posting(legs: () => string): Contender['values'] {
  return () => {
    const key = nextKey();
    const meta = JSON.stringify({ orderId: key.slice(0, 30), memberId: 'mem_01k9xq4v7d0000000000000001' });
    return [key, 'paymentReceived', '2026-11-23T00:00:00Z', legs(), '{USD/2,USD/2}', '{-1,1}', meta];
  };
}

function limit(accountsOf: () => [number, number], name: string, fn: string): Contender {
  const values = (): string[] => [nextKey(), ...accountsOf().map(String), '1'];
  return { name, sql: `select bench.${fn}($1::text, $2::bigint, $3::bigint, $4::bigint)`, values };
}

const contenders = {
  limit: limit(twoAccounts, 'limit', 'post'),
  limitInSql: limit(twoAccounts, 'limit, as a function in plain SQL', 'post_in_sql'),
  limitLinked: limit(twoAccounts, 'limit, with foreign keys', 'post_linked'),
  // Account 1 is everybody's; locked first, as the order of accounts wants it.
  limitHot: limit(() => [1, 2 + Math.floor(Math.random() * (accounts - 1))], 'limit, one hot account', 'post'),
  posting: {
    name: 'ledger.post, two members',
    sql: postingSql,
    values: posting(() => `{${twoAccounts().map(memberAccount).join(',')}}`),
  },
  hot: {
    name: 'ledger.post, one hot platform account',
    sql: postingSql,
    values: posting(() => `{${memberAccount(twoAccounts()[0])},platform/stripe_clearing/USD}`),
  },
} satisfies Record<string, Contender>;

async function prepare(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(await readFile(path.join(import.meta.dirname, 'ledger/limit.sql'), 'utf8'));
    const chunk = 1000;
    for (let from = 0; from < accounts; from += chunk) {
      const codes = Array.from({ length: chunk }, (_, index) => memberAccount(from + index + 1));
      const amounts = [...codes.map(() => openingCents), -chunk * openingCents];
      const units = amounts.map(() => 'USD/2');
      const all = [...codes, 'platform/stripe_clearing/USD'];
      await client.query("select ledger.post($1, 'opening', now(), $2, $3, $4)", [nextKey(), all, units, amounts]);
    }
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
}

/** Figures of books that are wrong would be worth nothing. */
async function refuseWrongBooks(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('select * from ledger.verify() limit 5');
    if (rows.length > 0) throw new Error(`the books are wrong: ${JSON.stringify(rows)}`);
  } finally {
    await client.end();
  }
}

function report(title: string, found: Map<string, Slice[]>): void {
  const rates = (name: string): number[] => (found.get(name) ?? []).map((slice) => slice.perSecond);
  const cpus = (name: string): number[] => (found.get(name) ?? []).map((slice) => slice.cpuMicros);
  const base = contenders.limit.name;
  console.log(`\n${title}\n`);
  console.log('| | per second | / limit | database CPU, µs | / limit |\n| --- | --- | --- | --- | --- |');
  for (const name of found.keys()) {
    const figures = [
      median(rates(name)).toFixed(0),
      medianRatio(rates(name), rates(base)).toFixed(2),
      median(cpus(name)).toFixed(0),
      medianRatio(cpus(name), cpus(base)).toFixed(2),
    ];
    console.log(`| ${name} | ${figures.join(' | ')} |`);
  }
}

await withDatabase(async (url) => {
  await prepare(url);
  const cores = `${String(availableParallelism())} cores`;
  console.log(
    `node ${process.version}, ${cores}, load ${loadavg()[0]?.toFixed(1) ?? '?'}, ${String(rounds)} rounds of ${String(sliceMs)} ms each`,
  );
  for (const clients of [8, 1]) {
    const found = await alternate(url, Object.values(contenders), { clients, rounds, sliceMs });
    report(`${String(clients)} client${clients === 1 ? '' : 's'}`, found);
  }
  console.log(`\nload at the end ${loadavg()[0]?.toFixed(1) ?? '?'}`);
  await refuseWrongBooks(url);
});
