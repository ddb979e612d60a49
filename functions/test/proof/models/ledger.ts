import fc from 'fast-check';
import { reversalOf, type Posting } from '../../../src/domain/ledger/posting.ts';
import * as templates from '../../../src/domain/ledger/templates.ts';
import type { Db } from '../../../src/platform/db.ts';
import { CodedError } from '../../../src/shared/errors.ts';
import { minor, type Amount, type Currency } from '../../../src/shared/money.ts';
import { balanceOf, foldLedger, post, reverse } from '../../../src/store/ledger.ts';

/** A transfer as the model remembers it. */
interface Kept {
  posting: Posting;
  transferId: string;
  reversedBy: string | null;
}

/** What the ledger must say: balances of all accounts, and the transfers by key. Nothing else is known of it. */
export interface LedgerModel {
  balances: Map<string, bigint>;
  kept: Kept[];
  /** How many steps ran. */
  steps: number;
}

/**
 * The ledger under test. `run` names the ids of this history, which shares the database with others; `before` are the balances of the
 * platform's accounts when it began.
 */
export interface RealLedger {
  db: Db;
  run: string;
  before: Map<string, bigint>;
}

type Step = fc.AsyncCommand<LedgerModel, RealLedger>;

const at = new Date('2026-05-01T08:00:00Z');
const isStrict = (account: string) => !account.startsWith('platform/');

function overdraws(model: LedgerModel, { legs }: Posting): boolean {
  return legs.some(
    ({ account, amount }) => amount < 0n && isStrict(account) && (model.balances.get(account) ?? 0n) + amount < 0n,
  );
}

function book(model: LedgerModel, { legs }: Posting): void {
  for (const { account, amount } of legs) model.balances.set(account, (model.balances.get(account) ?? 0n) + amount);
}

