import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startingCatalog } from '../../../src/domain/catalog/starting-catalog.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import type { CodedError } from '../../../src/shared/errors.ts';
import { readCatalogVersion, viewCatalog } from '../../../src/store/catalog.ts';
import { topics } from '../../../src/topics.ts';
import { mortalProcess, ProcessDied } from '../../support/mortal.ts';
import { operator } from '../../support/operators.ts';
import { publishChange, withPrice } from '../../support/catalog.ts';
import { call, need, settle, shop, type Shop } from '../../support/shopping.ts';

let t: Shop;
let token: string;
beforeEach(async () => {
  t = await shop();
  token = operator(t, 'operations');
});
afterEach(() => t.stop());

const priceOf = async (productId: string, unit = 'USD') => {
  const { products } = await call(t, 'getCatalog', {});
  return products.find(({ id }) => id === productId)?.prices.find((price) => price.unit === unit)?.amount;
};
const coded = (code: string) => expect.objectContaining({ code }) as CodedError;

async function draftOf(fromVersion = 1) {
  const { version, revision } = await call(t, 'createCatalogDraft', { fromVersion, note: 'spring' }, { token });
  const { content } = await call(t, 'getCatalogVersion', { version: String(version) }, { token });
  return { version, revision, content };
}

describe('a draft', () => {
  it('says what its version said, and is seen by nobody but operators', async () => {
    const { version, content } = await draftOf();
    expect(content).toEqual(startingCatalog);
    const { versions } = await call(t, 'listCatalogVersions', {}, { token });
    expect(versions.map((one) => [one.version, one.state, one.note])).toEqual([
      [version, 'draft', 'spring'],
      [1, 'selling', ''],
    ]);
    expect((await call(t, 'getCatalog', {})).version).toBe(1);
  });

  it('is made once, however often the same call comes', async () => {
    const input = { fromVersion: 1 };
    const mortal = mortalProcess(t, 'create: after commit');
    const died = call(mortal.begin('create'), 'createCatalogDraft', input, { token, key: 'the-same-call' });
    await expect(died).rejects.toThrow(ProcessDied);
    await t.advance(120);
    await call(t, 'createCatalogDraft', input, { token, key: 'the-same-call' });
    const { versions } = await call(t, 'listCatalogVersions', {}, { token });
    expect(versions.filter(({ state }) => state === 'draft')).toHaveLength(1);
  });

  it('is not overwritten by somebody who has not seen the last change', async () => {
    const { version, revision, content } = await draftOf();
    const mine = withPrice(content, 'esim_starter', 'USD', '1.20');
    const theirs = withPrice(content, 'esim_starter', 'USD', '1.30');
    const changed = await call(
      t,
      'updateCatalogDraft',
      { version: String(version), revision, content: mine },
      { token },
    );
    expect(changed.revision).toBe(revision + 1);
    const late = call(t, 'updateCatalogDraft', { version: String(version), revision, content: theirs }, { token });
    await expect(late).rejects.toThrow(coded('catalog.draft_changed'));
    // The very same change again, as after a lost answer.
    const again = await call(t, 'updateCatalogDraft', { version: String(version), revision, content: mine }, { token });
    expect(again.revision).toBe(revision + 1);
    expect((await call(t, 'getCatalogVersion', { version: String(version) }, { token })).content).toEqual(mine);
  });

  it('takes one of ten changes that come at once', async () => {
    const { version, revision, content } = await draftOf();
    const changes = Array.from({ length: 10 }, (_one, index) =>
      call(
        t,
        'updateCatalogDraft',
        { version: String(version), revision, content: withPrice(content, 'esim_starter', 'USD', `2.0${index}`) },
        { token },
      ),
    );
    const results = await Promise.allSettled(changes);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await call(t, 'getCatalogVersion', { version: String(version) }, { token })).about.revision).toBe(
      revision + 1,
    );
  });

  it('that was thrown away is gone from the list, and its number is not given again', async () => {
    const { version } = await draftOf();
    await call(t, 'discardCatalogDraft', { version: String(version) }, { token });
    const { versions } = await call(t, 'listCatalogVersions', {}, { token });
    expect(versions.map((one) => one.version)).toEqual([1]);
    await expect(call(t, 'checkCatalogDraft', { version: String(version) }, { token })).rejects.toThrow(
      coded('not_found'),
    );
    expect((await draftOf()).version).toBe(version + 1);
  });

  it('tells what is wrong with it and what would change, and is refused until it is right', async () => {
    const { version, revision, content } = await draftOf();
    const wrong = withPrice(withPrice(content, 'esim_starter', 'USD', '0.00'), 'metal_card', 'CAD', '140.00');
    await call(t, 'updateCatalogDraft', { version: String(version), revision, content: wrong }, { token });
    const checked = await call(t, 'checkCatalogDraft', { version: String(version) }, { token });
    expect(checked.problems).toEqual([{ field: 'products.0.prices.0.amount', code: 'price_zero', values: {} }]);
    expect(checked.changes).toEqual([
      { area: 'price', id: 'esim_starter', field: 'USD/one_time', from: '1.00 USD', to: '0.00 USD' },
      { area: 'price', id: 'metal_card', field: 'CAD/one_time', from: '134.99 CAD', to: '140.00 CAD' },
    ]);
    const refused = call(
      t,
      'publishCatalog',
      { version: String(version), revision: checked.revision, against: 1 },
      { token },
    );
    await expect(refused).rejects.toMatchObject({
      code: 'request.invalid',
      fields: [{ field: 'content.products.0.prices.0.amount', problem: 'price_zero' }],
    });
    expect((await call(t, 'getCatalog', {})).version).toBe(1);
  });
});

