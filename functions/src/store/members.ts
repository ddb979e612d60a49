import { createHash } from 'node:crypto';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import type { Locale } from '../shared/locale.ts';
import type { Currency } from '../shared/money.ts';
import type { Db, Queryable, Tx } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { addJob, addJobs } from '../platform/outbox.ts';
import { queueMail } from './mails.ts';

export interface Member {
  id: Id<'member'>;
  uid: string | null;
  email: string | null;
  emailVerified: boolean;
  displayName: string | null;
  locale: Locale;
  currency: Currency;
  stripeCustomerId: string | null;
  oxioEndUserId: string | null;
  oxioGroupId: string | null;
  revision: bigint;
  createdAt: Date;
  erasedAt: Date | null;
}

/** Who signs up, as the verified token or the auth event says. */
export interface SignedUpPerson {
  uid: string;
  email: string | null;
  emailVerified: boolean;
  name: string | null;
}

interface MemberRow {
  id: Id<'member'>;
  uid: string | null;
  email: string | null;
  email_verified: boolean;
  display_name: string | null;
  locale: Locale;
  currency: Currency;
  stripe_customer_id: string | null;
  oxio_end_user_id: string | null;
  oxio_group_id: string | null;
  revision: bigint;
  created_at: Date;
  erased_at: Date | null;
}

function toMember(row: MemberRow): Member {
  return {
    id: row.id,
    uid: row.uid,
    email: row.email,
    emailVerified: row.email_verified,
    displayName: row.display_name,
    locale: row.locale,
    currency: row.currency,
    stripeCustomerId: row.stripe_customer_id,
    oxioEndUserId: row.oxio_end_user_id,
    oxioGroupId: row.oxio_group_id,
    revision: row.revision,
    createdAt: row.created_at,
    erasedAt: row.erased_at,
  };
}

/** What stays of a uid after erasure: enough to recognise a token that outlives its account, not enough to find the person. */
export function hashUid(uid: string): string {
  return createHash('sha256').update(uid).digest('hex');
}

/** The lane in which everything runs that creates things at the carrier for a member: the carrier does not deduplicate. */
export function carrierLane(memberId: string): string {
  return `carrier:${memberId}`;
}

/** Reads a member by id. Throws `not_found`. */
export async function getMember(db: Queryable, id: string): Promise<Member> {
  const { rows } = await db.query<MemberRow>('select * from member where id = $1', [id]);
  if (!rows[0]) throw new CodedError('not_found', `no member ${id}`);
  return toMember(rows[0]);
}

/** Finds a member by id, null when there is none. */
export async function findMember(db: Queryable, id: string): Promise<Member | null> {
  const { rows } = await db.query<MemberRow>('select * from member where id = $1', [id]);
  return rows[0] ? toMember(rows[0]) : null;
}

/** Reads a member under a row lock, so that what follows in the transaction sees its last state. Throws `not_found`. */
export async function lockMember(tx: Tx, id: string): Promise<Member> {
  const { rows } = await tx.query<MemberRow>('select * from member where id = $1 for update', [id]);
  if (!rows[0]) throw new CodedError('not_found', `no member ${id}`);
  return toMember(rows[0]);
}

/** Reads a member by Firebase uid, null when there is none (yet, or any more). */
export async function findMemberByUid(db: Queryable, uid: string): Promise<Member | null> {
  const { rows } = await db.query<MemberRow>('select * from member where uid_hash = $1', [hashUid(uid)]);
  return rows[0] ? toMember(rows[0]) : null;
}

/** Finds the member who is linked to an end user of the carrier; an erased one counts. */
export async function findMemberByCarrierUser(db: Queryable, endUserId: string): Promise<Member | null> {
  const { rows } = await db.query<MemberRow>('select * from member where oxio_end_user_id = $1', [endUserId]);
  return rows[0] ? toMember(rows[0]) : null;
}

/** Finds the member who is linked to a customer of the payment provider; an erased one counts. */
export async function findMemberByCustomer(db: Queryable, customerId: string): Promise<Member | null> {
  const { rows } = await db.query<MemberRow>('select * from member where stripe_customer_id = $1', [customerId]);
  return rows[0] ? toMember(rows[0]) : null;
}

/** Ids of members in order, at most `limit`, after `after` ('' for the first page). Erased ones count. */
export async function listMemberIds(db: Queryable, after: string, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from member where id > $1 order by id limit $2', [
    after,
    limit,
  ]);
  return rows.map((row) => row.id);
}

/** Members with this e-mail address, whatever its case. */
export async function findMembersByEmail(db: Queryable, email: string): Promise<Member[]> {
  const { rows } = await db.query<MemberRow>('select * from member where lower(email) = lower($1) order by id', [
    email,
  ]);
  return rows.map(toMember);
}

/**
 * Gives the member of a signed-in person and sets up what is missing: the row, and a job for each step at each vendor. The sign-up
 * trigger and every signed-in operation run it, so that a lost event heals itself. Throws `account.erased` for a deleted account.
 */
