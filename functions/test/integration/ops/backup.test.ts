import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { rebuildProjections } from '../../../src/features/projections/rebuild-projections.ts';
import { dump, restore, sumUp } from '../../../src/ops/backup.ts';
import { openDb } from '../../../src/platform/db.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { recordDocuments, type RecordedDocuments } from '../../support/recorded-documents.ts';
import { buyer } from '../../support/operators.ts';
import { settle, shop } from '../../support/shopping.ts';

const admin = process.env['TEST_POSTGRES_URL'] ?? '';

async function asAdmin(sql: string): Promise<string> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, string>>(sql);
    return Object.values(rows[0] ?? {})[0] ?? '';
  } finally {
    await client.end();
  }
}

function toolVersion(): number {
  try {
    return Number(/(\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** pg_dump refuses servers that are newer than itself; npm's PostgreSQL comes without it. */
const serverVersion = Number.parseInt(await asAdmin('show server_version'), 10);
const fits = toolVersion() >= serverVersion;

it.skipIf(!fits)(
  `a dump of a used database restores to the same rows, balances and projections (needs pg_dump ${String(serverVersion)})`,
  async () => {
    const services = await shop();
    const folder = await mkdtemp(path.join(tmpdir(), 'dotm-backup-'));
    const name = `restored_${String(process.pid)}`;
    const target = new URL(admin);
    target.pathname = `/${name}`;
    try {
      for (const uid of ['ada', 'bob', 'eve']) await buyer(services, uid);
      await settle(services, 60);
      const file = path.join(folder, 'dotm.dump');
      await dump(services.databaseUrl, file);
      const before = await sumUp(services.databaseUrl);
      await asAdmin(`create database ${name}`);
      await restore(target.href, file);
      expect(await sumUp(target.href)).toEqual(before);
      await expect(restore(target.href, file)).rejects.toThrow('restore into an empty one');

      const db = openDb({ connectionString: target.href, max: 2, onCommitted: () => Promise.resolve() });
      const documents = recordDocuments();
      const restored = { ...services, db, documents: async () => documents };
      await rebuildProjections(restored);
      await rebuildProjections(services);
      const shown = (from: RecordedDocuments) => from.list().map((at) => [at, from.read(at)]);
      expect(shown(documents)).toEqual(shown(services.projected));
      await buyer({ ...restored, databaseUrl: target.href }, 'new');
      expect(await verifyLedger(db)).toEqual([]);
      await db.end();
    } finally {
      await services.stop();
      await asAdmin(`drop database if exists ${name} with (force)`);
      await rm(folder, { recursive: true, force: true });
    }
  },
);
