import { afterAll, beforeAll, expect, test } from 'vitest';
import { containing, sdkFor, startStripeBench } from './testing.ts';
import type { StripeBench } from './testing.ts';

let bench: StripeBench;
beforeAll(async () => {
  bench = await startStripeBench();
});
afterAll(() => bench.stop());

const refusal = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (error: unknown) => error,
  );

test('a wrong key is refused with 401, a Basic key is taken', async () => {
  expect(await refusal(sdkFor(bench.sandbox.urls.stripe, 'sk_live_wrong').customers.list())).toMatchObject({
    type: 'StripeAuthenticationError',
    statusCode: 401,
  });
  const url = `${bench.sandbox.urls.stripe}/v1/customers`;
  expect((await fetch(url)).status).toBe(401);
  const basic = Buffer.from('sk_test_sandbox:').toString('base64');
  expect((await fetch(url, { headers: { authorization: `Basic ${basic}` } })).status).toBe(200);
});

test('an unknown parameter is refused by name, nested ones too', async () => {
  expect(await refusal(bench.stripe.customers.create({ nickname: 'x' } as object))).toMatchObject({
    type: 'StripeInvalidRequestError',
    code: 'parameter_unknown',
    param: 'nickname',
    statusCode: 400,
  });
  expect(
    await refusal(
      bench.stripe.products.create({ name: 'x', marketing_features: [{ name: 'y', icon: 'z' } as { name: string }] }),
    ),
  ).toMatchObject({ code: 'parameter_unknown', param: 'marketing_features[0][icon]' });
});

test('a missing parameter and a bad enum are refused by name', async () => {
  expect(await refusal(bench.stripe.products.create({} as { name: string }))).toMatchObject({
    code: 'parameter_missing',
    param: 'name',
  });
  expect(
    await refusal(
      bench.stripe.prices.create({ currency: 'usd', unit_amount: 1, product: 'p', recurring: { interval: 'decade' } }),
    ),
  ).toMatchObject({
    param: 'recurring[interval]',
    message: containing('must be one of day, week, month, year'),
  });
});

test('an id that leads nowhere is 404 in the path and 400 in a parameter', async () => {
  expect(await refusal(bench.stripe.customers.retrieve('cus_none'))).toMatchObject({
    code: 'resource_missing',
    statusCode: 404,
    param: 'id',
    message: "No such customer: 'cus_none'",
  });
  expect(
    await refusal(bench.stripe.prices.create({ currency: 'usd', unit_amount: 1, product: 'prod_none' })),
  ).toMatchObject({
    code: 'resource_missing',
    statusCode: 400,
    param: 'product',
  });
});

test('an unknown URL is 404', async () => {
  expect(await refusal(bench.stripe.payouts.list())).toMatchObject({
    statusCode: 404,
    type: 'StripeInvalidRequestError',
  });
});

test('the same idempotency key replays the first answer; with other parameters or elsewhere it is an error', async () => {
  const options = { idempotencyKey: 'key-1' };
  const first = await bench.stripe.customers.create({ email: 'idem@dotm.test' }, options);
  const again = await bench.stripe.customers.create({ email: 'idem@dotm.test' }, options);
  expect(again.id).toBe(first.id);
  expect(again.lastResponse.headers['idempotent-replayed']).toBe('true');
  expect(again.lastResponse.requestId).toMatch(/^req_/);
  expect((await bench.stripe.customers.list({ email: 'idem@dotm.test' })).data).toHaveLength(1);
  expect(await refusal(bench.stripe.customers.create({ email: 'other@dotm.test' }, options))).toMatchObject({
    type: 'StripeIdempotencyError',
    statusCode: 400,
  });
  expect(await refusal(bench.stripe.products.create({ name: 'x' }, options))).toMatchObject({
    type: 'StripeIdempotencyError',
  });
});

test('a key of a call that failed its parameter check can be used again', async () => {
  const options = { idempotencyKey: 'key-2' };
  await refusal(bench.stripe.customers.create({ bogus: '1' } as object, options));
  expect(await bench.stripe.customers.create({ email: 'repaired@dotm.test' }, options)).toMatchObject({
    object: 'customer',
  });
});

test('work done under a fault that hides the answer is not done twice on retry with the same key', async () => {
  await bench.sandbox.control.addFault({
    vendor: 'stripe',
    kind: 'works-then-status',
    status: 500,
    path: '/v1/customers',
  });
  const options = { idempotencyKey: 'key-3' };
  await refusal(bench.stripe.customers.create({ email: 'lost@dotm.test' }, options));
  const retried = await bench.stripe.customers.create({ email: 'lost@dotm.test' }, options);
  expect(retried.lastResponse.headers['idempotent-replayed']).toBe('true');
  expect((await bench.stripe.customers.list({ email: 'lost@dotm.test' })).data).toHaveLength(1);
});

