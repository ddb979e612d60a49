import path from 'node:path';
import pg from 'pg';
import Postgrator from 'postgrator';

const MIGRATIONS = path.resolve(import.meta.dirname, '../../sql/migrations');

/** Any fixed number of our own: whoever migrates this database takes this advisory lock first. */
const MIGRATION_LOCK = 7_236_510_044;

/** A change of a table waits this long for running transactions, then gives up rather than queue every request behind it. */
const LOCK_TIMEOUT_MS = 15_000;

/**
 * Brings the database to the newest schema: runs each file of sql/migrations that has not run yet, in order, each in one
 * transaction with the row that records it, so that a crash leaves either all of a file or nothing.
 *
 * Safe to repeat and to run twice at once: the second run waits for the first. There is no way back: a mistake is mended by
 * the next file. Throws when a file that has run was changed since (checksum), or when a file was slipped in below one that
 * has run. `report` hears the name of each file after its commit.
 */
export async function migrate(databaseUrl: string, report: (file: string) => void = () => undefined): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'migrate',
    options: '-c timezone=UTC',
  });
  await client.connect();
  try {
    // The lock belongs to the session: it falls when the connection does, also when this process is killed.
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`set lock_timeout = ${String(LOCK_TIMEOUT_MS)}`);
    await runMigrations(client, report);
  } finally {
    await client.end();
  }
}

async function runMigrations(client: pg.Client, report: (file: string) => void): Promise<void> {
  let committed: Promise<void> = Promise.resolve();
  const postgrator = new Postgrator({
    driver: 'pg',
    schemaTable: 'public.schema_version',
    migrationPattern: `${escapeGlob(MIGRATIONS)}/*.do.*.sql`,
    // The checksum must not depend on how git writes line ends on this machine.
    newline: 'LF',
    execQuery: (text) => client.query(text),
    execSqlScript: async (script) => {
      await committed;
      await client.query('begin');
      await client.query(script);
    },
  });
  postgrator.on('migration-finished', (migration: Postgrator.Migration) => {
    // Emitted after the row in schema_version was written, in the same transaction: this commits both.
    committed = client.query('commit').then(() => {
      report(path.basename(migration.filename));
    });
  });
  await postgrator.migrate();
  await committed;
  await refuseSkipped(client, postgrator);
}

/** A file numbered below one that has run would be passed over in silence: two branches each added the same next number. */
async function refuseSkipped(client: pg.Client, postgrator: Postgrator): Promise<void> {
  const recorded = await client.query<{ version: string }>('select version from public.schema_version');
  const done = new Set(recorded.rows.map((row) => Number(row.version)));
  const skipped = (await postgrator.getMigrations()).filter((migration) => !done.has(migration.version));
  if (skipped.length === 0) return;
  const names = skipped.map((migration) => path.basename(migration.filename)).join(', ');
  throw new Error(`migrations were added below one that has run: ${names}; give them the next free number`);
}

/** Makes a folder's path match itself literally, wherever the repository was cloned to. */
function escapeGlob(folder: string): string {
  return folder.replaceAll('\\', '/').replace(/[*?()[\]{}]/g, '[$&]');
}

if (import.meta.main) {
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is not set: name the database to migrate');
  await migrate(databaseUrl, (file) => process.stdout.write(`applied ${file}\n`));
  process.stdout.write('the database has the newest schema\n');
}
