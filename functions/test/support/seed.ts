import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import { openDb } from '../../src/platform/db.ts';
import { publishCatalog } from '../../src/store/catalog.ts';

/**
 * Publishes the starting catalogue in the template database of the integration tests. Prices at the payment provider are left
 * out: each test has a provider of its own, and a checkout makes the price that it needs.
 */
export async function seed(databaseUrl: string): Promise<void> {
  const db = openDb({ connectionString: databaseUrl, max: 1, onCommitted: async () => undefined });
  try {
    await db.transaction((tx) => publishCatalog(tx, 1, startingCatalog, new Date('2026-01-01T00:00:00Z')));
  } finally {
    await db.end();
  }
}
