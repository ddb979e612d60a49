import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { TryLater, type Job, type JobHandler } from '../../platform/jobs.ts';
import { fillInLine, getLineById, lockLine, moveLine, type Line } from '../../store/lines.ts';
import { getMember } from '../../store/members.ts';
import { appendEvent } from '../../store/order-events.ts';
import { lockDeliveredOrders, moveOrder } from '../../store/orders.ts';
import type { CarrierLine } from '../../vendors/carrier/port.ts';

/** The carrier's words for a line that is in use. None was ever documented; these stand in clients that are. */
const inService = new Set(['ACTIVE', 'ACTIVATED', 'IN_SERVICE']);
/** A line that nobody has installed after this long is not asked about any more. */
const watchDays = 60;

/**
 * Works off `line.watch`: the carrier sends no webhooks, so we ask, often at first and ever more rarely, until the line has a number
 * and is in use.
 */
export const watchLine: JobHandler = async (services, job) => {
  const line = await getLineById(services.db, String(job.payload['lineId']));
  const member = await getMember(services.db, line.memberId);
  const found = member.oxioEndUserId === null ? undefined : await find(services, line, member.oxioEndUserId);
  if (found) await services.db.transaction((tx) => takeOver(tx, services, line.id, found));
  const latest = await getLineById(services.db, line.id);
  const over = latest.state === 'terminated' || (latest.state === 'active' && latest.phoneNumber !== null);
  const seconds = secondsUntilNextLook(services, job);
  if (!over && member.erasedAt === null && seconds !== null) throw new TryLater('the line is not in use yet', seconds);
  await services.db.transaction((tx) => job.finish(tx));
};

async function find(services: Services, line: Line, endUserId: string): Promise<CarrierLine | undefined> {
  const lines = await (await services.carrier()).listLines(endUserId);
  return lines.find((candidate) => candidate.lineId === line.oxioLineId);
}

/** Under row locks: another order of the line, its member or a second watch may be at work on it in the same moment. */
async function takeOver(tx: Tx, services: Services, lineId: string, found: CarrierLine): Promise<void> {
  const now = services.clock.now();
  const orders = await lockDeliveredOrders(tx, lineId);
  const line = await lockLine(tx, lineId);
  if (found.phoneNumber !== null && line.phoneNumber === null) {
    const { iccid, activationUrl, phoneNumber } = found;
    await fillInLine(tx, line, { iccid, activationUrl, phoneNumber }, now);
    for (const { id: orderId } of orders) {
      await appendEvent(tx, { orderId, kind: 'number_assigned', evidence: { lineId } }, now);
    }
  }
  if (!inService.has(found.status)) return;
  if (line.state === 'released' || line.state === 'installed') await moveLine(tx, line, 'active', now);
  for (const order of orders.filter(({ state }) => state !== 'active')) {
    const evidence = { lineId, carrierStatus: found.status };
    await moveOrder(tx, order, 'active', { kind: 'activated', evidence }, now);
  }
}

/** 3 s in the first two minutes, a minute in the first hour, a quarter of an hour for two days, then hourly. Null: no more. */
function secondsUntilNextLook(services: Services, job: Job): number | null {
  const ageSeconds = (services.clock.now().getTime() - job.createdAt.getTime()) / 1000;
  if (ageSeconds < 120) return 3;
  if (ageSeconds < 3600) return 60;
  if (ageSeconds < 2 * 86_400) return 900;
  return ageSeconds < watchDays * 86_400 ? 3600 : null;
}
