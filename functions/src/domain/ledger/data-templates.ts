import type { Amount } from '../../shared/money.ts';
import { dataStock, dataUsedTotal, lineData } from './accounts.ts';
import type { Posting } from './posting.ts';
import { transferBetween } from './transfer-between.ts';

interface OfLine {
  lineId: string;
  /** Above zero, in bytes. */
  amount: Amount<'BYTE'>;
  at: Date;
}

/** An order has put data on a line. Once per item of an order, named by its `position`. */
export function dataGranted({
  orderId,
  position,
  lineId,
  amount,
  at,
}: OfLine & { orderId: string; position: number }): Posting {
  return transferBetween({
    key: `${orderId}/dataGranted/${String(position)}`,
    template: 'dataGranted',
    from: dataStock,
    to: lineData(lineId),
    unit: 'BYTE',
    amount,
    at,
    meta: { orderId, lineId, position: String(position) },
  });
}

/** A refunded order takes back what its line has left of it. What was used is gone and stays a gift. Once per order and line. */
export function dataTakenBack({ orderId, lineId, amount, at }: OfLine & { orderId: string }): Posting {
  return transferBetween({
    key: `${orderId}/dataTakenBack/${lineId}`,
    template: 'dataTakenBack',
    from: lineData(lineId),
    to: dataStock,
    unit: 'BYTE',
    amount,
    at,
    meta: { orderId, lineId },
  });
}

/** A line has used data, as the carrier reports it. Once per `usageId` of the carrier's record. */
export function dataUsed({ lineId, usageId, amount, at }: OfLine & { usageId: string }): Posting {
  return transferBetween({
    key: `${lineId}/dataUsed/${usageId}`,
    template: 'dataUsed',
    from: lineData(lineId),
    to: dataUsedTotal,
    unit: 'BYTE',
    amount,
    at,
    meta: { lineId, usageId },
  });
}