describe('publishing', () => {
  it('sells by the new version at once, shows it, and keeps the old one readable for ever', async () => {
    const before = await call(t, 'getCatalog', {});
    const published = await publishChange(t, token, (content) => withPrice(content, 'esim_starter', 'USD', '1.20'));
    expect(published).toMatchObject({ version: 2, state: 'selling', basedOn: 1, publishedBy: 'op-operations' });
    expect(await priceOf('esim_starter')).toBe('1.20');
    await settle(t);
    const { revision: _revision, ...shown } = need(t.projected.read('public/catalog'));
    expect(shown).toEqual(await call(t, 'getCatalog', {}));
    expect(viewCatalog(await readCatalogVersion(t.db, 1))).toEqual(before);
    expect((await call(t, 'getCatalogVersion', { version: '1' }, { token })).content).toEqual(startingCatalog);
  });

  it('makes every price at the payment provider before anybody buys, and names products there anew', async () => {
    await publishChange(t, token, (content) => ({
      ...withPrice(content, 'esim_starter', 'USD', '1.20'),
      products: withPrice(content, 'esim_starter', 'USD', '1.20').products.map((product) =>
        product.id === 'esim_starter' ? { ...product, name: 'eSIM to begin with' } : product,
      ),
    }));
    await settle(t, 10);
    const { products } = await readCatalogVersion(t.db, 2);
    const sold = products.filter(({ sellable }) => sellable).flatMap(({ prices }) => prices);
    const { rows } = await t.db.query('select * from provider_price');
    expect(rows).toHaveLength(sold.length);
    const atStripe = await t.stripe.list<{ id: string; name: string }>('products');
    expect(atStripe.find(({ id }) => id === 'esim_starter')?.name).toBe('eSIM to begin with');
  });

  it('for a later day sells and shows the old version until then', async () => {
    const from = new Date(t.clock.now().getTime() + 7 * 86_400_000);
    const raise = (content: typeof startingCatalog) => withPrice(content, 'esim_starter', 'USD', '1.20');
    expect((await publishChange(t, token, raise, from)).state).toBe('scheduled');
    await settle(t, 60);
    expect(await priceOf('esim_starter')).toBe('1.00');
    expect(t.projected.read('public/catalog')).toMatchObject({ version: 1 });
    await t.advance(7 * 86_400 + 1);
    expect(await priceOf('esim_starter')).toBe('1.20');
    await settle(t);
    expect(t.projected.read('public/catalog')).toMatchObject({ version: 2, effectiveAt: from.toISOString() });
  });

  it('of an urgent change before a planned one: each sells in its turn', async () => {
    const from = new Date(t.clock.now().getTime() + 3600_000);
    await publishChange(t, token, (content) => withPrice(content, 'esim_starter', 'USD', '1.20'), from);
    await publishChange(t, token, (content) => withPrice(content, 'esim_starter', 'USD', '0.90'));
    await settle(t);
    expect(await priceOf('esim_starter')).toBe('0.90');
    expect(t.projected.read('public/catalog')).toMatchObject({ version: 3 });
    await t.advance(3601);
    await settle(t);
    expect(await priceOf('esim_starter')).toBe('1.20');
    expect(t.projected.read('public/catalog')).toMatchObject({ version: 2 });
  });

  it('for a day that is past, of a draft changed since, or of what is no draft, is refused', async () => {
    const { version, revision } = await draftOf();
    const good = { version: String(version), revision, against: 1 };
    const past = new Date(t.clock.now().getTime() - 60_000).toISOString();
    await expect(call(t, 'publishCatalog', { ...good, effectiveAt: past }, { token })).rejects.toMatchObject({
      fields: [{ field: 'effectiveAt' }],
    });
    await expect(call(t, 'publishCatalog', { ...good, revision: 9 }, { token })).rejects.toThrow(
      coded('catalog.draft_changed'),
    );
    for (const name of ['publishCatalog', 'discardCatalogDraft'] as const) {
      const input = name === 'publishCatalog' ? { ...good, version: '1' } : { version: '1' };
      await expect(call(t, name, input as typeof good, { token })).rejects.toThrow(coded('catalog.not_a_draft'));
    }
  });

  it('by two operators at once lets one through, and tells the other to look again', async () => {
    const drafts = [await draftOf(), await draftOf()];
    const results = await Promise.allSettled(
      drafts.map(({ version, revision }) =>
        call(t, 'publishCatalog', { version: String(version), revision, against: 1 }, { token }),
      ),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => (reason as CodedError).code)).toEqual(['catalog.draft_changed']);
    const { versions } = await call(t, 'listCatalogVersions', {}, { token });
    expect(versions.map(({ state }) => state).sort()).toEqual(['draft', 'past', 'selling']);
  });

  it('is not for support', async () => {
    const support = operator(t, 'support');
    expect((await call(t, 'listCatalogVersions', {}, { token: support })).versions).toHaveLength(1);
    const made = call(t, 'createCatalogDraft', { fromVersion: 1 }, { token: support });
    await expect(made).rejects.toThrow(coded('not_found'));
  });
});

