import type { Services } from '../../platform/container.ts';
import type { Job } from '../../platform/jobs.ts';
import { CodedError } from '../../shared/errors.ts';
import type { Line } from '../../store/lines.ts';
import { appendEvent } from '../../store/order-events.ts';
import type { OrderItem } from '../../store/order-items.ts';
import type { Order } from '../../store/orders.ts';
import { countPlansOn, insertPlanGrant, listGrantedPlans } from '../../store/plan-grants.ts';
import type { CarrierPlan } from '../../vendors/carrier/port.ts';

/**
 * Puts the plan of each item on the line, as often as it was bought. The carrier does not deduplicate: when more plans of a name
 * stand on the SIM than we know of, a cut-off attempt had worked, and that one is taken over instead of adding another.
 */
export async function ensurePlans(services: Services, job: Job, order: Order, line: Line): Promise<void> {
  const granted = await listGrantedPlans(services.db, order.id);
  const missing = order.items.flatMap((item) =>
    Array.from({ length: item.quantity }, (_, index) => ({ item, ordinal: index + 1 })).filter(
      ({ ordinal }) => planIdOf(services, item) !== null && !granted.has(`${item.position}:${ordinal}`),
    ),
  );
  if (missing.length === 0) return;
  const plans = await (await services.carrier()).listPlans();
  for (const { item, ordinal } of missing) await ensurePlan(services, job, order, line, plans, item, ordinal);
}

function planIdOf(services: Services, item: OrderItem): string | null {
  const planId = services.policy.carrierPlanIds[item.productId];
  if (planId !== undefined) return planId;
  // A network feature needs no plan at the carrier. What brings a line or data does: without its plan nobody is connected.
  if (item.dataBytes === null && !item.includesLine) return null;
  throw new CodedError('vendor.refused', `OXIO_PLAN_IDS names no plan for ${item.productId}, which brings a line`);
}

async function ensurePlan(
  services: Services,
  job: Job,
  order: Order,
  line: Line,
  plans: CarrierPlan[],
  item: OrderItem,
  ordinal: number,
): Promise<void> {
  const carrier = await services.carrier();
  const plan = plans.find((candidate) => candidate.planId === planIdOf(services, item));
  if (!plan)
    throw new CodedError(
      'vendor.refused',
      `the carrier has no plan ${String(planIdOf(services, item))} for ${item.productId}`,
    );
  if (line.iccid === null) throw new CodedError('internal', `line ${line.id} has no ICCID`);
  const standing = (await carrier.listPlansOfSim(line.iccid)).filter((found) => found.name === plan.name).length;
  if (standing <= (await countPlansOn(services.db, line.id, plan.name))) {
    await job.renew();
    await carrier.addPlan({ lineId: line.oxioLineId, planId: plan.planId });
  }
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    await job.renew(tx);
    const grant = {
      orderId: order.id,
      position: item.position,
      ordinal,
      lineId: line.id,
      planId: plan.planId,
      planName: plan.name,
    };
    await insertPlanGrant(tx, grant, now);
    const key = `${item.position}:${ordinal}`;
    await appendEvent(
      tx,
      { orderId: order.id, kind: 'plan_added', key, evidence: { productId: item.productId, planId: plan.planId } },
      now,
    );
  });
}
