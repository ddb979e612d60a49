import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { eventually } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { buy, fillSignIn, join, openOrderId } from './support/steps.ts';
import { customerOf, mailTo, stripe } from './support/vendors.ts';
import { sayIn } from './support/words.ts';

journey(
  'a member changes language and currency, and everything follows',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    const french = sayIn('fr');
    await join(visitor);
    await page.getByLabel(say('account.currency')).selectOption('CAD');
    await page.getByText(say('account.saved')).waitFor();
    await page.getByLabel(say('account.language')).selectOption('fr');
    await page.getByRole('heading', { level: 1, name: french('account.title') }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('fr');
    await visitor.goto('/plans');
    await page.getByRole('heading', { level: 1, name: french('plans.title') }).waitFor();
    await page.getByText(/27,99/).first().waitFor();
    await page.reload();
    await page.getByText(/27,99/).first().waitFor();
  },
);

journey(
  'a member downloads everything, deletes the account by typing the word, and is gone here and at Stripe',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    const { page, say, email } = visitor;
    await buy(visitor);
    const order = openOrderId(visitor);
    const customer = await customerOf(email);
    await visitor.goto('/account');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: say('account.export') }).click(),
    ]);
    const exported = await readFile(await download.path(), 'utf8');
    expect(download.suggestedFilename()).toMatch(/^dotm-\d{4}-\d\d-\d\d\.json$/);
    expect(Object.keys(JSON.parse(exported) as object)).toEqual(['generatedAt', 'data']);
    expect(exported).toContain(email);
    expect(exported).toContain(order);

    await page.getByRole('button', { name: say('account.delete'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    const forGood = dialog.getByRole('button', { name: say('account.deleteNow') });
    expect(await forGood.isDisabled()).toBe(true);
    await dialog
      .getByLabel(say('account.deleteType', { word: say('account.deleteWord') }))
      .fill(say('account.deleteWord'));
    // The sign-in ends first: what the page asks in the same moment is refused.
    visitor.expectComplaint(/status of 401/);
    await forGood.click();
    await page.getByText(say('landing.goodbye')).waitFor();

    await mailTo(email, /suppression/);
    await eventually('the customer erased at Stripe', async () => {
      const left = (await stripe.list<{ id: string }>('customers')).some(({ id }) => id === customer.id);
      return left ? undefined : true;
    });
    visitor.expectComplaint(/status of 400/);
    await visitor.goto('/sign-in');
    await fillSignIn(visitor);
    await page.getByText(say('auth.error.invalid-credential')).waitFor();
  },
);
