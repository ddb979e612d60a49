import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import type { PlanPreview } from '../../../src/shared/api/billing.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
  deadJobs,
  linesOf,
  need,
  settle,
  shop,
  shopper,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const day = 86_400;
const basicPlan = 'DOTM Basic Membership';
const fullPlan = 'DOTM Full Membership';

describe('plans that change', () => {
  let t: Shop;
  let operator: Shopper;
  beforeAll(async () => {
    t = await shop();
    operator = shopper(t, 'owner');
    t.people.put({ uid: operator.uid, role: 'owner' });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    expect(await deadJobs(t)).toEqual([]);
    await t.stop();
  });

  const subscription = async (who: Shopper) => need((await who.call('getAccount', {})).subscriptions[0]);

  async function preview(
    who: Shopper,
    productId: string,
    cycle: 'monthly' | 'annual' = 'annual',
  ): Promise<PlanPreview> {
    return who.call('previewPlanChange', { subscriptionId: (await subscription(who)).id, productId, cycle });
  }

  async function change(who: Shopper, shown: PlanPreview, key?: string) {
    const { prorationDate, dueNow, to } = shown;
    const subscriptionId = (await subscription(who)).id;
    const wish = { subscriptionId, productId: to.productId, cycle: to.cycle, prorationDate, dueNow };
    const changed = await who.call('changePlan', wish, key);
    await settle(t, 30);
    return changed;
  }

  const atStripe = async (who: Shopper) => {
    const customer = await who.customerId();
    const all = await t.stripe.list<Stripe.Subscription>('subscriptions');
    return need(all.find((one) => one.customer === customer));
  };

  it('an upgrade is charged what its preview said, for the time that is left, and is an order like any other', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await t.advance(100 * day);
    const shown = await preview(ada, 'full_membership');
    expect(shown).toMatchObject({
      kind: 'upgrade',
      daysLeft: 265,
      from: { productId: 'basic_membership', price: { amount: '24.00' } },
      to: { productId: 'full_membership', price: { amount: '66.00' } },
      tax: { amount: '0.00' },
      nextRenewal: { at: (await subscription(ada)).currentPeriodEnd, price: { amount: '66.00' } },
    });
    const due = BigInt(shown.dueNow.amount.replace('.', ''));
    expect(Number(shown.charge.amount) - Number(shown.credit.amount)).toBeCloseTo(Number(shown.dueNow.amount), 6);
    // 265 of 365 days of 42.00 more.
    expect(Number(due)).toBeGreaterThan(3045);
    expect(Number(due)).toBeLessThan(3055);
    await t.advance(300);
    const changed = await change(ada, shown);
    expect(changed).toMatchObject({ outcome: 'done', subscription: { productId: 'full_membership', next: null } });
    const order = await ada.order(need(changed.orderId));
    expect(order).toMatchObject({ state: 'active', total: shown.dueNow, items: [{ productId: 'full_membership' }] });
    expect(order.receiptUrl).toMatch(/^http/);
    expect((await chargesOf(t, ada)).map(({ amount }) => amount)).toEqual([2400, Number(due)]);
    const books = await booksOf(t, order.id);
    expect(books).toMatchObject({ 'revenue/USD': String(due), 'stripe_clearing/USD': String(-due) });
    // Rewards are for what was paid: 10.33 % of it, at a DOTM for a dollar.
    expect(books['rewards_pending/DOTM']).toBe(String(due * 1033n * 10n ** 12n));
    expect(await linesOf(t, ada)).toEqual([[basicPlan, fullPlan]]);
    expect((await subscription(ada)).productId).toBe('full_membership');
    expect(await alertsAbout(t, (await subscription(ada)).id)).toEqual([]);
  });

  it('after an upgrade the renewal costs and rewards the new plan', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await change(ada, await preview(ada, 'full_membership'));
    await t.stripe.renewSubscription((await atStripe(ada)).id);
    await settle(t, 30);
    const { orders } = await ada.call('listOrders', {});
    expect(orders).toHaveLength(3);
    expect(orders[0]).toMatchObject({
      state: 'active',
      total: { amount: '66.00' },
      items: [{ productId: 'full_membership', cycle: 'annual', total: { amount: '66.00' } }],
      reward: { amount: '6.817800000000000000' },
    });
  });

  it('an upgrade that is asked for twice is made and charged once', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await t.advance(10 * day);
    const shown = await preview(ada, 'full_membership');
    const [one, two] = await Promise.allSettled([
      change(ada, shown, 'the-same-key'),
      change(ada, shown, 'the-same-key'),
    ]);
    expect([one.status, two.status]).toContain('fulfilled');
    const again = await ada.call(
      'changePlan',
      {
        subscriptionId: (await subscription(ada)).id,
        productId: 'full_membership',
        cycle: 'annual',
        prorationDate: shown.prorationDate,
        dueNow: shown.dueNow,
      },
      'the-same-key',
    );
    expect(again.outcome).toBe('done');
    expect(await chargesOf(t, ada)).toHaveLength(2);
    expect((await ada.call('listOrders', {})).orders).toHaveLength(2);
  });

  it('two different wishes at once end in one change', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    const shown = await preview(ada, 'full_membership');
    const results = await Promise.allSettled([change(ada, shown), change(ada, shown)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await settle(t, 200);
    expect(await chargesOf(t, ada)).toHaveLength(2);
  });

  it('an upgrade that the card refuses changes nothing', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    const shown = await preview(ada, 'full_membership');
    await t.stripe.setCardFails(await ada.customerId(), true);
    await expect(change(ada, shown)).rejects.toMatchObject({ code: 'payment.refused' });
    await settle(t, 200);
    expect(await subscription(ada)).toMatchObject({
      productId: 'basic_membership',
      status: 'active',
      changeable: true,
    });
    expect(await chargesOf(t, ada)).toHaveLength(1);
    const { orders } = await ada.call('listOrders', {});
    expect(orders.map(({ state }) => state)).toEqual(['expired', 'active']);
    await t.stripe.setCardFails(await ada.customerId(), false);
    expect((await change(ada, await preview(ada, 'full_membership'))).outcome).toBe('done');
  });

  it('an amount that was not shown is never charged', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    const shown = await preview(ada, 'full_membership');
    const other = { ...shown, dueNow: { ...shown.dueNow, amount: '1.00' } };
    await expect(change(ada, other)).rejects.toMatchObject({ code: 'plan.preview_outdated' });
    await t.advance(3600);
    await expect(change(ada, shown)).rejects.toMatchObject({ code: 'plan.preview_outdated' });
    expect(await chargesOf(t, ada)).toHaveLength(1);
  });

  it('a downgrade moves no money, keeps the plan until the renewal, and then renews at the new price', async () => {
    const ada = shopper(t);
    await ada.buy('full_membership');
    await t.advance(30 * day);
    const shown = await preview(ada, 'basic_membership');
    const end = (await subscription(ada)).currentPeriodEnd;
    expect(shown).toMatchObject({ kind: 'downgrade', dueNow: { amount: '0.00' }, effectiveAt: end });
    expect(await change(ada, shown)).toMatchObject({ outcome: 'scheduled', orderId: null });
    expect(await subscription(ada)).toMatchObject({
      productId: 'full_membership',
      next: { productId: 'basic_membership', cycle: 'annual', price: { amount: '24.00' } },
    });
    expect(await chargesOf(t, ada)).toHaveLength(1);
    await expect(preview(ada, 'basic_membership')).rejects.toMatchObject({ code: 'plan.change_pending' });
    await t.stripe.renewSubscription((await atStripe(ada)).id);
    await settle(t, 30);
    expect(await subscription(ada)).toMatchObject({
      productId: 'basic_membership',
      next: null,
      price: { amount: '24.00' },
    });
    expect((await chargesOf(t, ada)).map(({ amount }) => amount)).toEqual([6600, 2400]);
    const [renewal] = (await ada.call('listOrders', {})).orders;
    expect(renewal).toMatchObject({ state: 'active', items: [{ productId: 'basic_membership' }] });
  });

  it('a planned downgrade can be taken back, and the plan goes on', async () => {
    const ada = shopper(t);
    await ada.buy('full_membership');
    await change(ada, await preview(ada, 'basic_membership'));
    const back = await preview(ada, 'full_membership');
    expect(back).toMatchObject({ kind: 'keep', dueNow: { amount: '0.00' } });
    expect((await change(ada, back)).outcome).toBe('kept');
    expect(await subscription(ada)).toMatchObject({ productId: 'full_membership', next: null });
    await t.stripe.renewSubscription((await atStripe(ada)).id);
    await settle(t, 30);
    expect((await chargesOf(t, ada)).map(({ amount }) => amount)).toEqual([6600, 6600]);
  });

  it('a feature goes from month to year at once, and from year to month at the end of its year', async () => {
    const ada = shopper(t);
    await ada.buy('network_vpn');
    await t.advance(15 * day);
    const up = await preview(ada, 'network_vpn', 'annual');
    expect(up).toMatchObject({ kind: 'upgrade', charge: { amount: '80.00' }, to: { cycle: 'annual' } });
    expect((await change(ada, up)).outcome).toBe('done');
    const yearly = await subscription(ada);
    expect(yearly).toMatchObject({ cycle: 'annual', price: { amount: '80.00' } });
    expect(Date.parse(yearly.currentPeriodEnd) - t.clock.now().getTime()).toBeGreaterThan(364 * day * 1000);
    const down = await preview(ada, 'network_vpn', 'monthly');
    expect((await change(ada, down)).outcome).toBe('scheduled');
    expect(await subscription(ada)).toMatchObject({
      cycle: 'annual',
      status: 'active',
      currentPeriodEnd: yearly.currentPeriodEnd,
      next: { cycle: 'monthly', price: { amount: '8.00' } },
    });
    await t.stripe.renewSubscription((await atStripe(ada)).id);
    await settle(t, 30);
    expect(await subscription(ada)).toMatchObject({ cycle: 'monthly', next: null });
    expect((await chargesOf(t, ada)).at(-1)?.amount).toBe(800);
    expect((await ada.call('listOrders', {})).orders[0]).toMatchObject({ items: [{ cycle: 'monthly' }] });
  });

  it('an upgrade that can’t be delivered is refunded, and the plan before it runs on', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    await t.advance(10 * day);
    const shown = await preview(ada, 'full_membership');
    const plans = { ...t.policy.carrierPlanIds };
    t.policy.carrierPlanIds['full_membership'] = 'no-such-plan';
    const { orderId } = await change(ada, shown);
    Object.assign(t.policy.carrierPlanIds, plans);
    await settle(t, 60);
    expect((await ada.order(need(orderId))).state).toBe('refunded');
    expect(await booksOf(t, need(orderId))).toEqual({});
    expect(await subscription(ada)).toMatchObject({ productId: 'basic_membership', status: 'active' });
    expect((await atStripe(ada)).items.data[0]).toMatchObject({ price: { unit_amount: 2400 } });
    const { rows } = await t.db.query('delete from outbox where state = $1 and topic = $2 returning id', [
      'dead',
      'order.fulfil',
    ]);
    expect(rows).toHaveLength(1);
  });

  it('an upgrade that an operator gives back goes back to the plan before it, also from year to month', async () => {
    const ada = shopper(t);
    await ada.buy('network_vpn');
    const { currentPeriodEnd } = await subscription(ada);
    await t.advance(5 * day);
    const { orderId } = await change(ada, await preview(ada, 'network_vpn', 'annual'));
    await operator.call('refundOrder', { orderId: need(orderId), reason: 'the member asked' });
    await settle(t, 60);
    expect((await ada.order(need(orderId))).state).toBe('refunded');
    expect(await subscription(ada)).toMatchObject({ cycle: 'monthly', status: 'active', currentPeriodEnd });
    const before = (await chargesOf(t, ada)).length;
    await t.stripe.renewSubscription((await atStripe(ada)).id);
    await settle(t, 30);
    const charges = await chargesOf(t, ada);
    expect(charges).toHaveLength(before + 1);
    expect(charges.at(-1)?.amount).toBe(800);
  });

  it('a membership whose money goes back takes back what was paid on top of it, too', async () => {
    const ada = shopper(t);
    const first = await ada.buy('basic_membership');
    const { orderId } = await change(ada, await preview(ada, 'full_membership'));
    await operator.call('refundOrder', { orderId: first, reason: 'the member asked' });
    await settle(t, 60);
    expect([(await ada.order(first)).state, (await ada.order(need(orderId))).state]).toEqual(['refunded', 'refunded']);
    expect((await chargesOf(t, ada)).every(({ amount, refunded }) => amount === refunded)).toBe(true);
    expect((await subscription(ada)).status).toBe('canceled');
  });

  it('a subscription is cancelled for its end, and that is taken back', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    const { id: subscriptionId } = await subscription(ada);
    expect(await ada.call('cancelSubscription', { subscriptionId })).toMatchObject({
      cancelAtPeriodEnd: true,
      changeable: false,
    });
    await expect(preview(ada, 'full_membership')).rejects.toMatchObject({ code: 'plan.unavailable' });
    expect(await ada.call('resumeSubscription', { subscriptionId })).toMatchObject({
      cancelAtPeriodEnd: false,
      changeable: true,
    });
    await settle(t, 30);
    expect((await atStripe(ada)).cancel_at_period_end).toBe(false);
  });

  it('somebody else’s subscription does not exist', async () => {
    const [ada, eve] = [shopper(t), shopper(t, 'eve')];
    await ada.buy('basic_membership');
    const { id: subscriptionId } = await subscription(ada);
    const wish = { subscriptionId, productId: 'full_membership', cycle: 'annual' as const };
    await expect(eve.call('previewPlanChange', wish)).rejects.toMatchObject({ code: 'not_found' });
    await expect(eve.call('cancelSubscription', { subscriptionId })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('a plan of another kind, the same plan, and one without a price are refused', async () => {
    const ada = shopper(t);
    await ada.buy('basic_membership');
    for (const [productId, cycle] of [
      ['network_vpn', 'annual'],
      ['basic_membership', 'annual'],
      ['full_membership', 'monthly'],
      ['nothing_at_all', 'annual'],
    ] as const) {
      await expect(preview(ada, productId, cycle), productId).rejects.toMatchObject({ code: 'plan.unavailable' });
    }
  });
});
