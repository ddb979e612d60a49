import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildPage } from '../../verifier/build.ts';
import { browserMissing, launchBrowser } from './browser.ts';

const vectors = path.resolve(import.meta.dirname, '../../verifier/vectors');

describe.skipIf(browserMissing() !== undefined)('the verifier, saved to a disk', () => {
  let browser: Browser;
  let folder: string;
  let context: BrowserContext | undefined;
  let node: Server | undefined;
  const asked: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
    folder = await mkdtemp(path.join(os.tmpdir(), 'dotm-verifier-'));
    await writeFile(path.join(folder, 'verifier.html'), await buildPage());
  });
  afterEach(async () => {
    await context?.close();
    node?.close();
    asked.length = 0;
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Opens the page from the disk. Everything that it asks for beyond itself is noted. */
  async function open(options: { locale?: string; width?: number } = {}): Promise<Page> {
    context = await browser.newContext({
      locale: options.locale ?? 'en-CA',
      viewport: { width: options.width ?? 1280, height: 900 },
    });
    const page = await context.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) asked.push(request.url());
    });
    await page.goto(pathToFileURL(path.join(folder, 'verifier.html')).href);
    return page;
  }

  async function verdictOf(page: Page): Promise<string | null> {
    return page.locator('[data-verdict]').getAttribute('data-verdict');
  }

  it('checks a file without asking anybody, and reads well for everyone', async () => {
    for (const [locale, width, title] of [
      ['en-CA', 1280, 'Check a DOTM proof'],
      ['fr-CA', 390, 'Vérifier une preuve DOTM'],
    ] as const) {
      const page = await open({ locale, width });
      expect(await page.title()).toBe(title);
      await page.locator('#file').setInputFiles(path.join(vectors, 'proof.json'));
      expect(await verdictOf(page)).toBe('passed');
      expect(await page.locator('[data-check=path]').getAttribute('data-outcome')).toBe('passed');
      expect(await page.locator('[data-check=room]').getAttribute('data-outcome')).toBe('not_checked');
      expect(await page.evaluate('document.activeElement?.id')).toBe('result');
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
      expect(asked).toEqual([]);
      await context?.close();
    }
  });

  it('says what is wrong with a changed balance, and takes markup in a file for text', async () => {
    const page = await open();
    const text = await readFile(path.join(vectors, 'wrong-balance.json'), 'utf8');
    await page.locator('#text').fill(text);
    await page.keyboard.press('Tab');
    await page.locator('button').press('Enter');
    expect(await verdictOf(page)).toBe('failed');
    await page.locator('#text').fill(text.replace('"leaves"', '"<img src=x onerror=alert(1)>"'));
    await page.locator('button').click();
    expect(await page.locator('[data-check=form]').getAttribute('data-outcome')).toBe('failed');
    expect(await page.locator('main img').count()).toBe(0);
    await page.locator('#text').fill('');
    await page.locator('button').click();
    expect(await page.getByRole('status').textContent()).toContain('Choose a proof file');
  });

  it('asks the node that the reader names and nobody else, and keeps what was typed when the language changes', async () => {
    const server = createServer((req, res) => {
      res.setHeader('access-control-allow-origin', '*');
      res.setHeader('access-control-allow-headers', 'content-type');
      req.resume();
      res.end(req.method === 'OPTIONS' ? '' : JSON.stringify({ jsonrpc: '2.0', id: 1, result: '0x1' }));
    });
    node = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const page = await open();
    await page.locator('#node').fill('ftp://example.com');
    await page.locator('#text').fill(await readFile(path.join(vectors, 'statement.json'), 'utf8'));
    await page.locator('button').click();
    expect(await page.evaluate('document.activeElement?.id')).toBe('node');
    await page.locator('#node').fill(url);
    await page.locator('button').click();
    await page.locator('[data-verdict]').waitFor();
    expect(await page.locator('[data-check=network]').textContent()).toContain('the node serves chain 1');
    expect(new Set(asked)).toEqual(new Set([`${url}/`]));
    await page.locator('select').selectOption('fr');
    expect(await page.locator('#node').inputValue()).toBe(url);
    expect(await page.locator('[data-check=network]').textContent()).toContain('le nœud sert la chaîne 1');
  });
});
