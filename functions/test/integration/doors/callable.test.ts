import { HttpsError } from 'firebase-functions/https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { handlers } from '../../../src/handlers.ts';
import { callable } from '../../../src/platform/doors/callable.ts';
import { api, type OperationName } from '../../../src/shared/api/index.ts';
import { errorTable } from '../../../src/shared/errors.ts';
import { shop, shopper, type Shop, type Shopper } from '../../support/shopping.ts';

const wish = { items: [{ productId: 'global_data_10gb' }], currency: 'USD' };

describe('the callable door', () => {
  let t: Shop;
  let ada: Shopper;
  beforeAll(async () => {
    t = await shop();
    ada = shopper(t);
  });
  afterAll(() => t.stop());

  /** Calls as the mobile SDKs do, past the framework, which only parses and checks what we check again. */
  function callAs(token: string | null, name: OperationName, data: unknown, headers: Record<string, string> = {}) {
    const all: Record<string, string> = { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...headers };
    const door = callable(
      () => t,
      {},
      name,
      () => Promise.resolve(api[name]),
      handlers[name],
    );
    const rawRequest = { header: (header: string) => all[header.toLowerCase()] };
    return door.run({ data, rawRequest, acceptsStreaming: false } as never);
  }

  async function refusal(call: Promise<unknown>): Promise<HttpsError> {
    const error: unknown = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (error instanceof HttpsError) return error;
    throw new Error('the call was not refused');
  }

  it('takes the input as data and gives the output as it is declared', async () => {
    const account = await callAs(ada.token, 'getAccount', null);
    expect(api.getAccount.output.parse(account)).toEqual(account);
    expect(await callAs(ada.token, 'getAccount', {})).toEqual(account);
    expect(await callAs(null, 'getCatalog', null)).toMatchObject({ version: 1 });
  });

  it('takes the idempotency key beside the input: the same key gives the same order', async () => {
    const data = { ...wish, idempotencyKey: 'key-of-a-phone' };
    const first = await callAs(ada.token, 'startCheckout', data);
    expect(await callAs(ada.token, 'startCheckout', data)).toEqual(first);
    expect((await ada.call('listOrders', {})).orders).toHaveLength(1);
    const other = await refusal(callAs(ada.token, 'startCheckout', { ...data, currency: 'CAD' }));
    expect(other).toMatchObject({ code: 'already-exists', details: { code: 'request.idempotency_key_reused' } });
    const missing = await refusal(callAs(ada.token, 'startCheckout', wish));
    expect(missing).toMatchObject({
      code: 'invalid-argument',
      details: { code: 'request.idempotency_key_missing', fields: [{ field: 'Idempotency-Key' }] },
    });
  });

  it.each([
    ['a field too many', { ...wish, uid: 'somebody', idempotencyKey: 'key-of-a-phone-2' }, 'uid'],
    ['a list', [wish], '(body)'],
    ['a word', 'checkout', '(body)'],
  ])('refuses %s with the field, and does nothing', async (_what, data, field) => {
    const error = await refusal(callAs(ada.token, 'startCheckout', data));
    expect(error).toMatchObject({ code: 'invalid-argument', details: { code: 'request.invalid' } });
    expect(error.details).toMatchObject({ fields: [{ field }] });
    expect((await ada.call('listOrders', {})).orders).toHaveLength(1);
  });

  it('asks for the token itself and trusts nothing that the data says about the caller', async () => {
    for (const token of [null, 'forged']) {
      expect(await refusal(callAs(token, 'getAccount', {}))).toMatchObject({
        code: 'unauthenticated',
        details: { code: 'auth.required' },
      });
    }
    const { orders } = await ada.call('listOrders', {});
    const bob = shopper(t, 'bob');
    expect(await refusal(callAs(bob.token, 'getOrder', { orderId: orders[0]?.id }))).toMatchObject({
      code: 'not-found',
      details: { code: 'not_found' },
    });
    expect(await refusal(callAs(bob.token, 'listAlerts', {}))).toMatchObject({ code: 'not-found' });
  });

  it('carries code, trace and the time to wait in the details of an error, as the REST door does in its body', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    const eager = shopper(t, 'eager');
    for (let calls = 0; calls < 10; calls += 1) await callAs(eager.token, 'exportAccount', {});
    const error = await refusal(callAs(eager.token, 'exportAccount', {}, headers));
    expect(error.code).toBe(errorTable['request.rate_limited'].callable);
    expect(error.details).toMatchObject({ code: 'request.rate_limited', traceId });
    expect((error.details as { retryAfterSeconds: number }).retryAfterSeconds).toBeGreaterThan(0);
  });

  it('asks for a genuine app where that is required', async () => {
    process.env['APP_CHECK_REQUIRED'] = 'true';
    try {
      expect(await refusal(callAs(ada.token, 'getAccount', {}))).toMatchObject({
        code: 'unauthenticated',
        details: { code: 'auth.app_check_failed' },
      });
    } finally {
      process.env['APP_CHECK_REQUIRED'] = 'false';
    }
  });

  it('says of a fault of ours no more than that there was one', async () => {
    const door = callable(
      () => t,
      {},
      'getCatalog',
      () => Promise.resolve(api.getCatalog),
      async () => () => Promise.reject(new Error('password hunter2')),
    );
    const error = await refusal(door.run({ data: null, rawRequest: { header: () => undefined } } as never));
    expect(error).toMatchObject({ code: 'internal', details: { code: 'internal' } });
    expect(JSON.stringify(error)).not.toContain('hunter2');
  });
});
