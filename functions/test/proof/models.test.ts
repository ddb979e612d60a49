import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../src/store/ledger.ts';
import { openLedger, type LedgerWorld } from '../integration/ledger/support.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { call } from '../support/shopping.ts';
import { expectAgreement, ledgerHistories, platformBalances } from './models/ledger.ts';
import { orderHistories, type OrderModel, type RealOrder } from './models/order.ts';
import { report, runs } from './models/report.ts';
import { subscriptionHistories, type SubscriptionModel } from './models/subscription.ts';
import { quietLog } from './quiet.ts';
import { startProvider, type Provider } from './storm/provider.ts';
import { openSide, type Side } from './storm/side.ts';

const letLogThrough = quietLog();
afterAll(letLogThrough);

describe('the ledger beside a map of balances', () => {
  let world: LedgerWorld;
  beforeAll(async () => {
    world = await openLedger();
  });
  afterAll(async () => {
    expect(await verifyLedger(world.db)).toEqual([]);
    await world.close();
  });

  it('any history of postings, replays, clashes and reversals leaves the balances that simple arithmetic gives', async () => {
    let histories = 0;
    let steps = 0;
    const property = fc.asyncProperty(ledgerHistories(60), async (history) => {
      histories += 1;
      const model = { balances: new Map<string, bigint>(), kept: [], steps: 0 };
      const real = { db: world.db, run: `${String(histories)}_`, before: await platformBalances(world.db) };
      await fc.asyncModelRun(() => ({ model, real }), history);
      await expectAgreement(model, real);
      steps += model.steps;
    });
    const { seed } = await runs(property, { short: 50, full: 2_000 });
    report('ledger', { seed, histories, steps });
  });
});

describe('orders beside a handful of plain values', () => {
  const { world } = shops();

  it('any history of payments, refunds, disputes and refusals, told in any order, ends as simple rules say', async () => {
    let histories = 0;
    let steps = 0;
    const seen = { delivered: 0, refunded: 0, disputed: 0, refused: 0 };
    const property = fc.asyncProperty(orderHistories(30), async (history) => {
      histories += 1;
      const real = await openOrder(world(), `order-${String(histories)}`);
      const model: OrderModel = {
        ...{ page: 'open', money: 'none', back: [], dispute: 'none', carrierRefuses: false, steps: 0 },
        ...{ heardOfPayment: false, heardAll: false, delivered: false },
      };
      await fc.asyncModelRun(() => ({ model, real }), history);
      steps += model.steps;
      seen.delivered += model.delivered ? 1 : 0;
      seen.refunded += model.back.length > 0 ? 1 : 0;
      seen.disputed += model.dispute === 'none' ? 0 : 1;
      seen.refused += model.carrierRefuses && model.heardOfPayment ? 1 : 0;
    });
    const { seed } = await runs(property, { short: 10, full: 500 });
    report('order', { seed, histories, steps, ...seen });
  });
});

describe('subscriptions beside a handful of plain values', () => {
  const { world } = shops();

  it('any history of purchases, renewals, failures, recoveries and cancellations ends as simple rules say', async () => {
    let histories = 0;
    let steps = 0;
    const seen = { renewed: 0, failed: 0, recovered: 0, canceled: 0 };
    const property = fc.asyncProperty(subscriptionHistories(40), async (history) => {
      histories += 1;
      const side = world();
      const uid = `subscriber-${String(histories)}`;
      side.people.put({ uid, name: 'Ada Test' });
      await call(side, 'getAccount', {}, { token: side.people.tokenOf(uid) });
      await side.workOff(4, 30);
      side.provider.takeEvents();
      const real = { side, uid, customerId: '', subscriptionId: '', told: [] };
      const model: SubscriptionModel = {
        ...{ status: 'none', endsWithPeriod: false, cardFails: false, failures: [], heardAll: true, steps: 0 },
        ...{ bought: 0, renewed: 0, refunded: 0 },
      };
      await fc.asyncModelRun(() => ({ model, real }), history);
      steps += model.steps;
      seen.renewed += model.renewed > 0 ? 1 : 0;
      seen.failed += model.failures.length > 0 ? 1 : 0;
      seen.recovered += model.failures.some(({ paid }) => paid) ? 1 : 0;
      seen.canceled += model.status === 'canceled' ? 1 : 0;
    });
    const { seed } = await runs(property, { short: 8, full: 400 });
    report('subscription', { seed, histories, steps, ...seen });
  });
});

/** A backend, its provider and its carrier for a whole group of histories. */
function shops(): { world: () => Side } {
  let database: FreshDatabase;
  let provider: Provider;
  let side: Side;
  beforeAll(async () => {
    database = await freshDatabase({ seeded: true });
    provider = await startProvider();
    side = await openSide(database.url, provider, { movesProvider: true });
    side.people.put({ uid: 'operator', role: 'owner' });
  });
  afterAll(async () => {
    expect(await verifyLedger(side.db)).toEqual([]);
    await side.stop();
    await provider.stop();
    await database.drop();
  });
  return { world: () => side };
}

/** Somebody new opens the payment page of an order; their account is set up meanwhile, and nothing of earlier histories is under way. */
async function openOrder(side: Side, uid: string): Promise<RealOrder> {
  await side.carrierControl.setOxio({ refuseLines: null });
  side.people.put({ uid, name: 'Ada Test' });
  const items = [{ productId: 'global_data_10gb' }];
  const token = side.people.tokenOf(uid);
  const { orderId, checkoutUrl } = await call(side, 'startCheckout', { items, currency: 'USD' }, { token });
  await side.workOff(4, 30);
  side.provider.takeEvents();
  const sessionId = checkoutUrl.slice(checkoutUrl.lastIndexOf('/') + 1);
  return { side, uid, orderId, sessionId, checkoutUrl, disputeId: null, untold: [], told: [] };
}
