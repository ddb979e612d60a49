import type { Currency } from '../shared/money.ts';
import type { Db, Queryable } from '../platform/db.ts';
import type { PageOf } from './balance-movements.ts';
import { verifyLedger } from './ledger.ts';

/**
 * What an order says about its money: paid, given back, held back by a bank, lost to one, and how much of what is left is tax. The amount paid is the one on the
 * timeline, because a payment of another amount than the order's is booked as it came.
 */
const orderMoney = `lateral (select
  case when o.paid_at is null then 0 else coalesce((select (ev.evidence ->> 'amount')::numeric from order_event ev
    where ev.order_id = o.id and ev.kind = 'paid' and ev.dedupe_key = ''), o.total_minor) end as paid,
  coalesce((select sum(r.amount_minor) from refund r where r.order_id = o.id and r.state = 'succeeded'), 0) as refunded,
  coalesce((select sum(d.amount_minor) from dispute d where d.order_id = o.id and d.status = 'open'), 0) as withheld,
  coalesce((select sum(d.amount_minor) from dispute d where d.order_id = o.id and d.status = 'lost'), 0) as lost,
  case when o.paid_at is null then 0 else o.tax_minor end
    - coalesce((select sum(r.tax_minor) from refund r where r.order_id = o.id and r.state = 'succeeded'), 0)
    - coalesce((select sum(d.tax_minor) from dispute d where d.order_id = o.id and d.status = 'lost'), 0) as tax
) as money on true`;

/** An order whose postings do not add up to what the order says, account by account. */
export interface MisbookedOrder {
  id: string;
  currency: Currency;
  settled: boolean;
  clearing_expected: bigint;
  clearing: bigint;
  owed_expected: bigint;
  funds: bigint;
  revenue: bigint;
  disputes_expected: bigint;
  disputes: bigint;
  tax_expected: bigint;
  tax: bigint;
}

/**
 * Orders that changed in the span whose ledger says something else than they do. Read in one statement, so an order that moves
 * meanwhile is seen before or after, never between. By order id.
 */
export async function readMisbookedOrders(db: Queryable, page: PageOf): Promise<MisbookedOrder[]> {
  const { rows } = await db.query<MisbookedOrder>(
    `with touched as (
       select id from orders where state_changed_at >= $1 and state_changed_at < $2
       union select id from orders where paid_at >= $1 and paid_at < $2
       union select order_id from refund where settled_at >= $1 and settled_at < $2
       union select order_id from dispute where opened_at >= $1 and opened_at < $2
       union select order_id from dispute where closed_at >= $1 and closed_at < $2),
     told as (
       select o.id, o.currency, o.settled, -money.paid + money.refunded + money.withheld + money.lost as clearing_expected,
         money.paid - money.refunded - money.lost - money.tax as owed_expected, money.tax as tax_expected, -money.withheld as disputes_expected,
         coalesce(posted.clearing, 0) as clearing, coalesce(posted.funds, 0) as funds,
         coalesce(posted.revenue, 0) as revenue, coalesce(posted.disputes, 0) as disputes,
         coalesce(posted.tax, 0) as tax
       from touched join orders o using (id) left join ${orderMoney}
       left join lateral (select
           sum(e.amount) filter (where a.code = 'platform/stripe_clearing/' || o.currency) as clearing,
           sum(e.amount) filter (where a.code = 'member/' || o.member_id || '/funds/' || o.currency) as funds,
           sum(e.amount) filter (where a.code = 'platform/revenue/' || o.currency) as revenue,
           sum(e.amount) filter (where a.code = 'platform/disputes/' || o.currency) as disputes,
           sum(e.amount) filter (where a.code = 'platform/sales_tax/' || o.currency) as tax
         from ledger.transfers t join ledger.entries e on e.transfer_id = t.id join ledger.accounts a on a.id = e.account_id
         -- '0' follows '/' in byte order: the range of keys that start with the order's id and a slash.
         where t.idempotency_key >= o.id || '/' and t.idempotency_key < o.id || '0') as posted on true
       where o.id > $3)
     select * from told
     where clearing <> clearing_expected or disputes <> disputes_expected or tax <> tax_expected
       or funds <> case when settled then 0 else owed_expected end
       or revenue <> case when settled then owed_expected else 0 end
     order by id limit $4`,
    [page.from, page.to, page.after, page.limit],
  );
  return rows;
}

