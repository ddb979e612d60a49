import { expect } from 'vitest';
import { shows } from './support/eventually.ts';
import { journey } from './support/journey.ts';
import { readQrOnScreen } from './support/qr.ts';
import { buy } from './support/steps.ts';
import { carrierLinesOf } from './support/vendors.ts';
import type { Visitor } from './support/visitor.ts';

for (const visit of [
  { screen: 'phone', language: 'en' },
  { screen: 'desktop', language: 'fr' },
] as const) {
  journey('a traveller without network still sees the eSIM, its steps and how old that is', visit, async (visitor) => {
    const { page, say, context } = visitor;
    await buy(visitor);
    await page.getByRole('link', { name: say('order.toLine') }).click();
    // The app opens with all eSIMs; what was seen once stays on the device.
    await page.getByRole('link', { name: say('esim.all') }).click();
    await page.locator('.line-card').getByRole('link').first().click();
    await page.getByText(say('esim.install'), { exact: true }).waitFor();
    await offlineReady(visitor);
    visitor.expectComplaint(/ERR_INTERNET_DISCONNECTED|Failed to load resource|Could not reach Cloud Firestore/);
    await context.setOffline(true);
    await page.reload();
    await page.getByText(say('offline.banner')).waitFor();
    await page.getByText(say('live.updatedOffline').split('{')[0] ?? '').waitFor();
    const [line] = await carrierLinesOf(visitor.email);
    expect(await readQrOnScreen(page.getByTestId('esim-qr'))).toBe(line?.sim.activationUrl);
    expect(await page.locator('.device-steps li').count()).toBe(4);
    await page.getByRole('link', { name: say('esim.all') }).click();
    await page.getByRole('heading', { level: 1, name: say('esim.listTitle') }).waitFor();
    await page.locator('.line-card').waitFor();
    await context.setOffline(false);
    await page.getByText(say('offline.banner')).waitFor({ state: 'detached' });
  });
}

/** Waits until this device has what it needs: the app's files and its configuration in the worker's caches. */
async function offlineReady({ page }: Visitor): Promise<void> {
  const kept = `(async () => {
    const precache = (await caches.keys()).find((name) => name.includes('precache'));
    const files = precache === undefined ? [] : await (await caches.open(precache)).keys();
    return files.length > 10 && (await caches.match('/config.json')) !== undefined;
  })()`;
  await shows(() => page.evaluate(kept), true);
}
