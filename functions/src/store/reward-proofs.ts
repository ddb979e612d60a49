import type { Db, Queryable, Tx } from '../platform/db.ts';
import { toHex, type Hex } from '../shared/proofs/bytes.ts';
import type { MemberBalance, OwedParts } from '../shared/proofs/leaf.ts';
import type { BalanceTree, Leaf } from '../shared/proofs/make-proof.ts';
import type { RewardStatement, SignedStatement } from '../shared/proofs/statement.ts';
import type { SumNode } from '../shared/proofs/sum-tree.ts';

/** A proof is made from one run of 2^8 leaves and the level above all runs: some hundred rows instead of all. */
export const runLevels = 8;
const runLength = 2 ** runLevels;

/** Rows of one insert: each column is one parameter, and ten thousand rows are two megabytes. */
const rowsPerInsert = 10_000;

/** How long leaves are kept, and so how long a proof of a day can be had. */
const keepLeavesDays = 90;

/** A statement before it is published. */
export interface DraftStatement {
  readonly date: string;
  readonly takenAt: Date;
  readonly chainId: number;
  readonly token: Hex;
  readonly distributor: Hex;
  readonly root: Hex;
  readonly leaves: number;
  readonly totals: OwedParts;
  /** Null until the chain was read. */
  readonly reading: ChainReading | null;
  /** Null until it was signed, which publishes it. */
  readonly signature: { readonly signer: Hex; readonly value: Hex } | null;
}

/** What the chain said for a statement. */
export interface ChainReading {
  readonly block: { readonly number: number; readonly hash: Hex };
  readonly supply: bigint;
  readonly cap: bigint;
}

interface StatementRow {
  date: string;
  taken_at: Date;
  chain_id: bigint;
  token: Hex;
  distributor: Hex;
  root: Uint8Array;
  leaves: number;
  pending_wei: bigint;
  vested_wei: bigint;
  reserved_wei: bigint;
  block_number: bigint | null;
  block_hash: Hex | null;
  supply_wei: bigint | null;
  cap_wei: bigint | null;
  signer: Hex | null;
  signature: Hex | null;
}

const columns = `date::text as date, taken_at, chain_id, token, distributor, root, leaves, pending_wei, vested_wei, reserved_wei, block_number,
  block_hash, supply_wei, cap_wei, signer, signature`;

function toDraft(row: StatementRow): DraftStatement {
  const { block_number: number, block_hash: hash, supply_wei: supply, cap_wei: cap } = row;
  const isRead = number !== null && hash !== null && supply !== null && cap !== null;
  return {
    date: row.date,
    takenAt: row.taken_at,
    chainId: Number(row.chain_id),
    token: row.token,
    distributor: row.distributor,
    root: toHex(row.root),
    leaves: row.leaves,
    totals: { pending: row.pending_wei, vested: row.vested_wei, reserved: row.reserved_wei },
    reading: isRead ? { block: { number: Number(number), hash }, supply, cap } : null,
    signature: row.signer !== null && row.signature !== null ? { signer: row.signer, value: row.signature } : null,
  };
}

/** Puts a statement into the form that is signed and published. */
export function toStatement(draft: DraftStatement, reading: ChainReading): RewardStatement {
  const { pending, vested, reserved } = draft.totals;
  return {
    version: 1,
    date: draft.date,
    takenAt: draft.takenAt.toISOString().replace(/\.\d+Z$/, 'Z'),
    chainId: draft.chainId,
    token: draft.token,
    distributor: draft.distributor,
    block: reading.block,
    supply: String(reading.supply),
    cap: String(reading.cap),
    root: draft.root,
    leaves: draft.leaves,
    totals: {
      pending: String(pending),
      vested: String(vested),
      reserved: String(reserved),
      owed: String(pending + vested + reserved),
    },
    mayStillBeMinted: String(reading.cap - reading.supply),
  };
}

/**
 * What is owed to each member, out of the ledger, in one statement: all balances of one moment, so that tokens on their way from one
 * state to the next count once. Reads every account and may take longer than other statements.
 */