describe('what is published', () => {
  it.each([
    `update catalog_version set note = 'x'`,
    'delete from catalog_version',
    'update price set amount_minor = 1',
    'delete from product',
    `update catalog_currency set reward_rate = '2'`,
    `insert into bundle values (1, 'late', 9, 'network_feature', 2, 100)`,
    'truncate member_discount',
  ])('refuses %s, also from us', async (sql) => {
    await expect(t.db.query(sql)).rejects.toThrow(expect.objectContaining({ code: '42501' }) as Error);
  });
});

describe('a process that dies while it publishes', () => {
  it('has published all of it or nothing, and the repeated call ends the same', async () => {
    const { version, revision } = await draftOf();
    const input = { version: String(version), revision, against: 1 };
    const rehearsal = mortalProcess(t);
    await call(rehearsal.begin('publish'), 'publishCatalog', input, { token });
    expect(rehearsal.steps.length).toBeGreaterThan(10);
    for (const [index, step] of rehearsal.steps.entries()) {
      const draft = await draftOf();
      const { versions: before } = await call(t, 'listCatalogVersions', {}, { token });
      const against = need(before.find(({ state }) => state === 'selling')).version;
      const wish = { version: String(draft.version), revision: draft.revision, against };
      const mortal = mortalProcess(t, step);
      const key = `publish-${String(index)}-again`;
      await call(mortal.begin('publish'), 'publishCatalog', wish, { token, key }).catch((error: unknown) => {
        if (!(error instanceof ProcessDied)) throw error;
      });
      await t.advance(300);
      const published = await call(t, 'publishCatalog', wish, { token, key });
      expect(published, step).toMatchObject({ version: draft.version, state: 'selling' });
      const { rows } = await t.db.query<{ jobs: bigint; audits: bigint }>(
        `select (select count(*) from outbox where topic = 'catalog.sync' and dedupe_key = $1) as jobs,
           (select count(*) from audit_log where action = 'catalog.published' and subject = 'catalogue/' || $1) as audits`,
        [String(draft.version)],
      );
      expect(rows, step).toEqual([{ jobs: 1n, audits: 1n }]);
    }
  });

  it('or while it makes the prices, goes on where it ended and makes none twice', async () => {
    await publishChange(t, token, (content) => withPrice(content, 'esim_starter', 'USD', '1.20'));
    const { rows } = await t.db.query<{ id: string }>(`select id from outbox where topic = 'catalog.sync'`);
    const id = need(rows[0]).id;
    for (const step of ['after payments.syncProduct', 'before payments.syncPrice', 'after payments.syncPrice 2']) {
      const mortal = mortalProcess(t, `sync: ${step}`);
      await runJob(mortal.begin('sync'), topics, id).catch(() => undefined);
      expect(mortal.isDead, step).toBe(true);
      await t.advance(300);
    }
    await settle(t, 400);
    const { rows: kept } = await t.db.query<{ state: string }>(`select state from outbox where id = $1`, [id]);
    expect(kept).toEqual([{ state: 'done' }]);
    const prices = await t.stripe.list<{ lookup_key: string | null; active: boolean }>('prices');
    const keys = prices.map(({ lookup_key }) => lookup_key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
