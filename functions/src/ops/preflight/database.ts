import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Services } from '../../platform/container.ts';
import { databaseConnections } from '../../platform/container.ts';
import { readLedgerProblems } from '../../store/reconciliation-checks.ts';
import { attempt, ok, wrong, type Finding } from './finding.ts';

const migrations = path.resolve(import.meta.dirname, '../../../sql/migrations');
const command = 'node functions/src/ops/migrate.ts';

/** The newest PostgreSQL that is too old: built-in features that the migrations use came with 15. */
const tooOld = 14;

/** Looks at the database: reachable, new enough, migrated, with room for every pool, books in balance. */
export async function checkDatabase(services: Services): Promise<Finding[]> {
  const reach = 'reach it as the functions do: over the private network, or through the Cloud SQL proxy';
  const reached = await attempt('database', reach, () => checkServer(services));
  if (reached.some(({ seen }) => seen.includes('reachable')))
    return [...reached, ...(await attempt('migrations', command, () => checkSchema(services)))];
  return reached;
}

async function checkServer({ db }: Services): Promise<Finding[]> {
  const { rows } = await db.query<{ version: number; connections: number }>(
    `select current_setting('server_version_num')::integer / 10000 as version, current_setting('max_connections')::integer as connections`,
  );
  const { version = 0, connections = 0 } = rows[0] ?? {};
  return [
    version > tooOld
      ? ok('database', `reachable, PostgreSQL ${version}`)
      : wrong('database', `reachable, PostgreSQL ${version}`, `use PostgreSQL ${tooOld + 1} or later`),
    connections >= databaseConnections
      ? ok('connections', `max_connections is ${connections}`)
      : wrong(
          'connections',
          `max_connections is ${connections}; all instances together open up to ${databaseConnections}`,
          `gcloud sql instances patch <instance> --database-flags=max_connections=${databaseConnections}`,
        ),
  ];
}

async function checkSchema(services: Services): Promise<Finding[]> {
  const wanted = readdirSync(migrations).flatMap((file) => Number(/^(\d+)\.do\./.exec(file)?.[1] ?? []));
  const { rows } = await services.db.query<{ version: string }>(
    `select version::text from public.schema_version where version > 0`,
  );
  const done = new Set(rows.map(({ version }) => Number(version)));
  const open = wanted.filter((version) => !done.has(version));
  if (open.length > 0)
    return [wrong('migrations', `${open.length} of ${wanted.length} have not run: ${open.join(', ')}`, command)];
  return [ok('migrations', `all ${wanted.length} have run`), ...(await checkBooks(services))];
}

async function checkBooks({ db }: Services): Promise<Finding[]> {
  const problems = await readLedgerProblems(db);
  if (problems.length === 0) return [ok('ledger', 'every transfer sums to zero, every balance is its entries')];
  const first = problems.slice(0, 3).map(({ problem, subject }) => `${problem} (${subject})`);
  return [
    wrong(
      'ledger',
      `${problems.length} contradictions: ${first.join('; ')}`,
      'stop, and call an engineer: see alerts.md',
    ),
  ];
}
