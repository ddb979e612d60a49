import type { Queryable, Tx } from '../platform/db.ts';

export type BatchState = 'planned' | 'signed' | 'confirmed' | 'conflict' | 'released';

/** A batch as it goes to the chain, amounts in micro-DOTM. */
export interface DistributionBatch {
  id: bigint;
  runId: string;
  chainId: number;
  distributor: string;
  entries: number;
  totalMicro: bigint;
  /** The entries as the contract takes them. */
  words: string;
  entriesHash: string;
  /** Nothing of ours can have paid it in an earlier block. */
  fromBlock: number;
  generation: number;
  state: BatchState;
  txHash: string | null;
  blockNumber: number | null;
  blockAt: Date | null;
  confirmedAt: Date | null;
}

interface BatchRow {
  id: bigint;
  run_id: string;
  chain_id: bigint;
  distributor: string;
  entries: number;
  total_micro: bigint;
  words: string;
  entries_hash: string;
  from_block: bigint;
  generation: number;
  state: BatchState;
  tx_hash: string | null;
  block_number: bigint | null;
  block_at: Date | null;
  confirmed_at: Date | null;
}

function toBatch(row: BatchRow): DistributionBatch {
  return {
    id: row.id,
    runId: row.run_id,
    chainId: Number(row.chain_id),
    distributor: row.distributor,
    entries: row.entries,
    totalMicro: row.total_micro,
    words: row.words,
    entriesHash: row.entries_hash,
    fromBlock: Number(row.from_block),
    generation: row.generation,
    state: row.state,
    txHash: row.tx_hash,
    blockNumber: row.block_number === null ? null : Number(row.block_number),
    blockAt: row.block_at,
    confirmedAt: row.confirmed_at,
  };
}

const columns = `id, run_id, chain_id, distributor, entries, total_micro, words, entries_hash, from_block, generation, state, tx_hash,
  block_number, block_at, confirmed_at`;

/** One member's part of a batch. */
export interface DistributionEntry {
  memberId: string;
  address: string;
  amountMicro: bigint;
}

/** Takes the next number of a batch. A number whose batch was never written is simply missing. */
export async function nextBatchId(tx: Tx): Promise<bigint> {
  const { rows } = await tx.query<{ id: bigint }>(`select nextval('distribution_batch_id') as id`);
  if (!rows[0]) throw new Error('the sequence of batches did not answer');
  return rows[0].id;
}

