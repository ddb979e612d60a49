import { minor, negate, subtract, type Amount } from '../../shared/money.ts';
import {
  rewardIssuance,
  rewardSetOff as setOffOf,
  rewardSetOffTotal,
  rewardsPaid,
  rewardsPending,
  rewardsReserved,
  rewardsSpent,
  rewardsVested,
} from './accounts.ts';
import { makePosting, type Posting } from './posting.ts';
import { requirePositive, transferBetween } from './transfer-between.ts';

interface OfReward {
  rewardId: string;
  memberId: string;
  /** Above zero, in wei. */
  amount: Amount<'DOTM'>;
  at: Date;
}

/** A purchase has earned tokens; they stay pending during the refund window. Once per reward. */
export function rewardAccrued({ rewardId, orderId, memberId, amount, at }: OfReward & { orderId: string }): Posting {
  return transferBetween({
    key: `${rewardId}/rewardAccrued`,
    template: 'rewardAccrued',
    from: rewardIssuance,
    to: rewardsPending(memberId),
    unit: 'DOTM',
    amount,
    at,
    meta: { rewardId, orderId, memberId },
  });
}

/** The refund window has closed: what is left of the pending tokens is the member's for good. Once per reward. */
export function rewardVested({ rewardId, memberId, amount, at }: OfReward): Posting {
  return transferBetween({
    key: `${rewardId}/rewardVested`,
    template: 'rewardVested',
    from: rewardsPending(memberId),
    to: rewardsVested(memberId),
    unit: 'DOTM',
    amount,
    at,
    meta: { rewardId, memberId },
  });
}

/**
 * A purchase was refunded, so its reward goes back: out of pending tokens, or out of vested ones when it has vested. `available` is
 * what of this reward is still free, when some of it is in use; what is missing becomes a note against later rewards and never a debt.
 * `total` is all that has been taken back of this reward with this posting, which makes each step its own.
 */
export function rewardReversed(
  reversal: OfReward & { orderId: string; total: Amount<'DOTM'>; fromVested: boolean; available?: Amount<'DOTM'> },
): Posting {
  const { rewardId, orderId, memberId, amount, total, fromVested, available } = reversal;
  const key = `${rewardId}/rewardReversed/${String(total)}`;
  requirePositive(key, amount);
  const limited = fromVested && available !== undefined && available < amount;
  const taken = limited ? available : amount;
  if (taken < 0n) throw new RangeError(`${key} can't take ${String(taken)} wei`);
  const missing = subtract(amount, taken);
  return makePosting({
    key,
    template: 'rewardReversed',
    eventAt: reversal.at,
    legs: [
      { account: fromVested ? rewardsVested(memberId) : rewardsPending(memberId), unit: 'DOTM', amount: negate(taken) },
      { account: rewardIssuance, unit: 'DOTM', amount: taken },
      { account: setOffOf(memberId), unit: 'DOTM', amount: missing },
      { account: rewardSetOffTotal, unit: 'DOTM', amount: negate(missing) },
    ],
    meta: { rewardId, orderId, memberId, total: String(total) },
  });
}

/**
 * Vested tokens of this reward pay off so much of the member's note: they go back, and the note is less by as much. At most the balance
 * of the note, else the ledger refuses it. `total` is all that this reward has paid off with this posting, which makes each step its own.
 */
export function rewardSetOff({ rewardId, memberId, amount, total, at }: OfReward & { total: Amount<'DOTM'> }): Posting {
  const key = `${rewardId}/rewardSetOff/${String(total)}`;
  requirePositive(key, amount);
  return makePosting({
    key,
    template: 'rewardSetOff',
    eventAt: at,
    legs: [
      { account: rewardsVested(memberId), unit: 'DOTM', amount: negate(amount) },
      { account: rewardIssuance, unit: 'DOTM', amount },
      { account: setOffOf(memberId), unit: 'DOTM', amount: negate(amount) },
      { account: rewardSetOffTotal, unit: 'DOTM', amount },
    ],
    meta: { rewardId, memberId, total: String(total) },
  });
}

/**
 * The account that earned it was erased, so nobody can claim what is left: it goes back to what may still be promised. `total` is all
 * that has been taken back of this reward with this posting.
 */
export function rewardLapsed(lapse: OfReward & { total: Amount<'DOTM'>; fromVested: boolean }): Posting {
  const { rewardId, memberId, amount, total, fromVested, at } = lapse;
  return transferBetween({
    key: `${rewardId}/rewardLapsed/${String(total)}`,
    template: 'rewardLapsed',
    from: fromVested ? rewardsVested(memberId) : rewardsPending(memberId),
    to: rewardIssuance,
    unit: 'DOTM',
    amount,
    at,
    meta: { rewardId, memberId, total: String(total) },
  });
}

