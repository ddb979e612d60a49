import type { JobHandler } from '../../platform/jobs.ts';
import { writeCatalog } from './write-catalog.ts';

/** Works off `projection.catalog`: writes the published catalogue to Firestore. Safe to repeat. */
export const projectCatalog: JobHandler = async (services, job) => {
  await writeCatalog(services);
  await services.db.transaction((tx) => job.finish(tx));
};
