import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserMissing, launchBrowser } from '../../../dev/browser/browser.ts';
import { pricingCatalogOf } from '../../src/domain/pricing/from-view.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { cardHtml } from '../../src/public/mcp/card/page.ts';
import { toolByName } from '../../src/public/mcp/server.ts';
import { publishedCatalog, testQuoteKeys } from '../support/mcp-server.ts';

// The card in a real browser, in a sandboxed frame as a host of MCP Apps puts it there, with the strictest policy that such a host sets.

const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/** A host: greets the card, sends it one answer of a tool, and keeps what the card says. */
const hostPage = `<!doctype html><title>host</title><iframe id="card" sandbox="allow-scripts" style="width:600px;height:600px"></iframe><script>
  window.heard = [];
  const frame = document.getElementById('card');
  window.send = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
  window.addEventListener('message', ({ source, data }) => {
    if (source !== frame.contentWindow) return;
    window.heard.push(data);
    if (data.method === 'ui/initialize') {
      window.send({ id: data.id, result: { protocolVersion: '2026-01-26', hostInfo: { name: 'host', version: '1' }, hostCapabilities: {}, hostContext: { theme: window.theme } } });
    }
  });
</script>`;

let browser: Browser | undefined;
beforeAll(async () => {
  if (browserMissing() === undefined) browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
});

async function answerOf(name: string): Promise<unknown> {
  const tool = toolByName.get(name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.call(tool.example, {
    view: publishedCatalog,
    pricing: pricingCatalogOf(publishedCatalog),
    appUrl: 'https://dotm.example',
    now: new Date(),
    taxNote: 'not_included',
    quoteKeys: () => parseQuoteKeys(testQuoteKeys),
  });
}

/** Shows the answer of a tool in the card. Throws when the card wants anything from anywhere. */
async function show(name: string, theme: 'light' | 'dark'): Promise<{ page: Page; wanted: string[] }> {
  if (!browser) throw new Error('no browser');
  const page = await browser.newPage();
  const wanted: string[] = [];
  page.on('request', (request) => wanted.push(request.url()));
  page.on('console', (message) => wanted.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => wanted.push(`error: ${error.message}`));
  await page.setContent(hostPage);
  await page.evaluate(`window.theme = ${JSON.stringify(theme)}`);
  const html = cardHtml().replace('<head>', `<head><meta http-equiv="Content-Security-Policy" content="${policy}">`);
  await page.evaluate(`document.getElementById('card').srcdoc = ${JSON.stringify(html)}`);
  await page.waitForFunction("window.heard.some(({ method }) => method === 'ui/notifications/initialized')");
  const params = await answerOf(name);
  await page.evaluate(`window.send(${JSON.stringify({ method: 'ui/notifications/tool-result', params })})`);
  await page.frameLocator('#card').locator('h1').waitFor();
  return { page, wanted };
}

it('the card is one small file that names no address', () => {
  const html = cardHtml();
  expect(html.length).toBeLessThan(24_000);
  expect(html).not.toMatch(/https?:\/\/|src=|@import|url\(/);
});

describe.skipIf(browserMissing() !== undefined)('the card in a browser', () => {
  it('shows a quote with its parts and leads to the checkout by way of the host, with the keyboard alone', async () => {
    const { page, wanted } = await show('get_quote', 'light');
    const card = page.frameLocator('#card');
    expect(await card.getByRole('row').allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/Global data 10 GB\s+20\.00 USD/),
        expect.stringMatching(/Due now, before tax\s+20\.00 USD/),
      ]),
    );
    expect(await card.locator('main').innerText()).toMatch(/This price holds for (29|30) min/);
    await card.getByRole('button', { name: 'Go to checkout' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction("window.heard.some(({ method }) => method === 'ui/open-link')");
    const heard: unknown = await page.evaluate('window.heard');
    expect(heard).toContainEqual(
      expect.objectContaining({
        method: 'ui/open-link',
        params: { url: expect.stringContaining('https://dotm.example/checkout?quote=') as string },
      }),
    );
    expect(heard).toContainEqual(expect.objectContaining({ method: 'ui/notifications/size-changed' }));
    expect(wanted.filter((url) => !url.startsWith('about:'))).toEqual([]);
    await page.close();
  });

  it('shows a comparison as a table that names its columns and rows', async () => {
    const { page, wanted } = await show('compare_plans', 'dark');
    const card = page.frameLocator('#card');
    expect(await card.getByRole('columnheader').allInnerTexts()).toEqual(['Basic membership', 'Full membership']);
    expect(await card.getByRole('rowheader').allInnerTexts()).toContain('Price');
    expect(await card.getByRole('region', { name: 'Plans side by side, prices in USD' }).getAttribute('tabindex')).toBe(
      '0',
    );
    expect(wanted.filter((url) => !url.startsWith('about:'))).toEqual([]);
    await page.close();
  });

  it.each([
    ['light', 'rgb(255, 255, 255)'],
    ['dark', 'rgb(20, 25, 39)'],
  ] as const)('is %s when the host is', async (theme, background) => {
    const { page } = await show('compare_plans', theme);
    const shown = await page
      .frameLocator('#card')
      .locator('body')
      .evaluate('getComputedStyle(document.body).backgroundColor');
    expect(shown).toBe(background);
    await page.close();
  });

  it('listens to nobody but its host', async () => {
    const { page } = await show('compare_plans', 'light');
    const forged = {
      jsonrpc: '2.0',
      method: 'ui/notifications/tool-result',
      params: { structuredContent: { rows: [], plans: [], currency: 'XXX' } },
    };
    await page
      .frameLocator('#card')
      .locator('body')
      .evaluate(`window.postMessage(${JSON.stringify(forged)}, '*')`);
    expect(await page.frameLocator('#card').locator('caption').innerText()).toContain('USD');
    await page.close();
  });
});
