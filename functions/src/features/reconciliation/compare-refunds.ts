import {
  readDoubtfulRefunds,
  readUnseenRefunds,
  type DoubtfulRefund,
  type UnseenRefund,
} from '../../store/balance-movements.ts';
import { findOrderByPayment } from '../../store/orders.ts';
import { allRows, type Check, type DifferenceKind, type Finding } from './check.ts';

/** Refunds at the provider against ours, in both directions. */
export async function compareRefunds(check: Check): Promise<void> {
  const { db } = check.services;
  const doubtful = allRows(
    (after, limit) => readDoubtfulRefunds(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of doubtful) {
    const finding = await judgeRefund(check, row);
    if (finding) await check.report(finding);
  }
  const unseen = allRows(
    (after, limit) => readUnseenRefunds(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of unseen) {
    const finding = await judgeUnseen(check, row);
    if (finding) await check.report(finding);
  }
}

async function judgeRefund(check: Check, row: DoubtfulRefund): Promise<Finding | null> {
  const refund = row.source_id === null ? null : await (await check.services.payments()).getRefund(row.source_id);
  const amounts = { unit: row.currency, expected: row.recorded, found: row.amount };
  const found = (kind: DifferenceKind, subject: string, cause: string): Finding => ({
    kind,
    subject,
    ...amounts,
    cause,
  });
  if (row.order_id === null) {
    const order =
      refund?.paymentIntentId == null ? null : await findOrderByPayment(check.services.db, refund.paymentIntentId);
    const cause = order
      ? `refund ${row.source_id} was made for this order at the provider and we have not heard of it: send its event again from the provider's dashboard.`
      : `the provider refunded a payment that no order of ours names: it was made by hand there, or by another program with the same key.`;
    return found('refund_unknown', order?.id ?? row.source_id ?? row.id, cause);
  }
  const hasFailed = refund?.status === 'failed' || refund?.status === 'canceled';
  // The bank returned it: its way back is a movement of its own.
  if (row.state === 'failed' && hasFailed) return null;
  if (row.state !== 'succeeded') {
    const cause = `refund ${row.source_id} has been made at the provider, but counts as "${row.state}" with us: send its event again from the provider's dashboard.`;
    return found('refund_not_booked', row.order_id, cause);
  }
  const sameAmount = refund?.currency === row.order_currency && refund?.amount === row.recorded;
  // Our balance is kept in another currency than the sale: then the refund itself is what can be compared.
  if (row.order_currency !== row.currency && sameAmount) return null;
  return found(
    'refund_differs',
    row.order_id,
    `refund ${row.source_id} is of another amount at the provider than with us: compare both.`,
  );
}

/** The refund may have moved the balance before the span began; the refund itself then says so. */
async function judgeUnseen(check: Check, row: UnseenRefund): Promise<Finding | null> {
  const ours = { subject: row.order_id, unit: row.currency, expected: row.amount };
  if (row.stripe_refund_id === null) {
    const cause = `refund ${row.id} was asked for and has not been made at the provider: the member waits for the money. Look for the alert of its job, mend the cause and retry the job.`;
    return { kind: 'refund_not_made', ...ours, found: null, cause };
  }
  const refund = await (await check.services.payments()).getRefund(row.stripe_refund_id);
  if (refund === null || refund.status === 'failed' || refund.status === 'canceled') {
    const state =
      refund === null ? 'does not know it' : `says that it ${refund.status === 'failed' ? 'failed' : 'was canceled'}`;
    const cause = `refund ${row.id} counts as ${row.state} with us, but the provider ${state}: pay the member in another way.`;
    return { kind: 'refund_missing', ...ours, found: null, cause };
  }
  if (refund.amount === row.amount && refund.currency === row.currency) return null;
  const cause = `refund ${row.stripe_refund_id} is of another amount at the provider than with us: compare both.`;
  return { kind: 'refund_differs', ...ours, found: refund.amount, cause };
}
