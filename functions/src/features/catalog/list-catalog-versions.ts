import type { Handler } from '../../platform/operations.ts';
import { listVersions } from '../../store/catalog-versions.ts';

/** Years of changes; older ones can still be read by their number. */
const limit = 200;

/** Versions of the catalogue: drafts first, then what was published, newest first. */
export const listCatalogVersions: Handler<'listCatalogVersions'> = async ({ services }) => ({
  versions: await listVersions(services.db, services.clock.now(), limit),
});