/** Keeps a planned batch with its entries. */
export async function insertBatch(
  tx: Tx,
  batch: Pick<
    DistributionBatch,
    'id' | 'runId' | 'chainId' | 'distributor' | 'totalMicro' | 'words' | 'entriesHash' | 'fromBlock'
  >,
  entries: readonly DistributionEntry[],
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into distribution_batch (id, run_id, chain_id, distributor, entries, total_micro, words, entries_hash, from_block, state, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'planned', $10)`,
    [
      batch.id,
      batch.runId,
      batch.chainId,
      batch.distributor,
      entries.length,
      batch.totalMicro,
      batch.words,
      batch.entriesHash,
      batch.fromBlock,
      now,
    ],
  );
  await tx.query(
    `insert into distribution_entry (batch_id, position, member_id, address, amount_micro)
     select $1, entry.position - 1, entry.member_id, entry.address, entry.micro
     from unnest($2::text[], $3::text[], $4::bigint[]) with ordinality as entry (member_id, address, micro, position)`,
    [
      batch.id,
      entries.map(({ memberId }) => memberId),
      entries.map(({ address }) => address),
      entries.map(({ amountMicro }) => String(amountMicro)),
    ],
  );
}

/** Reads a batch, null when there is none. */
export async function findBatch(db: Queryable, id: bigint): Promise<DistributionBatch | null> {
  const { rows } = await db.query<BatchRow>(`select ${columns} from distribution_batch where id = $1`, [id]);
  return rows[0] ? toBatch(rows[0]) : null;
}

/** As `findBatch`, under a row lock: a batch changes its state under it only. */
export async function lockBatch(tx: Tx, id: bigint): Promise<DistributionBatch | null> {
  const { rows } = await tx.query<BatchRow>(`select ${columns} from distribution_batch where id = $1 for update`, [id]);
  return rows[0] ? toBatch(rows[0]) : null;
}

/** All batches of a run, in the order of their numbers. */
export async function batchesOfRun(db: Queryable, runId: string): Promise<DistributionBatch[]> {
  const { rows } = await db.query<BatchRow>(`select ${columns} from distribution_batch where run_id = $1 order by id`, [
    runId,
  ]);
  return rows.map(toBatch);
}

/** The next batch of a run that is planned and has no nonce, null when there is none. */
export async function nextPlanned(db: Queryable, runId: string): Promise<DistributionBatch | null> {
  const { rows } = await db.query<BatchRow>(
    `select ${columns} from distribution_batch where run_id = $1 and state = 'planned' order by id limit 1`,
    [runId],
  );
  return rows[0] ? toBatch(rows[0]) : null;
}

/** Batches that the chain may tell of and that are not settled: planned or signed. Without their words. */
export async function unsettledBatches(
  db: Queryable,
  place: { chainId: number; distributor: string },
): Promise<Pick<DistributionBatch, 'id' | 'runId' | 'entriesHash' | 'fromBlock' | 'state' | 'totalMicro'>[]> {
  const { rows } = await db.query<BatchRow>(
    `select id, run_id, entries_hash, from_block, state, total_micro from distribution_batch
     where chain_id = $1 and distributor = $2 and state in ('planned', 'signed') order by id`,
    [place.chainId, place.distributor],
  );
  return rows.map((row) => ({
    id: row.id,
    runId: row.run_id,
    entriesHash: row.entries_hash,
    fromBlock: Number(row.from_block),
    state: row.state,
    totalMicro: row.total_micro,
  }));
}

/** Entries of a batch in their order. */
export async function entriesOfBatch(db: Queryable, batchId: bigint): Promise<DistributionEntry[]> {
  const { rows } = await db.query<{ member_id: string; address: string; amount_micro: bigint }>(
    'select member_id, address, amount_micro from distribution_entry where batch_id = $1 order by position',
    [batchId],
  );
  return rows.map((row) => ({ memberId: row.member_id, address: row.address, amountMicro: row.amount_micro }));
}

/**
 * Takes members out of a batch; `left` is what the batch is without them. The caller holds its lock, and has seen that it is planned, was never
 * signed, and keeps somebody.
 */
export async function removeEntries(
  tx: Tx,
  id: bigint,
  memberIds: readonly string[],
  left: { entries: number; totalMicro: bigint; words: string; entriesHash: string },
): Promise<void> {
  await tx.query('delete from distribution_entry where batch_id = $1 and member_id = any($2)', [id, memberIds]);
  await tx.query(
    `update distribution_batch set entries = $2, total_micro = $3, words = $4, entries_hash = $5 where id = $1`,
    [id, left.entries, left.totalMicro, left.words, left.entriesHash],
  );
}

/** Where the chain says that a batch was paid. */
export interface PaidAt {
  readonly txHash: string;
  readonly blockNumber: number;
  readonly blockHash: string;
  readonly blockAt: Date;
}

/** The batch is paid for good. The caller holds its lock. */
export async function recordConfirmed(tx: Tx, id: bigint, paid: PaidAt, now: Date): Promise<void> {
  await tx.query(
    `update distribution_batch set state = 'confirmed', tx_hash = $2, block_number = $3, block_hash = $4, block_at = $5, confirmed_at = $6
     where id = $1`,
    [id, paid.txHash, paid.blockNumber, paid.blockHash, paid.blockAt, now],
  );
}

/** The chain and our books tell different things of the batch: nothing of ours moves it any more. The caller holds its lock. */
export async function recordConflict(tx: Tx, id: bigint, txHash: string | null): Promise<void> {
  await tx.query(`update distribution_batch set state = 'conflict', tx_hash = $2 where id = $1`, [id, txHash]);
}

/** What the batch held is its members' again. The caller holds its lock and knows that the chain will never pay it. */
export async function recordReleased(tx: Tx, id: bigint): Promise<void> {
  await tx.query(`update distribution_batch set state = 'released' where id = $1`, [id]);
}

/** A count for each state, of a run that has no batches. */
export const noBatches: Readonly<Record<BatchState, number>> = {
  planned: 0,
  signed: 0,
  confirmed: 0,
  conflict: 0,
  released: 0,
};

/** How many batches of each run are in which state; a run without batches is missing. */
export async function countBatchesOfRuns(
  db: Queryable,
  runIds: readonly string[],
): Promise<Map<string, Readonly<Record<BatchState, number>>>> {
  const { rows } = await db.query<{ run_id: string; state: BatchState; batches: bigint }>(
    'select run_id, state, count(*) as batches from distribution_batch where run_id = any($1) group by run_id, state',
    [runIds],
  );
  const counts = new Map<string, Readonly<Record<BatchState, number>>>();
  for (const { run_id, state, batches } of rows) {
    counts.set(run_id, { ...(counts.get(run_id) ?? noBatches), [state]: Number(batches) });
  }
  return counts;
}

/** How many batches of a run are in which state. */
export async function countBatches(db: Queryable, runId: string): Promise<Readonly<Record<BatchState, number>>> {
  return (await countBatchesOfRuns(db, [runId])).get(runId) ?? noBatches;
}
