import { describe, expect, it } from 'vitest';
import { pricingCatalogOf } from '../../src/domain/pricing/from-view.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { toolByName } from '../../src/public/mcp/server.ts';
import { serverJson } from '../../src/ops/server-json.ts';
import type { CatalogView } from '../../src/shared/api/catalog.ts';
import { publishedCatalog, testQuoteKeys } from '../support/mcp-server.ts';

type Answer = Record<string, unknown> & { summary: string };

async function call(name: string, args: unknown, view: CatalogView = publishedCatalog) {
  const tool = toolByName.get(name);
  if (!tool) throw new Error(`no tool ${name}`);
  return tool.call(args, {
    view,
    pricing: pricingCatalogOf(view),
    appUrl: 'https://dotm.example',
    now: new Date('2026-11-23T10:00:00Z'),
    taxNote: 'not_included',
    quoteKeys: () => parseQuoteKeys(testQuoteKeys),
  });
}

async function ask(name: string, args: unknown, view?: CatalogView): Promise<Answer> {
  const { structuredContent, isError, content } = await call(name, args, view);
  if (isError || !structuredContent) throw new Error(JSON.stringify(content));
  return structuredContent as Answer;
}

/** What a tool says instead of an answer. */
async function refusal(name: string, args: unknown): Promise<string> {
  const { isError, content } = await call(name, args);
  expect(isError).toBe(true);
  return (content[0] as { text: string }).text;
}

const ids = (answer: Answer, key: string): string[] => (answer[key] as { id: string }[]).map(({ id }) => id);

describe('search_services', () => {
  it('without words tells everything, in pages', async () => {
    const first = await ask('search_services', {});
    expect(first).toMatchObject({ total: publishedCatalog.products.length });
    const second = await ask('search_services', { cursor: first['nextCursor'] });
    expect([...ids(first, 'services'), ...ids(second, 'services')]).toEqual(
      publishedCatalog.products.map(({ id }) => id),
    );
  });

  it('finds by name before description, and forgives a plural', async () => {
    expect(ids(await ask('search_services', { query: 'memberships' }), 'services')[0]).toBe('basic_membership');
    expect(ids(await ask('search_services', { query: 'encrypted tunnel' }), 'services')).toEqual(['network_vpn']);
  });

  it('says what to try when nothing matches', async () => {
    const answer = await ask('search_services', { query: 'helicopter' });
    expect(answer).toMatchObject({ total: 0, services: [] });
    expect(answer.summary).toContain('Leave query out');
  });
});

