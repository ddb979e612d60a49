import { keccak, keccakOfText, sumLimit, writeWord } from './bytes.ts';
import type { SumNode } from './sum-tree.ts';

/** What is owed to one member, in wei. */
export interface OwedParts {
  /** Earned, in the refund window. */
  readonly pending: bigint;
  /** The member's for good, not yet paid. */
  readonly vested: bigint;
  /** On its way to a wallet, or held for an unpaid order. */
  readonly reserved: bigint;
}

/** What a member's leaf is made of. */
export interface MemberBalance extends OwedParts {
  readonly memberId: string;
  /** 32 random bytes, new for each member on each day: without them nobody can guess who stands behind a leaf, or with how much. */
  readonly salt: Uint8Array;
}

/**
 * The leaf of a member: keccak256(0x00 ‖ salt ‖ keccak256(member id) ‖ pending ‖ vested ‖ reserved), amounts as 32 bytes of wei; it owes
 * their sum. Throws RangeError when an amount is below zero, the sum reaches 2^128 or the salt has not 32 bytes.
 */
export function leafOf({ memberId, salt, pending, vested, reserved }: MemberBalance): SumNode {
  const sum = pending + vested + reserved;
  if (pending < 0n || vested < 0n || reserved < 0n || sum >= sumLimit) {
    throw new RangeError('an amount is below zero or the sum reaches 2^128');
  }
  if (salt.length !== 32) throw new RangeError('a salt has 32 bytes');
  const bytes = new Uint8Array(161);
  bytes[0] = 0x00;
  bytes.set(salt, 1);
  bytes.set(keccakOfText(memberId), 33);
  writeWord(bytes, 65, pending);
  writeWord(bytes, 97, vested);
  writeWord(bytes, 129, reserved);
  return { hash: keccak(bytes), sum };
}
