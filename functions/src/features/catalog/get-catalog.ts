import type { Handler } from '../../platform/operations.ts';
import { readCatalog, viewCatalog } from '../../store/catalog.ts';

/** The published catalogue. */
export const getCatalog: Handler<'getCatalog'> = async ({ services }) =>
  viewCatalog(await readCatalog(services.db, services.clock.now()));
