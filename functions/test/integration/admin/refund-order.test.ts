import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../../src/shared/errors.ts';
import { balanceOf, verifyLedger } from '../../../src/store/ledger.ts';
import { buyer, operator } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { call, settle, shop } from '../../support/shopping.ts';

let services: TestServices;
let finance: string;
let support: string;

beforeAll(async () => {
  services = await shop();
  finance = operator(services, 'finance');
  support = operator(services, 'support');
});
afterAll(() => services.stop());

/** All that a refund could change, to compare before and after one that was refused. */
async function everythingAbout(orderId: string): Promise<unknown> {
  const read = async (sql: string) => (await services.db.query(sql, [orderId])).rows;
  return {
    order: await read('select * from orders where id = $1'),
    refunds: await read('select * from refund where order_id = $1 order by id'),
    events: await read('select * from order_event where order_id = $1 order by id'),
    jobs: await read(`select * from outbox where payload ->> 'orderId' = $1 or topic = 'order.refund' order by id`),
    audit: await read(`select * from audit_log where subject = $1 order by id`),
    revenue: await balanceOf(services.db, 'platform/revenue/USD'),
  };
}

async function refundsAtProvider(orderId: string): Promise<{ amount: number }[]> {
  const { data } = await services.control.call<{ data: { amount: number; metadata: Record<string, string> }[] }>(
    'GET',
    '/stripe/objects/refunds?limit=1000',
  );
  return data.filter((refund) => refund.metadata['order_id'] === orderId);
}

function codeOf(error: unknown): string {
  return error instanceof CodedError ? error.code : String(error);
}

