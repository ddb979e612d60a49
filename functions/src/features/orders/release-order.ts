import { dataGranted, revenueRecognised, rewardAccrued } from '../../domain/ledger/templates.ts';
import { purchaseReward } from '../../domain/rewards/purchase-reward.ts';
import { undelivered } from '../../domain/orders/transitions.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { addJob } from '../../platform/outbox.ts';
import { CodedError } from '../../shared/errors.ts';
import { minor, subtract } from '../../shared/money.ts';
import { readRewardRateOf } from '../../store/catalog.ts';
import { post } from '../../store/ledger.ts';
import { lockLine, moveLine, type Line } from '../../store/lines.ts';
import { queueMail } from '../../store/mails.ts';
import { appendEvent } from '../../store/order-events.ts';
import { moveOrder, recordFacts, totalOf, type Order } from '../../store/orders.ts';
import { insertReward } from '../../store/rewards.ts';
import { reverseRewards } from './reverse-rewards.ts';

/**
 * Delivers an order that the caller has locked, all in one transaction: the sale is settled, data granted, the reward accrued, and a
 * mail queued, with the QR code, or with the news that a line in use has more on it. Throws `order.wrong_state` when the order was
 * given up meanwhile: then nothing of it happens.
 */
export async function releaseOrder(tx: Tx, services: Services, order: Order, line: Line | null): Promise<void> {
  if (!undelivered.includes(order.state)) {
    throw new CodedError('order.wrong_state', `order ${order.id} can't be released in state ${order.state}`);
  }
  const now = services.clock.now();
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
    await accrueReward(tx, services, order, item.position, now);
  }
  // A part may have been refunded before delivery: its share of the reward goes at once.
  await reverseRewards(tx, order, now);
  if (line) await releaseLine(tx, order, line, now);
  else await moveOrder(tx, order, 'active', { kind: 'activated', evidence: {} }, now);
}

async function accrueReward(tx: Tx, services: Services, order: Order, position: number, now: Date): Promise<void> {
  const item = order.items.find((candidate) => candidate.position === position);
  if (!item || item.rewardBasisPoints === 0) return;
  const paid = totalOf(item);
  // By the catalogue that the order was made from, whatever is published since.
  const rate = await readRewardRateOf(tx, order.catalogVersion, order.currency);
  if (rate === null) return;
  const amount = purchaseReward({ paid, currency: order.currency, basisPoints: item.rewardBasisPoints, rate });
  if (amount === 0n) return;
  const reward = {
    id: newId('reward', now),
    orderId: order.id,
    position,
    memberId: order.memberId,
    currency: order.currency,
    paid,
    basisPoints: item.rewardBasisPoints,
    amount,
    accruedAt: now,
    vestsAt: new Date(now.getTime() + services.policy.refundWindowDays * 86_400_000),
  };
  if (!(await insertReward(tx, reward))) return;
  await post(tx, rewardAccrued({ rewardId: reward.id, orderId: order.id, memberId: order.memberId, amount, at: now }));
  const evidence = { productId: item.productId, amountWei: amount.toString() };
  await appendEvent(tx, { orderId: order.id, kind: 'reward_accrued', key: String(position), evidence }, now);
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
