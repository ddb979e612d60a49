import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { reconcile } from '../../../src/features/reconciliation/reconcile.ts';
import { reconcileLastDay } from '../../../src/features/reconciliation/reconcile-last-day.ts';
import { balanceOf } from '../../../src/store/ledger.ts';
import { buyer, operator } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';
import { differences, recentSpan, value } from './support.ts';

let services: TestServices;
let stripe: StripeControl;
let finance: string;

beforeAll(async () => {
  services = await shop();
  stripe = new StripeControl(services.control);
  finance = operator(services, 'finance');
});
afterAll(() => services.stop());

async function order(uid: string, productId: string, currency: 'USD' | 'CAD'): Promise<string> {
  services.people.put({ uid });
  const token = services.people.tokenOf(uid);
  const { orderId, checkoutUrl } = await call(
    services,
    'startCheckout',
    { items: [{ productId }], currency },
    { token },
  );
  await pay(checkoutUrl);
  await settle(services, 60);
  return orderId;
}

async function dispute(orderId: string, outcome: 'won' | 'lost' | 'open'): Promise<void> {
  const charge = await value<string>(services, 'select charge_id as value from orders where id = $1', [orderId]);
  const { id } = await stripe.openDispute({ charge });
  await settle(services, 5);
  if (outcome !== 'open') await stripe.closeDispute(id, outcome);
  await settle(services, 5);
}

/** Fees that the provider says it took, in cents. */
async function feesAtProvider(currency: string): Promise<bigint> {
  const { data } = await services.control.call<{ data: { fee: number; currency: string }[] }>(
    'GET',
    '/stripe/objects/balanceTransactions?limit=1000',
  );
  return data.reduce((sum, each) => (each.currency === currency ? sum + BigInt(each.fee) : sum), 0n);
}

describe('when vendors, orders and ledger agree', () => {
  beforeAll(async () => {
    await order('plain', 'global_data_10gb', 'USD');
    await order('canadian', 'global_data_10gb', 'CAD');
    await order('membership', 'basic_membership', 'USD');
    const whole = await buyer(services, 'whole');
    await call(services, 'refundOrder', { orderId: whole.orderId, reason: 'a test' }, { token: finance });
    const part = await buyer(services, 'part');
    const amount = { unit: 'USD', amount: '5.50' } as const;
    await call(services, 'refundOrder', { orderId: part.orderId, reason: 'a test', amount }, { token: finance });
    await settle(services, 10);
    await dispute(await order('disputed', 'global_data_10gb', 'USD'), 'open');
    await dispute(await order('winner', 'global_data_10gb', 'USD'), 'won');
    await dispute(await order('loser', 'global_data_10gb', 'USD'), 'lost');
    await services.control.setOxio({ refuseLines: {} });
    await order('refused', 'global_data_10gb', 'USD');
    await services.control.setOxio({ refuseLines: null });
  }, 120_000);

  it('finds no difference', async () => {
    expect(await differences(services)).toEqual([]);
  });

  it('books each fee of the provider once, however often it runs', async () => {
    await differences(services);
    await Promise.all([1, 2].map(() => reconcile(services, recentSpan(services))));
    for (const currency of ['USD', 'CAD'] as const) {
      const fees = await feesAtProvider(currency.toLowerCase());
      expect(fees).toBeGreaterThan(0n);
      expect(await balanceOf(services.db, `platform/stripe_fees/${currency}`)).toBe(-fees);
    }
  });

  it('leaves our side of the provider where the provider says that its side is', async () => {
    await differences(services);
    const { data } = await services.control.call<{ data: { net: number; currency: string }[] }>(
      'GET',
      '/stripe/objects/balanceTransactions?limit=1000',
    );
    const net = data.filter((each) => each.currency === 'usd').reduce((sum, each) => sum + BigInt(each.net), 0n);
    expect(await balanceOf(services.db, 'platform/stripe_clearing/USD')).toBe(-net);
  });

  it('tells operators when it ran, and that there is nothing to do', async () => {
    await differences(services);
    const answer = await call(services, 'listDifferences', {}, { token: finance });
    expect(answer.ranAt).not.toBeNull();
    expect(answer.differences).toEqual([]);
    const { alerts } = await call(services, 'listAlerts', {}, { token: finance });
    expect(alerts.filter((alert) => alert.kind === 'reconciliation_differences')).toEqual([]);
  });

  it('finds no difference in an order that is being delivered while it runs', async () => {
    await services.control.setOxio({ activationCodeDelaySeconds: 3_600 });
    services.people.put({ uid: 'waiting' });
    const token = services.people.tokenOf('waiting');
    const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' as const };
    const { orderId, checkoutUrl } = await call(services, 'startCheckout', wish, { token });
    await pay(checkoutUrl);
    await settle(services, 10);
    expect((await call(services, 'getOrder', { orderId }, { token })).state).toBe('provisioning');
    expect(await differences(services)).toEqual([]);
    await services.control.setOxio({ activationCodeDelaySeconds: 0 });
  });

  it('runs at night for the last days, and makes up for nights that were missed', async () => {
    const { runId } = await reconcileLastDay(services);
    const first = await spanOf(runId);
    expect(first.to.getTime() - first.from.getTime()).toBe(3 * 86_400_000);
    await services.advance(5 * 86_400);
    await settle(services);
    const second = await spanOf((await reconcileLastDay(services)).runId);
    expect(second.from).toEqual(first.to);
  });
});

async function spanOf(runId: string): Promise<{ from: Date; to: Date }> {
  const { rows } = await services.db.query<{ from: Date; to: Date }>(
    'select from_at as from, to_at as to from reconciliation_run where id = $1',
    [runId],
  );
  return rows[0]!;
}
