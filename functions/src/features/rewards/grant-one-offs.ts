import { createHmac } from 'node:crypto';
import { rewardAccrued, rewardVested } from '../../domain/ledger/templates.ts';
import { plainAddress } from '../../domain/rewards/plain-address.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { JobHandler } from '../../platform/jobs.ts';
import { fromDecimal, minor } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import { touchMember } from '../../store/members.ts';
import {
  countGrants,
  findFirstPaidOrder,
  findFirstVestedOrder,
  hasGrant,
  insertGrant,
  lockGrants,
  type BringingOrder,
  type OneOffKind,
} from '../../store/reward-grants.ts';
import { lockHolder } from '../../store/reward-holders.ts';
import { payOffNotes } from '../../store/reward-notes.ts';
import { insertReward, recordVesting } from '../../store/rewards.ts';

/**
 * Works off `reward.one_offs`: gives a member what comes once per person and has come due. A founding member has paid for an order that was
 * delivered, while founding members were still being counted; a new member has a purchase's reward that vested. Both need a verified
 * address, which says who the person is: delivery, vesting and verification each have this looked into. Safe to repeat.
 */
export const grantOneOffs: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const memberId = String(job.payload['memberId']);
  await db.transaction(async (tx) => {
    const holder = await lockHolder(tx, memberId);
    if (!holder.erased && holder.verifiedEmail !== null) {
      const person = personOf(services, holder.verifiedEmail);
      await lockGrants(tx);
      await grantFounding(tx, services, { memberId, person }, clock.now());
      await grantNew(tx, services, { memberId, person }, clock.now());
    }
    await job.finish(tx);
  });
};

/** Whose address it is, without saying which: only who has the key can tell. */
function personOf(services: Services, verifiedEmail: string): string {
  return createHmac('sha256', services.personKey()).update(plainAddress(verifiedEmail)).digest('hex');
}

interface Grantee {
  memberId: string;
  person: string;
}

async function grantFounding(tx: Tx, { policy }: Services, grantee: Grantee, now: Date): Promise<void> {
  const { foundingMembers, foundingMemberDotm } = policy.rewards;
  if (await hasGrant(tx, { kind: 'founding_member', ...grantee })) return;
  if ((await countGrants(tx, 'founding_member')) >= foundingMembers) return;
  const order = await findFirstPaidOrder(tx, grantee.memberId);
  if (!order) return;
  const vestsAt = new Date(now.getTime() + policy.refundWindowDays * 86_400_000);
  await grant(tx, grantee, { kind: 'founding_member', dotm: foundingMemberDotm, order, vestsAt }, now);
}

async function grantNew(tx: Tx, { policy }: Services, grantee: Grantee, now: Date): Promise<void> {
  if (await hasGrant(tx, { kind: 'new_member', ...grantee })) return;
  const order = await findFirstVestedOrder(tx, grantee.memberId);
  if (!order) return;
  const { newMemberDotm: dotm } = policy.rewards;
  const given = await grant(tx, grantee, { kind: 'new_member', dotm, order, vestsAt: now }, now);
  if (given === null) return;
  const { memberId } = grantee;
  const amount = fromDecimal('DOTM', dotm);
  await post(tx, rewardVested({ rewardId: given, memberId, amount, at: now }));
  await recordVesting(tx, [given], now);
  await payOffNotes(tx, memberId, now);
}

/** Gives the id of the reward; null when there is nothing to give. */
async function grant(
  tx: Tx,
  { memberId, person }: Grantee,
  what: { kind: OneOffKind; dotm: string; order: BringingOrder; vestsAt: Date },
  now: Date,
): Promise<string | null> {
  const { kind, dotm, order, vestsAt } = what;
  const amount = fromDecimal('DOTM', dotm);
  if (amount === 0n) return null;
  const id = newId('reward', now);
  const none = { position: null, paid: minor(order.currency, 0n), basisPoints: 0, rate: null };
  const reward = { id, kind, orderId: order.id, memberId: order.memberId, currency: order.currency, ...none };
  if (!(await insertReward(tx, { ...reward, earned: amount, amount, accruedAt: now, vestsAt }))) return null;
  await insertGrant(tx, { kind, person, memberId, rewardId: id }, now);
  await post(tx, rewardAccrued({ rewardId: id, orderId: order.id, memberId, amount, at: now }));
  await touchMember(tx, memberId, now);
  return id;
}
