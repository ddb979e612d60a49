import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startingCatalog } from '../domain/catalog/starting-catalog.ts';
import { pricingCatalogOf, rewardRateOf } from '../domain/pricing/from-view.ts';
import { priceBasket, type BasketItem } from '../domain/pricing/price-basket.ts';
import { quotedDueNow } from '../domain/pricing/quote.ts';
import { verifyQuote } from '../platform/quotes/verify-quote.ts';
import type { CatalogView } from '../shared/api/catalog.ts';
import { CodedError } from '../shared/errors.ts';
import type { Currency } from '../shared/money.ts';
import { callLimit } from './call-limit.ts';
import { openPages, pagesDoor } from './catalog-pages.ts';
import en from './pages/locales/en.json' with { type: 'json' };
import fr from './pages/locales/fr.json' with { type: 'json' };

const view: CatalogView = {
  version: 7,
  publishedAt: '2026-11-01T00:00:00.000Z',
  effectiveAt: '2026-11-01T00:00:00.000Z',
  ...startingCatalog,
  excludedCountries: ['KP'],
};
const appUrl = 'https://app.example';
const key = { kid: 'k1', secret: new Uint8Array(randomBytes(32)) };
const now = new Date('2026-11-23T12:00:00Z');
const failures: unknown[] = [];
let isDown = false;
let server: Server;
let origin: string;

beforeAll(async () => {
  const door = pagesDoor({
    appUrl,
    catalog: {
      current: async () => {
        if (isDown) throw new CodedError('vendor.unavailable', 'the catalogue cannot be read');
        return view;
      },
    },
    taxNote: 'not_included',
    quoteKeys: () => [key],
    limit: callLimit(20, () => now.getTime()),
    now: () => now,
    failed: (error) => failures.push(error),
  });
  server = await listening((req, res) => void door(req, res));
  origin = originOf(server);
});
afterAll(() => closed(server));
beforeEach(() => {
  isDown = false;
  failures.length = 0;
});

async function listening(answer: RequestListener): Promise<Server> {
  const made = createServer(answer);
  // On a busy machine five seconds can pass between two requests: a connection that is closed just then would look like a fault.
  made.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return made;
}

function originOf(made: Server): string {
  return `http://127.0.0.1:${String((made.address() as AddressInfo).port)}`;
}

async function closed(made: Server): Promise<void> {
  made.closeAllConnections();
  await new Promise((resolve) => made.close(resolve));
}

async function page(address: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(origin + address, { headers });
  expect(answer.status, address).toBe(200);
  return answer.text();
}

