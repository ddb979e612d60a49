import { ledgerUnit, type Posting, type PostingMeta } from '../domain/ledger/posting.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { CodedError } from '../shared/errors.ts';

/** A transfer as the ledger wrote it; `replayed` when an earlier posting with the same key and content had written it. */
export interface PostedTransfer {
  transferId: string;
  replayed: boolean;
}

/** One leg of a transfer, as written. */
export interface LedgerEntry {
  transferId: string;
  key: string;
  template: string;
  eventAt: Date;
  account: string;
  unit: string;
  amount: bigint;
  /** Balance after this entry; null for accounts of the platform, which keep none per entry. */
  balanceAfter: bigint | null;
}

/** Transfers count in the database; outside they carry a prefix and sort as text up to 10^16 of them. */
const idDigits = 16;

function toTransferId(id: bigint): string {
  return `tfr_${String(id).padStart(idDigits, '0')}`;
}

function fromTransferId(transferId: string): bigint {
  const digits = /^tfr_(\d{16})$/.exec(transferId)?.[1];
  if (digits === undefined) throw new RangeError(`"${transferId}" is no id of a transfer`);
  return BigInt(digits);
}

/** Gives the refusals that a caller can act on their code. Everything else is a fault of ours and passes as it is. */
function toCoded(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code === 'LG001') return new CodedError('ledger.insufficient_funds', error.message, { cause: error });
  if (error.code === 'LG002') return new CodedError('ledger.key_reused', error.message, { cause: error });
  return error;
}

interface PostRow {
  transfer_id: bigint;
  replayed: boolean;
}

async function callPost(tx: Tx, text: string, values: readonly unknown[], name?: string): Promise<PostedTransfer> {
  try {
    const { rows } = await tx.query<PostRow>(text, values, name);
    const [row] = rows;
    if (!row) throw new Error('the ledger did not answer');
    return { transferId: toTransferId(row.transfer_id), replayed: row.replayed };
  } catch (error) {
    throw toCoded(error);
  }
}

/**
 * Writes a posting in the caller's transaction, in one round trip. Safe to repeat: the same key with the same content answers from
 * the first time. A refusal makes the transaction useless, as any failed statement does. Throws ledger.insufficient_funds when an
 * account would fall below its minimum and ledger.key_reused when the key belongs to another posting.
 */
export async function post(tx: Tx, posting: Posting): Promise<PostedTransfer> {
  const { key, template, eventAt, legs, meta } = posting;
  return callPost(
    tx,
    'select transfer_id, replayed from ledger.post($1, $2, $3, $4, $5, $6, $7)',
    [
      key,
      template,
      eventAt,
      legs.map((leg) => leg.account),
      legs.map((leg) => ledgerUnit(leg.unit)),
      legs.map((leg) => String(leg.amount)),
      meta,
    ],
    'ledger-post',
  );
}

/**
 * Writes the exact opposite of a whole transfer, computed from its entries. Safe to repeat with the same key. Throws as `post` does;
 * a second reversal under another key, and the reversal of a reversal, are faults of the caller and come as plain errors.
 */
export async function reverse(
  tx: Tx,
  reversal: { transferId: string; key: string; eventAt: Date; meta: PostingMeta },
): Promise<PostedTransfer> {
  const { transferId, key, eventAt, meta } = reversal;
  return callPost(tx, 'select transfer_id, replayed from ledger.reverse($1, $2, $3, $4)', [
    fromTransferId(transferId),
    key,
    eventAt,
    meta,
  ]);
}

/** Finds the transfer that was written under `key`, null when none was. */
export async function findTransfer(db: Queryable, key: string): Promise<string | null> {
  const { rows } = await db.query<{ id: bigint }>('select id from ledger.transfers where idempotency_key = $1', [key]);
  return rows[0] ? toTransferId(rows[0].id) : null;
}

/** The exact balance of an account in minor units; 0 for one that has never been posted to. */
export async function balanceOf(db: Queryable, account: string): Promise<bigint> {
  const { rows } = await db.query<{ balance: bigint }>('select ledger.balance($1) as balance', [account]);
  return rows[0]?.balance ?? 0n;
}

/** The entries of all transfers about `subject` (an order, a reward, a line), oldest first. */
export async function entriesOf(db: Queryable, subject: string): Promise<LedgerEntry[]> {
  const { rows } = await db.query<{
    transfer_id: bigint;
    idempotency_key: string;
    template: string;
    event_at: Date;
    code: string;
    unit: string;
    amount: bigint;
    balance_after: bigint | null;
  }>(
    // '0' follows '/' in byte order, so this is the range of keys that start with the subject and a slash, read from their index.
    `select transfer_id, idempotency_key, template, event_at, code, unit, amount, balance_after from ledger.journal
     where idempotency_key >= $1 || '/' and idempotency_key < $1 || '0' order by transfer_id, code`,
    [subject],
  );
  return rows.map((row) => ({
    transferId: toTransferId(row.transfer_id),
    key: row.idempotency_key,
    template: row.template,
    eventAt: row.event_at,
    account: row.code,
    unit: row.unit,
    amount: row.amount,
    balanceAfter: row.balance_after,
  }));
}

/** Folds what platform accounts have received into their roll-up and returns how many entries. Run it every few minutes. */
export async function foldLedger(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ folded: bigint }>('select ledger.fold() as folded');
  return Number(rows[0]?.folded ?? 0n);
}

/** Recomputes the books and returns what contradicts them: nothing when all is well. Reads every entry. */
export async function verifyLedger(db: Queryable): Promise<{ problem: string; subject: string }[]> {
  const { rows } = await db.query<{ problem: string; subject: string }>('select problem, subject from ledger.verify()');
  return rows;
}
