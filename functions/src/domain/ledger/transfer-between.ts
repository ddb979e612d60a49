import { negate, type Amount, type Unit } from '../../shared/money.ts';
import { makePosting, type Posting, type PostingMeta } from './posting.ts';

/** Refuses an amount that is not above zero: a template that moves nothing, or backwards, is called by mistake. */
export function requirePositive(key: string, amount: bigint): void {
  if (amount <= 0n) throw new RangeError(`${key} needs an amount above zero, got ${String(amount)}`);
}

/** A posting of two legs: `amount`, above zero, leaves `from` and arrives at `to`. Throws RangeError when it is not above zero. */
export function transferBetween<U extends Unit>(movement: {
  key: string;
  template: string;
  from: string;
  to: string;
  unit: U;
  amount: Amount<U>;
  at: Date;
  meta: PostingMeta;
}): Posting {
  const { key, template, from, to, unit, amount, at, meta } = movement;
  requirePositive(key, amount);
  return makePosting({
    key,
    template,
    eventAt: at,
    legs: [
      { account: from, unit, amount: negate(amount) },
      { account: to, unit, amount },
    ],
    meta,
  });
}
