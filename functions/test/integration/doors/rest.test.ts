import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlers } from '../../../src/handlers.ts';
import { restApp } from '../../../src/platform/doors/rest.ts';
import type { Services } from '../../../src/platform/container.ts';
import { api } from '../../../src/shared/api/index.ts';
import type { ErrorBody } from '../../../src/shared/errors.ts';
import { mortalProcess, ProcessDied } from '../../support/mortal.ts';
import { restDoor } from '../../support/operators.ts';
import { need, settle, shop, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

const missingOrder = 'ord_00000000000000000000000000';
const missingLine = 'lin_00000000000000000000000000';
const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' };

describe('the REST door', () => {
  let t: Shop;
  let door: Hono;
  let ada: Shopper;
  let orderId: string;
  let lineId: string;
  beforeAll(async () => {
    t = await shop();
    door = restDoor(t);
    ada = shopper(t);
    orderId = await ada.buy('global_data_10gb');
    lineId = need((await ada.order(orderId)).lineId);
  });
  afterAll(() => t.stop());

  interface Asked {
    as?: Shopper | null;
    body?: unknown;
    key?: string;
    headers?: Record<string, string>;
    of?: Hono;
  }

  async function ask(method: string, path: string, { as = ada, body, key, headers, of = door }: Asked = {}) {
    const response = await of.request(`/api${path}`, {
      method,
      headers: {
        ...(as ? { authorization: `Bearer ${as.token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const json = (await response.json()) as Record<string, unknown>;
    return { status: response.status, headers: response.headers, json, error: (json as unknown as ErrorBody).error };
  }

  const fieldsOf = (answer: Awaited<ReturnType<typeof ask>>) => answer.error.fields?.map(({ field }) => field).sort();
  const ordersOf = async (who: Shopper) => (await who.call('listOrders', {})).orders;

  it('answers 200 with exactly what is declared, cached for everybody where everybody may see it', async () => {
    const catalog = await ask('GET', '/catalog', { as: null });
    expect(catalog.status).toBe(200);
    expect(catalog.headers.get('cache-control')).toBe('public, max-age=60');
    expect(api.getCatalog.output.parse(catalog.json)).toEqual(catalog.json);
    const order = await ask('GET', `/orders/${orderId}`);
    expect(order.status).toBe(200);
    expect(order.headers.get('cache-control')).toBe('private, no-store');
    expect(order.json).toEqual(await ada.order(orderId));
  });

  it('takes no path with words of its own for one with a variable in their place', async () => {
    const { json } = await ask('GET', '/rewards/movements');
    expect(api.listRewardMovements.output.parse(json).movements).toHaveLength(1);
    const [reward] = (await ada.call('getRewards', {})).rewards;
    expect((await ask('GET', `/rewards/${need(reward).id}`)).json['reward']).toEqual(reward);
  });

  it('answers 304 to whoever holds the catalogue as it is, and gives it to whoever holds another', async () => {
    const held = (await ask('GET', '/catalog', { as: null })).headers.get('etag') ?? '';
    const again = await door.request('/api/catalog', { headers: { 'if-none-match': held } });
    expect([again.status, await again.text(), again.headers.get('cache-control')]).toEqual([
      304,
      '',
      'public, max-age=60',
    ]);
    expect((await ask('GET', '/catalog', { as: null, headers: { 'if-none-match': '"another"' } })).status).toBe(200);
    expect((await ask('GET', `/orders/${orderId}`)).headers.get('etag')).toBeNull();
  });

  it.each([
    ['a body that is no JSON', '{', ['(body)']],
    ['a body that is a list', '[]', ['(body)']],
    ['a body that is a word', '"ord"', ['(body)']],
    ['nothing at all', undefined, ['currency', 'items']],
    ['a field too many', { ...wish, price: '0.01' }, ['price']],
    ['a prototype', `{"__proto__": {"items": []}, "currency": "USD"}`, ['__proto__']],
    ['a field too many within', { ...wish, items: [{ productId: 'esim_starter', price: 1 }] }, ['items.0.price']],
    [
      'wrong types',
      { items: [{ productId: 7, quantity: '1' }], currency: 1 },
      ['currency', 'items.0.productId', 'items.0.quantity'],
    ],
  ])('answers 400 to %s and names each field', async (_what, body, fields) => {
    const answer = await ask('POST', '/checkouts', { body, key: 'key-of-bad-input' });
    expect(answer.status).toBe(400);
    expect(answer.error.code).toBe('request.invalid');
    expect(fieldsOf(answer)).toEqual(expect.arrayContaining(fields));
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
  });

  it('answers 400 to ids of another form, to unknown queries and to path fields in the body', async () => {
    expect(fieldsOf(await ask('GET', '/orders/7'))).toEqual(['orderId']);
    expect(fieldsOf(await ask('GET', `/orders/${lineId}`))).toEqual(['orderId']);
    expect(fieldsOf(await ask('GET', '/orders/%00'))).toEqual(['orderId']);
    expect(fieldsOf(await ask('GET', '/orders?cursor=ord_1'))).toEqual(['cursor']);
    expect(fieldsOf(await ask('GET', '/orders?memberId=mem_1'))).toEqual(['memberId']);
    const twice = await ask('POST', `/orders/${orderId}/cancel`, {
      body: { orderId: missingOrder },
      key: 'key-of-clash',
    });
    expect(twice.status).toBe(400);
    expect(fieldsOf(twice)).toEqual(['orderId']);
  });

  it.each([
    ['no token', {}],
    ['a forged token', { authorization: 'Bearer forged' }],
    ['a token in another scheme', { authorization: 'Basic YTpi' }],
    ['two tokens', { authorization: 'Bearer a b' }],
  ])('answers 401 to %s', async (_what, headers) => {
    const answer = await ask('GET', '/account', { as: null, headers });
    expect(answer.status).toBe(401);
    expect(answer.error.code).toBe('auth.required');
  });

  it('answers 401 to the token of somebody whose sign-in is gone', async () => {
    const gone = shopper(t);
    await t.people.remove(gone.uid);
    expect((await ask('GET', '/account', { as: gone })).status).toBe(401);
  });

  it('answers 403 to a deletion long after the last sign-in, and deletes nothing', async () => {
    const old = t.people.tokenOf(ada.uid, new Date(t.clock.now().getTime() - 301_000));
    const answer = await ask('POST', '/account/delete', {
      as: { ...ada, token: old },
      body: { confirm: 'DELETE' },
      key: 'key-of-deletion',
    });
    expect(answer.status).toBe(403);
    expect(answer.error.code).toBe('auth.recent_sign_in_required');
    expect((await ask('GET', '/account')).status).toBe(200);
  });

  it('answers 404 to routes and methods that do not exist, with an error body', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['DELETE', '/account'],
      ['GET', '/checkouts'],
      ['POST', '/orders'],
    ] as const) {
      const answer = await ask(method, path);
      expect(answer.status, path).toBe(404);
      expect(answer.error.code, path).toBe('not_found');
    }
  });

  it('answers to what belongs to somebody else exactly as to what does not exist', async () => {
    const bob = shopper(t, 'bob');
    const own = [
      ['GET', `/orders/${orderId}`, `/orders/${missingOrder}`],
      ['POST', `/orders/${orderId}/cancel`, `/orders/${missingOrder}/cancel`],
      ['GET', `/lines/${lineId}`, `/lines/${missingLine}`],
      ['POST', `/lines/${lineId}/installed`, `/lines/${missingLine}/installed`],
      ['POST', `/lines/${lineId}/mail`, `/lines/${missingLine}/mail`],
      ['POST', `/admin/orders/${orderId}/refund`, `/admin/orders/${missingOrder}/refund`],
    ] as const;
    for (const [method, path, missing] of own) {
      const body = method === 'GET' ? undefined : {};
      const reason = path.includes('/refund') ? { reason: 'curious' } : body;
      const [found, absent] = [
        await ask(method, path, { as: bob, body: reason, key: `key-found${path}` }),
        await ask(method, missing, { as: bob, body: reason, key: `key-absent${path}` }),
      ];
      expect(found.status, path).toBe(404);
      const plain = ({ status, headers, error }: typeof found) => ({
        status,
        headers: [...headers].sort(),
        error: { ...error, traceId: '', message: error.message.replaceAll(/(ord|lin)_\w+/g, 'id') },
      });
      expect(plain(found), path).toEqual(plain(absent));
    }
    const cursor = await ask('GET', `/orders?cursor=${orderId}`, { as: bob });
    expect(cursor.json).toEqual({ orders: [], nextCursor: null });
  });

  it('answers 413 to a body that is too large, before anything reads it', async () => {
    const answer = await ask('POST', '/checkouts', { as: null, body: { ...wish, note: 'x'.repeat(70_000) } });
    expect(answer.status).toBe(413);
    expect(answer.error.code).toBe('request.too_large');
  });

  it('answers 415 to a body of another type', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      const answer = await ask('POST', '/checkouts', {
        body: wish,
        headers: { 'content-type': type },
        key: 'key-of-type',
      });
      expect(answer.status, type).toBe(415);
      expect(answer.error.code, type).toBe('request.unsupported_type');
    }
  });

  it('answers 429 with the time until the window ends, for this caller and this operation only', async () => {
    const eager = shopper(t, 'eager');
    const limit = need(api.exportAccount.rateLimit);
    const statuses = await Promise.all(
      Array.from({ length: limit.calls + 2 }, async () => (await ask('POST', '/account/export', { as: eager })).status),
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(limit.calls);
    const refused = await ask('POST', '/account/export', { as: eager });
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(limit.windowSeconds);
    expect(refused.error.retryAfterSeconds).toBe(seconds);
    expect((await ask('GET', '/account', { as: eager })).status).toBe(200);
    expect((await ask('POST', '/account/export')).status).toBe(200);
    await t.advance(seconds);
    expect((await ask('POST', '/account/export', { as: eager })).status).toBe(200);
  });

  it('answers 503 when a vendor is out of reach, without the vendor’s words, and the same key works later', async () => {
    const eve = shopper(t, 'eve');
    await t.control.addFault({ vendor: 'stripe', kind: 'status', status: 500, html: true, method: 'POST', times: 9 });
    const down = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-outage' });
    await t.control.clearFaults();
    expect(down.status).toBe(503);
    expect(down.error.code).toBe('vendor.unavailable');
    expect(down.error.message).not.toContain('<html>');
    const up = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-outage' });
    expect(up.status).toBe(200);
    expect(await ordersOf(eve)).toHaveLength(1);
  });

  it('answers 500 in its own words when something of ours breaks', async () => {
    const broken = restApp(() => t, [api.getCatalog], {
      getCatalog: async () => () => Promise.reject(new Error('password hunter2')),
    });
    const answer = await ask('GET', '/catalog', { as: null, of: broken });
    expect(answer.status).toBe(500);
    expect(answer.error.code).toBe('internal');
    expect(JSON.stringify(answer.json)).not.toContain('hunter2');
  });

  it('tells browsers to run, frame and guess nothing, in what it gives and in what it refuses', async () => {
    for (const answer of [
      await ask('GET', '/catalog'),
      await ask('GET', '/nothing'),
      await ask('POST', '/checkouts'),
    ]) {
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(answer.headers.get('x-frame-options')).toBe('DENY');
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
      expect(answer.headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    }
  });

  it('gives the trace of the caller back with an error, so that its log lines can be found', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const answer = await ask('GET', '/account', {
      as: null,
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
    });
    expect(answer.error.traceId).toBe(traceId);
  });

  describe('with an idempotency key', () => {
    it('gives the first answer again to the same content, in whatever order its fields stand', async () => {
      const eve = shopper(t, 'eve');
      const first = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-for-good' });
      const again = await ask('POST', '/checkouts', {
        as: eve,
        body: { currency: wish.currency, items: wish.items },
        key: 'key-for-good',
      });
      expect(first.status).toBe(200);
      expect(again.json).toEqual(first.json);
      expect(await ordersOf(eve)).toHaveLength(1);
      // Long after the order has ended, the answer is still the first one.
      await eve.call('cancelOrder', { orderId: String(first.json['orderId']) });
      expect((await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-for-good' })).json).toEqual(first.json);
    });

    it('answers 409 to other content under the same key, and keeps keys of members and operations apart', async () => {
      const [eve, mallory] = [shopper(t, 'eve'), shopper(t, 'mallory')];
      const key = 'key-for-two';
      const first = await ask('POST', '/checkouts', { as: eve, body: wish, key });
      const other = await ask('POST', '/checkouts', { as: eve, body: { ...wish, currency: 'CAD' }, key });
      expect(other.status).toBe(409);
      expect(other.error.code).toBe('request.idempotency_key_reused');
      const hers = await ask('POST', '/checkouts', { as: mallory, body: wish, key });
      expect(hers.status).toBe(200);
      expect(hers.json['orderId']).not.toBe(first.json['orderId']);
      expect(
        (await ask('POST', `/orders/${String(first.json['orderId'])}/cancel`, { as: eve, body: {}, key })).status,
      ).toBe(200);
    });

    it.each([
      ['no key', undefined],
      ['a short key', 'short'],
      ['a key with blanks', 'key with blanks'],
      ['a key without end', 'k'.repeat(201)],
    ])('answers 400 to %s and does nothing', async (_what, key) => {
      const eve = shopper(t, 'eve');
      const answer = await ask('POST', '/checkouts', { as: eve, body: wish, ...(key === undefined ? {} : { key }) });
      expect(answer.status).toBe(400);
      expect(answer.error.code).toBe('request.idempotency_key_missing');
      expect(fieldsOf(answer)).toEqual(['Idempotency-Key']);
      expect(await ordersOf(eve)).toEqual([]);
    });

    it('answers 409 while the first call still runs, and then its answer', async () => {
      const eve = shopper(t, 'eve');
      const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
      const { promise: reached, resolve: atGate } = Promise.withResolvers<undefined>();
      const waiting: Services = {
        ...t,
        payments: async () => {
          atGate(undefined);
          await opened;
          return t.payments();
        },
      };
      const slowDoor = restApp(() => waiting, Object.values(api), handlers);
      const first = ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-in-progress', of: slowDoor });
      await reached;
      const second = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-in-progress' });
      expect(second.status).toBe(409);
      expect(second.error.code).toBe('request.in_progress');
      open(undefined);
      const answered = await first;
      expect(answered.status).toBe(200);
      const third = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-in-progress' });
      expect(third.json).toEqual(answered.json);
    });

    it('of ten calls at once, one does the deed', async () => {
      const eve = shopper(t, 'eve');
      await eve.call('getAccount', {});
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-the-crowd' })),
      );
      const good = answers.filter(({ status }) => status === 200);
      expect(good.length).toBeGreaterThan(0);
      expect(
        answers.filter(({ status }) => status !== 200).every(({ error }) => error.code === 'request.in_progress'),
      ).toBe(true);
      expect(await ordersOf(eve)).toHaveLength(1);
    });

    it('goes on with the same order when the process of the first call died', async () => {
      const eve = shopper(t, 'eve');
      const mortal = mortalProcess(t, 'the first call: before payments.createSession');
      const first = mortal.begin('the first call');
      const dying = restApp(() => first, Object.values(api), handlers);
      const died = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-the-dead', of: dying });
      expect(died.status).toBe(500);
      expect(mortal.isDead).toBe(true);
      const [order] = await ordersOf(eve);
      // Nobody knows yet that it is dead.
      expect((await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-the-dead' })).error.code).toBe(
        'request.in_progress',
      );
      await t.advance(80);
      const again = await ask('POST', '/checkouts', { as: eve, body: wish, key: 'key-of-the-dead' });
      expect(again.json['orderId']).toBe(need(order).id);
      expect(await ordersOf(eve)).toHaveLength(1);
      expect(new ProcessDied('').name).toBe('ProcessDied');
    });
  });

  describe('where App Check is required', () => {
    let guarded: Hono;
    beforeAll(() => {
      process.env['APP_CHECK_REQUIRED'] = 'true';
      const users = async () => ({
        ...t.people,
        verifyAppCheck: async (token: string) => {
          if (token !== 'genuine') throw new Error('not genuine');
        },
      });
      guarded = restApp(() => ({ ...t, users }), Object.values(api), handlers);
    });
    afterAll(() => {
      process.env['APP_CHECK_REQUIRED'] = 'false';
    });

    it.each([
      ['without a token', {}],
      ['with a forged token', { 'x-firebase-appcheck': 'forged' }],
    ])('answers 401 to a call %s, also where anybody may call', async (_what, headers) => {
      for (const path of ['/catalog', '/account']) {
        const answer = await ask('GET', path, { of: guarded, headers });
        expect(answer.status, path).toBe(401);
        expect(answer.error.code, path).toBe('auth.app_check_failed');
      }
    });

    it('serves a genuine app, whose person must still be signed in', async () => {
      const headers = { 'x-firebase-appcheck': 'genuine' };
      expect((await ask('GET', '/account', { of: guarded, headers })).status).toBe(200);
      expect((await ask('GET', '/account', { of: guarded, headers, as: null })).error.code).toBe('auth.required');
    });
  });

  it('leaves the books and the vendors as they were by all that it refused', async () => {
    await settle(t, 30);
    expect((await ada.order(orderId)).state).toBe('active');
    expect((await ada.call('getRewards', {})).rewards).toHaveLength(1);
  });
});
