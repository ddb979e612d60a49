import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { getOwnOrder } from '../../store/orders.ts';
import { viewOneOrder } from '../../store/views.ts';

/** One order of the caller; somebody else's answers as one that does not exist. */
export const getOrder: Handler<'getOrder'> = async ({ services, identity }, { orderId }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  return viewOneOrder(db, await getOwnOrder(db, orderId, member.id));
};
