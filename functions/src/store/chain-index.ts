import type { Queryable, Tx } from '../platform/db.ts';
import type { Hex } from '../shared/proofs/bytes.ts';

/** Whose index: one token on one chain. */
export interface IndexOf {
  readonly chainId: number;
  readonly token: string;
}

/** How far a token's events were read. */
export interface ChainCursor {
  readonly nextBlock: number;
  /** Of the last block that was read; null before the first. */
  readonly blockHash: Hex | null;
  readonly blockAt: Date | null;
  /** All that was ever minted up to there. */
  readonly minted: bigint;
  readonly holders: number;
  /** Null until the index has agreed with the token's own supply once. */
  readonly cap: bigint | null;
}

/** A payment that the chain tells of. */
export interface IndexedPayout {
  readonly distributor: string;
  readonly batchId: bigint;
  readonly entries: number;
  readonly entriesHash: string;
  readonly totalMicro: bigint;
  readonly blockNumber: number;
  readonly blockAt: Date;
  readonly txHash: string;
  /** Whether we planned this batch with these entries and signed it. */
  readonly ours: boolean;
}

/** What some blocks have changed. */
export interface IndexedBlocks {
  readonly fromBlock: number;
  readonly toBlock: number;
  /** Of the last one. */
  readonly blockHash: Hex;
  readonly blockAt: Date;
  /** Address -> what its balance changed by; never zero. */
  readonly changes: ReadonlyMap<string, bigint>;
  readonly minted: bigint;
  readonly payouts: readonly IndexedPayout[];
}

interface CursorRow {
  next_block: bigint;
  block_hash: Hex | null;
  block_at: Date | null;
  minted_wei: bigint;
  holders: number;
  cap_wei: bigint | null;
}

function toCursor(row: CursorRow): ChainCursor {
  return {
    nextBlock: Number(row.next_block),
    blockHash: row.block_hash,
    blockAt: row.block_at,
    minted: row.minted_wei,
    holders: row.holders,
    cap: row.cap_wei,
  };
}

const cursorColumns = 'next_block, block_hash, block_at, minted_wei, holders, cap_wei';

/** Reads how far a token was indexed; null when nobody has begun. */
export async function findCursor(db: Queryable, of: IndexOf): Promise<ChainCursor | null> {
  const { rows } = await db.query<CursorRow>(
    `select ${cursorColumns} from chain_cursor where chain_id = $1 and token = $2`,
    [of.chainId, of.token],
  );
  return rows[0] ? toCursor(rows[0]) : null;
}

/** Begins an index at `startBlock` unless there is one, and returns how far it is. */
export async function openCursor(db: Queryable, of: IndexOf, startBlock: number): Promise<ChainCursor> {
  await db.query('insert into chain_cursor (chain_id, token, next_block) values ($1, $2, $3) on conflict do nothing', [
    of.chainId,
    of.token,
    startBlock,
  ]);
  const cursor = await findCursor(db, of);
  if (!cursor) throw new Error('the cursor of the chain disappeared');
  return cursor;
}

/**
 * Adds what some blocks have changed, and moves the cursor behind them. Returns false, and changes nothing, when the cursor does not stand
 * at the first of them: another worker has added them. A balance below zero is refused by the database: something was skipped.
 */
export async function addBlocks(tx: Tx, of: IndexOf, blocks: IndexedBlocks): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update chain_cursor set next_block = $4, block_hash = $5, block_at = $6, minted_wei = minted_wei + $7
     where chain_id = $1 and token = $2 and next_block = $3`,
    [of.chainId, of.token, blocks.fromBlock, blocks.toBlock + 1, blocks.blockHash, blocks.blockAt, blocks.minted],
  );
  if (rowCount === 0) return false;
  if (blocks.changes.size > 0) await changeBalances(tx, of, blocks.changes);
  for (const payout of blocks.payouts) {
    await tx.query(
      `insert into token_payout (chain_id, token, distributor, batch_id, entries, entries_hash, total_micro, block_number, block_at, tx_hash, ours)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ...[of.chainId, of.token, payout.distributor, payout.batchId, payout.entries, payout.entriesHash],
        ...[payout.totalMicro, payout.blockNumber, payout.blockAt, payout.txHash, payout.ours],
      ],
    );
  }
  return true;
}

/** First down and up in one statement, because a row is written once; then rows that hold nothing go, so that rows are holders. */
async function changeBalances(tx: Tx, of: IndexOf, changes: ReadonlyMap<string, bigint>): Promise<void> {
  const keys = [of.chainId, of.token] as const;
  const addresses = [...changes.keys()];
  await tx.query(
    `insert into token_holder (chain_id, token, address, balance_wei)
     select $1, $2, address, 0 from unnest($3::text[]) as changed (address) on conflict do nothing`,
    [...keys, addresses],
  );
  await tx.query(
    `update token_holder h set balance_wei = h.balance_wei + c.change
     from unnest($3::text[], $4::numeric[]) as c (address, change)
     where h.chain_id = $1 and h.token = $2 and h.address = c.address`,
    [...keys, addresses, [...changes.values()].map(String)],
  );
  await tx.query(
    'delete from token_holder where chain_id = $1 and token = $2 and address = any ($3) and balance_wei = 0',
    [...keys, addresses],
  );
  await tx.query(
    `update chain_cursor set holders = (select count(*) from token_holder where chain_id = $1 and token = $2)
     where chain_id = $1 and token = $2`,
    [...keys],
  );
}

