import type { Handler } from '../../platform/operations.ts';
import { readContent, readVersion } from '../../store/catalog-versions.ts';

/** Everything that a version says, draft or published. Throws `not_found`. */
export const getCatalogVersion: Handler<'getCatalogVersion'> = async ({ services }, { version }) => {
  const about = await readVersion(services.db, version, services.clock.now());
  return { about, content: await readContent(services.db, version) };
};
