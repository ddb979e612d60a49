import type { JobHandler } from '../../platform/jobs.ts';
import { pathOf } from './recordings.ts';

/** Works off `voice.purge`: deletes every recording of a clip up to the last one that it had. Later ones have other names and stay. */
export const purgeFiles: JobHandler = async (services, job) => {
  const files = await services.files();
  const key = String(job.payload['key']);
  const last = Number(job.payload['last']);
  for (let take = 0; take <= last; take += 1) await files.remove(pathOf(key, take));
  await services.db.transaction((tx) => job.finish(tx));
};
