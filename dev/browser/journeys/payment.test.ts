import { expect } from 'vitest';
import { textsOf } from '../../../sandbox/src/stripe/pages/texts.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { CARDS, joinAndCheckOut, openOrderId, payWith, timelineStep, untilOrder } from './support/steps.ts';
import { carrierLinesOf, customerOf, mailTo, stripe } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';

journey(
  'a declined card charges nothing, and the next card buys the eSIM',
  { screen: 'phone', language: 'fr' },
  async (visitor) => {
    const { page, visit } = visitor;
    await joinAndCheckOut(visitor);
    await payWith(visitor, CARDS.declines);
    await page
      .getByRole('alert')
      .getByText(textsOf(visit.language).errors['card_declined'] ?? '')
      .waitFor();
    await payWith(visitor, CARDS.succeeds);
    await untilOrder(visitor, 'released', 'active');
    await shows(() => timelineStep(visitor, 'payment_declined').count(), 1);
    expect(await chargesOf(visitor)).toEqual(['failed', 'succeeded']);
  },
);

journey(
  'a bank that asks its customer is answered, and the eSIM comes',
  { screen: 'desktop', language: 'en' },
  async (visitor) => {
    const { page, visit } = visitor;
    await joinAndCheckOut(visitor);
    await payWith(visitor, CARDS.asksEachTime);
    await page.getByRole('button', { name: textsOf(visit.language).authComplete }).click();
    await untilOrder(visitor, 'released', 'active');
    expect(await chargesOf(visitor)).toEqual(['succeeded']);
  },
);

journey(
  'an authentication that fails charges nothing, and the order can still be paid',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, visit } = visitor;
    const texts = textsOf(visit.language);
    await joinAndCheckOut(visitor);
    await payWith(visitor, CARDS.asksEachTime);
    await page.getByRole('button', { name: texts.authFail }).click();
    await page.getByText(texts.errors['payment_intent_authentication_failure'] ?? '').waitFor();
    await payWith(visitor, CARDS.succeeds);
    await untilOrder(visitor, 'released', 'active');
  },
);

journey(
  'a payment that takes days is shown as on its way, and buys the eSIM when it arrives',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    const session = await payByBank(visitor);
    await stripe.settleSession(session, 'succeed');
    await untilOrder(visitor, 'released', 'active');
  },
);

journey(
  'a payment that never arrives closes the order, charges nothing and is told by mail',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const session = await payByBank(visitor);
    await stripe.settleSession(session, 'fail');
    await untilOrder(visitor, 'expired');
    await timelineStep(visitor, 'payment_failed').waitFor();
    await mailTo(visitor.email, /payment did not go through/);
    expect(await carrierLinesOf(visitor.email)).toEqual([]);
  },
);

journey(
  'who leaves the payment page is told that nothing was charged, and can pay or cancel',
  { screen: 'desktop', language: 'en' },
  async (visitor) => {
    const { page, say, visit } = visitor;
    await joinAndCheckOut(visitor);
    await page.getByRole('link', { name: textsOf(visit.language).cancel }).click();
    await untilOrder(visitor, 'created');
    await page.getByText(say('order.leftPayment')).waitFor();
    await page.getByRole('link', { name: say('order.pay') }).waitFor();
    await page.getByRole('button', { name: say('order.cancel') }).click();
    await untilOrder(visitor, 'expired');
    await page.getByText(say('order.face.expired.text')).waitFor();
    expect(await chargesOf(visitor)).toEqual([]);
  },
);

journey(
  'a payment page that has expired leads back to an order that says so',
  { screen: 'phone', language: 'fr' },
  async (visitor) => {
    const { page, say, visit } = visitor;
    const texts = textsOf(visit.language);
    await stripe.expireSession(await joinAndCheckOut(visitor));
    await page.reload();
    await page.getByText(texts.expiredText).waitFor();
    await page.getByRole('link', { name: texts.back }).click();
    await untilOrder(visitor, 'expired');
    expect(openOrderId(visitor)).toMatch(/^ord_/);
    await page.getByRole('link', { name: say('order.again') }).click();
    await page.getByRole('heading', { level: 1, name: say('plans.title') }).waitFor();
  },
);

/** Pays by a bank debit, which takes days, and returns the payment session. */
async function payByBank(visitor: Visitor): Promise<string> {
  const { page, say, visit } = visitor;
  const session = await joinAndCheckOut(visitor);
  await page.getByRole('radio', { name: textsOf(visit.language).bankDebit }).check();
  await page.locator('#pay').click();
  await page.getByRole('heading', { name: say('order.face.pending.title') }).waitFor();
  await untilOrder(visitor, 'created');
  // While the money is on its way there is nothing to pay or to cancel.
  expect(await page.getByRole('button', { name: say('order.cancel') }).count()).toBe(0);
  return session;
}

/** What became of each charge of this visitor, oldest first. */
async function chargesOf({ email }: Visitor): Promise<string[]> {
  const customer = await customerOf(email);
  const charges = await stripe.list<{ customer: string; status: string }>('charges');
  return charges
    .filter((charge) => charge.customer === customer.id)
    .map(({ status }) => status)
    .reverse();
}
