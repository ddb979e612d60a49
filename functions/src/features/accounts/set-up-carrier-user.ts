import type { Job, JobHandler } from '../../platform/jobs.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import {
  carrierLane,
  findMemberByCarrierUser,
  getMember,
  linkCarrierUser,
  lockMember,
  type Member,
} from '../../store/members.ts';
import { CarrierEmailKnownError } from '../../vendors/carrier/errors.ts';
import { raiseCarrierErasure } from './add-erasure.ts';
import { personNames } from './person-names.ts';

/**
 * Works off `account.set_up_carrier`: finds or makes the member's end user at the carrier, then asks for the group. Runs in the
 * member's carrier lane, because the carrier does not deduplicate.
 */
export const setUpCarrierUser: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const member = await getMember(db, String(job.payload['memberId']));
  if (member.erasedAt !== null) {
    await db.transaction((tx) => job.finish(tx));
    return;
  }
  const endUserId = member.oxioEndUserId ?? (await findOrCreate(services, job, member, member.email));
  await db.transaction(async (tx) => {
    const now = clock.now();
    const { erasedAt } = await lockMember(tx, member.id);
    if (member.oxioEndUserId === null) await linkCarrierUser(tx, member.id, endUserId, now);
    // Erased while we spoke to the carrier: a person has to ask the carrier to forget what we have just made.
    if (erasedAt === null) await askForGroup(tx, member.id, now);
    else await raiseCarrierErasure(tx, member.id, now);
    await job.finish(tx);
  });
};

async function askForGroup(tx: Tx, memberId: string, now: Date): Promise<void> {
  const lane = carrierLane(memberId);
  const payload = { memberId };
  await addJob(tx, { queue: 'carrier', topic: 'account.set_up_carrier_group', key: memberId, payload, lane }, now);
}

/**
 * Looks before it creates. What an earlier attempt made before it died is found by its e-mail address. Without an address nothing can be
 * looked for: then a death between the carrier's answer and our note leaves an end user without lines behind, which costs nothing.
 */
async function findOrCreate(services: Services, job: Job, member: Member, email: string | null): Promise<string> {
  const carrier = await services.carrier();
  const names = personNames(member.displayName);
  const createNameless = async () => (await carrier.createEndUser({ ...names, email: null })).endUserId;
  if (email === null) return createNameless();
  const isOurs = job.payload['emailWasFree'] === true;
  const known = await carrier.findEndUserByEmail(email);
  if (known) return (await mayAdopt(services, member, known.endUserId, isOurs)) ? known.endUserId : createNameless();
  await job.remember(services.db, { emailWasFree: true });
  try {
    return (await carrier.createEndUser({ ...names, email })).endUserId;
  } catch (error) {
    if (!(error instanceof CarrierEmailKnownError)) throw error;
    // The look-up is advisory and overlooked it: the refusal is the carrier's better word, so our note was wrong.
    if (!isOurs) await job.remember(services.db, { emailWasFree: null });
    const found = await carrier.findEndUserByEmail(email);
    return found && (await mayAdopt(services, member, found.endUserId, isOurs)) ? found.endUserId : createNameless();
  }
}

/**
 * An end user comes with its lines, and so with what installs their eSIMs. It is adopted by who has proved to own the e-mail address, or
 * when an earlier attempt of ours found the address free and so must have made it; never when another member has it.
 */
async function mayAdopt(services: Services, member: Member, endUserId: string, isOurs: boolean): Promise<boolean> {
  const owner = await findMemberByCarrierUser(services.db, endUserId);
  if (owner) return owner.id === member.id;
  return isOurs || member.emailVerified;
}
