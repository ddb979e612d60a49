import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildProjections } from '../../../src/features/projections/rebuild-projections.ts';
import { writeMember } from '../../../src/features/projections/write-member.ts';
import { getCatalog } from '../../../src/shared/api/catalog.ts';
import { accountSchema } from '../../../src/shared/api/account.ts';
import { lineSchema, orderSchema } from '../../../src/shared/api/orders.ts';
import { getRewards } from '../../../src/shared/api/rewards.ts';
import type { TestServices } from '../../support/services.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';

let t: TestServices;
let token: string;
let orderId: string;
let memberId: string;

beforeAll(async () => {
  t = await shop();
  t.people.put({ uid: 'reader' });
  token = t.people.tokenOf('reader');
  ({ memberId } = await call(t, 'getAccount', {}, { token }));
  const items = [{ productId: 'global_data_10gb' }];
  const order = await call(t, 'startCheckout', { items, currency: 'USD' }, { token });
  orderId = order.orderId;
  await pay(order.checkoutUrl);
  await settle(t, 60);
});
afterAll(() => t.stop());

function snapshot(): Record<string, unknown> {
  return Object.fromEntries(t.projected.list().map((path) => [path, t.projected.read(path)]));
}

describe('what is projected', () => {
  test('is what the operations answer, in the same form', async () => {
    const { lines } = await call(t, 'listLines', {}, { token });
    const read = (path: string): unknown => t.projected.read(path);
    expect(accountSchema.parse(read('members/reader'))).toEqual(await call(t, 'getAccount', {}, { token }));
    expect(orderSchema.parse(read(`members/reader/orders/${orderId}`))).toEqual(
      await call(t, 'getOrder', { orderId }, { token }),
    );
    expect(lineSchema.parse(read(`members/reader/lines/${lines[0]!.id}`))).toEqual(lines[0]);
    expect(getRewards.output.parse(read('members/reader/rewards/summary'))).toEqual(
      await call(t, 'getRewards', {}, { token }),
    );
  });

  test('lies below its owner and nowhere else', async () => {
    t.people.put({ uid: 'other' });
    await call(t, 'getAccount', {}, { token: t.people.tokenOf('other') });
    await settle(t);
    expect(t.projected.list('members/other')).toEqual(['members/other', 'members/other/rewards/summary']);
    expect(t.projected.list().every((path) => /^(members\/(reader|other)|public\/catalog)(\/|$)/.test(path))).toBe(
      true,
    );
  });

  test('names no role: that is the identity provider’s word', async () => {
    t.people.put({ uid: 'reader', role: 'owner' });
    await call(t, 'updateAccount', { displayName: 'Operator' }, { token });
    await settle(t);
    expect(t.projected.read('members/reader')).toMatchObject({ displayName: 'Operator', role: null });
    t.people.put({ uid: 'reader', role: null });
  });
});

describe('a projection', () => {
  test('waits while Firestore is out of reach, and comes when it is back', async () => {
    t.projected.outOfReach = true;
    await call(t, 'updateAccount', { displayName: 'Later' }, { token });
    await settle(t, 10);
    expect(t.projected.read('members/reader')).not.toMatchObject({ displayName: 'Later' });
    t.projected.outOfReach = false;
    await settle(t, 120);
    expect(t.projected.read('members/reader')).toMatchObject({ displayName: 'Later' });
  });

  test('that was read before a change does not overwrite the change', async () => {
    const documents = {
      ...t.projected,
      replaceTree: async (...args: Parameters<typeof t.projected.replaceTree>) => {
        // A change is made and projected while this older one is on its way.
        await call(t, 'updateAccount', { displayName: 'Newest' }, { token });
        await settle(t);
        return t.projected.replaceTree(...args);
      },
    };
    await t.db.query('update member set revision = revision + 1 where id = $1', [memberId]);
    expect(await writeMember({ ...t, documents: async () => documents }, memberId)).toBe('newer is shown');
    expect(t.projected.read('members/reader')).toMatchObject({ displayName: 'Newest' });
  });
});

describe('rebuilding', () => {
  test('makes the same documents from Postgres alone', async () => {
    const before = snapshot();
    for (const path of ['members/reader', 'members/other', 'public/catalog']) await t.projected.deleteTree(path);
    expect(await rebuildProjections(t)).toEqual({ members: 2 });
    expect(snapshot()).toEqual(before);
    expect(getCatalog.output.parse(t.projected.read('public/catalog'))).toEqual(await call(t, 'getCatalog', {}));
  });

  test('works where Firestore is ahead of a database that was restored', async () => {
    await t.projected.replaceTree({ path: 'members/reader', data: { from: 'the future' } }, [], [], 1_000_000n);
    await rebuildProjections(t);
    expect(t.projected.read('members/reader')).toMatchObject({ memberId });
  });
});