/** A member's funds account that holds another sum than the member's undelivered orders say. */
export interface MisstatedFunds {
  code: string;
  currency: Currency;
  expected: bigint;
  found: bigint;
}

/** Funds accounts of all members, whenever they last moved: what is held must be owed for orders that are not delivered. By code. */
export async function readMisstatedFunds(db: Queryable, after: string, limit: number): Promise<MisstatedFunds[]> {
  const { rows } = await db.query<MisstatedFunds>(
    `with owed as (
       select 'member/' || o.member_id || '/funds/' || o.currency as code, sum(money.paid - money.refunded - money.lost - money.tax) as amount
       from orders o left join ${orderMoney}
       where o.paid_at is not null and not o.settled and o.state <> 'refunded' group by 1),
     held as (select code::text, balance as amount from ledger.accounts where code like 'member/%/funds/%' and balance <> 0)
     select code, right(code, 3) as currency, coalesce(owed.amount, 0) as expected, coalesce(held.amount, 0) as found
     from owed full join held using (code)
     where coalesce(owed.amount, 0) <> coalesce(held.amount, 0) and code > $1 collate "C"
     order by code collate "C" limit $2`,
    [after, limit],
  );
  return rows;
}

/** What the ledger itself finds wrong with its books. It reads every entry, and so may take longer than any other statement may. */
export function readLedgerProblems(db: Db): Promise<{ problem: string; subject: string }[]> {
  return db.transaction(async (tx) => {
    await tx.query(`set local statement_timeout = '10min'`);
    return verifyLedger(tx);
  });
}

/** A member whose orders moved in the span, with the carrier's name for them. */
export interface ActiveMember {
  id: string;
  end_user_id: string;
}

/** Members with orders that were paid or changed in the span and who are set up at the carrier. By member id. */
export async function readActiveMembers(db: Queryable, page: PageOf): Promise<ActiveMember[]> {
  const { rows } = await db.query<ActiveMember>(
    `select m.id, m.oxio_end_user_id as end_user_id from member m
     where m.oxio_end_user_id is not null and m.id > $3 and m.id in (
       select member_id from orders where state_changed_at >= $1 and state_changed_at < $2
       union select member_id from orders where paid_at >= $1 and paid_at < $2)
     order by m.id limit $4`,
    [page.from, page.to, page.after, page.limit],
  );
  return rows;
}

/** What we hold of a member's lines. `plans` counts what we put on each, by name. */
export interface KnownLine {
  id: string;
  oxioLineId: string;
  state: string;
  iccid: string | null;
  createdAt: Date;
  plans: { name: string; all: number; recent: number }[];
}

/**
 * Lines of a member with the plans that we put on them, those since `recentSince` counted apart; `busy` while an order is being
 * delivered or something was put on a line after `settledBefore`, so that the carrier may be a step ahead of us or behind.
 */
export async function readKnownLines(
  db: Queryable,
  memberId: string,
  times: { recentSince: Date; settledBefore: Date },
): Promise<{ busy: boolean; lines: KnownLine[] }> {
  const { rows } = await db.query<{
    id: string;
    oxio_line_id: string;
    state: string;
    iccid: string | null;
    created_at: Date;
    plans: KnownLine['plans'];
    busy: boolean;
  }>(
    `select l.id, l.oxio_line_id, l.state, l.iccid, l.created_at,
       coalesce((select json_agg(json_build_object('name', g.plan_name, 'all', g.total, 'recent', g.recent)) from (
         select plan_name, count(*) as total, count(*) filter (where granted_at >= $2) as recent
         from carrier_plan_grant where line_id = l.id group by plan_name) as g), '[]') as plans,
       exists (select 1 from carrier_plan_grant where line_id = l.id and granted_at >= $3) as busy
     from line l where l.member_id = $1 order by l.id`,
    [memberId, times.recentSince, times.settledBefore],
  );
  const { rowCount } = await db.query(
    `select 1 from orders where member_id = $1 and state in ('paid', 'provisioning') limit 1`,
    [memberId],
  );
  return {
    busy: rowCount === 1 || rows.some((row) => row.busy),
    lines: rows.map((row) => ({
      id: row.id,
      oxioLineId: row.oxio_line_id,
      state: row.state,
      iccid: row.iccid,
      createdAt: row.created_at,
      plans: row.plans,
    })),
  };
}