/**
 * Holds the index against the token's own supply at `block`. Returns what the holders have together, and null when the cursor does not
 * stand right behind that block. Where they agree it is noted, with the cap.
 */
export async function compareSupply(
  tx: Tx,
  of: IndexOf,
  at: { block: number; supply: bigint; cap: bigint },
  now: Date,
): Promise<bigint | null> {
  const { rows } = await tx.query<{ held: bigint }>(
    `select coalesce((select sum(balance_wei) from token_holder h where h.chain_id = c.chain_id and h.token = c.token), 0)::numeric(38, 0) as held
     from chain_cursor c where chain_id = $1 and token = $2 and next_block = $3 for update of c`,
    [of.chainId, of.token, at.block + 1],
  );
  const [row] = rows;
  if (!row) return null;
  if (row.held === at.supply) {
    await tx.query('update chain_cursor set cap_wei = $3, agreed_at = $4 where chain_id = $1 and token = $2', [
      of.chainId,
      of.token,
      at.cap,
      now,
    ]);
  }
  return row.held;
}

/**
 * Batches of ours that may have been paid, with the hash of their entries: those that were ever signed, also with a nonce
 * that was lost since, but not what was given back.
 */
export async function findSignedBatches(
  db: Queryable,
  chainId: number,
  distributor: string,
  batchIds: readonly bigint[],
): Promise<ReadonlyMap<bigint, string>> {
  const { rows } = await db.query<{ id: bigint; entries_hash: string }>(
    `select id, entries_hash from distribution_batch
     where chain_id = $1 and distributor = $2 and id = any ($3::bigint[]) and state <> 'released'
       and (state in ('signed', 'confirmed') or generation > 0)`,
    // An id beyond our numbers is none of ours.
    [chainId, distributor, batchIds.filter((id) => id < 1n << 63n).map(String)],
  );
  return new Map(rows.map((row) => [row.id, row.entries_hash]));
}

interface PayoutRow {
  distributor: string;
  batch_id: bigint;
  entries: number;
  entries_hash: string;
  total_micro: bigint;
  block_number: bigint;
  block_at: Date;
  tx_hash: string;
  ours: boolean;
}

const payoutColumns =
  'distributor, batch_id, entries, entries_hash, total_micro, block_number, block_at, tx_hash, ours';

function toPayout(row: PayoutRow): IndexedPayout {
  return {
    distributor: row.distributor,
    batchId: row.batch_id,
    entries: row.entries,
    entriesHash: row.entries_hash,
    totalMicro: row.total_micro,
    blockNumber: Number(row.block_number),
    blockAt: row.block_at,
    txHash: row.tx_hash,
    ours: row.ours,
  };
}

/** The newest payouts of a token. */
export async function listPayouts(db: Queryable, of: IndexOf, limit: number): Promise<IndexedPayout[]> {
  const { rows } = await db.query<PayoutRow>(
    `select ${payoutColumns} from token_payout
     where chain_id = $1 and token = $2 order by block_number desc, batch_id desc limit $3`,
    [of.chainId, of.token, limit],
  );
  return rows.map(toPayout);
}

/** True for a payout `p` that our books have as a payment of ours, on its way or made. */
const isBooked = `exists (select from distribution_batch b where b.id = p.batch_id and b.chain_id = p.chain_id
  and b.distributor = p.distributor and b.entries_hash = p.entries_hash and b.state in ('planned', 'signed', 'confirmed'))`;

/** Payouts of a token that our books do not have: somebody else's, or of a batch that a restored database has forgotten. Oldest first. */
export async function unbookedPayouts(db: Queryable, of: IndexOf): Promise<IndexedPayout[]> {
  const { rows } = await db.query<PayoutRow>(
    `select ${payoutColumns} from token_payout p where chain_id = $1 and token = $2 and not ${isBooked}
     order by block_number, batch_id`,
    [of.chainId, of.token],
  );
  return rows.map(toPayout);
}

/** How many of these payments, which the index has not read yet, our books do not have. */
export async function countUnbooked(
  db: Queryable,
  { chainId, distributor }: { chainId: number; distributor: string },
  payments: readonly { batchId: bigint; entriesHash: string }[],
): Promise<number> {
  const { rows } = await db.query<{ unbooked: bigint }>(
    `select count(*) as unbooked from (
       select $1::bigint as chain_id, $2::text as distributor, paid.batch_id, paid.entries_hash
       from unnest($3::numeric[], $4::text[]) as paid (batch_id, entries_hash)) p where not ${isBooked}`,
    [chainId, distributor, payments.map(({ batchId }) => String(batchId)), payments.map((each) => each.entriesHash)],
  );
  return Number(rows[0]?.unbooked ?? 0n);
}

/** Throws away what was read of a token, so that the next run reads it all again from its first block. */
export async function forgetIndex(tx: Tx, of: IndexOf): Promise<void> {
  for (const table of ['token_payout', 'token_holder', 'chain_cursor']) {
    await tx.query(`delete from ${table} where chain_id = $1 and token = $2`, [of.chainId, of.token]);
  }
}