describe('prices', () => {
  const three = ['network_vpn', 'network_security', 'network_optimization'].map((productId) => ({
    productId,
    cycle: 'monthly',
  }));

  it('of three features is a bundle at 15 % off, with the reason in words', async () => {
    const answer = await ask('calculate_pricing', { items: three });
    expect(answer).toMatchObject({
      price: {
        dueNow: { unit: 'USD', amount: '13.60' },
        discount: { kind: 'bundle', id: 'network_bundle', basisPoints: 1500 },
      },
    });
    expect(answer.summary).toContain('Bundle network_bundle of 15 %: 2.40 USD off');
    expect(answer['notIncluded']).toEqual(expect.arrayContaining([expect.stringContaining('Tax')]));
  });

  it('for full members is the larger discount instead', async () => {
    const answer = await ask('calculate_pricing', { items: three, membership: 'Full membership' });
    expect(answer).toMatchObject({ price: { dueNow: { amount: '12.80' }, discount: { kind: 'member' } } });
  });

  it('say what would be cheaper', async () => {
    const answer = await ask('calculate_pricing', { items: [{ productId: 'network_vpn', cycle: 'monthly' }] });
    expect(answer.summary).toContain('Paid by the year, network_vpn would cost 16.00 USD less in a year');
  });

  it('are asked for by name or id, in any currency that is sold in, however it is written', async () => {
    const answer = await ask('calculate_pricing', { items: [{ productId: 'Global Data 10 GB' }], currency: 'cad' });
    expect(answer).toMatchObject({ price: { dueNow: { unit: 'CAD', amount: '27.99' } } });
  });

  it.each([
    ['an unknown service', { items: [{ productId: 'unlimited' }] }, 'esim_starter'],
    ['a service sold in two cycles', { items: [{ productId: 'network_vpn' }] }, 'monthly or annual'],
    ['a cycle in which it is not sold', { items: [{ productId: 'esim_starter', cycle: 'monthly' }] }, 'one_time'],
    ['a free feature', { items: [{ productId: 'wifi_calling' }] }, 'costs nothing'],
    ['an unknown currency', { items: [{ productId: 'network_vpn', cycle: 'monthly' }], currency: 'EUR' }, 'USD or CAD'],
    [
      'an unknown membership',
      { items: [{ productId: 'network_vpn', cycle: 'monthly' }], membership: 'gold' },
      'full_membership',
    ],
    ['two of what is sold once', { items: [{ productId: 'esim_starter', quantity: 2 }] }, 'quantity 1'],
    ['a service twice', { items: [{ productId: 'esim_starter' }, { productId: 'esim_starter' }] }, 'list it once'],
    ['nothing', { items: [] }, 'For example'],
    ['half of one', { items: [{ productId: 'esim_starter', quantity: 0.5 }] }, 'whole number'],
    ['a place that is not one', { items: [{ productId: 'esim_starter' }], country: 'Georgia' }, 'Ask which is meant'],
  ])('of %s: says what to do instead', async (_what, args, words) => {
    expect(await refusal('calculate_pricing', args)).toContain(words);
  });

  it('are of the catalogue that is published, not of one that we remember', async () => {
    const dearer = structuredClone(publishedCatalog);
    const price = dearer.products
      .find(({ id }) => id === 'global_data_10gb')
      ?.prices.find(({ unit }) => unit === 'USD');
    if (price) price.amount = '21.50';
    const answer = await ask('calculate_pricing', { items: [{ productId: 'global_data_10gb' }] }, dearer);
    expect(answer).toMatchObject({ price: { dueNow: { amount: '21.50' } } });
  });
});

describe('get_quote', () => {
  it('holds for 30 minutes and leads to the checkout', async () => {
    const answer = await ask('get_quote', { items: [{ productId: 'esim_starter' }], membership: 'basic_membership' });
    expect(answer).toMatchObject({
      expiresAt: '2026-11-23T10:30:00.000Z',
      checkoutUrl: expect.stringMatching(/^https:\/\/dotm\.example\/checkout\?quote=[\w-]+\.[\w-]+\.[\w-]+$/) as string,
      conditions: ['The buyer must really hold basic_membership.', 'eSIM starter is sold once to each person.'],
    });
    expect(answer.summary).toContain('Not included: Tax');
  });

  it('refuses what the checkout would refuse', async () => {
    expect(await refusal('get_quote', { items: [{ productId: 'metal_card' }] })).toContain('sold elsewhere');
    const mixed = [
      { productId: 'network_vpn', cycle: 'monthly' },
      { productId: 'network_security', cycle: 'annual' },
    ];
    expect(await refusal('get_quote', { items: mixed })).toContain('two orders');
  });
});

describe('places', () => {
  it('says Austria for Austria, and asks when it is not sure', async () => {
    const answer = await ask('check_coverage', { places: ['Austria', 'Austrla', 'Georgia', 'Europe', 'Vienna'] });
    expect(answer['allCovered']).toBe(false);
    expect(answer['places']).toMatchObject([
      { status: 'covered', country: 'AT', countryName: 'Austria' },
      { status: 'unclear', country: null },
      { status: 'unclear', question: expect.stringContaining('Georgia (GE) or Georgia, United States (US)') as string },
      { status: 'unclear', question: expect.stringContaining('which countries') as string },
      { status: 'covered', country: 'AT' },
    ]);
  });

  it('names what is not to be had in a country, and where nothing is sold', async () => {
    const view = { ...publishedCatalog, excludedCountries: ['AT'] };
    const answer = await ask('check_coverage', { places: ['Austria', 'Canada', 'France'] }, view);
    expect(answer['places']).toMatchObject([
      { status: 'not_covered' },
      { status: 'covered', notAvailableThere: [] },
      { status: 'covered', notAvailableThere: ['satellite_text'] },
    ]);
  });
});

