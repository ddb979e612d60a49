import { expect } from 'vitest';
import { formatPrice } from '../../../hosting/src/format/money.ts';
import { api } from '../../../functions/src/shared/api/index.ts';
import type { PlanPreview } from '../../../functions/src/shared/api/billing.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { buy, untilOrder } from './support/steps.ts';
import { chargesOf } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';

for (const [currency, basic, full, screen, language] of [
  ['USD', '24.00', '66.00', 'desktop', 'en'],
  ['CAD', '32.99', '89.99', 'phone', 'fr'],
] as const) {
  journey(
    `a member goes up from basic to full in ${currency} for exactly what the preview said, cancels, and keeps it after all`,
    { screen, language },
    async (visitor) => {
      const { page, say } = visitor;
      const price = (amount: string) => formatPrice({ unit: currency, amount }, language);
      await buy(visitor, 'basic_membership');
      await visitor.goto('/account');
      const plan = page.getByRole('region', { name: say('account.memberships') });
      await plan.getByText(say('products.basic_membership.name'), { exact: true }).waitFor();
      await plan.getByRole('button', { name: say('plan.change') }).click();
      const dialog = page.getByRole('dialog', { name: say('plan.changeTitle') });
      const preview = await previewOf(visitor, () =>
        dialog.getByRole('button', { name: say('products.full_membership.name') }).click(),
      );
      // Minutes after the purchase nothing of the year is used up yet.
      expect([preview.charge.amount, preview.credit.amount]).toEqual([full, basic]);
      const dueNow = formatPrice(preview.dueNow, language);
      const shown = dialog.getByTestId('plan-preview');
      await shows(() => shown.getByRole('definition').allTextContents(), [price(full), `−${price(basic)}`, dueNow]);
      await shown.getByRole('paragraph').getByText(dueNow).getByText(price(full)).waitFor();
      await dialog.getByRole('button', { name: say('plan.agreePay', { amount: dueNow }) }).click();
      await page.getByText(say('plan.doneNow')).waitFor();
      expect(await chargesOf(visitor.email)).toEqual([preview.dueNow, { unit: currency, amount: basic }]);

      await page.getByRole('link', { name: say('rewards.toOrder') }).click();
      await untilOrder(visitor, 'released', 'active');
      await visitor.goto('/account');
      await plan.getByText(say('products.full_membership.name'), { exact: true }).waitFor();
      await plan.getByText(price(full)).waitFor();
      await plan.getByRole('button', { name: say('plan.cancel'), exact: true }).click();
      await plan.getByText(textBefore(say('account.ends'))).waitFor();
      await plan.getByRole('button', { name: say('plan.resume') }).click();
      await plan.getByText(textBefore(say('account.renews'))).waitFor();
      await page.reload();
      await plan.getByText(textBefore(say('account.renews'))).waitFor();
      expect(await chargesOf(visitor.email)).toHaveLength(2);
    },
  );
}

journey(
  'a change for later is called planned, is not shown beside an ending, and can be taken back',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    await buy(visitor, 'full_membership');
    await visitor.goto('/account');
    const plan = page.getByRole('region', { name: say('account.memberships') });
    const next = page.getByTestId('next-plan');
    const choose = async (name: string) => {
      await plan.getByRole('button', { name: say('plan.change') }).click();
      await page.getByRole('dialog').getByRole('button', { name }).click();
      await page
        .getByRole('dialog')
        .getByRole('button', { name: say('plan.agree'), exact: true })
        .click();
    };
    await choose(say('products.basic_membership.name'));
    await page.getByRole('heading', { name: say('plan.laterTitle') }).waitFor();
    await page.getByRole('button', { name: say('plan.close') }).click();
    await next.waitFor();
    await plan.getByRole('button', { name: say('plan.cancel') }).click();
    await plan.getByText(textBefore(say('account.ends'))).waitFor();
    expect(await next.count()).toBe(0);
    await plan.getByRole('button', { name: say('plan.resume') }).click();
    await next.waitFor();
    await choose(say('plan.keep', { name: say('products.full_membership.name') }));
    await page.getByRole('heading', { name: say('plan.keptTitle') }).waitFor();
    await page.getByRole('button', { name: say('plan.close') }).click();
    await next.waitFor({ state: 'detached' });
    expect(await chargesOf(visitor.email)).toEqual([{ unit: 'USD', amount: '66.00' }]);
  },
);

/** What the server answers to the preview that `ask` sets off. */
async function previewOf({ page }: Visitor, ask: () => Promise<void>): Promise<PlanPreview> {
  const [response] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith('/change-preview')),
    ask(),
  ]);
  return api.previewPlanChange.output.parse(await response.json());
}

/** The part of a text that comes before its first filled-in value. */
function textBefore(text: string): string {
  return text.split('{')[0]?.trim() ?? text;
}