/** What a person reads: without tags. */
function textOf(html: string): string {
  return html
    .replace(/<script[\s\S]*?<\/script>/g, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

function send(fields: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/catalog/quote`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: fields,
  });
}

describe('the catalogue', () => {
  it('shows each product with its price, in both languages and currencies', async () => {
    const english = textOf(await page('/catalog?lang=en&currency=USD'));
    const french = textOf(await page('/catalog?lang=fr&currency=CAD'));
    for (const { id } of view.products) {
      expect(english).toContain(en[`products.${id}.name` as keyof typeof en]);
      expect(french).toContain(fr[`products.${id}.name` as keyof typeof fr].replaceAll('\u00a0', ' '));
    }
    expect(english).toContain('$20 once');
    expect(english).toContain('$8 a month or $80 a year');
    expect(french).toMatch(/27,99\s\$\s?CA une fois/);
  });

  it('speaks the browser’s language until the address says another, and starts a Canadian in Canadian dollars', async () => {
    expect(await page('/catalog', { 'accept-language': 'de, fr-CA;q=0.8, en;q=0.5' })).toContain('<html lang="fr">');
    expect(await page('/catalog?lang=en', { 'accept-language': 'fr' })).toContain('<html lang="en">');
    expect(textOf(await page('/catalog', { 'accept-language': 'en-CA' }))).toContain('CA$27.99');
  });

  it('filters by kind and by the country of a city, and names the others of that name', async () => {
    const text = textOf(await page('/catalog?where=Vienna&kind=communication_feature'));
    expect(text).toContain('For Vienna, Austria.');
    expect(text).toContain('Vienna, Virginia, United States');
    expect(text).toContain('Global Wi-Fi calling');
    expect(text).not.toContain('Global satellite text');
    expect(text).not.toContain('eSIM starter');
    expect(textOf(await page('/catalog?country=CA'))).toContain('Global satellite text');
  });

  it('asks which place is meant, and says what is not served', async () => {
    expect(textOf(await page('/catalog?where=Georgia'))).toContain(
      'Which one do you mean? Georgia Georgia, United States',
    );
    expect(textOf(await page('/catalog?where=Autsria'))).toContain('Do you mean one of these? Austria');
    expect(textOf(await page('/catalog?where=North+Korea'))).toContain('We don’t sell anything for North Korea yet.');
  });

  it('gives search engines the facts of a product', async () => {
    const html = await page('/catalog/products/network_vpn?lang=en');
    const facts = /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
    expect(JSON.parse(facts)).toMatchObject({
      '@type': 'Product',
      sku: 'network_vpn',
      offers: expect.arrayContaining([expect.objectContaining({ price: '8.00', priceCurrency: 'USD' })]) as unknown,
    });
  });
});

describe('the page that builds bundles', () => {
  const picks = 'p=network_vpn&p=network_security&p=network_priority&n.global_data_10gb=2&lang=en&currency=USD';

  it('prices what the form sends, without any script, and says why it is less', async () => {
    const text = textOf(await page(`/catalog/build?${picks}`));
    expect(text).toContain('Bundle: 15% off −$2.85');
    expect(text).toContain('Due now $56.15');
    expect(text).toContain('Then each month $16.15');
  });

  it('gives the script the price alone, the same as on the page', async () => {
    const part = await page(`/catalog/build?${picks}&part=price`);
    expect(part).not.toContain('<html');
    expect(textOf(await page(`/catalog/build?${picks}`))).toContain(textOf(part).trim());
  });

  it('takes a member’s discount where it is the better one', async () => {
    expect(textOf(await page(`/catalog/build?${picks}&member=full_membership`))).toContain('Member discount: 20% off');
  });

  it('says what can’t be paid together, and keeps no such price', async () => {
    const mixed = 'p=network_vpn&join=full_membership&lang=en';
    const html = await page(`/catalog/build?${mixed}`);
    expect(textOf(html)).toContain('can’t be paid together');
    expect(html).not.toContain('/catalog/quote');
    const answer = await send(mixed);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/catalog/build?${mixed}`]);
  });

  it('offers changes that make it cheaper as links that do so', async () => {
    const html = await page('/catalog/build?p=network_vpn&p=network_security&lang=en&currency=USD');
    const link = /bundle takes [\s\S]*?href="([^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(textOf(await page(link))).toContain('Bundle: 15% off');
  });

  it('keeps a price: the quote that it signs is what the engine says, whatever is picked', async () => {
    const features = view.products
      .filter(({ kind, sellable }) => kind === 'network_feature' && sellable)
      .map(({ id }) => id);
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(features),
        fc.integer({ min: 0, max: 10 }),
        fc.constantFrom<Currency>('USD', 'CAD'),
        fc.constantFrom('monthly' as const, 'annual' as const),
        fc.constantFrom(null, 'basic_membership', 'full_membership'),
        async (ids, packs, currency, cycle, membershipId) => {
          fc.pre(ids.length + packs > 0);
          const fields = new URLSearchParams(ids.map((id): [string, string] => ['p', id]));
          fields.set('n.global_data_10gb', String(packs));
          fields.set('currency', currency);
          fields.set('cycle', cycle);
          fields.set('where', 'Vienna');
          if (membershipId !== null) fields.set('member', membershipId);
          // Each is a client of its own: who asks too often is told to wait.
          const answer = await send(fields.toString(), { 'x-forwarded-for': `10.0.0.${String((client += 1) % 250)}` });
          const location = new URL(answer.headers.get('location') ?? '', origin);
          expect([answer.status, location.origin + location.pathname]).toEqual([303, `${appUrl}/checkout`]);
          expect(answer.headers.get('cache-control')).toBe('private, no-store');
          const quote = await verifyQuote([key], location.searchParams.get('quote') ?? '', now);
          const items: BasketItem[] = [
            ...ids.map((productId) => ({ productId, cycle, quantity: 1 })),
            ...(packs > 0 ? [{ productId: 'global_data_10gb', cycle: 'one_time' as const, quantity: packs }] : []),
          ];
          const rewardRate = rewardRateOf(view, currency);
          const request = { items, currency, membershipId, country: 'AT', promotion: null, rewardRate };
          expect(quotedDueNow(quote)).toBe(priceBasket(pricingCatalogOf(view), request).dueNow);
          expect(quote).toMatchObject({ catalogVersion: 7, country: 'AT', membershipId, currency });
        },
      ),
      { numRuns: 30 },
    );
  });
  let client = 0;

  it('says of tax what STRIPE_TAX says', async () => {
    const source = await listening((_req, res) => void res.end(JSON.stringify(view)));
    try {
      for (const [setting, said] of [
        ['true', en['build.tax.added_at_checkout']],
        ['false', en['build.tax.not_included']],
        ['', en['build.tax.not_included']],
      ] as const) {
        const door = openPages({ APP_URL: appUrl, CATALOG_URL: originOf(source), STRIPE_TAX: setting });
        const pages = await listening((req, res) => void door(req, res));
        try {
          const html = await (await fetch(`${originOf(pages)}/catalog/build?p=network_vpn&lang=en`)).text();
          expect(textOf(html)).toContain(said);
        } finally {
          await closed(pages);
        }
      }
    } finally {
      await closed(source);
    }
  });

  it('tells who signs too often to wait', async () => {
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => send('p=esim_starter', { 'x-forwarded-for': '10.1.1.1' })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the other pages', () => {
  it('recommend what is enough for a trip, and lead to its price', async () => {
    const html = await page('/catalog/trip?where=Vienna,+Prague&days=5&use=light&lang=en&currency=USD');
    expect(textOf(html)).toContain('You need about 500 MB for 5 days in Austria and Czechia.');
    expect(textOf(html)).toContain('Our smallest plan is enough for you.');
    const link = /href="(\/catalog\/build[^"]*p=esim_starter)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
    expect(textOf(await page(link))).toContain('Due now $1.00');
    expect(textOf(await page('/catalog/trip?where=Georgia&lang=en'))).toContain('Which one do you mean?');
  });

  it('say whether a phone takes an eSIM, and how to be sure', async () => {
    const text = textOf(await page('/catalog/phone?model=iphone+13&lang=en'));
    expect(text).toContain('Yes: Apple iPhone 13 takes an eSIM.');
    expect(text).toContain('*#06#');
    expect(textOf(await page('/catalog/phone?model=iphone&lang=en'))).toContain('Which one is it?');
  });

  it('tell assistants and search engines where everything is', async () => {
    const llms = await page('/llms.txt');
    for (const part of ['# DOTM', `${appUrl}/mcp`, `${appUrl}/api/openapi.json`, 'US', 'catalogue version 7'])
      expect(llms).toContain(part);
    expect(await page('/sitemap.xml')).toContain(`<loc>${appUrl}/catalog/products/esim_starter?lang=fr</loc>`);
  });
});

