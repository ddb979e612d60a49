import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from './browser.ts';
import { testWorld } from './test-world.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

it('the web app opens without a single error in the browser', async () => {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(testWorld().urls.web, { waitUntil: 'networkidle' });
  await page.getByRole('heading', { level: 1 }).waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

it('the catalogue is published and reaches the web app through the hosting address', async () => {
  const response = await fetch(`${testWorld().urls.api}/catalog`);
  expect(response.status).toBe(200);
  const { products } = (await response.json()) as { products: unknown[] };
  expect(products.length).toBeGreaterThan(0);
});

it('the catalogue pages find the style sheet that they link to', async () => {
  const { web } = testWorld().urls;
  const page = await (await fetch(`${web}/catalog`)).text();
  const sheet = /rel="stylesheet" href="([^"]+)"/.exec(page)?.[1] ?? 'no link';
  const response = await fetch(`${web}${sheet}`);
  expect(response.headers.get('content-type')).toContain('text/css');
  expect(await response.text()).toContain('--paper:');
});

it('a forged token is refused, as in production', async () => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const seconds = Math.floor(Date.now() / 1000);
  const claims = {
    iss: 'https://securetoken.google.com/demo-dotm',
    aud: 'demo-dotm',
    sub: 'somebody',
    user_id: 'somebody',
    role: 'owner',
    auth_time: seconds,
    iat: seconds,
    exp: seconds + 3_600,
  };
  const forged = `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`;
  const response = await fetch(`${testWorld().urls.api}/account`, { headers: { authorization: `Bearer ${forged}` } });
  expect(response.status).toBe(401);
});

it('a page that must not be framed or sniffed says so', async () => {
  const { web, api } = testWorld().urls;
  for (const url of [web, `${web}/orders`, `${web}/theme.js`, `${api}/catalog`, `${api}/nothing`]) {
    const { headers } = await fetch(url);
    expect(headers.get('x-frame-options'), url).toBe('DENY');
    expect(headers.get('x-content-type-options'), url).toBe('nosniff');
    expect(headers.get('content-security-policy'), url).toContain("frame-ancestors 'none'");
    expect(headers.get('referrer-policy'), url).not.toBeNull();
  }
});
