import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { getOwnLine, lockLine, moveLine } from '../../store/lines.ts';
import { ensureMember } from '../../store/members.ts';
import { lockDeliveredOrders, moveOrder } from '../../store/orders.ts';
import { viewOwnLine } from './get-line.ts';

/** The member has put the eSIM on the phone: the line, and the orders that wait for it, are installed. Safe to repeat. */
export const confirmInstallation: Handler<'confirmInstallation'> = async ({ services, identity }, { lineId }) => {
  const { db, clock } = services;
  const now = clock.now();
  return db.transaction(async (tx) => {
    const member = await ensureMember(tx, identity, now);
    await getOwnLine(tx, lineId, member.id);
    const orders = await lockDeliveredOrders(tx, lineId);
    const line = await lockLine(tx, lineId);
    if (line.state === 'provisioning' || line.state === 'terminated') {
      throw new CodedError('order.wrong_state', `line ${lineId} can't be installed in state ${line.state}`);
    }
    if (line.state === 'released') await moveLine(tx, line, 'installed', now);
    for (const order of orders.filter(({ state }) => state === 'released')) {
      await moveOrder(tx, order, 'installed', { kind: 'installed', evidence: { lineId } }, now);
    }
    return viewOwnLine(tx, lineId, member.id);
  });
};
