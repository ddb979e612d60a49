import type { Currency } from '../../shared/money.ts';
import {
  readDoubtfulPayments,
  readUnseenPayments,
  type DoubtfulPayment,
  type UnseenPayment,
} from '../../store/balance-movements.ts';
import { findOrder, findOrderByPayment, type Order } from '../../store/orders.ts';
import { findMemberOfCustomer } from '../../store/reconciliation-checks.ts';
import type { Charge } from '../../vendors/payments/port.ts';
import { allRows, type Check, type DifferenceKind, type Finding } from './check.ts';

/** Payments at the provider against orders and ledger, in both directions. */
export async function comparePayments(check: Check): Promise<void> {
  const { db } = check.services;
  const doubtful = allRows(
    (after, limit) => readDoubtfulPayments(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of doubtful) await report(check, await judgePayment(check, row));
  const unseen = allRows(
    (after, limit) => readUnseenPayments(db, { ...check.span, after, limit }),
    (row) => row.id,
  );
  for await (const row of unseen) await report(check, await judgeUnseen(check, row));
}

async function report(check: Check, finding: Finding | null): Promise<void> {
  if (finding) await check.report(finding);
}

function difference(
  kind: DifferenceKind,
  subject: string,
  unit: Currency,
  amounts: { expected: bigint | null; found: bigint | null },
  cause: string,
): Finding {
  return { kind, subject, unit, ...amounts, cause };
}

async function judgePayment(check: Check, row: DoubtfulPayment): Promise<Finding | null> {
  const charge = row.source_id === null ? null : await (await check.services.payments()).getCharge(row.source_id);
  if (row.order_id === null) return explainOrphan(check, row, charge);
  const amounts = { expected: row.booked, found: row.amount };
  if (row.booked === null) {
    const cause = `order ${row.order_id} names charge ${row.source_id}, but the ledger has no payment for it: book paymentReceived for the order.`;
    return difference('payment_not_booked', row.order_id, row.currency, amounts, cause);
  }
  if (row.order_currency === row.currency) {
    const cause = `the payment provider took another amount for charge ${row.source_id} than the ledger booked for the order: compare both, then correct the ledger or refund.`;
    return difference('payment_differs', row.order_id, row.currency, amounts, cause);
  }
  // Our balance is kept in another currency than the sale: only the charge itself can be compared.
  if (charge?.currency === row.order_currency && charge?.amount === row.booked) return null;
  const cause = `charge ${row.source_id} is not in the currency and amount that the ledger booked for the order: compare both.`;
  return difference('payment_differs', row.order_id, row.currency, amounts, cause);
}

/** A payment that no order names: looks for the order that it was meant for. */
async function explainOrphan(check: Check, row: DoubtfulPayment, charge: Charge | null): Promise<Finding> {
  const amounts = { expected: null, found: row.amount };
  const orphan = (kind: DifferenceKind, subject: string, cause: string) =>
    difference(kind, subject, row.currency, amounts, cause);
  const order = await findMeantOrder(check, charge);
  if (order && order.paidAt === null) {
    const cause = `charge ${row.source_id} paid this order, which still is "${order.state}": the provider's event did not come or had no effect. Send the event of the checkout session again from the provider's dashboard.`;
    return orphan('payment_not_booked', order.id, cause);
  }
  if (order) {
    const cause = `charge ${row.source_id} was taken for this order, which charge ${order.chargeId ?? '(none)'} has paid: the member paid twice. Refund the second charge at the provider.`;
    return orphan('payment_twice', order.id, cause);
  }
  const memberId = charge?.customerId ? await findMemberOfCustomer(check.services.db, charge.customerId) : null;
  const whose =
    memberId === null
      ? 'nobody of ours paid it: it was taken by hand at the provider, or by another program with the same key'
      : `${memberId} paid it, perhaps for a renewal whose event did not come`;
  return orphan(
    'payment_without_order',
    row.source_id ?? row.id,
    `no order belongs to this payment; ${whose}. Send the provider's event again, or refund it there.`,
  );
}

async function findMeantOrder(check: Check, charge: Charge | null): Promise<Order | null> {
  const { db } = check.services;
  if (charge?.paymentIntentId == null) return null;
  const paid = await findOrderByPayment(db, charge.paymentIntentId);
  if (paid) return paid;
  const payment = await (await check.services.payments()).getPayment(charge.paymentIntentId);
  return payment?.orderId == null ? null : findOrder(db, payment.orderId);
}

/** The charge may have moved the balance before the span began; the charge itself then says so. */
async function judgeUnseen(check: Check, row: UnseenPayment): Promise<Finding | null> {
  const charge = row.charge_id === null ? null : await (await check.services.payments()).getCharge(row.charge_id);
  const found = charge?.paid === true && charge.currency === row.currency ? charge.amount : null;
  if (found === row.booked) return null;
  const cause =
    found === null
      ? `the order counts as paid, but the payment provider has no paid charge ${row.charge_id ?? '(none is noted)'} for it: find out who marked it paid, and stop its service or refund.`
      : `charge ${row.charge_id} is of another amount than the ledger booked for the order: compare both.`;
  const kind = found === null ? 'payment_missing' : 'payment_differs';
  return difference(kind, row.id, row.currency, { expected: row.booked, found }, cause);
}