/** Runs `deed` in a transaction and gives its value, or the code of the refusal. */
async function outcome<T>(db: Db, deed: Parameters<typeof db.transaction<T>>[0]): Promise<T | string> {
  try {
    return await db.transaction(deed);
  } catch (error) {
    if (error instanceof CodedError) return error.code;
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: the ledger says ${String(found)}, the model ${String(expected)}`);
}

async function expectBalances(model: LedgerModel, real: RealLedger, accounts: Iterable<string>): Promise<void> {
  for (const account of accounts) {
    const expected = (model.balances.get(account) ?? 0n) + (real.before.get(account) ?? 0n);
    expectSame(`balance of ${account}`, await balanceOf(real.db, account), expected);
  }
}

/** A posting is written once: a new key moves money unless it overdraws, a known key replays, a known key with another body is refused. */
class Post implements Step {
  readonly #make: PostingOf;
  constructor(make: PostingOf) {
    this.#make = make;
  }
  check = () => true;
  async run(model: LedgerModel, real: RealLedger): Promise<void> {
    const posting = this.#make(real.run);
    model.steps += 1;
    const earlier = model.kept.find((one) => one.posting.key === posting.key);
    const found = await outcome(real.db, (tx) => post(tx, posting));
    if (earlier && body(earlier.posting) !== body(posting)) {
      expectSame(`other body under ${posting.key}`, found, 'ledger.key_reused');
    } else if (earlier) {
      expectSame(`replay of ${posting.key}`, JSON.stringify(found), replayOf(earlier.transferId));
    } else if (overdraws(model, posting)) {
      expectSame(`overdraft by ${posting.key}`, found, 'ledger.insufficient_funds');
    } else {
      if (typeof found === 'string' || found.replayed)
        throw new Error(`${posting.key} was not written: ${JSON.stringify(found)}`);
      book(model, posting);
      model.kept.push({ posting, transferId: found.transferId, reversedBy: null });
    }
    await expectBalances(
      model,
      real,
      posting.legs.map((leg) => leg.account),
    );
  }
  toString = () => `post(${this.#make('').key} ${body(this.#make(''))})`;
}

function body({ template, legs, meta }: Posting): string {
  const moved = legs.map(({ account, amount }) => `${account} ${String(amount)}`);
  return JSON.stringify([template, moved, meta]);
}

function replayOf(transferId: string): string {
  return JSON.stringify({ transferId, replayed: true });
}

/** A transfer is reversed to the last unit, once; its reversal replays under its key, and can't be reversed itself. */
class Reverse implements Step {
  readonly #pick: number;
  readonly #otherKey: boolean;
  constructor(pick: number, otherKey: boolean) {
    this.#pick = pick;
    this.#otherKey = otherKey;
  }
  check = (model: Readonly<LedgerModel>) => model.kept.length > 0;
  async run(model: LedgerModel, real: RealLedger): Promise<void> {
    const one = model.kept[this.#pick % model.kept.length];
    if (!one) return;
    model.steps += 1;
    const key = `${one.posting.key}/reversed${this.#otherKey ? '/again' : ''}`;
    const { meta } = one.posting;
    const isReversal = one.posting.template.endsWith('.reversed');
    const reversal = isReversal ? null : { ...reversalOf(one.posting, at), key };
    const { transferId } = one;
    const found = await outcome(real.db, (tx) => reverse(tx, { transferId, key, eventAt: at, meta }));
    const earlier = model.kept.find((other) => other.posting.key === key);
    if (reversal === null) expectSame(`reversal of the reversal ${one.posting.key}`, found, 'LG005');
    else if (earlier) expectSame(`replay of ${key}`, JSON.stringify(found), replayOf(earlier.transferId));
    else if (one.reversedBy !== null) expectSame(`second reversal of ${one.posting.key}`, found, '23505');
    else if (overdraws(model, reversal)) expectSame(`overdraft by ${key}`, found, 'ledger.insufficient_funds');
    else {
      if (typeof found === 'string') throw new Error(`${one.posting.key} was not reversed: ${found}`);
      book(model, reversal);
      one.reversedBy = key;
      model.kept.push({ posting: reversal, transferId: found.transferId, reversedBy: null });
    }
    await expectBalances(
      model,
      real,
      one.posting.legs.map((leg) => leg.account),
    );
  }
  toString = () => `reverse(${String(this.#pick)}${this.#otherKey ? ', under another key' : ''})`;
}

/** Folding changes no balance. */
class Fold implements Step {
  check = () => true;
  async run(model: LedgerModel, real: RealLedger): Promise<void> {
    model.steps += 1;
    await foldLedger(real.db);
    await expectBalances(model, real, model.balances.keys());
  }
  toString = () => 'fold()';
}

const small = <T>(...values: [T, ...T[]]) => fc.constantFrom(...values);
/** Few values, so that keys meet again and accounts run dry. */
const cents = small(1n, 99n, 500n, 2_000n);
const wei = small(1n, 10n ** 17n, 2_066_000_000_000_000_000n, 10n ** 27n);
const bytes = small(1n, 1_000_000n, 10_000_000_000n);

/** A posting on ids that begin with the name of the history, which is not known before it runs. */
type PostingOf = (run: string) => Posting;

/** Every template of the product, on few ids. */
function postings(): fc.Arbitrary<PostingOf> {
  const name = small('a', 'b', 'c');
  const flag = fc.boolean();
  const drawn = fc.record({
    ...{ member: name, order: name, reward: name, line: name, id: small('1', '2'), share: fc.nat(4) },
    ...{ flag, other: flag, cents, wei, bytes, currency: small<Currency>('USD', 'CAD') },
  });
  return fc.tuple(fc.constantFrom(...templatesOf), drawn).map(([make, { member, order, reward, line, ...rest }]) => {
    return (run: string) =>
      make({
        ...rest,
        memberId: `mem_${run}${member}`,
        orderId: `ord_${run}${order}`,
        rewardId: `rwd_${run}${reward}`,
        lineId: `lin_${run}${line}`,
        id: `${run}${rest.id}`,
      });
  });
}

interface Drawn {
  memberId: string;
  orderId: string;
  rewardId: string;
  lineId: string;
  id: string;
  flag: boolean;
  other: boolean;
  share: number;
  cents: bigint;
  wei: bigint;
  bytes: bigint;
  currency: Currency;
}

const money = (from: Drawn): Amount<Currency> => minor(from.currency, from.cents);
const tokens = (from: Drawn, part = 4n) => minor('DOTM', (from.wei * part) / 4n);
const data = (from: Drawn) => minor('BYTE', from.bytes);
/** A number of the history's own, as the ids that begin with its name are. */
const batchOf = (from: Drawn) => BigInt(`0x${Buffer.from(from.id).toString('hex')}`);

const templatesOf: ((from: Drawn) => Posting)[] = [
  (from) => templates.paymentReceived({ ...from, amount: money(from), at }),
  (from) => templates.paymentReceived({ ...from, amount: money(from), at }),
  (from) => templates.revenueRecognised({ ...from, amount: money(from), at }),
  (from) => templates.refundIssued({ ...from, amount: money(from), refundId: `re_${from.id}`, settled: from.flag, at }),
  (from) =>
    templates.feeCharged({
      subject: from.orderId,
      balanceTransactionId: `txn_${from.id}`,
      amount: money(from),
      currency: from.currency,
      at,
    }),
  (from) => templates.disputeOpened({ ...from, amount: money(from), disputeId: `dp_${from.id}`, at }),
  (from) =>
    templates.disputeClosed({
      ...from,
      amount: money(from),
      disputeId: `dp_${from.id}`,
      settled: from.flag,
      won: from.other,
      at,
    }),
  (from) => templates.rewardAccrued({ ...from, amount: tokens(from), at }),
  (from) => templates.rewardVested({ ...from, amount: tokens(from), at }),
  (from) => templates.rewardSetOff({ ...from, amount: tokens(from), total: tokens(from), at }),
  (from) => templates.rewardLapsed({ ...from, amount: tokens(from), total: tokens(from), fromVested: from.flag, at }),
  (from) => templates.rewardReserved({ orderId: from.orderId }, [{ ...from, amount: tokens(from) }], at),
  (from) => templates.rewardReleased({ orderId: from.orderId }, [{ ...from, amount: tokens(from) }], at),
  (from) => templates.rewardReserved({ batchId: batchOf(from) }, [{ ...from, amount: tokens(from) }], at),
  (from) => templates.rewardSent(batchOf(from), [{ ...from, amount: tokens(from) }], at),
  (from) => templates.rewardSpent(from.orderId, { ...from, amount: tokens(from) }, at),
  (from) => templates.creditReturned({ ...from, amount: tokens(from), total: tokens(from), at }),
  (from) =>
    templates.rewardReversed({
      ...from,
      amount: tokens(from),
      total: tokens(from),
      fromVested: from.flag,
      available: tokens(from, BigInt(from.share)),
      at,
    }),
  (from) => templates.dataGranted({ ...from, position: Number(from.id.slice(-1)), amount: data(from), at }),
  (from) => templates.dataTakenBack({ ...from, amount: data(from), at }),
  (from) => templates.dataUsed({ ...from, usageId: from.id, amount: data(from), at }),
];

/** Histories of the ledger: postings of all templates, replays, clashes, reversals and folds in any order. */
export function ledgerHistories(maxCommands: number): fc.Arbitrary<Iterable<Step>> {
  const posting = postings().map((make) => new Post(make));
  const reversal = fc.tuple(fc.nat(50), fc.boolean()).map(([pick, other]) => new Reverse(pick, other));
  return fc.commands([posting, posting, posting, reversal, fc.constant(new Fold())], { maxCommands, size: 'max' });
}

/** Says of a whole history that each balance is the model's, and the sum of each unit zero. */
export async function expectAgreement(model: LedgerModel, real: RealLedger): Promise<void> {
  await expectBalances(model, real, model.balances.keys());
  const sums = new Map<string, bigint>();
  for (const [account, balance] of model.balances) {
    const unit = account.slice(account.lastIndexOf('/') + 1);
    sums.set(unit, (sums.get(unit) ?? 0n) + balance);
    if (isStrict(account) && balance < 0n) throw new Error(`${account} is overdrawn: ${String(balance)}`);
  }
  for (const [unit, sum] of sums) expectSame(`sum of all accounts in ${unit}`, sum, 0n);
}

/** The balances of the platform's accounts, which all histories of a database share. */
export async function platformBalances(db: Db): Promise<Map<string, bigint>> {
  const { rows } = await db.query<{ code: string; balance: bigint }>(
    `select code, balance from ledger.balances where starts_with(code, 'platform/')`,
  );
  return new Map(rows.map((row) => [row.code, row.balance]));
}
