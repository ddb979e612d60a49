import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import { TryLater, type Job } from '../../platform/jobs.ts';
import { fillInLine, getLineById, insertLine, knownCarrierLines, listLinesOf, type Line } from '../../store/lines.ts';
import { appendEvent } from '../../store/order-events.ts';
import { lockOrder, recordFacts, type Order } from '../../store/orders.ts';
import { undelivered } from '../../domain/orders/transitions.ts';
import type { CarrierLine } from '../../vendors/carrier/port.ts';

/** How often to ask the carrier for an activation code that it has not made yet. */
const pollSeconds = 5;
/** Where the carrier's stock of numbers is. */
const countryCode = 'US';

/**
 * Gives the order's line with its activation code: the member's own where there is one, else one that an earlier attempt made, else a
 * new one. The carrier does not deduplicate: the caller holds the member's lane, and we look before we create. Throws TryLater while
 * the carrier has no activation code yet.
 */
export async function ensureLine(
  services: Services,
  job: Job,
  order: Order,
  at: { endUserId: string; since: Date },
): Promise<Line> {
  const line =
    (await assignedLine(services, order)) ??
    (await reuseLine(services, job, order)) ??
    (await obtainLine(services, job, order, at));
  if (line.activationUrl !== null && line.iccid !== null) return line;
  return askForActivation(services, job, line, at.endUserId);
}

async function assignedLine(services: Services, order: Order): Promise<Line | null> {
  return order.lineId === null ? null : getLineById(services.db, order.lineId);
}

/** A member keeps one line: more data goes on the line that they have. */
async function reuseLine(services: Services, job: Job, order: Order): Promise<Line | null> {
  const lines = await listLinesOf(services.db, order.memberId);
  const line = lines.find((candidate) => candidate.state !== 'terminated');
  if (!line) return null;
  await assign(services, job, order, line.id, 'line_reused', async () => undefined);
  return line;
}

async function obtainLine(
  services: Services,
  job: Job,
  order: Order,
  at: { endUserId: string; since: Date },
): Promise<Line> {
  const carrier = await services.carrier();
  const made = (await findUnknownLine(services, at)) ?? (await createUnlessGivenUp());
  const line = { ...fromCarrier(made), id: newId('line', services.clock.now()), memberId: order.memberId };
  await assign(services, job, order, line.id, 'line_created', (tx) => insertLine(tx, line, services.clock.now()));
  return getLineById(services.db, line.id);

  async function createUnlessGivenUp(): Promise<CarrierLine> {
    const { rows } = await services.db.query<{ state: Order['state'] }>('select state from orders where id = $1', [
      order.id,
    ]);
    if (!rows[0] || !undelivered.includes(rows[0].state)) throw new TryLater('the order was given up', 1);
    await job.renew();
    return carrier.createLine({ endUserId: at.endUserId, countryCode });
  }
}

/**
 * Looks for the line that a cut-off attempt made, of this order or of one that was refunded before the carrier was done: at this end
 * user, new enough, and nobody's as far as we know. Oldest first.
 */
async function findUnknownLine(
  services: Services,
  at: { endUserId: string; since: Date },
): Promise<CarrierLine | null> {
  const found = await (await services.carrier()).listLines(at.endUserId);
  const known = await knownCarrierLines(
    services.db,
    found.map((line) => line.lineId),
  );
  const unknown = found.filter((line) => !known.has(line.lineId) && isSince(line, at.since));
  unknown.sort((a, b) => createdMs(a) - createdMs(b));
  return unknown[0] ?? null;
}

/** A line without a time of creation was never seen at the carrier; as this is all that we know, it counts as an old one. */
function isSince(line: CarrierLine, since: Date): boolean {
  return createdMs(line) >= since.getTime();
}

function createdMs(line: CarrierLine): number {
  return line.createdAt?.getTime() ?? 0;
}

async function assign(
  services: Services,
  job: Job,
  order: Order,
  lineId: string,
  kind: 'line_created' | 'line_reused',
  write: (tx: Tx) => Promise<void>,
): Promise<void> {
  await services.db.transaction(async (tx) => {
    await lockOrder(tx, order.id);
    await job.renew(tx);
    await write(tx);
    await recordFacts(tx, order.id, { lineId });
    await appendEvent(tx, { orderId: order.id, kind, evidence: { lineId } }, services.clock.now());
  });
}

async function askForActivation(services: Services, job: Job, line: Line, endUserId: string): Promise<Line> {
  const lines = await (await services.carrier()).listLines(endUserId);
  const found = lines.find((candidate) => candidate.lineId === line.oxioLineId);
  if (!found?.activationUrl || !found.iccid) throw new TryLater('the carrier has no activation code yet', pollSeconds);
  await services.db.transaction(async (tx) => {
    await job.renew(tx);
    await fillInLine(tx, line, fromCarrier(found), services.clock.now());
  });
  return getLineById(services.db, line.id);
}

function fromCarrier(
  line: CarrierLine,
): Pick<Line, 'oxioLineId' | 'iccid' | 'activationUrl' | 'phoneNumber' | 'countryCode'> {
  return {
    oxioLineId: line.lineId,
    iccid: line.iccid,
    activationUrl: line.activationUrl,
    phoneNumber: line.phoneNumber,
    countryCode: line.countryCode ?? countryCode,
  };
}
