import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyLedger } from '../../../src/store/ledger.ts';
import {
  alertsAbout,
  booksOf,
  chargesOf,
  letPass,
  linesOf,
  mailsOf,
  need,
  pay,
  settle,
  shop,
  shopper,
  timelineOf,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const tenGigabytes = 'DOTM Global Data 10 GB';
const reward = (wei: string) => ({ 'rewards_pending/DOTM': wei, 'reward_issuance/DOTM': `-${wei}` });
const data = (bytes: string) => ({ 'data/BYTE': bytes, 'data_stock/BYTE': `-${bytes}` });
const sale = (cents: string) => ({ 'revenue/USD': cents, 'stripe_clearing/USD': `-${cents}` });
const deadline = 30 * 60;

describe('a paid order ends connected or refunded, whatever the carrier does', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
  });
  afterEach(async () => {
    await t.control.clearFaults();
    await t.control.setOxio({
      refuseLines: null,
      refuseSubscriptions: null,
      stockEmpty: false,
      numberDelaySeconds: 6,
      activationDelaySeconds: 6,
      activationCodeDelaySeconds: 0,
    });
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    await t.stop();
  });

  /** Signs somebody up and lets the account be set up, so that what follows meets the order's own calls. */
  async function member(): Promise<Shopper> {
    const ada = shopper(t);
    await ada.call('getAccount', {});
    await settle(t, 30);
    return ada;
  }

  /** All money is back and nothing was kept: the books of the order are empty. */
  async function expectRefunded(who: Shopper, orderId: string, cents = 2000): Promise<void> {
    expect((await who.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, who)).toEqual([{ amount: cents, refunded: cents, currency: 'usd' }]);
    expect(await mailsOf(t, who)).toEqual(['order_paid', 'order_refunded', 'welcome']);
    expect(t.projected.read(`members/${who.uid}/orders/${orderId}`)).toEqual(await who.order(orderId));
    expect((await who.call('getRewards', {})).pending.amount).toBe('0.000000000000000000');
  }

  it('an order that the carrier refuses for good is refunded at once, and the mail says why', async () => {
    const ada = await member();
    await t.control.setOxio({ refuseLines: { code: 3, error: 'Invalid parameters' } });
    const orderId = await ada.buy('global_data_10gb');
    await expectRefunded(ada, orderId);
    expect(await linesOf(t, ada)).toEqual([]);
    expect((await timelineOf(ada, orderId)).filter((kind) => kind !== 'mail_sent')).toEqual([
      'created',
      'checkout_opened',
      'paid',
      'provisioning_started',
      'refund_started',
      'refunded',
    ]);
    const [mail] = await t.control.mail({ to: ada.email });
    expect((await t.control.readMail(need(mail).id)).text).toContain('could not get your eSIM ready');
  });

  it('an order whose plan the carrier refuses is refunded, and the next order takes the line that was made', async () => {
    const ada = await member();
    await t.control.setOxio({ refuseSubscriptions: { code: 3, error: 'Invalid parameters' } });
    const first = await ada.buy('global_data_10gb');
    await expectRefunded(ada, first);
    expect(await linesOf(t, ada)).toEqual([[]]);

    await t.control.setOxio({ refuseSubscriptions: null });
    const second = await ada.buy('global_data_10gb');
    expect((await ada.order(second)).state).toBe('active');
    expect(await timelineOf(ada, second)).toContain('line_reused');
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes]]);
  });

  it.each([
    ['data', 'global_data_10gb', 2000],
    ['a membership', 'basic_membership', 2400],
  ])(
    '%s for which no plan of the carrier is configured is refunded, not delivered empty',
    async (_what, productId, cents) => {
      const ada = await member();
      const { carrierPlanIds } = t.policy;
      Object.assign(t.policy, { carrierPlanIds: { ...carrierPlanIds, [productId]: undefined } });
      try {
        const orderId = await ada.buy(productId);
        await settle(t, 120);
        await expectRefunded(ada, orderId, cents);
      } finally {
        Object.assign(t.policy, { carrierPlanIds });
      }
    },
  );

  it('a carrier that fails for a while is asked again until the eSIM is there; nobody is refunded', async () => {
    const ada = await member();
    await t.control.addFault({ vendor: 'oxio', kind: 'status', status: 503, method: 'POST', times: 3 });
    const orderId = await ada.buy('global_data_10gb');
    await settle(t, 120);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes]]);
    expect(await booksOf(t, orderId)).toEqual({
      ...sale('2000'),
      ...reward('2066000000000000000'),
      ...data('10000000000'),
    });
  });

  it('a carrier that does the work and then answers an error makes neither a second line nor a second plan', async () => {
    const ada = await member();
    for (const path of ['/v3/lines/line', '/v2/subscriptions']) {
      await t.control.addFault({
        vendor: 'oxio',
        kind: 'works-then-status',
        status: 502,
        html: true,
        method: 'POST',
        path,
      });
    }
    const orderId = await ada.buy('global_data_10gb');
    await settle(t, 120);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes]]);
  });

  it('an order that the carrier is too slow for is refunded at its deadline; its late line waits for the next order', async () => {
    const ada = await member();
    // The carrier makes the line and never says so: all that we see is errors.
    await t.control.addFault({
      vendor: 'oxio',
      kind: 'works-then-status',
      status: 504,
      html: true,
      method: 'POST',
      path: '/v3/lines/line',
    });
    await t.control.addFault({
      vendor: 'oxio',
      kind: 'status',
      status: 504,
      html: true,
      method: 'GET',
      path: '/v3/end-users/*/lines',
      skip: 1,
      times: 1_000,
    });
    const first = await ada.buy('global_data_10gb');
    expect((await ada.order(first)).state).toBe('provisioning');
    await letPass(t, deadline);
    await expectRefunded(ada, first);
    expect(await linesOf(t, ada)).toEqual([[]]);
    await t.control.clearFaults();
    await settle(t, 900);
    expect((await ada.call('listLines', {})).lines).toEqual([]);

    await t.advance(3600);
    const second = await ada.buy('global_data_10gb');
    expect((await ada.order(second)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes]]);
    const third = await ada.buy('global_data_10gb');
    expect((await ada.order(third)).lineId).toBe((await ada.order(second)).lineId);
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes, tenGigabytes]]);
    expect(await booksOf(t, first)).toEqual({});
  });

  it('an order that is released before its deadline is never refunded by it', async () => {
    const ada = await member();
    const orderId = await ada.buy('global_data_10gb');
    await letPass(t, deadline + 60);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 0, currency: 'usd' }]);
  });

  it('an eSIM is released without its number, which is filled in when the carrier has it', async () => {
    const ada = await member();
    await t.control.setOxio({ numberDelaySeconds: 90, activationDelaySeconds: 90 });
    const orderId = await ada.buy('global_data_10gb');
    expect((await ada.order(orderId)).state).toBe('released');
    const [pending] = (await ada.call('listLines', {})).lines;
    expect(need(pending)).toMatchObject({ state: 'released', phoneNumber: null });
    expect(need(pending).activation?.lpa).toMatch(/^LPA:1\$/);
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'order_paid', 'welcome']);

    await settle(t, 180);
    const [line] = (await ada.call('listLines', {})).lines;
    expect(need(line).phoneNumber).toMatch(/^\+1[2-9]\d{9}$/);
    expect(t.projected.read(`members/${ada.uid}/lines/${need(line).id}`)).toEqual(line);
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'number_assigned')).toHaveLength(1);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'order_paid', 'welcome']);
  });

  it('an eSIM whose activation code comes late is released when it is there, with one mail that holds it', async () => {
    const ada = await member();
    await t.control.setOxio({ activationCodeDelaySeconds: 240, numberDelaySeconds: 240 });
    const orderId = await ada.buy('global_data_10gb');
    expect((await ada.order(orderId)).state).toBe('provisioning');
    expect(need((await ada.call('listLines', {})).lines[0])).toMatchObject({ state: 'provisioning', activation: null });
    expect(await mailsOf(t, ada)).toEqual(['order_paid', 'welcome']);
    await settle(t, 400);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes]]);
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'order_paid', 'welcome']);
  });

  it('an order whose activation code never comes is refunded at its deadline and keeps the promise of its mail', async () => {
    const ada = await member();
    await t.control.setOxio({ activationCodeDelaySeconds: 86_400 });
    const orderId = await ada.buy('global_data_10gb');
    await letPass(t, deadline);
    await settle(t, 30);
    await expectRefunded(ada, orderId);
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'refund_started')).toHaveLength(1);
  });

  it('a second purchase puts its plan and data on the line that the member has, and is in use at once', async () => {
    const ada = await member();
    const first = await ada.buy('esim_starter');
    const second = await ada.buy('global_data_10gb');
    expect((await ada.order(second)).state).toBe('active');
    expect((await ada.order(second)).lineId).toBe((await ada.order(first)).lineId);
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes, 'DOTM Starter 1 GB, 10 days'].sort()]);
    const [line] = (await ada.call('listLines', {})).lines;
    expect(line).toMatchObject({ dataGranted: { amount: '11000000000' }, dataRemaining: { amount: '11000000000' } });
    expect(await booksOf(t, second)).toEqual({
      ...sale('2000'),
      ...reward('2066000000000000000'),
      ...data('10000000000'),
    });
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'line_extended', 'order_paid', 'order_paid', 'welcome']);
  });

  it('three of a product are three plans on one line and three times the data and the reward, for one charge', async () => {
    const ada = await member();
    const orderId = await ada.buy([{ productId: 'global_data_10gb', quantity: 3 }]);
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes, tenGigabytes, tenGigabytes]]);
    expect(await booksOf(t, orderId)).toEqual({
      ...sale('6000'),
      ...reward('6198000000000000000'),
      ...data('30000000000'),
    });
    expect(await chargesOf(t, ada)).toEqual([{ amount: 6000, refunded: 0, currency: 'usd' }]);
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'plan_added')).toHaveLength(3);
  });

  it('two products of one order share one line and each earn their own reward', async () => {
    const ada = await member();
    const orderId = await ada.buy([{ productId: 'esim_starter' }, { productId: 'global_data_10gb', quantity: 2 }]);
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes, tenGigabytes, 'DOTM Starter 1 GB, 10 days'].sort()]);
    expect(await booksOf(t, orderId)).toEqual({
      ...sale('4100'),
      ...reward('4235300000000000000'),
      ...data('21000000000'),
    });
    expect((await ada.call('getRewards', {})).rewards).toHaveLength(2);
  });

  it('two orders of one member that are paid at the same moment make one line with both plans', async () => {
    const ada = await member();
    const one = await ada.checkout('global_data_10gb');
    const two = await ada.checkout('esim_starter');
    await Promise.all([pay(one.checkoutUrl), pay(two.checkoutUrl)]);
    await settle(t, 60);
    expect(await linesOf(t, ada)).toEqual([[tenGigabytes, 'DOTM Starter 1 GB, 10 days'].sort()]);
    expect((await ada.order(one.orderId)).state).toBe('active');
    expect((await ada.order(two.orderId)).state).toBe('active');
  });

  it('a member who says that the eSIM is installed moves the line and its orders, once', async () => {
    const ada = await member();
    await t.control.setOxio({ activationDelaySeconds: 86_400 });
    const orderId = await ada.buy('global_data_10gb');
    const lineId = need((await ada.order(orderId)).lineId);
    expect((await ada.call('confirmInstallation', { lineId })).state).toBe('installed');
    expect((await ada.call('confirmInstallation', { lineId })).state).toBe('installed');
    expect((await ada.order(orderId)).state).toBe('installed');
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'installed')).toHaveLength(1);
    const later = await ada.buy('global_data_10gb');
    expect((await ada.order(later)).state).toBe('installed');
  });

  it('confirming an installation while the carrier reports the line in use ends in use, without an error or a dead job', async () => {
    const ada = await member();
    await t.control.setOxio({ activationDelaySeconds: 86_400 });
    const orderId = await ada.buy('global_data_10gb');
    const lineId = need((await ada.order(orderId)).lineId);
    const [line] = await t.control.oxioLines();
    expect(line).toBeDefined();
    for (const { lineId: carrierLine } of await t.control.oxioLines()) {
      await t.control.changeOxioLine(carrierLine, { status: 'ACTIVE' });
    }
    await t.advance(5);
    await Promise.all([ada.call('confirmInstallation', { lineId }), settle(t)]);
    await settle(t, 60);
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await alertsAbout(t, orderId)).toEqual([]);
    const { rows } = await t.db.query(`select 1 from outbox where state = 'dead' and topic = 'line.watch'`);
    expect(rows).toEqual([]);
  });

  it('the mail with the QR code comes again when its member asks, and only then', async () => {
    const ada = await member();
    const orderId = await ada.buy('global_data_10gb');
    const lineId = need((await ada.order(orderId)).lineId);
    await ada.call('resendEsimMail', { lineId }, 'again-please');
    await ada.call('resendEsimMail', { lineId }, 'again-please');
    await settle(t);
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'esim_ready', 'order_paid', 'welcome']);
  });
});
