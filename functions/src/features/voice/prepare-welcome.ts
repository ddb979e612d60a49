import type { JobHandler } from '../../platform/jobs.ts';
import { getMember, lockMember } from '../../store/members.ts';
import { wantClips } from '../../store/voice-clips.ts';
import { prepareMessage } from '../../store/voice-views.ts';

/**
 * Works off `voice.welcome`: has the welcome of somebody who signed up recorded, in their account's language, the first voice and the name
 * that they have now. It chooses nothing for them: who changes the language of the account before they listen hears it in that one.
 */
export const prepareWelcome: JobHandler = async (services, job) => {
  const { db, clock, policy } = services;
  const member = await getMember(db, String(job.payload['memberId']));
  const { missing } = await prepareMessage(db, policy.voice, member, { messageId: 'welcome' });
  await db.transaction(async (tx) => {
    // Under the member's lock, as when they ask themselves: an erasure sees the greeting, or this sees the erasure.
    const { erasedAt } = await lockMember(tx, member.id);
    if (erasedAt === null) await wantClips(tx, missing, { memberId: member.id, queue: true }, clock.now());
    await job.finish(tx);
  });
};