/** A delivered order that lacks what delivery means. */
export interface UndeliveredOrder {
  id: string;
  /** Whether it has a line at all. */
  has_line: boolean;
  plans_expected: number;
  plans_found: number;
}

/** Orders that count as delivered since the span but have no line, or fewer plans on it than were bought. By order id. */
export async function readHollowDeliveries(db: Queryable, page: PageOf): Promise<UndeliveredOrder[]> {
  const { rows } = await db.query<UndeliveredOrder>(
    `select o.id, o.line_id is not null as has_line, want.plans::integer as plans_expected, got.plans::integer as plans_found
     from orders o
     join lateral (select bool_or(includes_line or data_bytes is not null) as line,
         coalesce(sum(quantity) filter (where data_bytes is not null), 0) as plans
       from order_item where order_id = o.id) as want on want.line
     join lateral (select count(*) as plans from carrier_plan_grant g join order_item i using (order_id, position)
       where g.order_id = o.id and i.data_bytes is not null) as got on true
     where o.state in ('released', 'installed', 'active') and o.state_changed_at >= $1 and o.state_changed_at < $2 and o.id > $3
       and (o.line_id is null or got.plans < want.plans)
     order by o.id limit $4`,
    [page.from, page.to, page.after, page.limit],
  );
  return rows;
}

/** An event of the payment provider that has had no effect yet, and the job that should give it one. */
export interface OpenEvent {
  event_id: string;
  type: string;
  job_id: string | null;
  job_state: string | null;
  last_error: string | null;
}

/** Events received before `before` that are not done, whatever the span; an event must not be forgotten. By event id. */
export async function readOpenEvents(db: Queryable, before: Date, after: string, limit: number): Promise<OpenEvent[]> {
  const { rows } = await db.query<OpenEvent>(
    `select i.event_id, i.type, o.id as job_id, o.state as job_state, o.last_error
     from inbox i left join outbox o on o.topic = 'payments.event' and o.dedupe_key = i.event_id
     where i.done_at is null and i.received_at < $1 and i.event_id > $2 order by i.event_id limit $3`,
    [before, after, limit],
  );
  return rows;
}

/** A projection that shows less than Postgres holds. */
export interface StaleProjection {
  job_id: string;
  /** Member id, or `catalog`. */
  subject: string;
  state: string;
  last_error: string | null;
}

/** Projections whose newest change was asked for before `before` and is not written. By job id. */
export async function readStaleProjections(
  db: Queryable,
  before: Date,
  after: string,
  limit: number,
): Promise<StaleProjection[]> {
  const { rows } = await db.query<StaleProjection>(
    `select o.id as job_id, coalesce(m.id, 'catalog') as subject, o.state, o.last_error
     from outbox o left join member m on m.id = o.payload ->> 'memberId'
     where o.state in ('pending', 'dead') and o.created_at < $1 and o.id > $2
       and (o.topic = 'projection.member' and m.erased_at is null and o.dedupe_key = m.id || ':' || m.revision
         or o.topic = 'projection.catalog' and o.dedupe_key = (select max(version)::text from catalog_version))
     order by o.id limit $3`,
    [before, after, limit],
  );
  return rows;
}

/** The member whom the payment provider knows as this customer, null when it is nobody of ours. */
export async function findMemberOfCustomer(db: Queryable, customerId: string): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>('select id from member where stripe_customer_id = $1', [customerId]);
  return rows[0]?.id ?? null;
}
