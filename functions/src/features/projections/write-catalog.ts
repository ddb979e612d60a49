import type { Services } from '../../platform/container.ts';
import { readCatalog, viewCatalog } from '../../store/catalog.ts';

/** Where everybody reads the catalogue. */
export const catalogPath = 'public/catalog';

/** Writes the published catalogue to Firestore. Returns false when this version or a later one is shown. */
export async function writeCatalog({ db, clock, documents }: Services): Promise<boolean> {
  const catalog = viewCatalog(await readCatalog(db, clock.now()));
  return (await documents()).replaceTree({ path: catalogPath, data: catalog }, [], [], BigInt(catalog.version));
}
