import type { Address } from '../domain/wallets/address.ts';
import type { Queryable, Tx } from '../platform/db.ts';

/** A message that a member was asked to sign. */
export interface WalletChallenge {
  nonce: string;
  memberId: string;
  chainId: number;
  /** Who has to sign. */
  address: Address;
  /** The text, to the letter: a signature is checked over this one. */
  message: string;
  createdAt: Date;
  expiresAt: Date;
  /** When it linked a wallet: it does so once. */
  usedAt: Date | null;
}

interface ChallengeRow {
  nonce: string;
  member_id: string;
  chain_id: bigint;
  address: Address;
  message: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
}

/** Keeps a message that is handed out; the sweep deletes it a day after its end. */
export async function addChallenge(tx: Tx, challenge: Omit<WalletChallenge, 'usedAt'>): Promise<void> {
  await tx.query(
    `insert into wallet_challenge (nonce, member_id, chain_id, address, message, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      challenge.nonce,
      challenge.memberId,
      challenge.chainId,
      challenge.address,
      challenge.message,
      challenge.createdAt,
      challenge.expiresAt,
    ],
  );
}

/** Finds a message that was handed out to this member; null for one of somebody else, as for one that never was. */
export async function findChallenge(db: Queryable, memberId: string, nonce: string): Promise<WalletChallenge | null> {
  const { rows } = await db.query<ChallengeRow>('select * from wallet_challenge where nonce = $1 and member_id = $2', [
    nonce,
    memberId,
  ]);
  const [row] = rows;
  return row
    ? {
        nonce: row.nonce,
        memberId: row.member_id,
        chainId: Number(row.chain_id),
        address: row.address,
        message: row.message,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        usedAt: row.used_at,
      }
    : null;
}

/** Uses a message up. False when it was used before, also by a transaction that overtook this one. */
export async function useChallenge(tx: Tx, nonce: string, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query('update wallet_challenge set used_at = $2 where nonce = $1 and used_at is null', [
    nonce,
    now,
  ]);
  return rowCount === 1;
}
