import type { Stripe } from 'stripe';
import { insertPromotion } from '../../../src/store/promotions.ts';
import { authenticate, need, pay } from '../../support/shopping.ts';
import { earnTokens } from '../../support/tokens.ts';
import type { Walker } from './walker.ts';

/** A way that an order can go, as named by what happens on it. */
export interface Path {
  readonly name: string;
  /** Where every order on it ends, oldest first: the promise leaves no third way beside nothing bought. */
  readonly ends: readonly ('connected' | 'refunded' | 'nothing bought')[];
  /** Whether its shop has the payment page add tax. */
  readonly taxes?: boolean;
  /** What people, banks and the carrier do; all that the backend does lies in between, in `work` and `pass`. */
  script(run: Walker): Promise<void>;
}

const data = 'global_data_10gb';
const membership = 'basic_membership';
const hour = 3600;

/** Every order path, sign-up first: it is where most others begin. */
export const paths: readonly Path[] = [
  {
    name: 'sign-up',
    ends: [],
    async script(run) {
      await run.signUp();
      await run.work();
    },
  },
  {
    name: 'card-paid',
    ends: ['connected'],
    async script(run) {
      await run.buy(data);
    },
  },
  {
    name: 'declined-then-paid',
    ends: ['connected'],
    async script(run) {
      const { checkoutUrl } = await run.checkout(data);
      await pay(checkoutUrl, { card: '4000 0000 0000 0002' });
      await run.work(0);
      await pay(checkoutUrl);
      await run.work();
    },
  },
  {
    name: 'authentication',
    ends: ['connected'],
    async script(run) {
      const { checkoutUrl } = await run.checkout(data);
      await pay(checkoutUrl, { card: '4000 0027 6000 3184' });
      await run.work(0);
      await authenticate(checkoutUrl, 'complete');
      await run.work();
    },
  },
  {
    name: 'pays-later',
    ends: ['connected'],
    async script(run) {
      await payLater(run, 'succeed');
    },
  },
  {
    name: 'pays-never',
    ends: ['nothing bought'],
    async script(run) {
      await payLater(run, 'fail');
    },
  },
  {
    name: 'page-expires',
    ends: ['nothing bought'],
    async script(run) {
      await run.checkout(data);
      await run.work();
      await run.pass(2 * hour + 60);
    },
  },
  {
    name: 'cancelled',
    ends: ['nothing bought'],
    async script(run) {
      const { orderId } = await run.checkout(data);
      await run.cancel(orderId);
      await run.work();
    },
  },
  {
    name: 'event-lost',
    ends: ['connected'],
    async script(run) {
      const { checkoutUrl } = await run.checkout(data);
      await run.work();
      await run.shop.control.setWebhookMode('stripe', 'drop');
      await pay(checkoutUrl);
      await run.shop.control.setWebhookMode('stripe', 'hold');
      await run.pass(2 * hour + 60);
    },
  },
  {
    name: 'carrier-refuses',
    ends: ['refunded'],
    async script(run) {
      await run.shop.control.setOxio({ refuseLines: {} });
      await run.buy(data);
      await run.shop.control.setOxio({ refuseLines: null });
    },
  },
  {
    name: 'carrier-refuses-membership',
    ends: ['refunded'],
    async script(run) {
      await run.shop.control.setOxio({ refuseLines: {} });
      await run.buy(membership);
      await run.shop.control.setOxio({ refuseLines: null });
    },
  },
  {
    name: 'carrier-too-slow',
    ends: ['refunded'],
    async script(run) {
      await run.shop.control.setOxio({ activationCodeDelaySeconds: 86_400 });
      await run.buy(data);
      await run.shop.control.setOxio({ activationCodeDelaySeconds: 0 });
      await run.pass(30 * 60);
    },
  },
  {
    name: 'refunded-in-part',
    ends: ['connected'],
    async script(run) {
      await run.giveBack(await run.buy(data), '5.00');
      await run.work();
    },
  },
  {
    // Of what goes back, a share is the state's. More goes back than the goods cost: without tax on top it would be refused.
    name: 'taxed-refunded-in-part',
    ends: ['connected'],
    taxes: true,
    async script(run) {
      const { orderId, checkoutUrl } = await run.checkout(data);
      await pay(checkoutUrl, { country: 'CA', state: 'QC' });
      await run.work();
      await run.giveBack(orderId, '21.50');
      await run.work();
    },
  },
  {
    name: 'refunded-whole',
    ends: ['refunded'],
    async script(run) {
      await run.giveBack(await run.buy(data));
      await run.work();
    },
  },
  {
    name: 'dispute-lost',
    ends: ['refunded'],
    async script(run) {
      await dispute(run, 'lost');
    },
  },
  {
    name: 'dispute-won',
    ends: ['connected'],
    async script(run) {
      await dispute(run, 'won');
    },
  },
  {
    name: 'membership',
    ends: ['connected'],
    async script(run) {
      await run.buy(membership);
    },
  },
  {
    name: 'renewal-paid',
    ends: ['connected', 'connected'],
    async script(run) {
      await run.buy(membership);
      await run.shop.stripe.renewSubscription(await subscriptionOf(run));
      await run.work();
    },
  },
  {
    name: 'renewal-failed',
    ends: ['connected'],
    async script(run) {
      await run.buy(membership);
      await run.shop.stripe.setCardFails(await run.who.customerId(), true);
      await run.shop.stripe.renewSubscription(await subscriptionOf(run));
      await run.work();
    },
  },
  {
    name: 'upgrade',
    ends: ['connected', 'connected'],
    async script(run) {
      await run.buy(membership);
      await run.change('full_membership');
      await run.work(120);
    },
  },
  {
    name: 'upgrade-event-lost',
    ends: ['connected', 'connected'],
    async script(run) {
      await run.buy(membership);
      await run.shop.control.setWebhookMode('stripe', 'drop');
      await run.change('full_membership');
      await run.work(120);
      await run.shop.control.setWebhookMode('stripe', 'hold');
    },
  },
  {
    name: 'upgrade-given-back',
    ends: ['connected', 'refunded'],
    async script(run) {
      await run.buy(membership);
      const orderId = need(await run.change('full_membership'));
      await run.work(120);
      await run.giveBack(orderId);
      await run.work();
    },
  },
  {
    name: 'downgrade-at-renewal',
    ends: ['connected', 'connected'],
    async script(run) {
      await run.buy('full_membership');
      await run.change(membership);
      await run.work(120);
      await run.shop.stripe.renewSubscription(await subscriptionOf(run));
      await run.work();
    },
  },
  {
    name: 'several-items',
    ends: ['connected'],
    async script(run) {
      await run.buy([{ productId: 'esim_starter' }, { productId: data, quantity: 2 }]);
    },
  },
  {
    // A promotion for now and a bundle for the renewals: coupon, redemption, and the job that makes the renewals cheaper.
    name: 'quote-with-promotion',
    ends: ['connected'],
    async script(run) {
      const { quote } = await run.who.call('createQuote', {
        items: [
          { productId: data, cycle: 'one_time' },
          ...features.map((productId) => ({ productId, cycle: 'monthly' as const })),
        ],
        currency: 'USD',
        promotionCode: await promotion(run),
      });
      const { checkoutUrl } = await run.redeem(quote);
      await pay(checkoutUrl);
      await run.work();
    },
  },
  {
    name: 'quote-that-expires',
    ends: ['nothing bought'],
    async script(run) {
      const wish = { items: [{ productId: data, cycle: 'one_time' as const }], currency: 'USD' as const };
      const { quote } = await run.who.call('createQuote', { ...wish, promotionCode: await promotion(run) });
      await run.redeem(quote);
      await run.work();
      await run.pass(2 * hour + 60);
    },
  },
  {
    // Tokens are held with the order, spent with the payment, and come back with the money in the same share.
    name: 'credit-in-part-refunded-in-part',
    ends: ['connected', 'connected'],
    async script(run) {
      const { orderId, checkoutUrl } = await spendTokens(run, '5.00');
      await pay(checkoutUrl);
      await run.work();
      await run.giveBack(orderId, '5.00');
      await run.work();
    },
  },
  {
    name: 'credit-that-expires',
    ends: ['connected', 'nothing bought'],
    async script(run) {
      await spendTokens(run, '5.00');
      await run.work();
      await run.pass(2 * hour + 60);
    },
  },
  {
    // No money came, so none can go back: the order ends refunded all the same, with its tokens.
    name: 'credit-whole-carrier-refuses',
    ends: ['connected', 'refunded'],
    async script(run) {
      const { checkoutUrl } = await spendTokens(run, '20.00');
      await run.shop.control.setOxio({ refuseSubscriptions: {} });
      await pay(checkoutUrl);
      await run.work();
      await run.shop.control.setOxio({ refuseSubscriptions: null });
    },
  },
];

