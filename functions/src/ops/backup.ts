import { spawn } from 'node:child_process';
import { openDb, type Db } from '../platform/db.ts';
import { readLedgerProblems } from '../store/reconciliation-checks.ts';

/** How many rows a table has, and a sum over their contents that does not depend on their order. */
export interface TableSum {
  table: string;
  rows: bigint;
  sum: bigint;
}

/** Runs one of PostgreSQL's own programs; the connection goes through the environment, where no list of processes shows it. */
async function run(program: string, args: readonly string[], databaseUrl: string): Promise<void> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port === '' ? '5432' : port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: pathname.slice(1),
  };
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Error(`${program} is not installed: it comes with PostgreSQL`, { cause })),
    );
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
}

function open(databaseUrl: string): Db {
  return openDb({ connectionString: databaseUrl, max: 1, onCommitted: () => Promise.resolve() });
}

/** Writes the whole database to `file`, in pg_dump's own format. It reads one moment, and members go on meanwhile. */
export function dump(databaseUrl: string, file: string): Promise<void> {
  return run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`], databaseUrl);
}

/**
 * Restores `file` into an empty database, all or nothing, and has the ledger fold its platform accounts anew: in a new server transaction
 * ids begin below those that the entries name, and until then nothing can be posted. Throws when the database holds tables, and when
 * the restored books don't balance.
 */
export async function restore(databaseUrl: string, file: string): Promise<void> {
  const db = open(databaseUrl);
  try {
    const { rows } = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^(pg_|information_schema)' limit 1`,
    );
    if (rows[0])
      throw new Error(
        `the database holds ${rows[0].name}: restore into an empty one, and change DATABASE_URL afterwards`,
      );
    await run(
      'pg_restore',
      ['--no-owner', '--no-privileges', '--single-transaction', '--exit-on-error', '--dbname=', file],
      databaseUrl,
    );
    await db.transaction(async (tx) => {
      await tx.query(`set local statement_timeout = '30min'`);
      await tx.query('select ledger.refold()');
    });
    await db.query('analyze');
    const problems = await readLedgerProblems(db);
    if (problems.length > 0)
      throw new Error(`the restored ledger contradicts itself: ${JSON.stringify(problems.slice(0, 5))}`);
  } finally {
    await db.end();
  }
}

/**
 * Sums up every table, and the exact balance of every account, so that a restored database can be held against its source. What a
 * refold changes (how far platform accounts are folded) is left out; the balances say whether it changed them rightly.
 */
export async function sumUp(databaseUrl: string): Promise<TableSum[]> {
  const db = open(databaseUrl);
  try {
    const { rows: tables } = await db.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname !~ '^(pg_|information_schema)' and (schemaname, tablename) <> ('ledger', 'accounts') order by 1`,
    );
    const sums: TableSum[] = [];
    for (const name of [...tables.map((table) => table.name), 'ledger.balances']) {
      const { rows } = await db.query<{ rows: bigint; sum: bigint | null }>(
        `select count(*) as rows, sum(hashtextextended(t::text, 0)) as sum from ${name} as t`,
      );
      sums.push({ table: name, rows: rows[0]?.rows ?? 0n, sum: rows[0]?.sum ?? 0n });
    }
    return sums;
  } finally {
    await db.end();
  }
}

// Run as `node functions/src/ops/backup.ts dump <file>`, `restore <file>` or `sums` with DATABASE_URL in the environment. The way to a moment
// in the past is Cloud SQL's point-in-time recovery (docs/runbooks/go-live.md); this is for a copy that leaves Google.
if (import.meta.main) {
  const [deed, file = ''] = process.argv.slice(2);
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: name the database');
  if (deed === 'dump' && file !== '') await dump(databaseUrl, file);
  else if (deed === 'restore' && file !== '') {
    await restore(databaseUrl, file);
    process.stdout.write('restored, refolded, and the ledger is in balance; now rebuild the projections\n');
  } else if (deed === 'sums') {
    for (const { table, rows, sum } of await sumUp(databaseUrl))
      process.stdout.write(`${table.padEnd(34)}${String(rows).padStart(10)}  ${sum}\n`);
  } else {
    process.stderr.write('usage: backup.ts dump <file> | restore <file> | sums\n');
    process.exitCode = 2;
  }
}