describe('refundOrder', () => {
  it('gives the whole of an order back, once at the provider and once in the ledger', async () => {
    const { orderId, token } = await buyer(services, 'whole');
    const before = await balanceOf(services.db, 'platform/revenue/USD');
    const answer = await call(services, 'refundOrder', { orderId, reason: 'wrong country' }, { token: finance });
    expect(answer.state).toBe('refunding');
    await settle(services, 30);
    const order = await call(services, 'getOrder', { orderId }, { token });
    expect(order.state).toBe('refunded');
    expect(order.refunded).toEqual({ unit: 'USD', amount: '20.00' });
    expect(await refundsAtProvider(orderId)).toMatchObject([{ amount: 2000 }]);
    expect(await balanceOf(services.db, 'platform/revenue/USD')).toBe(before - 2000n);
    expect(await verifyLedger(services.db)).toEqual([]);
  });

  it('gives a part back and leaves the order as it is', async () => {
    const { orderId, token } = await buyer(services, 'part');
    const amount = { unit: 'USD', amount: '5.50' } as const;
    await call(services, 'refundOrder', { orderId, reason: 'slow network', amount }, { token: support });
    await settle(services, 30);
    const order = await call(services, 'getOrder', { orderId }, { token });
    expect(order.state).toBe('active');
    expect(order.refunded).toEqual(amount);
    expect(order.timeline.map((event) => event.kind)).toContain('refunded_in_part');
  });

  it('done by two operators at once, gives the money back exactly once', async () => {
    const { orderId } = await buyer(services, 'race');
    const attempts = await Promise.allSettled(
      [finance, support, finance, support].map((token) =>
        call(services, 'refundOrder', { orderId, reason: 'asked for it' }, { token }),
      ),
    );
    const failed = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(failed.map((attempt) => codeOf(attempt.reason))).toEqual(Array(3).fill('order.not_refundable'));
    await settle(services, 30);
    expect(await refundsAtProvider(orderId)).toMatchObject([{ amount: 2000 }]);
    const audited = await services.db.query(
      `select 1 from audit_log where subject = $1 and action = 'order.refund_started'`,
      [orderId],
    );
    expect(audited.rowCount).toBe(1);
  });

  it('in parts by many at once, never gives back more than was paid', async () => {
    const { orderId, token } = await buyer(services, 'parts');
    const amount = { unit: 'USD', amount: '7.00' } as const;
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        call(services, 'refundOrder', { orderId, reason: 'a share each', amount }, { token: finance }),
      ),
    );
    expect(attempts.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(2);
    await settle(services, 30);
    const order = await call(services, 'getOrder', { orderId }, { token });
    expect(order.refunded.amount).toBe('14.00');
    expect(await refundsAtProvider(orderId)).toHaveLength(2);
  });

  it('sent twice with one key, gives the first answer and one refund', async () => {
    const { orderId } = await buyer(services, 'twice');
    const amount = { unit: 'USD', amount: '3.00' } as const;
    const send = () =>
      call(services, 'refundOrder', { orderId, reason: 'twice', amount }, { token: finance, key: 'the-same-key' });
    const first = await send();
    expect(await send()).toEqual(first);
    await settle(services, 30);
    expect(await refundsAtProvider(orderId)).toHaveLength(1);
  });

  it('whose answer was lost after the commit, is not done again by the next attempt with its key', async () => {
    const { orderId } = await buyer(services, 'lost');
    const amount = { unit: 'USD', amount: '3.00' } as const;
    const send = () =>
      call(services, 'refundOrder', { orderId, reason: 'lost', amount }, { token: finance, key: 'a-lost-answer' });
    await send();
    await services.db.query(`update idempotency set response = null, locked_until = null where key = 'a-lost-answer'`);
    await send();
    const refunds = await services.db.query('select 1 from refund where order_id = $1', [orderId]);
    expect(refunds.rowCount).toBe(1);
  });

  it.each([
    ['more than was paid', { unit: 'USD', amount: '20.01' }, 'order.not_refundable'],
    ['another currency', { unit: 'CAD', amount: '1.00' }, 'request.invalid'],
    ['nothing', { unit: 'USD', amount: '0.00' }, 'request.invalid'],
    ['less than nothing', { unit: 'USD', amount: '-1.00' }, 'request.invalid'],
    ['parts of a cent', { unit: 'USD', amount: '1.005' }, 'request.invalid'],
  ] as const)('refuses %s and changes nothing', async (_what, amount, code) => {
    const { orderId } = await buyer(services, `refused-${amount.unit}-${amount.amount}`);
    const before = await everythingAbout(orderId);
    const refused = call(services, 'refundOrder', { orderId, reason: 'a test', amount }, { token: finance });
    expect(await refused.then(() => 'done', codeOf)).toBe(code);
    await settle(services, 30);
    expect(await everythingAbout(orderId)).toEqual(before);
  });

  it('refuses an order that nobody paid', async () => {
    services.people.put({ uid: 'unpaid' });
    const token = services.people.tokenOf('unpaid');
    const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
    const { orderId } = await call(services, 'startCheckout', wish, { token });
    const refused = call(services, 'refundOrder', { orderId, reason: 'a test' }, { token: finance });
    expect(await refused.then(() => 'done', codeOf)).toBe('order.not_refundable');
  });

  it('refuses an order whose money a bank has', async () => {
    const { orderId } = await buyer(services, 'disputed');
    const { rows } = await services.db.query<{ charge_id: string }>('select charge_id from orders where id = $1', [
      orderId,
    ]);
    await services.control.call('POST', '/stripe/disputes', { charge: rows[0]?.charge_id });
    await settle(services, 30);
    const amount = { unit: 'USD', amount: '1.00' } as const;
    const refused = call(services, 'refundOrder', { orderId, reason: 'a test', amount }, { token: finance });
    expect(await refused.then(() => 'done', codeOf)).toBe('order.not_refundable');
  });

  it('keeps what the operator wrote from the member', async () => {
    const { orderId, token } = await buyer(services, 'private');
    const reason = 'threatened to write to a newspaper';
    await call(services, 'refundOrder', { orderId, reason }, { token: finance });
    await settle(services, 30);
    const order = await call(services, 'getOrder', { orderId }, { token });
    expect(JSON.stringify(order)).not.toContain('newspaper');
    const audited = await services.db.query<{ actor: string; role: string; detail: { reason: string } }>(
      `select actor, role, detail from audit_log where subject = $1 and action = 'order.refund_started'`,
      [orderId],
    );
    expect(audited.rows).toMatchObject([{ actor: 'op-finance', role: 'finance', detail: { reason } }]);
  });

  it('does not know an order that there is not', async () => {
    const orderId = 'ord_01hzzzzzzzzzzzzzzzzzzzzzzz' as const;
    const refused = call(services, 'refundOrder', { orderId, reason: 'a test' }, { token: finance });
    expect(await refused.then(() => 'done', codeOf)).toBe('not_found');
  });
});
