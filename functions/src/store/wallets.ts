import { checksummed, type Address } from '../domain/wallets/address.ts';
import { isCooling } from '../domain/wallets/usable-from.ts';
import { newId } from '../platform/ids.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import type { Wallet as WalletView } from '../shared/api/wallets.ts';
import type { Id } from '../shared/ids.ts';

/** A wallet that a member has proved to be theirs, on one chain. */
export interface Wallet {
  id: Id<'wallet'>;
  memberId: Id<'member'>;
  chainId: number;
  /** Null once the member's data are erased. */
  address: Address | null;
  kind: WalletView['kind'];
  /** The wallet that comes back when the change to this one is stopped. */
  replaces: Id<'wallet'> | null;
  linkedAt: Date;
  /** No reward goes to it before. */
  usableFrom: Date;
  /** Null while it is the member's current one. */
  unlinkedAt: Date | null;
  unlinkedBecause: UnlinkReason | null;
}

/** Why a wallet is not the current one any more. */
export type UnlinkReason = 'member' | 'replaced' | 'cancelled' | 'erased';

interface WalletRow {
  id: Id<'wallet'>;
  member_id: Id<'member'>;
  chain_id: bigint;
  address: Address | null;
  kind: WalletView['kind'];
  replaces: Id<'wallet'> | null;
  linked_at: Date;
  usable_from: Date;
  unlinked_at: Date | null;
  unlinked_because: UnlinkReason | null;
}

const columns =
  'id, member_id, chain_id, address, kind, replaces, linked_at, usable_from, unlinked_at, unlinked_because';

function toWallet(row: WalletRow): Wallet {
  return {
    id: row.id,
    memberId: row.member_id,
    chainId: Number(row.chain_id),
    address: row.address,
    kind: row.kind,
    replaces: row.replaces,
    linkedAt: row.linked_at,
    usableFrom: row.usable_from,
    unlinkedAt: row.unlinked_at,
    unlinkedBecause: row.unlinked_because,
  };
}

/** Reads a wallet by id, null when there is none. */
export async function findWallet(db: Queryable, id: string): Promise<Wallet | null> {
  const { rows } = await db.query<WalletRow>(`select ${columns} from wallet where id = $1`, [id]);
  return rows[0] ? toWallet(rows[0]) : null;
}

/** Reads the member's current wallet on a chain, null when none is linked. To change it, hold the member's lock. */
export async function currentWallet(db: Queryable, memberId: string, chainId: number): Promise<Wallet | null> {
  const { rows } = await db.query<WalletRow>(
    `select ${columns} from wallet where member_id = $1 and chain_id = $2 and unlinked_at is null`,
    [memberId, chainId],
  );
  return rows[0] ? toWallet(rows[0]) : null;
}

/** The wallet that comes back when the change to `wallet` is stopped: null where none does, or its address is somebody else's by now. */
export async function walletBefore(db: Queryable, wallet: Wallet): Promise<Wallet | null> {
  if (wallet.replaces === null) return null;
  const before = await findWallet(db, wallet.replaces);
  if (before?.address == null) return null;
  return (await isTaken(db, before.chainId, before.address)) ? null : before;
}

async function isTaken(db: Queryable, chainId: number, address: Address): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from wallet where chain_id = $1 and address = $2 and unlinked_at is null',
    [chainId, address],
  );
  return rowCount !== 0;
}

/** True when the account ever had a wallet, on any chain: its next one has to wait. */
export async function hadWallet(db: Queryable, memberId: string): Promise<boolean> {
  const { rowCount } = await db.query('select 1 from wallet where member_id = $1 limit 1', [memberId]);
  return rowCount !== 0;
}

