import { isDeepStrictEqual } from 'node:util';
import type { Death } from '../../support/mortal.ts';
import type { Outcome } from './outcome.ts';
import type { Path } from './paths.ts';

/** What is wrong after a death, and what the vendors make unavoidable. */
export interface Verdict {
  failures: string[];
  /** Mails that came twice, because the process died between the provider's acceptance and our note of it. */
  doubledMails: number;
  /** Empty groups at the carrier, which has no call to look for one; they cost nothing. */
  emptyGroups: number;
}

const delivered = ['released', 'installed', 'active'];

/**
 * Says what in `outcome` breaks the promise of its path: each order ends in one of its states; what is kept was charged once and
 * brought its line; what is refunded was given back whole and holds no plan; nothing is left open.
 */
export function brokenPromises(path: Path, outcome: Outcome): string[] {
  const { orders, charges } = outcome;
  const failures: string[] = [];
  const must = (holds: boolean, what: string): void => void (holds || failures.push(what));
  must(orders.length === path.ends.length, `${String(orders.length)} orders, not ${String(path.ends.length)}`);
  orders.forEach(({ state, total, refunded, books }, index) => {
    const end = path.ends[index];
    if (end === 'connected') must(delivered.includes(state), `a paid order rests as ${state}`);
    else must(state === (end === 'refunded' ? 'refunded' : 'expired'), `an order is ${state}, not ${String(end)}`);
    if (end === 'refunded') must(refunded === total, `${refunded} of ${total} came back`);
    if (end !== 'connected')
      must(Object.keys(books).length === 0, `an order without effect has ${JSON.stringify(books)}`);
    must(!Object.keys(books).some((name) => name.startsWith('funds/')), 'money lies in the funds of the member');
  });
  // What tokens pay whole is charged to no card.
  const isPaid = orders.filter(({ total }, index) => path.ends[index] !== 'nothing bought' && total !== '0').length;
  must(charges.length === isPaid, `${String(charges.length)} charges for ${String(isPaid)} paid orders`);
  const isConnected = path.ends.includes('connected');
  must(outcome.lines.length === 1 || !isConnected, `${String(outcome.lines.length)} lines`);
  must(
    isConnected || outcome.lines.every((plans) => plans.length === 0) || path.ends.length === 0 || hadLine(path),
    'a plan for nothing',
  );
  must(
    !Object.keys(outcome.balances).some((name) => name.startsWith('funds/')),
    'money lies open in an account of the member',
  );
  must(outcome.openJobs.length === 0, `open jobs: ${outcome.openJobs.join(', ')}`);
  return failures;
}

/** What was given back after it had been delivered keeps its plan at the carrier, which knows no call to take one away. */
function hadLine(path: Path): boolean {
  return path.name === 'refunded-whole' || path.name === 'dispute-lost';
}

/** Compares what a disturbed run left with what the undisturbed one left: nothing may be missing, doubled or different. */
export function compare(expected: Outcome, got: Outcome, death: Death): Verdict {
  const failures: string[] = [];
  const twice = difference(got.mails, expected.mails);
  const lost = difference(expected.mails, got.mails);
  if (lost.length > 0) failures.push(`mails lost: ${lost.join(', ')}`);
  const unexcused = difference(twice, mailsUnderWay(death));
  if (unexcused.length > 0) failures.push(`mails twice: ${unexcused.join(', ')}`);
  const emptyGroups = got.groups - expected.groups;
  if (
    emptyGroups !== 0 &&
    !(emptyGroups === 1 && death.unsaved.some((call) => call.endsWith(': carrier.createGroup')))
  ) {
    failures.push(`${String(emptyGroups)} groups too many`);
  }
  // A line that is found again later may bring the number that the carrier has given it meanwhile, also to an order that is refunded.
  if (got.numbers < expected.numbers) failures.push(`${String(expected.numbers - got.numbers)} numbers lost`);
  const { mails: _mails, groups: _groups, numbers: _numbers, ...rest } = expected;
  for (const [part, value] of Object.entries(rest)) {
    const found = got[part as keyof Outcome];
    if (part === 'orders' && isDeepStrictEqual(given(got.orders), given(expected.orders))) continue;
    if (!isDeepStrictEqual(found, value))
      failures.push(`${part}: ${JSON.stringify(found)}, not ${JSON.stringify(value)}`);
  }
  return { failures, doubledMails: twice.length - unexcused.length, emptyGroups: Math.max(emptyGroups, 0) };
}

/**
 * Orders without what chance decides: real jobs run side by side, so that the carrier's word that the phone came on may arrive before
 * or after the refund of its order, which closes the timeline.
 */
function given(orders: Outcome['orders']): Outcome['orders'] {
  return orders.map((order) =>
    order.state === 'refunded' ? { ...order, timeline: order.timeline.filter((kind) => kind !== 'activated') } : order,
  );
}

/** The kinds of mails that may come twice: their own jobs were cut off between the provider's acceptance and our note of it. */
function mailsUnderWay({ unsaved }: Death): string[] {
  return unsaved.flatMap((call) => /^mail\.send (\w+)(?: #\d+)?: mail\.send$/.exec(call)?.[1] ?? []);
}

/** What stands in `all` more often than in `others`. */
function difference(all: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return all.filter((one) => {
    const at = left.indexOf(one);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}