/** What one member has in a use: of a batch there are many, of an order there is one. */
export interface RewardShare {
  memberId: string;
  /** Above zero, in wei. */
  amount: Amount<'DOTM'>;
}

/** What tokens leave for: a batch on chain, or an order that they help to pay. */
export type RewardPurpose = { batchId: bigint } | { orderId: string };

/** The subject under which the postings of a batch are found (`entriesOf`). */
export function batchSubject(batchId: bigint): string {
  return `batch_${String(batchId)}`;
}

function ofPurpose(purpose: RewardPurpose, template: string): Pick<Posting, 'key' | 'template' | 'meta'> {
  const isBatch = 'batchId' in purpose;
  return {
    key: `${isBatch ? batchSubject(purpose.batchId) : purpose.orderId}/${template}`,
    template,
    meta: isBatch ? { batchId: String(purpose.batchId) } : { orderId: purpose.orderId },
  };
}

/** Moves the share of each member between two accounts, `to` a member's own or one of the platform. */
function moveShares(
  parts: Pick<Posting, 'key' | 'template' | 'meta'>,
  shares: readonly RewardShare[],
  from: (memberId: string) => string,
  to: ((memberId: string) => string) | string,
  at: Date,
): Posting {
  for (const { amount } of shares) requirePositive(parts.key, amount);
  const arrivals =
    typeof to === 'string'
      ? [{ account: to, amount: shares.reduce((sum, { amount }) => sum + amount, 0n) }]
      : shares.map(({ memberId, amount }) => ({ account: to(memberId), amount }));
  return makePosting({
    ...parts,
    eventAt: at,
    legs: [
      ...shares.map(({ memberId, amount }) => ({
        account: from(memberId),
        unit: 'DOTM' as const,
        amount: negate(amount),
      })),
      ...arrivals.map(({ account, amount }) => ({ account, unit: 'DOTM' as const, amount: minor('DOTM', amount) })),
    ],
  });
}

/** Vested tokens are set aside for a batch or an order: nothing else may use them. Once per batch or order; each member once in it. */
export function rewardReserved(purpose: RewardPurpose, shares: readonly RewardShare[], at: Date): Posting {
  return moveShares(ofPurpose(purpose, 'rewardReserved'), shares, rewardsVested, rewardsReserved, at);
}

/** The batch or the order came to nothing: what was set aside is free again. Once per batch or order. */
export function rewardReleased(purpose: RewardPurpose, shares: readonly RewardShare[], at: Date): Posting {
  return moveShares(ofPurpose(purpose, 'rewardReleased'), shares, rewardsReserved, rewardsVested, at);
}

/** A member was taken out of a batch before it was signed: what was set aside for them is free again. Once per batch and member. */
export function rewardLeftOut(batchId: bigint, share: RewardShare, at: Date): Posting {
  const { key, ...parts } = ofPurpose({ batchId }, 'rewardLeftOut');
  return moveShares({ ...parts, key: `${key}/${share.memberId}` }, [share], rewardsReserved, rewardsVested, at);
}

/** The batch stands in a block that stays: the tokens are in the wallets. Once per batch. */
export function rewardSent(batchId: bigint, shares: readonly RewardShare[], at: Date): Posting {
  return moveShares(ofPurpose({ batchId }, 'rewardSent'), shares, rewardsReserved, rewardsPaid, at);
}

/** The order is paid: the credit that was held for it is spent. Once per order. */
export function rewardSpent(orderId: string, share: RewardShare, at: Date): Posting {
  return moveShares(ofPurpose({ orderId }, 'rewardSpent'), [share], rewardsReserved, rewardsSpent, at);
}

/**
 * An order that was paid with credit is refunded, so the credit's share of it comes back as vested tokens. `total` is all that has come
 * back for this order with this posting, which makes each step its own.
 */
export function creditReturned({
  orderId,
  memberId,
  amount,
  total,
  at,
}: RewardShare & { orderId: string; total: Amount<'DOTM'>; at: Date }): Posting {
  return transferBetween({
    key: `${orderId}/creditReturned/${String(total)}`,
    template: 'creditReturned',
    from: rewardsSpent,
    to: rewardsVested(memberId),
    unit: 'DOTM',
    amount,
    at,
    meta: { orderId, memberId, total: String(total) },
  });
}