export function readOwed(db: Db): Promise<(OwedParts & { memberId: string })[]> {
  return db.transaction(async (tx) => {
    await tx.query(`set local statement_timeout = '5min'`);
    const part = (purpose: string) =>
      `coalesce(sum(balance) filter (where split_part(code, '/', 3) = 'rewards_${purpose}'), 0)::numeric(38, 0) as ${purpose}`;
    const { rows } = await tx.query<OwedParts & { member_id: string }>(
      `select split_part(code, '/', 2) as member_id, ${part('pending')}, ${part('vested')}, ${part('reserved')}
       from ledger.accounts
       where unit = 'DOTM/18' and balance > 0 and split_part(code, '/', 1) = 'member'
         and split_part(code, '/', 3) in ('rewards_pending', 'rewards_vested', 'rewards_reserved')
       group by 1`,
    );
    return rows.map(({ member_id, ...parts }) => ({ memberId: member_id, ...parts }));
  });
}

/** Reads the statement of a day, finished or not; null when nobody has begun it. */
export async function findDraft(db: Queryable, date: string): Promise<DraftStatement | null> {
  const { rows } = await db.query<StatementRow>(`select ${columns} from reward_statement where date = $1`, [date]);
  return rows[0] ? toDraft(rows[0]) : null;
}

/**
 * Keeps what was counted for a day: the statement's first half, all leaves, and the level above their runs. Returns false when the day was
 * counted before; then nothing is written.
 */
export async function keepCount(
  tx: Tx,
  of: Pick<DraftStatement, 'date' | 'takenAt' | 'chainId' | 'token' | 'distributor'>,
  tree: BalanceTree,
  runs: readonly SumNode[],
): Promise<boolean> {
  const { pending, vested, reserved } = tree.totals;
  const { rowCount } = await tx.query(
    `insert into reward_statement (date, taken_at, chain_id, token, distributor, root, leaves, pending_wei, vested_wei, reserved_wei)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
    [
      ...[of.date, of.takenAt, of.chainId, of.token, of.distributor],
      ...[Buffer.from(tree.root.hash), tree.leaves.length, pending, vested, reserved],
    ],
  );
  if (rowCount === 0) return false;
  for (let from = 0; from < tree.leaves.length; from += rowsPerInsert) {
    await insertLeaves(tx, of.date, from, tree.leaves.slice(from, from + rowsPerInsert));
  }
  await tx.query(
    `insert into reward_node (date, position, hash, sum_wei)
     select $1, position - 1, hash, sum_wei from unnest($2::bytea[], $3::numeric[]) with ordinality as node (hash, sum_wei, position)`,
    [of.date, runs.map(({ hash }) => Buffer.from(hash)), runs.map(({ sum }) => String(sum))],
  );
  return true;
}

async function insertLeaves(tx: Tx, date: string, from: number, leaves: readonly Leaf[]): Promise<void> {
  await tx.query(
    `insert into reward_leaf (date, position, member_id, salt, hash, pending_wei, vested_wei, reserved_wei)
     select $1, $2 + position - 1, member_id, salt, hash, pending, vested, reserved
     from unnest($3::text[], $4::bytea[], $5::bytea[], $6::numeric[], $7::numeric[], $8::numeric[])
       with ordinality as leaf (member_id, salt, hash, pending, vested, reserved, position)`,
    [
      date,
      from,
      leaves.map((leaf) => leaf.memberId),
      leaves.map((leaf) => Buffer.from(leaf.salt)),
      leaves.map((leaf) => Buffer.from(leaf.hash)),
      leaves.map((leaf) => String(leaf.pending)),
      leaves.map((leaf) => String(leaf.vested)),
      leaves.map((leaf) => String(leaf.reserved)),
    ],
  );
}

/** Keeps what the chain said for the statement of a day. Changes nothing when that was kept before: what was kept is what is signed. */
export async function keepReading(tx: Tx, date: string, { block, supply, cap }: ChainReading): Promise<void> {
  await tx.query(
    `update reward_statement set block_number = $2, block_hash = $3, supply_wei = $4, cap_wei = $5 where date = $1 and block_number is null`,
    [date, block.number, block.hash, supply, cap],
  );
}

/** Keeps the signature, which publishes the statement. Returns false when it was published before. */
export async function publishStatement(
  tx: Tx,
  date: string,
  signature: { signer: Hex; value: Hex },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update reward_statement set signer = $2, signature = $3, published_at = $4 where date = $1 and published_at is null`,
    [date, signature.signer, signature.value, now],
  );
  return rowCount === 1;
}

