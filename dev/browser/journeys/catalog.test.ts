import { AxeBuilder } from '@axe-core/playwright';
import { expect } from 'vitest';
import { eventually, shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import type { Visitor } from './support/visitor.ts';

const build = '/catalog/build?currency=USD';

function due({ page }: Visitor): Promise<string | null> {
  return page.locator('#due-now').textContent();
}

async function checkPage(visitor: Visitor, path: string): Promise<void> {
  await visitor.goto(path);
  const { violations } = await new AxeBuilder({ page: visitor.page }).analyze();
  expect(
    violations.map(({ id, nodes }) => [path, id, nodes.map(({ html }) => html)]),
    path,
  ).toEqual([]);
  const width = await visitor.page.evaluate<number>('document.documentElement.scrollWidth');
  expect([path, width]).toEqual([path, visitor.page.viewportSize()?.width]);
}

journey(
  'the price moves as somebody picks, by keyboard alone, and the address keeps what was picked',
  { screen: 'desktop', language: 'en' },
  async (visitor) => {
    const { page } = visitor;
    await visitor.goto(build);
    await page.getByRole('checkbox', { name: /VPN/ }).focus();
    await page.keyboard.press('Space');
    await shows(() => due(visitor), '$8.00');
    await page.getByRole('checkbox', { name: /Network security/ }).press('Space');
    await page.getByRole('checkbox', { name: /Priority/ }).press('Space');
    await shows(() => due(visitor), '$16.15');
    await page.getByText('Bundle: 15% off').waitFor();
    await page.getByRole('radio', { name: 'Once a year' }).press('Space');
    await shows(() => due(visitor), '$161.50');
    await page.getByText('$80 a year').waitFor();
    await page.getByLabel('Currency').selectOption('CAD');
    await eventually('Canadian prices', async () =>
      (await due(visitor))?.startsWith('CA$') === true ? true : undefined,
    );
    const shown = await due(visitor);
    await page.reload();
    await shows(() => due(visitor), shown);
    expect(await page.locator('#price').getAttribute('aria-live')).toBe('polite');
  },
);

journey(
  'without JavaScript the same form prices and keeps the price',
  { screen: 'phone', language: 'en', context: { javaScriptEnabled: false } },
  async (visitor) => {
    const { page } = visitor;
    await visitor.goto(build);
    await page.getByRole('spinbutton', { name: /Global data 10 GB/ }).fill('2');
    await page.getByRole('button', { name: 'Show the price' }).click();
    await shows(() => due(visitor), '$40.00');
    await page.getByRole('button', { name: 'Get this price' }).click();
    await page.waitForURL('**/checkout?quote=**');
  },
);

journey(
  'the pages of the catalogue are accessible and fit a narrow phone, in light and in dark',
  { screen: 'phone', language: 'fr', context: { viewport: { width: 360, height: 740 } } },
  async (visitor) => {
    for (const colors of ['light', 'dark'] as const) {
      await visitor.page.emulateMedia({ colorScheme: colors });
      await checkPage(visitor, '/catalog?where=Vienne');
      await checkPage(visitor, '/catalog/products/network_vpn');
      await checkPage(visitor, '/catalog/build?p=network_vpn&p=network_security&n.global_data_10gb=2');
      await checkPage(visitor, '/catalog/trip?where=Vienne,+Prague&days=5&use=light');
      await checkPage(visitor, '/catalog/phone?model=iphone');
      visitor.expectComplaint(/status of 404/);
      await checkPage(visitor, '/catalog/products/nothing');
    }
  },
);
