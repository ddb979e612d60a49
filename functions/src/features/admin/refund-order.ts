import { audit } from '../../platform/audit.ts';
import { idFromSuffix } from '../../platform/ids.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { fromDecimal, type Amount, type Currency, type Money } from '../../shared/money.ts';
import { hasUnwonDispute } from '../../store/disputes.ts';
import { findOrder, lockOrder, type Order } from '../../store/orders.ts';
import { startRefund } from '../../store/refunds.ts';
import { viewForOperator } from './view-for-operator.ts';

/**
 * Begins to give money back for an order, all that is left of it or `amount`; the deed at the payment provider follows as a job. The
 * order's row lock puts two operators in turn: the second finds nothing left. The operator's reason goes to the audit log and not on
 * the timeline, which the member reads. Throws `not_found`, `order.not_refundable` (more than is left, never paid, in dispute) and
 * `request.invalid` for an amount in another currency.
 */
export const refundOrder: Handler<'refundOrder'> = async ({ services, suffix, identity, role }, input) => {
  const { db, clock } = services;
  const { orderId, reason } = input;
  const now = clock.now();
  const requestId = idFromSuffix('request', suffix);
  await db.transaction(async (tx) => {
    const order = await lockOrder(tx, orderId);
    const amount = input.amount && readAmount(order, input.amount);
    if (await hasUnwonDispute(tx, orderId)) {
      throw new CodedError(
        'order.not_refundable',
        `order ${orderId} is disputed: its money is the bank's to give back`,
      );
    }
    const refund = { key: `operator:${suffix}`, reason: 'operator', ...(amount === undefined ? {} : { amount }) };
    if (!(await startRefund(tx, order, refund, now))) return;
    const detail = { reason, requestId, amountMinor: amount?.toString() ?? 'the rest', currency: order.currency };
    await audit(tx, { actor: identity.uid, role, action: 'order.refund_started', subject: orderId, detail }, now);
  });
  const order = await findOrder(db, orderId);
  if (!order) throw new CodedError('not_found', `no order ${orderId}`);
  return viewForOperator(db, order);
};

function readAmount(order: Order, money: Money<Currency>): Amount<Currency> {
  if (money.unit !== order.currency) {
    throw invalid('amount.unit', `order ${order.id} was paid in ${order.currency}, not in ${money.unit}`);
  }
  const amount = parse(money);
  if (amount <= 0n) throw invalid('amount.amount', 'must be above zero');
  return amount;
}

function parse(money: Money<Currency>): Amount<Currency> {
  try {
    return fromDecimal(money.unit, money.amount);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid('amount.amount', `must be an amount of ${money.unit} with at most two decimals`);
  }
}

function invalid(field: string, problem: string): CodedError {
  return new CodedError('request.invalid', `invalid input of refundOrder: ${field} ${problem}`, {
    fields: [{ field, problem }],
  });
}
