import { lineData } from '../domain/ledger/accounts.ts';
import { CodedError } from '../shared/errors.ts';
import type { Id } from '../shared/ids.ts';
import type { Line as LineView } from '../shared/api/orders.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { touchMember } from './members.ts';

export type LineState = LineView['state'];

export interface Line {
  id: Id<'line'>;
  memberId: Id<'member'>;
  oxioLineId: string;
  state: LineState;
  iccid: string | null;
  /** What installs the eSIM. A secret of its owner: never log it. */
  activationUrl: string | null;
  phoneNumber: string | null;
  countryCode: string;
  createdAt: Date;
}

interface LineRow {
  id: Id<'line'>;
  member_id: Id<'member'>;
  oxio_line_id: string;
  state: LineState;
  iccid: string | null;
  activation_url: string | null;
  phone_number: string | null;
  country_code: string;
  created_at: Date;
}

function toLine(row: LineRow): Line {
  return {
    id: row.id,
    memberId: row.member_id,
    oxioLineId: row.oxio_line_id,
    state: row.state,
    iccid: row.iccid,
    activationUrl: row.activation_url,
    phoneNumber: row.phone_number,
    countryCode: row.country_code,
    createdAt: row.created_at,
  };
}

/** Reads a line by id. Throws `not_found`. */
export async function getLineById(db: Queryable, id: string): Promise<Line> {
  const { rows } = await db.query<LineRow>('select * from line where id = $1', [id]);
  if (!rows[0]) throw new CodedError('not_found', `no line ${id}`);
  return toLine(rows[0]);
}

/** Reads a line under a row lock. Whoever locks its orders too locks them first. Throws `not_found`. */
export async function lockLine(tx: Tx, id: string): Promise<Line> {
  const { rows } = await tx.query<LineRow>('select * from line where id = $1 for update', [id]);
  if (!rows[0]) throw new CodedError('not_found', `no line ${id}`);
  return toLine(rows[0]);
}

/** Reads a line of `memberId`; somebody else's does not exist. Throws `not_found`. */
export async function getOwnLine(db: Queryable, id: string, memberId: string): Promise<Line> {
  const line = await getLineById(db, id);
  if (line.memberId !== memberId) throw new CodedError('not_found', `no line ${id}`);
  return line;
}

/** Lines of a member, oldest first. */
export async function listLinesOf(db: Queryable, memberId: string): Promise<Line[]> {
  const { rows } = await db.query<LineRow>('select * from line where member_id = $1 order by id', [memberId]);
  return rows.map(toLine);
}

/** Which of the carrier's line ids we know already, whosever they are. */
export async function knownCarrierLines(db: Queryable, oxioLineIds: string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ oxio_line_id: string }>(
    'select oxio_line_id from line where oxio_line_id = any($1)',
    [oxioLineIds],
  );
  return new Set(rows.map((row) => row.oxio_line_id));
}

/** Keeps a line that the carrier made. */
export async function insertLine(
  tx: Tx,
  line: Pick<Line, 'id' | 'memberId' | 'oxioLineId' | 'iccid' | 'activationUrl' | 'phoneNumber' | 'countryCode'>,
  now: Date,
): Promise<void> {
  await tx.query(
    `insert into line (id, member_id, oxio_line_id, state, iccid, activation_url, phone_number, country_code, created_at, state_changed_at)
     values ($1, $2, $3, 'provisioning', $4, $5, $6, $7, $8, $8)`,
    [line.id, line.memberId, line.oxioLineId, line.iccid, line.activationUrl, line.phoneNumber, line.countryCode, now],
  );
  await touchMember(tx, line.memberId, now);
}

/** Fills in what the carrier knows by now; what we know already is not forgotten when the carrier leaves it out. */
export async function fillInLine(
  tx: Tx,
  line: Pick<Line, 'id' | 'memberId'>,
  found: Pick<Line, 'iccid' | 'activationUrl' | 'phoneNumber'>,
  now: Date,
): Promise<void> {
  await tx.query(
    `update line set iccid = coalesce($2, iccid), activation_url = coalesce($3, activation_url), phone_number = coalesce($4, phone_number)
     where id = $1 and exists (select 1 from member where member.id = line.member_id and erased_at is null)`,
    [line.id, found.iccid, found.activationUrl, found.phoneNumber],
  );
  await touchMember(tx, line.memberId, now);
}

/** Bytes that orders other than `orderId` have put on a line and not taken back, used or not. */
export async function readDataOfOtherOrders(db: Queryable, lineId: string, orderId: string): Promise<bigint> {
  const { rows } = await db.query<{ bytes: bigint }>(
    `select coalesce(sum(given.amount), 0)::bigint as bytes from ledger.journal as given
     where given.code = $1 and given.template = 'dataGranted' and given.meta ->> 'orderId' <> $2 and not exists (
       select 1 from ledger.journal as taken
       where taken.code = $1 and taken.template = 'dataTakenBack' and taken.meta ->> 'orderId' = given.meta ->> 'orderId')`,
    [lineData(lineId), orderId],
  );
  return rows[0]?.bytes ?? 0n;
}

/** Moves a line to a state. */
export async function moveLine(tx: Tx, line: Pick<Line, 'id' | 'memberId'>, to: LineState, now: Date): Promise<void> {
  await tx.query('update line set state = $2, state_changed_at = $3 where id = $1', [line.id, to, now]);
  await touchMember(tx, line.memberId, now);
}
