import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'vitest';
import { openDb } from '../../../functions/src/platform/db.ts';
import { formatPrice, formatTokens } from '../../../hosting/src/format/money.ts';
import { testWorld } from '../test-world.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { CARDS, payWith, reachPayment, signUp, timelineStep, untilOrder } from './support/steps.ts';
import { chargesOf } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';

const price = '/checkout?items=global_data_10gb.one_time&currency=USD';
/** Earns 20.66 DOTM: more than one of them costs. */
const tenOfThem = '/checkout?items=global_data_10gb.one_time.10&currency=USD';

/** Lets the refund window of all that the visitor has bought be over, and the clock do its work. */
async function outliveRefunds({ email }: Visitor): Promise<void> {
  const db = openDb({ connectionString: testWorld().databaseUrl, max: 1, onCommitted: async () => undefined });
  try {
    await db.query(
      `update reward set vests_at = now() - interval '1 minute' where member_id = (select id from member where email = $1)`,
      [email],
    );
  } finally {
    await db.end();
  }
  await testWorld().runScheduled('sweep');
}

/** Fits the screen, and nothing on it is without a name or hard to read. */
async function checkCredit({ page }: Visitor): Promise<void> {
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

for (const [screen, language] of [
  ['phone', 'fr'],
  ['desktop', 'en'],
] as const) {
  journey(
    'a member pays a part of a purchase with DOTM by keyboard, and all of the next one, and sees where they went',
    { screen, language },
    async (visitor) => {
      const { page, say } = visitor;
      await visitor.goto(`/sign-up?next=${encodeURIComponent(tenOfThem)}`);
      await signUp(visitor);
      await page.getByRole('button', { name: say('checkout.pay') }).click();
      await reachPayment(visitor);
      await payWith(visitor, CARDS.succeeds);
      await untilOrder(visitor, 'released', 'active');
      await outliveRefunds(visitor);
      await visitor.goto(price);
      const dueNow = () => page.getByTestId('due-now').textContent();
      const usd = (amount: string) => formatPrice({ unit: 'USD', amount }, language);
      await shows(dueNow, usd('20.00'));
      const slider = page.getByLabel(say('checkout.credit.use'));
      await slider.focus();
      for (let press = 0; press < 5; press += 1) await page.keyboard.press('PageUp');
      await shows(dueNow, usd('10.00'));
      await page.keyboard.press('ArrowLeft');
      await shows(dueNow, usd('10.01'));
      await page.keyboard.press('ArrowRight');
      // On the 10.00 that are left to pay with money.
      await shows(
        () => page.getByTestId('earns').locator('.num').textContent(),
        formatTokens({ unit: 'DOTM', amount: '1.033' }, language),
      );
      await checkCredit(visitor);
      await page.getByRole('button', { name: say('checkout.credit.useNone') }).press('Enter');
      await shows(dueNow, usd('20.00'));
      // The button is gone; the keyboard is not.
      expect(await slider.and(page.locator(':focus')).count()).toBe(1);
      await slider.fill('500');
      await shows(dueNow, usd('15.00'));
      await page.getByRole('button', { name: say('checkout.pay') }).click();
      await reachPayment(visitor);
      await payWith(visitor, CARDS.succeeds);
      await untilOrder(visitor, 'released', 'active');
      await timelineStep(visitor, 'credit_used').waitFor();
      expect((await chargesOf(visitor.email))[0]).toEqual({ unit: 'USD', amount: '15.00' });

      // Who has DOTM is asked, also on the straight way to the payment page.
      await visitor.goto('/checkout/esim_starter?currency=USD');
      const most = say('checkout.credit.useMost', { amount: usd('1.00') });
      await page.getByRole('button', { name: most }).click();
      await shows(dueNow, usd('0.00'));
      await page.getByRole('button', { name: say('checkout.credit.pay') }).click();
      await page.waitForURL(new RegExp(`:${String(testWorld().ports.sandboxStripe)}/c/pay/`));
      await page.locator('#pay').click();
      await untilOrder(visitor, 'released', 'active');
      expect(await chargesOf(visitor.email)).toHaveLength(2);
    },
  );
}