test('lists page by cursor, newest first, and the SDK walks through all of them', async () => {
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await bench.stripe.customers.create({ email: 'page@dotm.test' })).id);
  const first = await bench.stripe.customers.list({ email: 'page@dotm.test', limit: 2 });
  expect(first).toMatchObject({ has_more: true, url: '/v1/customers' });
  const walked: string[] = [];
  for await (const customer of bench.stripe.customers.list({ email: 'page@dotm.test', limit: 2 }))
    walked.push(customer.id);
  expect(walked).toEqual(ids);
  const before = await bench.stripe.customers.list({ email: 'page@dotm.test', limit: 2, ending_before: ids[3] ?? '' });
  expect(before.data.map((it) => it.id)).toEqual([ids[1], ids[2]]);
  expect(await refusal(bench.stripe.customers.list({ limit: 101 }))).toMatchObject({ param: 'limit' });
});

test('what cannot be expanded is refused', async () => {
  const customer = await bench.stripe.customers.create({ email: 'x@dotm.test' });
  expect(await refusal(bench.stripe.customers.retrieve(customer.id, { expand: ['orders'] }))).toMatchObject({
    message: containing('This property cannot be expanded (orders)'),
  });
});

test('customers are updated, found by search and by e-mail, and deleted', async () => {
  const { stripe } = bench;
  const customer = await stripe.customers.create({
    email: 'ada@dotm.test',
    metadata: { memberId: 'mem_7', drop: '1' },
  });
  const updated = await stripe.customers.update(customer.id, { name: 'Ada', metadata: { drop: '', more: '2' } });
  expect(updated).toMatchObject({ name: 'Ada', metadata: { memberId: 'mem_7', more: '2' } });
  expect(updated.metadata).not.toHaveProperty('drop');
  const found = await stripe.customers.search({ query: "metadata['memberId']:'mem_7' AND email:'ada@dotm.test'" });
  expect(found.data.map((it) => it.id)).toEqual([customer.id]);
  expect(await refusal(stripe.customers.search({ query: 'what' }))).toMatchObject({ param: 'query' });
  expect(await stripe.customers.del(customer.id)).toEqual(expect.objectContaining({ id: customer.id, deleted: true }));
  expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  expect(await refusal(stripe.customers.update(customer.id, { name: 'B' }))).toMatchObject({
    code: 'resource_missing',
  });
  await bench.event('customer.deleted', customer.id);
});

test('a lookup key belongs to one price and moves only on request', async () => {
  const { stripe } = bench;
  const product = await stripe.products.create({ id: 'global_data_10gb', name: 'Global data 10 GB' });
  const input = { product: product.id, currency: 'usd', lookup_key: 'global_data_10gb:usd' };
  const old = await stripe.prices.create({ ...input, unit_amount: 2000 });
  expect(await refusal(stripe.prices.create({ ...input, unit_amount: 2100 }))).toMatchObject({ param: 'lookup_key' });
  const changed = await stripe.prices.create({ ...input, unit_amount: 2100, transfer_lookup_key: true });
  const found = await stripe.prices.list({ lookup_keys: ['global_data_10gb:usd', 'none'], expand: ['data.product'] });
  expect(found.data.map((it) => it.id)).toEqual([changed.id]);
  expect(found.data[0]).toMatchObject({ unit_amount: 2100, product: { name: 'Global data 10 GB' } });
  expect(found.data[0]?.unit_amount_decimal?.toString()).toBe('2100');
  expect((await stripe.prices.retrieve(old.id)).lookup_key).toBeNull();
  expect(await refusal(stripe.products.create({ id: product.id, name: 'again' }))).toMatchObject({
    code: 'resource_already_exists',
  });
});

test('events can be listed by type and read again, and carry the request that caused them', async () => {
  const customer = await bench.stripe.customers.create({ email: 'e@dotm.test' }, { idempotencyKey: 'key-4' });
  const arrived = await bench.event('customer.created', customer.id);
  expect(arrived).toMatchObject({
    api_version: '2026-10-28.endive',
    request: { id: customer.lastResponse.requestId, idempotency_key: 'key-4' },
  });
  expect((await bench.stripe.events.retrieve(arrived.id)).data.object).toMatchObject({ id: customer.id });
  const listed = await bench.stripe.events.list({ types: ['customer.*'], limit: 1 });
  expect(listed.data[0]?.id).toBe(arrived.id);
});

test('control sends signed events of any content, also of another account', async () => {
  await bench.control.sendEvent({
    type: 'checkout.session.completed',
    object: { id: 'cs_foreign', object: 'checkout.session' },
    account: 'acct_other',
    id: 'evt_foreign',
  });
  expect(await bench.event('checkout.session.completed', 'cs_foreign')).toMatchObject({
    id: 'evt_foreign',
    account: 'acct_other',
  });
});
