import { textsOf } from '../../../sandbox/src/stripe/pages/texts.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { buy, timelineStep, untilOrder } from './support/steps.ts';
import { customerOf, mailTo, newestOf, stripe } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';

journey(
  'a membership is bought, shown, and ended on the billing page',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say, visit } = visitor;
    const texts = textsOf(visit.language);
    await buy(visitor, 'full_membership');
    await timelineStep(visitor, 'membership_activated').waitFor();
    await visitor.goto('/account');
    const membership = page.getByRole('region', { name: say('account.memberships') });
    await membership.getByText(say('account.subscription.active')).waitFor();
    await membership.getByText(textBefore(say('account.renews'))).waitFor();
    await membership.getByRole('button', { name: say('account.portal') }).click();
    await page.getByRole('heading', { level: 1, name: texts.portalTitle }).waitFor();
    await page.getByRole('button', { name: texts.cancelPlan }).click();
    await page.getByRole('button', { name: texts.resumePlan }).waitFor();
    await page.getByRole('link', { name: texts.back }).click();
    await membership.getByText(textBefore(say('account.ends'))).waitFor();
  },
);

journey(
  'a renewal is an order of its own with a receipt by mail; one that fails asks for another card',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    const { page, say } = visitor;
    await buy(visitor, 'basic_membership');
    const customer = await customerOf(visitor.email);
    const subscription = await newestOf<{ customer: string }>('subscriptions', customer.id);
    await stripe.renewSubscription(subscription.id);
    await mailTo(visitor.email, /forfait est renouvelé/);
    await visitor.goto('/orders');
    await shows(() => page.locator('.order-row').count(), 2);
    await openNewestOrder(visitor);
    await untilOrder(visitor, 'released', 'active');
    await timelineStep(visitor, 'paid').waitFor();

    await stripe.setCardFails(customer.id, true);
    await stripe.renewSubscription(subscription.id);
    await mailTo(visitor.email, /pas pu renouveler/);
    await visitor.goto('/account');
    await page.getByText(say('account.subscription.past_due')).waitFor();
  },
);

async function openNewestOrder({ page }: Visitor): Promise<void> {
  await page.locator('.order-row').first().click();
  await page.waitForURL('**/orders/ord_**');
}

/** The part of a text that comes before its first filled-in value. */
function textBefore(text: string): string {
  return text.split('{')[0]?.trim() ?? text;
}
