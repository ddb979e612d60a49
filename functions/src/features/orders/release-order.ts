import { dataGranted, revenueRecognised } from '../../domain/ledger/templates.ts';
import { undelivered } from '../../domain/orders/transitions.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor, subtract } from '../../shared/money.ts';
import { post } from '../../store/ledger.ts';
import { lockLine, moveLine, type Line } from '../../store/lines.ts';
import { queueMail } from '../../store/mails.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, type Order } from '../../store/orders.ts';
import { accrueRewards } from './accrue-reward.ts';
import { reverseRewards } from './reverse-rewards.ts';

/**
 * Delivers an order that the caller has locked, all in one transaction: the sale is settled, data granted, rewards accrued, and a
 * mail queued, with the QR code, or with the news that a line in use has more on it. Throws `order.wrong_state` when the order was
 * given up meanwhile: then nothing of it happens.
 */
export async function releaseOrder(tx: Tx, services: Services, order: Order, line: Line | null): Promise<void> {
  if (!undelivered.includes(order.state)) {
    throw new CodedError('order.wrong_state', `order ${order.id} can't be released in state ${order.state}`);
  }
  const now = services.clock.now();
  // Before the member, whom the rewards lock: who watches a line locks it first too.
  if (line) await lockLine(tx, line.id);
  await recordFacts(tx, order.id, { settled: true });
  order.settled = true;
  // Tax is owed to the state and never earned, so neither is what went back of it.
  const amount = subtract(subtract(order.total, order.tax), subtract(order.refunded, order.taxRefunded));
  if (amount > 0n) {
    const { id: orderId, memberId, currency } = order;
    await post(tx, revenueRecognised({ orderId, memberId, amount, currency, at: now }));
  }
  for (const item of order.items) {
    if (item.kind === 'membership') {
      const evidence = { productId: item.productId };
      await appendEvent(
        tx,
        { orderId: order.id, kind: 'membership_activated', key: String(item.position), evidence },
        now,
      );
    }
  }
  await accrueRewards(tx, services, order, now);
  // A part may have been refunded before delivery: its share of the reward goes at once.
  await reverseRewards(tx, order, now);
  if (line) await releaseLine(tx, order, line, now);
  else await moveOrder(tx, order, 'active', { kind: 'activated', evidence: {} }, now);
}

async function releaseLine(tx: Tx, order: Order, line: Line, now: Date): Promise<void> {
  for (const item of order.items) {
    if (item.dataBytes === null) continue;
    const amount = minor('BYTE', item.dataBytes * BigInt(item.quantity));
    await post(tx, dataGranted({ orderId: order.id, position: item.position, lineId: line.id, amount, at: now }));
  }
  const { state } = await lockLine(tx, line.id);
  if (state === 'provisioning') await moveLine(tx, line, 'released', now);
  const evidence = { lineId: line.id };
  await moveOrder(tx, order, 'released', { kind: 'released', evidence }, now);
  // On a line that is on the phone already there is nothing left to install: the order is where its line is.
  if (state === 'installed') await moveOrder(tx, order, 'installed', { kind: 'installed', evidence }, now);
  if (state === 'active') await moveOrder(tx, order, 'active', { kind: 'activated', evidence }, now);
  const refersTo = { orderId: order.id, lineId: line.id };
  const kind = state === 'installed' || state === 'active' ? 'line_extended' : 'esim_ready';
  await queueMail(tx, { memberId: order.memberId, kind, key: order.id, refersTo }, now);
  const payload = { lineId: line.id };
  await addJob(tx, { queue: 'carrier', topic: 'line.watch', key: `${line.id}:${order.id}`, payload }, now);
}