/** The newest block in which a batch of ours is known to be paid, 0 for none. A statement reads the supply there or later. */
export async function newestPaidBlock(db: Queryable, chainId: number): Promise<number> {
  const { rows } = await db.query<{ block: bigint | null }>(
    `select max(block_number) as block from distribution_batch where chain_id = $1 and state = 'confirmed'`,
    [chainId],
  );
  return Number(rows[0]?.block ?? 0n);
}

/** Deletes leaves that have served their time. The statements stay. */
export async function forgetOldLeaves(tx: Tx, now: Date): Promise<void> {
  const before = new Date(now.getTime() - keepLeavesDays * 86_400_000).toISOString().slice(0, 10);
  await tx.query('delete from reward_leaf where date < $1', [before]);
  await tx.query('delete from reward_node where date < $1', [before]);
}

function toSigned(row: StatementRow): SignedStatement {
  const draft = toDraft(row);
  if (!draft.reading || !draft.signature) throw new Error(`the statement of ${draft.date} is not published`);
  return { statement: toStatement(draft, draft.reading), signature: draft.signature };
}

/** A published statement: of a day, or the newest when `date` is null. Null when there is none. */
export async function findStatement(db: Queryable, date: string | null): Promise<SignedStatement | null> {
  const { rows } = await db.query<StatementRow>(
    `select ${columns} from reward_statement
     where published_at is not null and date = coalesce($1, (select max(date) from reward_statement where published_at is not null))`,
    [date],
  );
  return rows[0] ? toSigned(rows[0]) : null;
}

/** Published statements, the newest first, of days before `before` when that is given. */
export async function listStatements(db: Queryable, before: string | null, limit: number): Promise<SignedStatement[]> {
  const { rows } = await db.query<StatementRow>(
    `select ${columns} from reward_statement where published_at is not null and ($1::date is null or date < $1)
     order by date desc limit $2`,
    [before, limit],
  );
  return rows.map(toSigned);
}

interface LeafRow {
  position: number;
  salt: Uint8Array;
  pending_wei: bigint;
  vested_wei: bigint;
  reserved_wei: bigint;
}

/** A member's leaf of a day and its place; null when nothing was owed to them, or the leaves of that day are gone. */
export async function findLeaf(
  db: Queryable,
  date: string,
  memberId: string,
): Promise<{ leaf: MemberBalance; index: number } | null> {
  const { rows } = await db.query<LeafRow>(
    'select position, salt, pending_wei, vested_wei, reserved_wei from reward_leaf where date = $1 and member_id = $2',
    [date, memberId],
  );
  const [row] = rows;
  if (!row) return null;
  const { pending_wei: pending, vested_wei: vested, reserved_wei: reserved } = row;
  return { leaf: { memberId, salt: row.salt, pending, vested, reserved }, index: row.position };
}

/** Hashes and sums of the run of leaves that `index` lies in, and the level above all runs. Nobody's name or salt is among them. */
export async function readRun(
  db: Queryable,
  date: string,
  index: number,
): Promise<{ run: SumNode[]; above: SumNode[] }> {
  const from = index - (index % runLength);
  const run = await db.query<SumNode>(
    `select hash, pending_wei + vested_wei + reserved_wei as sum from reward_leaf
     where date = $1 and position >= $2 and position < $3 order by position`,
    [date, from, from + runLength],
  );
  const above = await db.query<SumNode>(
    'select hash, sum_wei as sum from reward_node where date = $1 order by position',
    [date],
  );
  return { run: run.rows, above: above.rows };
}

/** All leaves of a member, for the account's export: with the salt of a day anybody can find the member in its tree. */
export async function exportLeaves(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query<LeafRow & { date: string }>(
    `select date::text as date, position, salt, pending_wei, vested_wei, reserved_wei from reward_leaf where member_id = $1 order by date`,
    [memberId],
  );
  return rows.map((row) => ({ ...row, salt: toHex(row.salt) }));
}
