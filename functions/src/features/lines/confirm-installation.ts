import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { getOwnLine, moveLine } from '../../store/lines.ts';
import { ensureMember } from '../../store/members.ts';
import { listOrdersOfLine, lockOrder, moveOrder } from '../../store/orders.ts';
import { viewOwnLine } from './get-line.ts';

/** The member has put the eSIM on the phone: the line, and the orders that wait for it, are installed. Safe to repeat. */
export const confirmInstallation: Handler<'confirmInstallation'> = async ({ services, identity }, { lineId }) => {
  const { db, clock } = services;
  const now = clock.now();
  return db.transaction(async (tx) => {
    const member = await ensureMember(tx, identity, now);
    const line = await getOwnLine(tx, lineId, member.id);
    if (line.state === 'provisioning' || line.state === 'terminated') {
      throw new CodedError('order.wrong_state', `line ${lineId} can't be installed in state ${line.state}`);
    }
    if (line.state === 'released') await moveLine(tx, line, 'installed', now);
    for (const orderId of await listOrdersOfLine(tx, lineId, ['released'])) {
      await moveOrder(tx, await lockOrder(tx, orderId), 'installed', { kind: 'installed', evidence: { lineId } }, now);
    }
    return viewOwnLine(tx, lineId, member.id);
  });
};