/** Has the person earn tokens with an order, and begin another one of which tokens pay `usd`. */
async function spendTokens(run: Walker, usd: string): Promise<{ orderId: string; checkoutUrl: string }> {
  await earnTokens(run.shop, run.who, '20.00', await run.buy('esim_starter'));
  const { quote } = await run.who.call('createQuote', {
    items: [{ productId: data, cycle: 'one_time' }],
    currency: 'USD',
  });
  return run.redeem(quote, usd);
}

const features = ['network_vpn', 'network_security', 'network_optimization'];

/** Makes a promotion of a half, which each person may use once. Returns its code. */
async function promotion({ shop }: Walker): Promise<string> {
  const code = `HALF-${crypto.randomUUID().slice(0, 8)}`.toUpperCase();
  const now = shop.clock.now();
  await shop.db.transaction((tx) =>
    insertPromotion(tx, {
      ...{ code, basisPoints: 5000, amounts: [], productIds: null, note: '', startsAt: now, endsAt: null },
      ...{ maxRedemptions: 1, maxPerPerson: 1, createdAt: now, createdBy: 'test' },
    }),
  );
  return code;
}

async function payLater(run: Walker, outcome: 'succeed' | 'fail'): Promise<void> {
  const { checkoutUrl } = await run.checkout(data);
  await pay(checkoutUrl, { method: 'bank_debit' });
  await run.work();
  await run.pass(3 * hour);
  await run.shop.stripe.settleSession(need(/cs_[A-Za-z0-9_]+/.exec(checkoutUrl)?.[0]), outcome);
  await run.work();
}

async function dispute(run: Walker, outcome: 'won' | 'lost'): Promise<void> {
  await run.buy(data);
  const customer = await run.who.customerId();
  const charges = await run.shop.stripe.list<Stripe.Charge>('charges');
  const charge = need(charges.find((made) => made.customer === customer)).id;
  const { id } = await run.shop.stripe.openDispute({ charge });
  await run.work();
  await run.shop.stripe.closeDispute(id, outcome);
  await run.work();
}

async function subscriptionOf(run: Walker): Promise<string> {
  const customer = await run.who.customerId();
  const all = await run.shop.stripe.list<Stripe.Subscription>('subscriptions');
  return need(all.find((one) => one.customer === customer)).id;
}
