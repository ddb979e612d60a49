import { expect } from 'vitest';
import { journey } from './support/journey.ts';
import { signInAsOperator } from './support/steps.ts';
import type { Visitor } from './support/visitor.ts';

// Other journeys buy other things: a price that changes under them would be no fault of theirs.
const product = 'network_monitoring';

/** The field of a monthly price in US dollars. */
function priceField({ page, say }: Visitor) {
  const name = say(`products.${product}.name`);
  return page.getByLabel(say('catalogue.priceOf', { name, currency: 'USD', cycle: say('plans.per.monthly') }));
}

journey(
  'an operator raises a price and publishes it, and the plans page shows it',
  { screen: 'desktop', language: 'en' },
  async (operator, open) => {
    const { page, say } = operator;
    await signInAsOperator(operator);
    await page.getByRole('radio', { name: say('operations.part.catalogue') }).check();
    await page
      .getByRole('button', { name: new RegExp(`^${say('catalogue.newDraft')}`) })
      .first()
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(say('catalogue.note')).fill('dearer monitoring');
    await dialog.getByRole('button', { name: say('catalogue.newDraft') }).click();

    // A mistake is told beside its field and can't be published.
    const price = priceField(operator);
    await price.fill('0');
    await page.getByRole('button', { name: say('common.save') }).click();
    await page.getByText(say('catalogue.problem.price_zero')).waitFor();
    await price.fill('4.50');
    await page.getByRole('button', { name: say('common.save') }).click();
    await page.getByText(say('catalogue.saved')).waitFor();

    await page.getByRole('button', { name: say('catalogue.publish') }).click();
    await dialog.getByRole('row', { name: /4\.00 USD 4\.50 USD/ }).waitFor();
    expect(await dialog.getByRole('row').count()).toBe(2);
    await dialog.getByRole('button', { name: 'Publish 1 change', exact: true }).click();
    await page.getByText(say('catalogue.state.selling'), { exact: true }).waitFor();

    const buyer = await open({ screen: 'phone', language: 'en' });
    await buyer.goto('/plans');
    const line = buyer.page.locator('details', { hasText: say(`products.${product}.name`) });
    await line.getByText('$4.50').waitFor();
  },
);
