import { minorDigits, negate, type Amount, type Unit } from '../../shared/money.ts';

/** One movement on one account. Positive adds to what the account's owner is owed; see README.md for the sign convention. */
export interface Leg<U extends Unit = Unit> {
  account: string;
  unit: U;
  amount: Amount<U>;
}

/** Facts kept beside a posting: ids and amounts as text. No times (a retried task reads another clock) and no personal data. */
export type PostingMeta = Readonly<Record<string, string>>;

/**
 * What the store writes in one go. `key` makes it happen once: the same key with the same template, legs and meta answers from
 * the first time, with other content it is refused. It starts with the id of what it is about.
 */
export interface Posting {
  key: string;
  template: string;
  /** When it happened in the world. Not part of what must be equal under one key. */
  eventAt: Date;
  legs: readonly Leg[];
  meta: PostingMeta;
}

/** Names a unit as the ledger does, with its decimals: USD -> "USD/2". */
export function ledgerUnit(unit: Unit): string {
  return `${unit}/${String(minorDigits(unit))}`;
}

/**
 * Makes a posting of its parts: sorts the legs by account in byte order, in which the database locks them, and leaves out legs of
 * nothing. Throws RangeError when an account comes twice, no leg is left, or a unit does not sum to zero: a fault in a template.
 */
export function makePosting(parts: Posting): Posting {
  const legs = parts.legs
    .filter((leg) => leg.amount !== 0n)
    // Codes are ASCII, so comparing code units compares bytes.
    .toSorted((a, b) => (a.account < b.account ? -1 : a.account > b.account ? 1 : 0));
  const totals = new Map<Unit, bigint>();
  for (const [index, leg] of legs.entries()) {
    if (legs[index - 1]?.account === leg.account)
      throw new RangeError(`${parts.key} names account ${leg.account} twice`);
    totals.set(leg.unit, (totals.get(leg.unit) ?? 0n) + leg.amount);
  }
  if (legs.length === 0) throw new RangeError(`${parts.key} moves nothing`);
  for (const [unit, total] of totals) {
    if (total !== 0n) throw new RangeError(`${parts.key} sums to ${String(total)} in ${unit}, not to zero`);
  }
  return { ...parts, legs };
}

/**
 * The exact opposite of a posting, to be posted at `at`. The store's `reverse` does the same from the entries of a transfer that
 * was written; both have the same legs. Throws RangeError for what is itself a reversal: post anew instead.
 */
export function reversalOf(posting: Posting, at: Date): Posting {
  if (posting.template.endsWith('.reversed')) throw new RangeError(`${posting.key} is itself a reversal`);
  return makePosting({
    key: `${posting.key}/reversed`,
    template: `${posting.template}.reversed`,
    eventAt: at,
    legs: posting.legs.map((leg) => ({ ...leg, amount: negate(leg.amount) })),
    meta: posting.meta,
  });
}