describe('trips', () => {
  it('recommends the least that is enough, in a form that get_quote takes', async () => {
    const trip = await ask('recommend_trip', { countries: ['Italy', 'Vienna'], days: 5, use: 'light' });
    expect(trip).toMatchObject({
      status: 'recommended',
      plan: { items: [{ productId: 'esim_starter', quantity: 1 }] },
    });
    const { items } = trip['plan'] as { items: unknown };
    expect(await ask('get_quote', { items })).toMatchObject({ price: { dueNow: { amount: '1.00' } } });
  });

  it('says when nothing needs to be bought, or a contract from home may do', async () => {
    const atHome = await ask('recommend_trip', { countries: ['Austria'], days: 5, home: 'Austria' });
    expect(atHome).toMatchObject({ status: 'nothing_needed', plan: null });
    const nearby = await ask('recommend_trip', { countries: ['Italy'], days: 5, home: 'Austria' });
    expect(nearby.summary).toContain('at no extra charge');
  });

  it('recommends nothing where nothing is sold', async () => {
    const view = { ...publishedCatalog, excludedCountries: ['AT'] };
    expect(await ask('recommend_trip', { countries: ['Austria'], days: 5 }, view)).toMatchObject({
      status: 'not_served',
      plan: null,
    });
  });
});

describe('the rest', () => {
  it('compare_plans says in words where plans differ, and never compares one with itself', async () => {
    const answer = await ask('compare_plans', { ids: ['basic_membership', 'full_membership'] });
    expect(answer['differences']).toEqual([
      'Price: Basic membership 24.00 USD a year and Full membership 66.00 USD a year.',
    ]);
    expect(await refusal('compare_plans', { ids: ['esim_starter', 'eSIM starter'] })).toContain('two different');
  });

  it('check_device tells a model by its name, asks among several, and says how to find out', async () => {
    expect(await ask('check_device', { device: 'iphone 15' })).toMatchObject({
      status: 'yes',
      device: 'Apple iPhone 15',
    });
    expect(await ask('check_device', { device: 'galaxy' })).toMatchObject({
      status: expect.stringMatching(/ambiguous|unknown/) as string,
    });
    expect(await ask('check_device', { device: 'Zorgphone 3' })).toMatchObject({
      status: 'unknown',
      selfCheck: expect.stringContaining('*#06#') as string,
    });
  });

  it('explain_rewards uses the catalogue’s figures: 20.00 USD at 10.33 % are 2.066 DOTM', async () => {
    const answer = await ask('explain_rewards', { productId: 'global_data_10gb' });
    expect(answer['services']).toMatchObject([
      { percent: '10.33 %', example: { reward: { amount: '2.066000000000000000' } } },
    ]);
    expect(answer.summary).toContain('20.00 USD earns 2.066 DOTM');
    expect(answer['rates']).toEqual([
      { currency: 'USD', dotmPerUnit: '1' },
      { currency: 'CAD', dotmPerUnit: '0.73' },
    ]);
  });

  it('get_service and list_network_features tell the discounts, of which one counts', async () => {
    expect(await ask('get_service', { id: 'network_vpn' })).toMatchObject({
      discounts: [expect.stringContaining('15 %'), expect.stringContaining('20 %')],
    });
    expect(ids(await ask('list_network_features', {}), 'features')).toContain('satellite_text');
  });

  it('the registry is told who serves, and where', () => {
    expect(serverJson('https://app.dotm.example')).toMatchObject({
      name: 'example.dotm.app/dotm',
      remotes: [{ type: 'streamable-http', url: 'https://app.dotm.example/mcp' }],
    });
  });
});
