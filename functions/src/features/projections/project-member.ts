import type { JobHandler } from '../../platform/jobs.ts';
import { writeMember } from './write-member.ts';

/** Works off `projection.member`: writes what a member sees to Firestore. Safe to repeat, in any order. */
export const projectMember: JobHandler = async (services, job) => {
  await writeMember(services, String(job.payload['memberId']));
  await services.db.transaction((tx) => job.finish(tx));
};
