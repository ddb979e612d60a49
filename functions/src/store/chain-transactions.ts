import type { Queryable, Tx } from '../platform/db.ts';

/** Whose nonces these are. */
export interface SignerPlace {
  readonly chainId: number;
  /** In lower case. */
  readonly sender: string;
}

/** A nonce that a batch has, and the transaction that was signed with it. */
export interface ChainTransaction {
  batchId: bigint;
  generation: number;
  attempt: number;
  sender: string;
  nonce: number;
  /** Null while its bytes are not stored: then nobody can have seen it. */
  signed: SignedTransaction | null;
  sentAt: Date | null;
}

export interface SignedTransaction {
  readonly hash: string;
  readonly raw: string;
  readonly maxFeeWei: bigint;
  readonly tipWei: bigint;
}

interface TransactionRow {
  batch_id: bigint;
  generation: number;
  attempt: number;
  sender: string;
  nonce: bigint;
  hash: string | null;
  raw: string | null;
  max_fee_wei: bigint | null;
  tip_wei: bigint | null;
  sent_at: Date | null;
}

function toTransaction(row: TransactionRow): ChainTransaction {
  const { hash, raw, max_fee_wei: maxFeeWei, tip_wei: tipWei } = row;
  const isSigned = hash !== null && raw !== null && maxFeeWei !== null && tipWei !== null;
  return {
    batchId: row.batch_id,
    generation: row.generation,
    attempt: row.attempt,
    sender: row.sender,
    nonce: Number(row.nonce),
    signed: isSigned ? { hash, raw, maxFeeWei, tipWei } : null,
    sentAt: row.sent_at,
  };
}

/** Every attempt at the nonce that a signed batch has now, on chain $1; to be narrowed and put in order. */
const underWay = `select t.batch_id, t.generation, t.attempt, t.sender, t.nonce, t.hash, t.raw, t.max_fee_wei, t.tip_wei, t.sent_at
  from distribution_batch b join distribution_transaction t on t.batch_id = b.id and t.generation = b.generation
  where b.chain_id = $1 and b.state = 'signed'`;

/** The next nonce of a signer as we know it; null before its first. */
export async function knownNextNonce(db: Queryable, { chainId, sender }: SignerPlace): Promise<number | null> {
  const { rows } = await db.query<{ next_nonce: bigint }>(
    'select next_nonce from chain_signer where chain_id = $1 and address = $2',
    [chainId, sender],
  );
  return rows[0] ? Number(rows[0].next_nonce) : null;
}

/** Takes the lock under which a signer's nonces are given out. The first time, it starts at `nonce`. */
export async function lockSigner(tx: Tx, { chainId, sender }: SignerPlace, nonce: number): Promise<number> {
  await tx.query(
    'insert into chain_signer (chain_id, address, next_nonce) values ($1, $2, $3) on conflict do nothing',
    [chainId, sender, nonce],
  );
  const { rows } = await tx.query<{ next_nonce: bigint }>(
    'select next_nonce from chain_signer where chain_id = $1 and address = $2 for update',
    [chainId, sender],
  );
  if (!rows[0]) throw new Error('the signer is gone');
  return Number(rows[0].next_nonce);
}

/** Nonces of the batches that are under way, in order. The caller holds the signer's lock when it gives out another. */
export async function noncesUnderWay(db: Queryable, { chainId, sender }: SignerPlace): Promise<number[]> {
  const { rows } = await db.query<{ nonce: bigint }>(
    `select distinct t.nonce from distribution_batch b
     join distribution_transaction t on t.batch_id = b.id and t.generation = b.generation
     where b.chain_id = $1 and b.state = 'signed' and t.sender = $2 order by t.nonce`,
    [chainId, sender],
  );
  return rows.map((row) => Number(row.nonce));
}

