import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { hashUid } from './members.ts';
import { forgetListener, purgeClips } from './voice-clips.ts';
import { eraseListening } from './voice-listening.ts';
import { eraseWallets } from './wallets.ts';

/**
 * Takes everything that names the person out of our own rows. What stays: the ledger, orders, lines and the audit log under the
 * member's id, which now leads to nobody; ids at vendors, because late events and the books refer to them; and the hash of the uid,
 * so that a token that outlives the account can't bring it back. Returns false when it was done before.
 */
export async function pseudonymiseMember(tx: Tx, memberId: string, uid: string | null, now: Date): Promise<boolean> {
  // Orders before the member, as everywhere, so that no two transactions wait for each other.
  // Both pages show the name and address that were typed there.
  await tx.query('update orders set checkout_url = null, receipt_url = null where member_id = $1', [memberId]);
  await tx.query('update line set activation_url = null, phone_number = null where member_id = $1', [memberId]);
  await tx.query(`update mail set provider_message_id = null, refers_to = '{}' where member_id = $1`, [memberId]);
  if (uid !== null) {
    await tx.query('delete from idempotency where actor = $1', [uid]);
    // The scope of a signed-in caller is operation and uid, see platform/operations.ts.
    await tx.query(`delete from rate_limit where split_part(scope, ':', 2) = $1`, [uid]);
  }
  const { rowCount } = await tx.query(
    `update member set uid = null, email = null, email_verified = false, display_name = null, erased_at = $2, revision = revision + 1
     where id = $1 and erased_at is null`,
    [memberId, now],
  );
  // Under the member's lock, which a wallet is linked under as well: one that is being linked now is seen here, or sees the erasure.
  await eraseWallets(tx, memberId, now);
  await eraseListening(tx, memberId);
  // A greeting that says a name which nobody has any more.
  await purgeClips(tx, await forgetListener(tx, memberId), now);
  return rowCount === 1;
}

/**
 * True while the account is still being set up. What an unfinished attempt made at a vendor is known to nobody yet: an erasure that
 * overtook it would leave it there.
 */
export async function isBeingSetUp(db: Queryable, memberId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from outbox where dedupe_key = $1 and state = 'pending'
       and topic in ('account.set_up_payments', 'account.set_up_carrier', 'account.set_up_carrier_group')`,
    [memberId],
  );
  return rowCount !== 0;
}

/** Notes that subscriptions have ended at the payment provider. */
export async function markSubscriptionsCanceled(tx: Tx, stripeSubscriptionIds: string[]): Promise<void> {
  await tx.query(
    `update subscription set status = 'canceled' where stripe_subscription_id = any ($1) and status <> 'canceled'`,
    [stripeSubscriptionIds],
  );
}

/**
 * Remembers that a sign-in is gone whose member was never written: its sign-up event, should it come after all, then finds the
 * account erased.
 */
export async function buryUnknownSignIn(tx: Tx, uid: string, now: Date): Promise<void> {
  await tx.query(
    'insert into member (id, uid_hash, created_at, erased_at) values ($1, $2, $3, $3) on conflict do nothing',
    [newId('member', now), hashUid(uid), now],
  );
}
