import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { currentMember } from '../../store/members.ts';
import { getOwnOrder } from '../../store/orders.ts';
import { viewOneOrder } from '../../store/views.ts';
import { closeOrder } from './expire-order.ts';

/** Gives up an unpaid order at its member's wish. Throws `order.wrong_state` once money has come or is on its way. */
export const cancelOrder: Handler<'cancelOrder'> = async ({ services, identity }, { orderId }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  const order = await getOwnOrder(db, orderId, member.id);
  if (order.state === 'expired') return viewOneOrder(db, order);
  if (order.state !== 'created' || order.paymentPending) {
    throw new CodedError('order.wrong_state', `order ${orderId} can't be cancelled in state ${order.state}`);
  }
  await closeOrder(services, order);
  const closed = await getOwnOrder(db, orderId, member.id);
  if (closed.state !== 'expired') throw new CodedError('order.wrong_state', `order ${orderId} was paid meanwhile`);
  return viewOneOrder(db, closed);
};