/** Gives `nonce` to a planned batch: from now on it counts as signed. The caller holds the locks of signer, run and batch. */
export async function recordNonce(
  tx: Tx,
  { chainId, sender }: SignerPlace,
  batch: { id: bigint; generation: number },
  nonce: number,
  nextNonce: number,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into distribution_transaction (batch_id, generation, attempt, chain_id, sender, nonce, created_at)
     values ($1, $2, 0, $3, $4, $5, $6)`,
    [batch.id, batch.generation, chainId, sender, nonce, now],
  );
  await tx.query(`update distribution_batch set state = 'signed' where id = $1`, [batch.id]);
  await tx.query('update chain_signer set next_nonce = $3 where chain_id = $1 and address = $2', [
    chainId,
    sender,
    nextNonce,
  ]);
}

/** Nonces that were given to batches and with which nothing is signed yet, in order. */
export async function unsignedNonces(db: Queryable, chainId: number): Promise<ChainTransaction[]> {
  const { rows } = await db.query<TransactionRow>(`${underWay} and t.raw is null order by t.nonce`, [chainId]);
  return rows.map(toTransaction);
}

/**
 * Stores the bytes for a nonce, once: of two workers that sign the same, the second's are thrown away, and false says so. Only what is
 * stored may be sent.
 */
export async function storeFirstSigned(
  db: Queryable,
  of: Pick<ChainTransaction, 'batchId' | 'generation'>,
  signed: SignedTransaction,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update distribution_transaction set hash = $3, raw = $4, max_fee_wei = $5, tip_wei = $6
     where batch_id = $1 and generation = $2 and attempt = 0 and raw is null`,
    [of.batchId, of.generation, signed.hash, signed.raw, signed.maxFeeWei, signed.tipWei],
  );
  return rowCount === 1;
}

/**
 * Stores a transaction that is to take the place of `before`: the same nonce, better fees. False when the batch has moved on, or another
 * worker was first.
 */
export async function storeReplacement(
  db: Queryable,
  place: SignerPlace,
  before: ChainTransaction,
  signed: SignedTransaction,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into distribution_transaction (batch_id, generation, attempt, chain_id, sender, nonce, hash, raw, max_fee_wei, tip_wei, created_at)
     select b.id, b.generation, $3, $4, $5, $6, $7, $8, $9, $10, $11 from distribution_batch b
     where b.id = $1 and b.generation = $2 and b.state = 'signed' for share on conflict do nothing`,
    [
      before.batchId,
      before.generation,
      before.attempt + 1,
      place.chainId,
      place.sender,
      before.nonce,
      signed.hash,
      signed.raw,
      signed.maxFeeWei,
      signed.tipWei,
      now,
    ],
  );
  return rowCount === 1;
}

/** Every transaction of the batches that are under way on a chain, by nonce, the newest attempt of a batch first. */
export async function transactionsUnderWay(db: Queryable, chainId: number): Promise<ChainTransaction[]> {
  const { rows } = await db.query<TransactionRow>(`${underWay} order by t.nonce, t.batch_id, t.attempt desc`, [
    chainId,
  ]);
  return rows.map(toTransaction);
}

/** The highest nonce of each signer with which a batch was ever signed. What has no stored bytes was never sent. */
export async function lastNoncesOf(db: Queryable, batchId: bigint): Promise<{ sender: string; nonce: number }[]> {
  const { rows } = await db.query<{ sender: string; nonce: bigint }>(
    `select sender, max(nonce) as nonce from distribution_transaction where batch_id = $1 and raw is not null
     group by sender order by sender`,
    [batchId],
  );
  return rows.map(({ sender, nonce }) => ({ sender, nonce: Number(nonce) }));
}

/** Whether we signed the transaction of this hash. */
export async function isSignedByUs(db: Queryable, hash: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from distribution_transaction where hash = $1', [hash]);
  return rowCount !== 0;
}

/** Notes that a transaction went to a node, whatever the node said of it. */
export async function recordSent(db: Queryable, hash: string, now: Date): Promise<void> {
  await db.query('update distribution_transaction set sent_at = $2 where hash = $1', [hash, now]);
}

/** Takes the nonce of a batch away: it is planned again and will get another. The caller holds its lock and knows that it was not paid. */
export async function recordReplanned(tx: Tx, batchId: bigint): Promise<void> {
  await tx.query(`update distribution_batch set state = 'planned', generation = generation + 1 where id = $1`, [
    batchId,
  ]);
}
