import type { JobHandler } from '../../platform/jobs.ts';
import { writeVoice } from './write-voice.ts';

/** Works off `projection.voice`: writes a member's current message to Firestore. Safe to repeat, in any order. */
export const projectVoice: JobHandler = async (services, job) => {
  await writeVoice(services, String(job.payload['memberId']));
  await services.db.transaction((tx) => job.finish(tx));
};