export async function ensureMember(tx: Tx, person: SignedUpPerson, now: Date): Promise<Member> {
  const existing = await findMemberByUid(tx, person.uid);
  if (existing?.erasedAt) throw new CodedError('account.erased', `member ${existing.id} was erased`);
  if (existing) return followToken(tx, existing, person, now);
  const id = newId('member', now);
  const { rowCount } = await tx.query(
    `insert into member (id, uid, uid_hash, email, email_verified, display_name, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
    [id, person.uid, hashUid(person.uid), person.email, person.emailVerified, person.name, now],
  );
  if (rowCount === 0) return ensureMember(tx, person, now);
  await addSetUpJobs(tx, id, now);
  return touchMember(tx, id, now);
}

/**
 * The member of a signed-in caller, as `ensureMember` gives it, without a transaction when there is nothing to set up: nearly every
 * call. Throws `account.erased`.
 */
export async function currentMember(db: Db, person: SignedUpPerson, now: Date): Promise<Member> {
  const member = await findMemberByUid(db, person.uid);
  const isCurrent =
    member?.erasedAt === null && member.email === person.email && member.emailVerified === person.emailVerified;
  return isCurrent ? member : db.transaction((tx) => ensureMember(tx, person, now));
}

/** The steps of setting up an account; each is a job of its own, and each may be repeated. */
async function addSetUpJobs(tx: Tx, id: string, now: Date): Promise<void> {
  const payload = { memberId: id };
  const lane = carrierLane(id);
  await addJob(tx, { queue: 'payments', topic: 'account.set_up_payments', key: id, payload }, now);
  await addJob(tx, { queue: 'carrier', topic: 'account.set_up_carrier', key: id, payload, lane }, now);
  await queueMail(tx, { memberId: id, kind: 'welcome', key: id, refersTo: {} }, now);
}

/** The identity provider's word on e-mail address and its verification is newer than ours. */
async function followToken(tx: Tx, member: Member, person: SignedUpPerson, now: Date): Promise<Member> {
  if (member.email === person.email && member.emailVerified === person.emailVerified) return member;
  await tx.query('update member set email = $2, email_verified = $3 where id = $1', [
    member.id,
    person.email,
    person.emailVerified,
  ]);
  const followed = await touchMember(tx, member.id, now);
  if (person.emailVerified) {
    // A verified address says who the person is: what comes once per person may be due.
    const job = { queue: 'projection', topic: 'reward.one_offs', key: `${member.id}:${followed.revision}` } as const;
    await addJob(tx, { ...job, payload: { memberId: member.id } }, now);
  }
  return followed;
}

/**
 * Marks that something a member sees has changed, and has it projected. Call it in the transaction of the change; several changes in
 * one transaction are one revision and one projection.
 */
export async function touchMember(tx: Tx, id: string, now: Date): Promise<Member> {
  const name = `touch:${id}`;
  if (tx.once.has(name)) return getMember(tx, id);
  tx.once.add(name);
  const { rows } = await tx.query<MemberRow>('update member set revision = revision + 1 where id = $1 returning *', [
    id,
  ]);
  if (!rows[0]) throw new CodedError('not_found', `no member ${id}`);
  const key = `${id}:${rows[0].revision}`;
  await addJob(tx, { queue: 'projection', topic: 'projection.member', key, payload: { memberId: id } }, now);
  return toMember(rows[0]);
}

/** As `touchMember` for many members, in two round trips however many they are. The caller holds their locks, or comes with no other. */
export async function touchMembers(tx: Tx, ids: readonly string[], now: Date): Promise<void> {
  const fresh = ids.filter((id) => !tx.once.has(`touch:${id}`));
  if (fresh.length === 0) return;
  for (const id of fresh) tx.once.add(`touch:${id}`);
  const { rows } = await tx.query<{ id: string; revision: bigint }>(
    'update member set revision = revision + 1 where id = any($1) returning id, revision',
    [fresh],
  );
  const jobs = rows.map(({ id, revision }) => ({ key: `${id}:${revision}`, payload: { memberId: id } }));
  await addJobs(tx, { queue: 'projection', topic: 'projection.member' }, jobs, now);
}

/** Keeps the payment provider's customer id. Throws when another one was kept before: two customers must never be mixed. */
export async function linkPayments(tx: Tx, id: string, customerId: string, now: Date): Promise<void> {
  await link(tx, id, 'stripe_customer_id', customerId, now);
}

/** Keeps the carrier's end user id. */
export async function linkCarrierUser(tx: Tx, id: string, endUserId: string, now: Date): Promise<void> {
  await link(tx, id, 'oxio_end_user_id', endUserId, now);
}

/** Keeps the carrier's group id. */
export async function linkCarrierGroup(tx: Tx, id: string, groupId: string, now: Date): Promise<void> {
  await link(tx, id, 'oxio_group_id', groupId, now);
}

async function link(
  tx: Tx,
  id: string,
  column: 'stripe_customer_id' | 'oxio_end_user_id' | 'oxio_group_id',
  value: string,
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ linked: string }>(
    `update member set ${column} = coalesce(${column}, $2) where id = $1 returning ${column} as linked`,
    [id, value],
  );
  if (rows[0]?.linked !== value) throw new CodedError('internal', `${id} is linked to another ${column} already`);
  await touchMember(tx, id, now);
}

/** Changes what a member may change about themselves; undefined leaves a field as it is. */
export async function updateMember(
  tx: Tx,
  id: string,
  change: { displayName?: string | undefined; locale?: Locale | undefined; currency?: Currency | undefined },
  now: Date,
): Promise<Member> {
  await tx.query(
    `update member set display_name = coalesce($2, display_name), locale = coalesce($3, locale), currency = coalesce($4, currency)
     where id = $1`,
    [id, change.displayName ?? null, change.locale ?? null, change.currency ?? null],
  );
  return touchMember(tx, id, now);
}
