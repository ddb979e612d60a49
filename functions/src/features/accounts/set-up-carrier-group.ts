import type { JobHandler } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import { getMember, linkCarrierGroup } from '../../store/members.ts';

/**
 * Works off `account.set_up_carrier_group`: makes the group that the member's lines share data in. The carrier has no call to look for a
 * group: a death between its answer and our note leaves an empty group behind. It costs nothing, and bears the member's id as its
 * external id, so that a person can tell the two apart.
 */
export const setUpCarrierGroup: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const member = await getMember(db, String(job.payload['memberId']));
  if (member.erasedAt !== null || member.oxioGroupId !== null) {
    await db.transaction((tx) => job.finish(tx));
    return;
  }
  if (member.oxioEndUserId === null) throw new CodedError('internal', `${member.id} has no end user to own a group`);
  const carrier = await services.carrier();
  const { groupId } = await carrier.createGroup({
    name: `DOTM ${member.id}`,
    externalId: member.id,
    endUserId: member.oxioEndUserId,
  });
  await db.transaction(async (tx) => {
    await linkCarrierGroup(tx, member.id, groupId, clock.now());
    await job.finish(tx);
  });
};
