import { expect } from 'vitest';
import { formatPrice } from '../../../hosting/src/format/money.ts';
import { api } from '../../../functions/src/shared/api/index.ts';
import { testWorld } from '../test-world.ts';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { openLink, payAsShown } from './support/quoted.ts';
import { chargesOf } from './support/vendors.ts';

const bundle = ['network_vpn', 'network_security', 'network_optimization'];
const wish = {
  items: [
    { productId: 'global_data_10gb', cycle: 'one_time' },
    ...bundle.map((productId) => ({ productId, cycle: 'monthly' })),
  ],
};

/** A quote as an assistant gets it: from the public operation, without anybody being signed in. */
async function quoteOf(body: object) {
  const response = await fetch(`${testWorld().urls.web}/api/quotes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return api.createQuote.output.parse(await response.json());
}

for (const [currency, screen, language] of [
  ['USD', 'desktop', 'en'],
  ['CAD', 'phone', 'fr'],
] as const) {
  journey(
    `a quote in ${currency} that was sent as a link is shown to anybody, and paid at exactly its price after signing up`,
    { screen, language },
    async (visitor) => {
      const { page, say } = visitor;
      const { checkoutUrl, price } = await quoteOf({ ...wish, currency });
      await openLink(visitor, checkoutUrl);
      await page.getByText(say('discount.bundle', { percent: language === 'en' ? '15%' : '15\u202f%' })).waitFor();
      await payAsShown(visitor, formatPrice(price.dueNow, language));
      expect(await chargesOf(visitor.email)).toEqual([price.dueNow]);
    },
  );
}

journey(
  'a basket is made cheaper with one tap, by the year and by what completes a bundle, and a wrong code says so where it is typed',
  { screen: 'phone', language: 'en' },
  async (visitor) => {
    const { page, say } = visitor;
    visitor.expectComplaint(/status of 409/);
    await visitor.goto('/checkout?items=network_vpn.monthly,network_security.monthly&currency=USD');
    const dueNow = () => page.getByTestId('due-now').textContent();
    await shows(dueNow, '$13.00');
    await page.getByRole('button', { name: say('checkout.take.complete_bundle') }).click();
    await shows(dueNow, '$13.60');
    await page.getByRole('button', { name: say('checkout.take.pay_yearly') }).click();
    await shows(dueNow, '$136.00');
    await page.getByRole('radio', { name: say('checkout.monthly') }).click({ force: true });
    await shows(dueNow, '$13.60');
    await page.getByLabel(say('checkout.code')).fill('NOSUCHCODE');
    await page.getByRole('button', { name: say('checkout.codeApply') }).click();
    await page.getByRole('alert').getByText(say('errors.promotion.unavailable')).waitFor();
    await shows(dueNow, '$13.60');
    await page
      .getByRole('button', { name: say('checkout.remove') })
      .first()
      .click();
    await shows(dueNow, '$13.00');
    await page.reload();
    await shows(dueNow, '$13.00');
  },
);

journey(
  'a quote whose time is over shows its old price beside the new one, and goes on with the new one',
  { screen: 'desktop', language: 'fr' },
  async (visitor) => {
    const { page, say } = visitor;
    visitor.expectComplaint(/status of 410/);
    const { checkoutUrl, quote } = await quoteOf({ ...wish, currency: 'CAD' });
    // Half an hour later, as far as this browser is told.
    await page.route('**/api/quotes/read', async (route) => {
      if (!(route.request().postData() ?? '').includes(quote)) return route.continue();
      const error = { code: 'quote.expired', message: 'the quote was good until half an hour ago' };
      return route.fulfill({ status: 410, contentType: 'application/json', body: JSON.stringify({ error }) });
    });
    await openLink(visitor, checkoutUrl);
    await page.getByText(say('checkout.changed.expired')).waitFor();
    await shows(() => page.getByTestId('due-now').count(), 2);
    await page.getByRole('button', { name: say('checkout.goOn') }).click();
    await page.getByRole('link', { name: say('checkout.signInToPay') }).waitFor();
    await shows(() => page.getByTestId('due-now').count(), 1);
    expect(new URL(page.url()).searchParams.get('quote')).not.toBe(quote);
  },
);

journey(
  'a link that was damaged on its way says so and leads to the plans',
  { screen: 'phone', language: 'fr' },
  async (visitor) => {
    const { page, say } = visitor;
    visitor.expectComplaint(/status of 400/);
    await visitor.goto('/checkout?quote=broken');
    await page.getByText(say('errors.quote.altered')).waitFor();
    await page.getByRole('link', { name: say('checkout.toPlans') }).click();
    await page.getByRole('heading', { level: 1, name: say('plans.title') }).waitFor();
  },
);
