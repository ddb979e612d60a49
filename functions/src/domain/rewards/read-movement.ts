import type { RewardMovement } from '../../shared/api/rewards.ts';

/** What happened to a member's tokens, in the words of the API. */
export type MovementKind = RewardMovement['kind'];

/** The member's legs of a transfer, signed, in wei; 0 where it has none. */
export interface MovedLegs {
  /** Whether it belongs to a batch on chain; else to an order. */
  isPayout: boolean;
  pending: bigint;
  vested: bigint;
  reserved: bigint;
  note: bigint;
}

/**
 * Reads a transfer of the ledger as what happened to the member: how many tokens it was about, above zero, and how many of them became a
 * note because they were gone. Throws RangeError for a template that has nothing to do with rewards.
 */
export function readMovement(template: string, legs: MovedLegs): { kind: MovementKind; amount: bigint; noted: bigint } {
  const taken = -(legs.pending + legs.vested);
  switch (template) {
    case 'rewardAccrued':
      return { kind: 'accrued', amount: legs.pending, noted: 0n };
    case 'rewardVested':
      return { kind: 'vested', amount: legs.vested, noted: 0n };
    case 'rewardReversed':
      return { kind: 'reversed', amount: taken + legs.note, noted: legs.note };
    case 'rewardSetOff':
      return { kind: 'set_off', amount: taken, noted: 0n };
    case 'rewardLapsed':
      return { kind: 'lapsed', amount: taken, noted: 0n };
    case 'rewardReserved':
      return { kind: legs.isPayout ? 'payout_reserved' : 'credit_held', amount: legs.reserved, noted: 0n };
    case 'rewardLeftOut':
      return { kind: 'payout_released', amount: legs.vested, noted: 0n };
    case 'rewardReleased':
      return { kind: legs.isPayout ? 'payout_released' : 'credit_released', amount: legs.vested, noted: 0n };
    case 'rewardSent':
      return { kind: 'paid', amount: -legs.reserved, noted: 0n };
    case 'rewardSpent':
      return { kind: 'spent', amount: -legs.reserved, noted: 0n };
    case 'creditReturned':
      return { kind: 'credit_returned', amount: legs.vested, noted: 0n };
    default:
      throw new RangeError(`${template} moves no rewards`);
  }
}