describe('every page', () => {
  it('leads back to the web app, in the language that was chosen', async () => {
    for (const address of ['/catalog', '/catalog/build', '/catalog/trip', '/catalog/phone']) {
      const html = await page(`${address}?lang=fr`);
      expect(html).toContain('<a href="/?lang=fr">Accueil</a>');
      expect(html).toContain('<a href="/plans?lang=fr">Forfaits</a>');
      expect(await page(address)).toContain('<a href="/plans">');
    }
  });

  it('runs no script but files of ours, is framed by nobody, and is kept for a minute', async () => {
    for (const address of [
      '/catalog',
      '/catalog/build',
      '/catalog/trip',
      '/catalog/phone',
      '/catalog/products/esim_starter',
    ]) {
      const answer = await fetch(origin + address);
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(answer.headers.get('cache-control')).toBe('public, max-age=60');
      expect(answer.headers.get('vary')).toContain('Accept-Language');
      expect(await answer.text()).not.toMatch(/<script(?![^>]*(src=|ld\+json))|\son\w+=|style="/);
    }
  });

  it('is not sent again when it has not changed', async () => {
    const first = await fetch(`${origin}/catalog?lang=en`);
    const again = await fetch(`${origin}/catalog?lang=en`, {
      headers: { 'if-none-match': first.headers.get('etag') ?? '' },
    });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('shows what was typed as text, whatever that is', async () => {
    const hostile = '"><script>alert(1)</script>';
    for (const address of [
      '/catalog?where=',
      '/catalog/build?where=',
      '/catalog/trip?where=',
      '/catalog/phone?model=',
      '/catalog?lang=',
      '/catalog?kind=',
      '/catalog?currency=',
      '/catalog/build?p=',
      '/catalog/build?member=',
    ]) {
      const html = await page(address + encodeURIComponent(hostile));
      expect(html, address).not.toContain('<script>alert');
    }
  });

  it('answers any query with a page', async () => {
    const names = [
      'lang',
      'currency',
      'kind',
      'where',
      'country',
      'p',
      'n.global_data_10gb',
      'join',
      'cycle',
      'member',
      'days',
      'use',
      'model',
      'part',
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          '/catalog',
          '/catalog/build',
          '/catalog/trip',
          '/catalog/phone',
          '/catalog/products/esim_starter',
        ),
        fc.array(
          fc.tuple(
            fc.constantFrom(...names),
            fc.oneof(
              fc.string({ unit: 'binary', maxLength: 30 }),
              fc.constantFrom('-1', '1e9', 'AT', 'constructor', '__proto__'),
            ),
          ),
        ),
        async (address, query) => {
          await page(`${address}?${new URLSearchParams(query).toString()}`);
        },
      ),
      { numRuns: 80 },
    );
    expect(failures).toEqual([]);
  });

  it('that does not exist is answered as such, in the reader’s language', async () => {
    for (const address of ['/catalog/products/nothing', '/catalog/other', '/catalog/products/..%2f']) {
      const answer = await fetch(origin + address, { headers: { 'accept-language': 'fr' } });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('Cette page n’existe pas');
    }
  });

  it('asks to come back while the catalogue can’t be read', async () => {
    isDown = true;
    const answer = await fetch(`${origin}/catalog`);
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')]).toEqual([
      503,
      '30',
      'private, no-store',
    ]);
    expect(await answer.text()).toContain('The catalogue can’t be read just now');
    expect(failures).toEqual([]);
  });

  it('takes no form that is larger than any of ours', async () => {
    expect((await send(`p=${'x'.repeat(20_000)}`)).status).toBe(413);
  });
});

describe('the words', () => {
  it('exist in both languages', () => {
    expect(Object.keys(fr)).toEqual(Object.keys(en));
    for (const [id, text] of Object.entries(en)) {
      const names = (each: string): string[] => [...each.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? '').sort();
      expect(new Set(names(fr[id as keyof typeof fr])), id).toEqual(new Set(names(text)));
    }
  });

  it('call each product as the web app does', () => {
    for (const [locale, words] of [
      ['en', en],
      ['fr', fr],
    ] as const) {
      const file = path.join(import.meta.dirname, `../../../hosting/src/locales/${locale}.json`);
      const others = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
      for (const [id, text] of Object.entries(words)) {
        if (id.startsWith('products.')) expect(others[id], id).toBe(text);
      }
    }
  });
});
