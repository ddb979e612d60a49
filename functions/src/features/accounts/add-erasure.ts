import { raiseAlert } from '../../platform/alerts.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';

/**
 * Has a member erased, once; `again` names what turned up at a vendor after that. Nobody waits for it: it takes as long as the
 * member's open orders need to be settled.
 */
export async function addErasure(tx: Tx, memberId: string, now: Date, again?: string): Promise<void> {
  const key = again === undefined ? memberId : `${memberId}:${again}`;
  await addJob(tx, { queue: 'payments', topic: 'account.erase', key, payload: { memberId } }, now);
}

/**
 * Tells operators that the carrier still holds a name and an e-mail address: OXIO has no public call to erase an end user or to end a
 * line, so a person has to write to them.
 */
export async function raiseCarrierErasure(tx: Tx, memberId: string, now: Date): Promise<void> {
  const message = `${memberId} was erased here, but OXIO has no call to erase its end user and lines: ask OXIO to (ids: member.oxio_end_user_id, line.oxio_line_id), then resolve this alert.`;
  await raiseAlert(tx, { kind: 'carrier_erasure', subject: memberId, message }, now);
}
