import { displayIccid } from '../domain/esim/iccid.ts';
import { asUnit, toDecimal, type Unit } from '../shared/money.ts';
import type { Queryable } from '../platform/db.ts';
import type { Member } from './members.ts';
import { listLinesOf, type Line } from './lines.ts';
import { listOrdersOf } from './orders.ts';
import { exportLeaves } from './reward-proofs.ts';
import { exportPayouts } from './payouts.ts';
import { exportRewards } from './reward-export.ts';
import { viewSubscriptions } from './subscriptions.ts';
import { viewLines, viewOrders } from './views.ts';
import { exportListening } from './voice-listening.ts';
import { exportWallets } from './wallets.ts';

/** More than any member has; an export is whole. */
const allOrders = 10_000;

/** Everything that we hold about a member, in a form that JSON can carry: amounts as decimal strings, times as ISO-8601. */
export async function exportMember(db: Queryable, member: Member): Promise<Record<string, unknown>> {
  const orders = await listOrdersOf(db, member.id, allOrders);
  const lines = await listLinesOf(db, member.id);
  const owned = [member.id, ...orders.map((order) => order.id), ...lines.map((line) => line.id)];
  const data = {
    member: { ...member, revision: undefined },
    subscriptions: await viewSubscriptions(db, member.id),
    orders: await viewOrders(db, orders),
    promotions: await readPromotions(db, member.id),
    refunds: await readRefunds(db, member.id),
    disputes: await readDisputes(db, member.id),
    lines: await exportLines(db, lines),
    rewards: await exportRewards(db, member.id),
    rewardProofLeaves: await exportLeaves(db, member.id),
    wallets: await exportWallets(db, member.id),
    payouts: await exportPayouts(db, member.id),
    voiceMessages: await exportListening(db, member.id),
    ledger: await readLedger(db, [`member/${member.id}`, ...lines.map((line) => `line/${line.id}`)]),
    mails: await readMails(db, member.id),
    audit: await readAudit(db, owned),
  };
  return jsonSafe(data) as Record<string, unknown>;
}

/** With what installs the eSIM also while the web app doesn't show it: it is the member's own. */
async function exportLines(db: Queryable, lines: Line[]): Promise<object[]> {
  const views = await viewLines(db, lines);
  return views.map((view, index) => ({
    ...view,
    iccid: lines[index]?.iccid == null ? null : displayIccid(lines[index].iccid),
    activationCode: lines[index]?.activationUrl ?? null,
    carrierLineId: lines[index]?.oxioLineId,
  }));
}

async function readPromotions(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query(
    `select code, order_id, state, reserved_at, settled_at from promotion_redemption where member_id = $1 order by reserved_at, order_id`,
    [memberId],
  );
  return rows;
}

async function readRefunds(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query<{ currency: Unit; amount_minor: bigint }>(
    `select r.id, r.order_id, r.amount_minor, o.currency, r.reason, r.stripe_refund_id, r.state, r.requested_at, r.settled_at
     from refund r join orders o on o.id = r.order_id where o.member_id = $1 order by r.id`,
    [memberId],
  );
  return rows.map(withAmount);
}

async function readDisputes(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query<{ currency: Unit; amount_minor: bigint }>(
    `select d.id, d.order_id, d.amount_minor, o.currency, d.status, d.opened_at, d.closed_at
     from dispute d join orders o on o.id = d.order_id where o.member_id = $1 order by d.opened_at, d.id`,
    [memberId],
  );
  return rows.map(withAmount);
}

function withAmount({ amount_minor, currency, ...row }: { currency: Unit; amount_minor: bigint }): object {
  return { ...row, amount: { unit: currency, amount: toDecimal(currency, amount_minor) } };
}

/** Entries of the accounts that belong to the member or to one of the lines. */
async function readLedger(db: Queryable, owners: string[]): Promise<object[]> {
  const { rows } = await db.query<{ unit: string; amount: bigint; balance_after: bigint | null }>(
    `select a.code as account, a.unit, e.amount, e.balance_after, t.template, t.event_at, t.created_at, t.meta
     from unnest($1::text[]) as owner (prefix)
     -- '0' is the character after '/': all codes that begin with the owner, found by the index.
     join ledger.accounts a on a.code >= owner.prefix || '/' and a.code < owner.prefix || '0'
     join ledger.entries e on e.account_id = a.id join ledger.transfers t on t.id = e.transfer_id
     order by t.id, a.code`,
    [owners],
  );
  return rows.map((row) => {
    // The ledger writes a unit with its decimals: USD/2.
    const unit = asUnit(row.unit.replace(/\/\d+$/, ''));
    const balance = row.balance_after === null ? null : toDecimal(unit, row.balance_after);
    return { ...row, unit, amount: toDecimal(unit, row.amount), balance_after: balance };
  });
}

async function readMails(db: Queryable, memberId: string): Promise<object[]> {
  const { rows } = await db.query<object>(
    'select id, kind, refers_to, created_at, sent_at, not_sent_because from mail where member_id = $1 order by id',
    [memberId],
  );
  return rows;
}

/** Without who did it: an operator's identity is not the member's data. */
async function readAudit(db: Queryable, subjects: string[]): Promise<object[]> {
  const { rows } = await db.query<object>(
    'select id, at, role, action, subject, detail from audit_log where subject = any ($1) order by at, id',
    [subjects],
  );
  return rows;
}

/** Dates and bigints become strings; undefined disappears. */
function jsonSafe(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? item.toString() : item)),
  );
}
