import type { Id } from '../shared/ids.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { addJob, addJobs } from '../platform/outbox.ts';

/** Every mail that we send; each has its words in the locale files (`mail.<kind>`). */
export const mailKinds = [
  'welcome',
  'order_paid',
  'esim_ready',
  'line_extended',
  'order_refunded',
  'order_refunded_in_part',
  'payment_failed',
  'renewed',
  'wallet_linked',
  'wallet_changed',
  'wallet_change_stopped',
  'wallet_unlinked',
  'rewards_paid',
  'account_deleted',
] as const;
export type MailKind = (typeof mailKinds)[number];

export interface MailRecord {
  id: Id<'mail'>;
  memberId: Id<'member'>;
  kind: MailKind;
  /** Ids of what the mail speaks of: `orderId`, `lineId`, `refundId`, `walletId`, `backId` (the wallet that came back); and the `reason` where no refund knows it. Words are looked up when it is sent. */
  refersTo: Record<string, string>;
  sentAt: Date | null;
  /** Set when it can never be sent: the member has no address (any more), or what it speaks of is gone. */
  notSentBecause: NotSentReason | null;
}

export type NotSentReason = 'no_address' | 'nothing_to_say';

/**
 * Has a mail sent after the commit, once for each kind and key. It is sent again only where the process dies between the mail
 * provider's acceptance and our note of it.
 */
export async function queueMail(
  tx: Tx,
  mail: { memberId: string; kind: MailKind; key: string; refersTo: Record<string, string> },
  now: Date,
): Promise<void> {
  const id = newId('mail', now);
  const { rowCount } = await tx.query(
    `insert into mail (id, member_id, kind, dedupe_key, refers_to, created_at) values ($1, $2, $3, $4, $5, $6)
     on conflict (kind, dedupe_key) do nothing`,
    [id, mail.memberId, mail.kind, mail.key, mail.refersTo, now],
  );
  if (rowCount === 1) await addJob(tx, { queue: 'mail', topic: 'mail.send', key: id, payload: { mailId: id } }, now);
}

/** As `queueMail` for mails of one kind to many members, in two round trips however many they are. */
export async function queueMails(
  tx: Tx,
  kind: MailKind,
  mails: readonly { memberId: string; key: string; refersTo: Record<string, string> }[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into mail (id, member_id, kind, dedupe_key, refers_to, created_at)
     select mail.id, mail.member_id, $5, mail.key, mail.refers_to, $6
     from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) as mail (id, member_id, key, refers_to)
     on conflict (kind, dedupe_key) do nothing returning id`,
    [
      mails.map(() => newId('mail', now)),
      mails.map(({ memberId }) => memberId),
      mails.map(({ key }) => key),
      mails.map(({ refersTo }) => JSON.stringify(refersTo)),
      kind,
      now,
    ],
  );
  const jobs = rows.map(({ id }) => ({ key: id, payload: { mailId: id } }));
  await addJobs(tx, { queue: 'mail', topic: 'mail.send' }, jobs, now);
}

interface MailRow {
  id: Id<'mail'>;
  member_id: Id<'member'>;
  kind: MailKind;
  refers_to: Record<string, string>;
  sent_at: Date | null;
  not_sent_because: NotSentReason | null;
}

function toMail(row: MailRow): MailRecord {
  return {
    id: row.id,
    memberId: row.member_id,
    kind: row.kind,
    refersTo: row.refers_to,
    sentAt: row.sent_at,
    notSentBecause: row.not_sent_because,
  };
}

/** Reads a queued mail, null when there is none. */
export async function findMail(db: Queryable, id: string): Promise<MailRecord | null> {
  const { rows } = await db.query<MailRow>('select * from mail where id = $1', [id]);
  return rows[0] ? toMail(rows[0]) : null;
}

/** Reads the mail that was queued under this kind and key, null when there is none. */
export async function findMailByKey(db: Queryable, kind: MailKind, key: string): Promise<MailRecord | null> {
  const { rows } = await db.query<MailRow>('select * from mail where kind = $1 and dedupe_key = $2', [kind, key]);
  return rows[0] ? toMail(rows[0]) : null;
}

/** Notes that the mail can never be sent. */
export async function markMailNotSent(tx: Tx, id: string, reason: NotSentReason): Promise<void> {
  await tx.query('update mail set not_sent_because = $2 where id = $1 and sent_at is null', [id, reason]);
}

/** Notes that the provider took the mail. */
export async function markMailSent(tx: Tx, id: string, providerMessageId: string, now: Date): Promise<void> {
  await tx.query('update mail set sent_at = $2, provider_message_id = $3 where id = $1 and sent_at is null', [
    id,
    now,
    providerMessageId,
  ]);
}
