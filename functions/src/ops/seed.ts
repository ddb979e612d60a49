import { pathToFileURL } from 'node:url';
import { startingCatalog } from '../domain/catalog/starting-catalog.ts';
import { publishStartingCatalog } from '../features/catalog/publish-starting-catalog.ts';
import { services } from '../platform/container.ts';
import { openDb } from '../platform/db.ts';
import { publishCatalog } from '../store/catalog.ts';

/** Publishes the starting catalogue in the database alone; prices at the payment provider follow when the first is sold. */
export async function seed(databaseUrl: string): Promise<void> {
  const db = openDb({ connectionString: databaseUrl, max: 1, onCommitted: () => Promise.resolve() });
  try {
    await db.transaction((tx) => publishCatalog(tx, 1, startingCatalog, new Date()));
  } finally {
    await db.end();
  }
}

// Run as `node functions/src/ops/seed.ts` with the configuration of the functions in the environment: makes the prices as well.
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { published, prices } = await publishStartingCatalog(services());
  process.stdout.write(
    `${published ? 'published the starting catalogue' : 'catalogue is published'}; ${prices} prices are synced\n`,
  );
  await services().db.end();
}
