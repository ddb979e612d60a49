import type { Hex } from './bytes.ts';

/**
 * What is owed to all members at one moment of a UTC day, and how much may still be minted to pay it. Amounts are wei as decimal digits;
 * addresses and hashes are lower case.
 */
export interface RewardStatement {
  readonly version: 1;
  /** The UTC day, one statement for each. */
  readonly date: string;
  /** When the balances were read, to the second, on that day. */
  readonly takenAt: string;
  readonly chainId: number;
  readonly token: Hex;
  readonly distributor: Hex;
  /** The block at which supply and cap were read: later than the balances, and settled. */
  readonly block: { readonly number: number; readonly hash: Hex };
  readonly supply: string;
  readonly cap: string;
  readonly root: Hex;
  /** Members to whom something is owed. */
  readonly leaves: number;
  readonly totals: {
    readonly pending: string;
    readonly vested: string;
    readonly reserved: string;
    /** The sum of the tree. */
    readonly owed: string;
  };
  /** cap − supply. */
  readonly mayStillBeMinted: string;
}

/** Who signed a statement, and the 65 bytes of the signature: r, s, v. */
export interface StatementSignature {
  readonly signer: Hex;
  readonly value: Hex;
}

/** One step of the way from a leaf to the root. */
export interface ProofStep {
  readonly hash: Hex;
  readonly sum: string;
}

/** What shows one member that their balance is in the statement. */
export interface InclusionProof {
  readonly leaf: {
    readonly member: string;
    readonly salt: Hex;
    readonly pending: string;
    readonly vested: string;
    readonly reserved: string;
  };
  /** The place of the leaf, from 0. Its bits say on which side each neighbour stands. */
  readonly index: number;
  /** The neighbours on the way up, the lowest first. */
  readonly siblings: ProofStep[];
}

/** A signed statement, as it is published. */
export interface SignedStatement {
  readonly statement: RewardStatement;
  readonly signature: StatementSignature;
}

/** What a member downloads, and what anybody can check without us. */
export interface ProofFile extends SignedStatement {
  readonly proof: InclusionProof;
}

/** The forms of all fields that are text. One definition for the files, the API and the verifier. */
export const forms = {
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  second: /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/,
  address: /^0x[0-9a-f]{40}$/,
  hash: /^0x[0-9a-f]{64}$/,
  /** At most 39 digits: 2^128 has as many. */
  wei: /^(?:0|[1-9]\d{0,38})$/,
  signature: /^0x[0-9a-f]{130}$/,
  memberId: /^mem_[0-9a-hjkmnp-tv-z]{26}$/,
} as const;

/**
 * Says whether a text is a day that the calendar has, from 1970 on: the form alone would let the 30th of February pass, and days whose
 * seconds since 1970 no signature can hold.
 */
export function isDay(text: string): boolean {
  const midnight = Date.parse(`${text}T00:00:00Z`);
  return forms.date.test(text) && midnight >= 0 && new Date(midnight).toISOString().startsWith(text);
}
