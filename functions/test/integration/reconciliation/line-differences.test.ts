import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getMember } from '../../../src/store/members.ts';
import { buyer } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { shop } from '../../support/shopping.ts';
import { differences, differencesNow, oneOf, value } from './support.ts';

let services: TestServices;

beforeAll(async () => {
  services = await shop();
});
afterAll(() => services.stop());

async function endUserOf(memberId: string): Promise<string> {
  return (await getMember(services.db, memberId)).oxioEndUserId ?? '';
}

function lineOf(orderId: string): Promise<string> {
  return value(services, 'select line_id as value from orders where id = $1', [orderId]);
}

describe('a line', () => {
  it('at the carrier that we did not keep is found, once it is older than ten minutes', async () => {
    const { memberId } = await buyer(services, 'two-lines');
    await services.advance(11 * 60);
    const made = await (
      await services.carrier()
    ).createLine({ endUserId: await endUserOf(memberId), countryCode: 'US' });
    const young = await differencesNow(services);
    expect(young.filter((each) => each.kind === 'line_unknown')).toEqual([]);
    const difference = oneOf(await differences(services), 'line_unknown', made.lineId);
    expect(difference.cause).toContain(memberId);
  });

  it('that the carrier no longer has is found', async () => {
    const { orderId } = await buyer(services, 'line-gone');
    const lineId = await lineOf(orderId);
    await services.db.query('update line set oxio_line_id = $2 where id = $1', [lineId, randomUUID()]);
    oneOf(await differences(services), 'line_missing', lineId);
  });

  it('with more plans than were bought is found', async () => {
    const { orderId } = await buyer(services, 'gift');
    const lineId = await lineOf(orderId);
    const oxioLineId = await value<string>(services, 'select oxio_line_id as value from line where id = $1', [lineId]);
    const planId = await value<string>(
      services,
      'select plan_id as value from carrier_plan_grant where order_id = $1',
      [orderId],
    );
    await (await services.carrier()).addPlan({ lineId: oxioLineId, planId });
    expect(oneOf(await differences(services), 'plans_differ', lineId).cause).toContain('more than was bought');
  });

  it('with fewer plans than were bought is found', async () => {
    const { orderId } = await buyer(services, 'short');
    const lineId = await lineOf(orderId);
    await services.db.query(
      `insert into carrier_plan_grant (order_id, position, ordinal, line_id, plan_id, plan_name, granted_at)
       select order_id, position, 2, line_id, plan_id, plan_name, granted_at from carrier_plan_grant where order_id = $1`,
      [orderId],
    );
    expect(oneOf(await differences(services), 'plans_differ', lineId).cause).toContain('less than was bought');
  });

  it('of a member whom the carrier refuses to show is found, and all others are looked at', async () => {
    const hidden = await buyer(services, 'hidden');
    const shown = await buyer(services, 'shown');
    await services.db.query('update line set oxio_line_id = $2 where id = $1', [
      await lineOf(shown.orderId),
      randomUUID(),
    ]);
    await services.control.addFault({
      vendor: 'oxio',
      kind: 'status',
      path: `/v3/end-users/${await endUserOf(hidden.memberId)}/lines`,
      times: 100,
      status: 400,
      body: { error: 'Invalid parameters', code: 3 },
    });
    const found = await differences(services);
    await services.control.clearFaults();
    oneOf(found, 'carrier_refuses', hidden.memberId);
    oneOf(found, 'line_missing', await lineOf(shown.orderId));
  });
});

describe('a delivered order', () => {
  it('without a line is found', async () => {
    const { orderId } = await buyer(services, 'no-line');
    await services.db.query('update orders set line_id = null where id = $1', [orderId]);
    oneOf(await differences(services), 'delivered_without_line', orderId);
  });

  it('without its plan is found', async () => {
    const { orderId } = await buyer(services, 'no-plan');
    await services.db.query('delete from carrier_plan_grant where order_id = $1', [orderId]);
    oneOf(await differences(services), 'delivered_without_plan', orderId);
  });
});
