import { publishStartingCatalog } from '../features/catalog/publish-starting-catalog.ts';
import { services } from '../platform/container.ts';

// Run as `node functions/src/ops/seed.ts` with the configuration of the functions in the environment.
const { published, prices } = await publishStartingCatalog(services());
process.stdout.write(
  `${published ? 'published the starting catalogue' : 'catalogue is published'}; ${prices} prices are synced\n`,
);
await services().db.end();
