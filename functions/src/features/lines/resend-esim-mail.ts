import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { getOwnLine } from '../../store/lines.ts';
import { queueMail } from '../../store/mails.ts';
import { ensureMember } from '../../store/members.ts';

/** Sends the mail with the QR code again, to the member's own address. */
export const resendEsimMail: Handler<'resendEsimMail'> = async ({ services, identity, suffix }, { lineId }) => {
  const { db, clock } = services;
  const now = clock.now();
  await db.transaction(async (tx) => {
    const member = await ensureMember(tx, identity, now);
    const line = await getOwnLine(tx, lineId, member.id);
    if (line.activationUrl === null || line.state === 'provisioning' || line.state === 'terminated') {
      throw new CodedError('order.wrong_state', `line ${lineId} has nothing to install in state ${line.state}`);
    }
    await queueMail(tx, { memberId: member.id, kind: 'esim_ready', key: `again:${suffix}`, refersTo: { lineId } }, now);
  });
  return { queuedAt: now.toISOString() };
};