/** What the member sees of the wallet on `chainId`: null when none is linked, or there is no chain. */
export async function viewWallet(
  db: Queryable,
  memberId: string,
  chainId: number | null,
  now: Date,
): Promise<WalletView | null> {
  if (chainId === null) return null;
  const wallet = await currentWallet(db, memberId, chainId);
  if (wallet?.address == null) return null;
  const before = isCooling(wallet, now) ? await walletBefore(db, wallet) : null;
  return {
    chainId,
    address: checksummed(wallet.address),
    kind: wallet.kind,
    linkedAt: wallet.linkedAt.toISOString(),
    usableFrom: wallet.usableFrom.toISOString(),
    previous: before?.address == null ? null : checksummed(before.address),
  };
}

/** A wallet to be linked: proved, and not in the way of the member's current one (unlink that first). */
export interface NewWallet {
  memberId: string;
  chainId: number;
  address: Address;
  kind: WalletView['kind'];
  message: string;
  signature: string;
  replaces: string | null;
  linkedAt: Date;
  usableFrom: Date;
}

/** Links a wallet. Null when its address is linked to an account already, also by a transaction that overtook this one. */
export async function insertWallet(tx: Tx, wallet: NewWallet): Promise<Wallet | null> {
  const { rows } = await tx.query<WalletRow>(
    `insert into wallet (id, member_id, chain_id, address, kind, message, signature, replaces, linked_at, usable_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (chain_id, address) where unlinked_at is null do nothing returning ${columns}`,
    [
      newId('wallet', wallet.linkedAt),
      wallet.memberId,
      wallet.chainId,
      wallet.address,
      wallet.kind,
      wallet.message,
      wallet.signature,
      wallet.replaces,
      wallet.linkedAt,
      wallet.usableFrom,
    ],
  );
  return rows[0] ? toWallet(rows[0]) : null;
}

/**
 * Links a wallet of the past again, as a row of its own, so that what was stays as it was. Usable at once: it was before. Null when its
 * address is linked to an account by now, or was erased.
 */
export async function relinkWallet(tx: Tx, id: string, now: Date): Promise<Wallet | null> {
  const { rows } = await tx.query<WalletRow>(
    `insert into wallet (id, member_id, chain_id, address, kind, message, signature, linked_at, usable_from)
     select $2, member_id, chain_id, address, kind, message, signature, $3, $3 from wallet where id = $1 and address is not null
     on conflict (chain_id, address) where unlinked_at is null do nothing returning ${columns}`,
    [id, newId('wallet', now), now],
  );
  return rows[0] ? toWallet(rows[0]) : null;
}

/** Ends a link. The row stays as history. */
export async function markUnlinked(tx: Tx, id: string, because: UnlinkReason, now: Date): Promise<void> {
  await tx.query('update wallet set unlinked_at = $3, unlinked_because = $2 where id = $1 and unlinked_at is null', [
    id,
    because,
    now,
  ]);
}

/**
 * Ends a member's links and takes addresses, messages and signatures out of them, current and past, for an erasure. What is on its way to
 * an address by then arrives there.
 */
export async function eraseWallets(tx: Tx, memberId: string, now: Date): Promise<void> {
  await tx.query('delete from wallet_challenge where member_id = $1', [memberId]);
  await tx.query(
    `update wallet set address = null, message = null, signature = null, unlinked_at = coalesce(unlinked_at, $2),
       unlinked_because = coalesce(unlinked_because, 'erased') where member_id = $1`,
    [memberId, now],
  );
}

/** All that we hold about a member's wallets, current and past, and messages that were handed out lately. */
export async function exportWallets(db: Queryable, memberId: string): Promise<{ linked: object[]; asked: object[] }> {
  const { rows: linked } = await db.query<object>(
    `select ${columns}, message, signature from wallet where member_id = $1 order by linked_at, id`,
    [memberId],
  );
  const { rows: asked } = await db.query<object>(
    `select chain_id, address, message, created_at, expires_at, used_at from wallet_challenge where member_id = $1
     order by created_at, nonce`,
    [memberId],
  );
  return { linked, asked };
}
