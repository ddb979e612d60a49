import { expect } from 'vitest';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { buy, CARDS, joinAndCheckOut, payWith, signInAsOperator, timelineStep, untilOrder } from './support/steps.ts';
import { carrierLinesOf, customerOf, mailTo, newestOf, sandbox, stripe } from './support/vendors.ts';
import type { Visit, Visitor } from './support/visitor.ts';

interface Charge {
  customer: string;
  amount: number;
  amount_refunded: number;
  payment_intent: string;
}

const visits: Visit[] = [
  { screen: 'phone', language: 'fr' },
  { screen: 'desktop', language: 'en' },
];
const subjects = { en: /money is on its way/, fr: /argent est en route/ };

for (const visit of visits) {
  journey(
    'a carrier that refuses for good costs the member nothing: the money comes back by itself',
    visit,
    async (visitor) => {
      const { page, say } = visitor;
      await joinAndCheckOut(visitor);
      await sandbox.setOxio({ refuseLines: { status: 400, code: 3, error: 'Invalid parameters' } });
      try {
        await payWith(visitor, CARDS.succeeds);
        await untilOrder(visitor, 'refunded');
      } finally {
        await sandbox.setOxio({ refuseLines: null });
      }
      await page.getByRole('heading', { name: say('order.face.refunded.title') }).waitFor();
      await timelineStep(visitor, 'refund_started').waitFor();
      await timelineStep(visitor, 'refunded').waitFor();
      await mailTo(visitor.email, subjects[visit.language]);
      const charge = await chargeOf(visitor);
      expect(charge.amount_refunded).toBe(charge.amount);
      expect(await carrierLinesOf(visitor.email)).toEqual([]);
      await visitor.goto('/rewards');
      await shows(async () => /[1-9]/.test((await page.getByTestId('reward-pending').textContent()) ?? ''), false);
    },
    { alone: true },
  );
}

journey(
  'what an operator refunds in part is shown to the member at once, and the eSIM stays',
  { screen: 'phone', language: 'en' },
  async (member, open) => {
    await buy(member);
    const operator = await open({ screen: 'desktop', language: 'en' });
    await signInAsOperator(operator);
    await refundInPart(operator, member.email, '5.00');
    await member.page.getByText(member.say('order.partRefund', { amount: '$5.00' })).waitFor();
    await timelineStep(member, 'refunded_in_part').waitFor();
    await untilOrder(member, 'released', 'active');
    await mailTo(member.email, /Part of your money is on its way: \$5\.00/);
    expect((await chargeOf(member)).amount_refunded).toBe(500);
  },
);

journey(
  'a dispute is shown while it lasts, and one that the bank decides for the member ends as refunded',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    await buy(visitor);
    const charge = await chargeOf(visitor);
    const dispute = await stripe.openDispute({ paymentIntent: charge.payment_intent });
    await timelineStep(visitor, 'dispute_opened').waitFor();
    await stripe.closeDispute(dispute.id, 'lost');
    await untilOrder(visitor, 'refunded');
    await timelineStep(visitor, 'dispute_lost').waitFor();
  },
);

async function refundInPart({ page, say }: Visitor, email: string, amount: string): Promise<void> {
  await page.getByRole('radio', { name: say('operations.part.members') }).check();
  await page.getByLabel(say('operations.find')).fill(email);
  await page.getByRole('button', { name: say('operations.look') }).click();
  await page.getByRole('button', { name: say('operations.refund'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('operations.refundAmount', { unit: 'USD' })).fill(amount);
  await dialog.getByLabel(say('operations.reason')).fill('two days without data');
  await dialog.getByRole('button', { name: say('operations.refundNow', { amount: `$${amount}` }) }).click();
  await dialog.getByText(say('operations.refundGiven')).waitFor();
}

async function chargeOf({ email }: Visitor): Promise<Charge> {
  return newestOf<Charge>('charges', (await customerOf(email)).id);
}
