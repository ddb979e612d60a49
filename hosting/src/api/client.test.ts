import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../functions/src/shared/errors.ts';
import { createClient, prepareRequest } from './client.ts';
import type { OperationInput } from './client.ts';
import { ApiError } from './errors.ts';

const orderId = 'ord_01k820r67qkrqf9041sfrsea28' as const;

interface Sent {
  url: string;
  method: string | undefined;
  headers: Headers;
  body: unknown;
}

/** A server that gives the next answer of a list to each request, and remembers what was sent. */
function serverWith(answers: (Response | Error)[], token: (fresh: boolean) => string | null = () => 'token') {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const network: boolean[] = [];
  const call = createClient({
    fetch: (input, init) => {
      const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : null;
      sent.push({
        url: input instanceof Request ? input.url : input.toString(),
        method: init?.method,
        headers: new Headers(init?.headers),
        body,
      });
      const answer = answers.shift() ?? new Error('no more answers');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    idToken: (fresh) => Promise.resolve(token(fresh)),
    appCheckToken: () => Promise.resolve(null),
    sleep: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
    onNetwork: (reached) => network.push(reached),
  });
  return { call, sent, pauses, network };
}

function refusal(status: number, code: ErrorCode, headers: HeadersInit = {}): Response {
  return Response.json({ error: { code, message: 'for developers' } }, { status, headers });
}

const started = { orderId, checkoutUrl: 'https://pay.example/1' };
const buying: OperationInput<'startCheckout'> = {
  items: [{ productId: 'esim_starter', quantity: 1 }],
  currency: 'USD',
};

describe('a request', () => {
  test('fills the path and sends the rest as JSON', () => {
    const input = { orderId, reason: 'double payment', amount: { unit: 'USD', amount: '5.00' } };
    const request = prepareRequest('refundOrder', input);
    expect(request.url).toBe(`/api/admin/orders/${orderId}/refund`);
    expect(JSON.parse(request.body ?? '')).toEqual({
      reason: 'double payment',
      amount: { unit: 'USD', amount: '5.00' },
    });
  });

  test('sends what a GET asks for as a query, without what was left out', () => {
    expect(prepareRequest('listOrders', { cursor: orderId })).toEqual({
      url: `/api/orders?cursor=${orderId}`,
      method: 'GET',
      body: null,
    });
    expect(prepareRequest('listOrders', { cursor: undefined }).url).toBe('/api/orders');
    expect(prepareRequest('getCatalog', {}).url).toBe('/api/catalog');
  });

  test('says who asks and which intent it is', async () => {
    const { call, sent } = serverWith([Response.json(started)]);
    await call('startCheckout', buying, { idempotencyKey: 'key-1' });
    expect(sent[0]?.headers.get('authorization')).toBe('Bearer token');
    expect(sent[0]?.headers.get('idempotency-key')).toBe('key-1');
    expect(sent[0]?.headers.get('content-type')).toBe('application/json');
  });

  test('that must not be done twice is refused without a key', async () => {
    const { call, sent } = serverWith([]);
    await expect(call('startCheckout', buying)).rejects.toThrow('needs an idempotency key');
    expect(sent).toEqual([]);
  });
});

describe('a failure', () => {
  test('that may pass is tried again with the same key', async () => {
    const { call, sent, pauses } = serverWith([
      new TypeError('network'),
      refusal(503, 'vendor.unavailable'),
      refusal(409, 'account.provisioning'),
      Response.json(started),
    ]);
    expect(await call('startCheckout', buying, { idempotencyKey: 'key-1' })).toEqual(started);
    expect(sent.map((request) => request.headers.get('idempotency-key'))).toEqual(['key-1', 'key-1', 'key-1', 'key-1']);
    expect(pauses).toHaveLength(3);
  });

  test('that cannot pass is told at once, with its code', async () => {
    const { call, sent } = serverWith([refusal(409, 'order.once_per_person')]);
    await expect(call('startCheckout', buying, { idempotencyKey: 'k' })).rejects.toMatchObject({
      code: 'order.once_per_person',
    });
    expect(sent).toHaveLength(1);
  });

  test('of the network is not repeated for a deed without a key', async () => {
    const { call, sent, network } = serverWith([new TypeError('network')]);
    await expect(call('openBillingPortal', {})).rejects.toMatchObject({ code: 'client.network' });
    expect(sent).toHaveLength(1);
    expect(network).toEqual([false]);
  });

  test('does not keep a member waiting longer than they would', async () => {
    const { call, sent } = serverWith([refusal(429, 'request.rate_limited', { 'retry-after': '3600' })]);
    await expect(call('getCatalog', {})).rejects.toMatchObject({ code: 'request.rate_limited' });
    expect(sent).toHaveLength(1);
  });

  test('is given up after a few attempts', async () => {
    const { call, sent } = serverWith(Array.from({ length: 9 }, () => new TypeError('network')));
    await expect(call('getCatalog', {})).rejects.toBeInstanceOf(ApiError);
    expect(sent).toHaveLength(5);
  });

  test('that is a stranger’s page (a proxy, an outage) counts as no connection', async () => {
    const gateway = () => new Response('<html>', { status: 502 });
    const { call } = serverWith([gateway(), gateway(), gateway(), gateway(), gateway()]);
    await expect(call('getCatalog', {})).rejects.toMatchObject({ code: 'client.network' });
  });
});

test('a token that expired while the phone slept is renewed once, without the member noticing', async () => {
  const asked: boolean[] = [];
  const { call, sent } = serverWith(
    [refusal(401, 'auth.required'), Response.json({ orders: [], nextCursor: null })],
    (fresh) => {
      asked.push(fresh);
      return fresh ? 'new' : 'old';
    },
  );
  expect(await call('listOrders', {})).toEqual({ orders: [], nextCursor: null });
  expect(sent.map((request) => request.headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  expect(asked).toContain(true);
});

test('what only members have is not even asked for while nobody is signed in; what is public is', async () => {
  const { call, sent, pauses } = serverWith([Response.json({ languages: [], voices: [] })], () => null);
  await expect(call('listOrders', {})).rejects.toMatchObject({ code: 'auth.required', retry: false });
  expect({ sent, pauses }).toEqual({ sent: [], pauses: [] });
  await call('listVoices', {});
  expect(sent).toHaveLength(1);
  expect(sent[0]?.headers.has('authorization')).toBe(false);
});

test('an answer of an unknown shape asks for a reload instead of breaking a page', async () => {
  const { call } = serverWith([Response.json({ orders: 'many' })]);
  await expect(call('listOrders', {})).rejects.toMatchObject({ code: 'client.outdated', retry: false });
});
