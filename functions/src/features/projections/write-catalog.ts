import type { Services } from '../../platform/container.ts';
import { readCatalog, viewCatalog, type Catalog } from '../../store/catalog.ts';

/** Where everybody reads the catalogue. */
export const catalogPath = 'public/catalog';

/**
 * A number that grows from one effective version to the next, and fits a JSON number: versions themselves need not become effective in
 * the order of their numbers. Those of one millisecond are told apart by the number.
 */
function revisionOf({ effectiveAt, version }: Catalog): bigint {
  return BigInt(effectiveAt.getTime()) * 1000n + BigInt(version % 1000);
}

/** Writes the published catalogue to Firestore. Returns false when this version or a later one is shown. */
export async function writeCatalog({ db, clock, documents }: Services): Promise<boolean> {
  const catalog = await readCatalog(db, clock.now());
  const root = { path: catalogPath, data: { ...viewCatalog(catalog) } };
  return (await documents()).replaceTree(root, [], [], revisionOf(catalog));
}
