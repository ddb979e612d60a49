import type { Handler } from '../../platform/operations.ts';
import { currentMember } from '../../store/members.ts';
import { listOrdersOf } from '../../store/orders.ts';
import { viewOrders } from '../../store/views.ts';

const pageSize = 20;

/** Orders of the caller, newest first. */
export const listOrders: Handler<'listOrders'> = async ({ services, identity }, { cursor }) => {
  const { db, clock } = services;
  const member = await currentMember(db, identity, clock.now());
  const found = await listOrdersOf(db, member.id, pageSize + 1, cursor);
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return { orders: await viewOrders(db, page), nextCursor: found.length > pageSize && last ? last.id : null };
};
