import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onSignInDeleted } from '../../../src/features/accounts/on-sign-in-deleted.ts';
import { signUp } from '../../../src/features/accounts/sign-up.ts';
import { getMember, hashUid } from '../../../src/store/members.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import { dyingAfter, dyingBefore } from '../../support/dying.ts';
import { drain, type TestServices } from '../../support/services.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';
import { StripeControl } from '../../../../sandbox/src/stripe/stripe-control.ts';
import { customersOf, mailsTo } from './vendor-truth.ts';

let t: TestServices;
beforeAll(async () => {
  t = await shop();
});
afterAll(() => t.stop());

const confirm = { confirm: 'DELETE' } as const;
/** Longer than any wait of the erasure, refunds and dead workers included. */
const long = 2 * 60 * 60;
const goodbye = 'Your DOTM account is being deleted';

async function join(uid: string): Promise<{ token: string; memberId: string; email: string }> {
  const person = t.people.put({ uid, name: `Person ${uid}` });
  await signUp(t, person);
  await settle(t);
  const token = t.people.tokenOf(uid);
  const { memberId } = await call(t, 'getAccount', {}, { token });
  return { token, memberId, email: person.email! };
}

async function checkout(
  token: string,
  productId = 'global_data_10gb',
): Promise<{ orderId: string; checkoutUrl: string }> {
  return call(t, 'startCheckout', { items: [{ productId }], currency: 'USD' }, { token });
}

async function stateOf(orderId: string): Promise<string | undefined> {
  const { rows } = await t.db.query<{ state: string }>('select state from orders where id = $1', [orderId]);
  return rows[0]?.state;
}

/** Everything in our own tables, as text, without the ledger of names that must stay (order items, audit). */
async function everyRow(): Promise<string> {
  const tables = await t.db.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const texts = [];
  for (const { name } of tables.rows) {
    const { rows } = await t.db.query<{ text: string }>(
      `select coalesce(string_agg(r::text, ' '), '') as text from "${name}" r`,
    );
    texts.push(rows[0]?.text ?? '');
  }
  return texts.join(' ');
}

describe('deleting the account', () => {
  test('needs a sign-in of the last five minutes', async () => {
    await join('stale');
    const token = t.people.tokenOf('stale', new Date(t.clock.now().getTime() - 5 * 60_000 - 1_000));
    await expect(call(t, 'deleteAccount', confirm, { token })).rejects.toMatchObject({
      code: 'auth.recent_sign_in_required',
    });
    expect(t.people.find('stale')).toBeDefined();
  });

  test('leaves nothing that names the person, keeps the books, and says goodbye once', async () => {
    const { token, memberId, email } = await join('zoe-the-deleted');
    const { orderId, checkoutUrl } = await checkout(token);
    await pay(checkoutUrl);
    await settle(t, 60);
    const [line] = (await call(t, 'listLines', {}, { token })).lines;
    expect([line?.activation, line?.phoneNumber]).not.toContain(null);
    expect(t.projected.list('members/zoe-the-deleted').length).toBeGreaterThan(3);

    await call(t, 'deleteAccount', confirm, { token });
    await settle(t, long);

    const rows = await everyRow();
    for (const trace of ['zoe-the-deleted', email, 'Person zoe', line!.activation!.matchingId, line!.phoneNumber!]) {
      expect({ trace, found: rows.includes(trace) }).toEqual({ trace, found: false });
    }
    expect(rows).toContain(hashUid('zoe-the-deleted'));
    expect(t.people.find('zoe-the-deleted')).toBeUndefined();
    expect(t.projected.list('members/zoe-the-deleted')).toEqual([]);
    expect(await customersOf(t, memberId)).toEqual([]);
    expect((await mailsTo(t, email)).filter((subject) => subject === goodbye)).toHaveLength(1);
    expect(await stateOf(orderId)).toBe('active');
    expect(await verifyLedger(t.db)).toEqual([]);
    const { rows: alerts } = await t.db.query('select kind from alert where subject = $1', [memberId]);
    expect(alerts).toEqual([{ kind: 'carrier_erasure' }]);
  });

  test('gives up an unpaid order and refunds one that is paid and not delivered, before the address goes', async () => {
    const { token, memberId, email } = await join('owed');
    const unpaid = await checkout(token, 'esim_starter');
    const owed = await checkout(token);
    await t.control.setOxio({ refuseLines: { status: 503, code: 1, error: 'later' } });
    await pay(owed.checkoutUrl);
    await settle(t, 20);
    expect(await stateOf(owed.orderId)).toBe('provisioning');
    await call(t, 'deleteAccount', confirm, { token });
    await settle(t, long);
    await t.control.setOxio({ refuseLines: null });
    expect(await stateOf(unpaid.orderId)).toBe('expired');
    expect(await stateOf(owed.orderId)).toBe('refunded');
    expect((await getMember(t.db, memberId)).erasedAt).not.toBeNull();
    const mails = await mailsTo(t, email);
    expect(mails).toContain('Your money is on its way: $20.00');
    expect(mails.at(-1)).toBe(goodbye);
  });

  test('sends money back that arrives days later, from a bank debit', async () => {
    const { token, memberId } = await join('debtor');
    const { orderId, checkoutUrl } = await checkout(token);
    await pay(checkoutUrl, { method: 'bank_debit' });
    await settle(t, 20);
    await call(t, 'deleteAccount', confirm, { token });
    await settle(t, 60);
    expect((await getMember(t.db, memberId)).erasedAt).not.toBeNull();
    const { rows } = await t.db.query<{ id: string }>('select checkout_session_id as id from orders where id = $1', [
      orderId,
    ]);
    await new StripeControl(t.control).settleSession(rows[0]!.id, 'succeed');
    await settle(t, 120);
    expect(await stateOf(orderId)).toBe('refunded');
    expect(await verifyLedger(t.db)).toEqual([]);
  });

  test('ends the subscriptions at the payment provider', async () => {
    const { token, memberId } = await join('member-of-club');
    const { checkoutUrl } = await checkout(token, 'basic_membership');
    await pay(checkoutUrl);
    await settle(t, 60);
    const { rows } = await t.db.query<{ id: string }>(
      'select stripe_subscription_id as id from subscription where member_id = $1',
      [memberId],
    );
    await call(t, 'deleteAccount', confirm, { token: t.people.tokenOf('member-of-club') });
    await settle(t, long);
    const payments = await t.payments();
    for (const { id } of rows) expect((await payments.getSubscription(id))?.status).toBe('canceled');
    expect(rows).toHaveLength(1);
  });

  test('a token that outlives the account brings nothing back', async () => {
    const { token, memberId } = await join('ghost');
    await call(t, 'deleteAccount', confirm, { token });
    await settle(t, long);
    await expect(call(t, 'getAccount', {}, { token })).rejects.toMatchObject({ code: 'auth.required' });
    // As if the token's revocation were not known yet.
    t.people.put({ uid: 'ghost' });
    await expect(call(t, 'getAccount', {}, { token: t.people.tokenOf('ghost') })).rejects.toMatchObject({
      code: 'account.erased',
    });
    expect((await getMember(t.db, memberId)).uid).toBeNull();
  });

  test('is asked for and done once, however often it is asked for', async () => {
    const { token, memberId, email } = await join('twice');
    const first = await call(t, 'deleteAccount', confirm, { token, key: 'same-key-1' });
    expect(await call(t, 'deleteAccount', confirm, { token, key: 'same-key-1' })).toEqual(first);
    await call(t, 'deleteAccount', confirm, { token, key: 'other-key-2' });
    await settle(t, long);
    await onSignInDeleted(t, 'twice');
    await settle(t, long);
    const { rows } = await t.db.query('select count(*)::int as n from audit_log where subject = $1 and action = $2', [
      memberId,
      'account.erased',
    ]);
    expect(rows).toEqual([{ n: 1 }]);
    expect((await mailsTo(t, email)).filter((subject) => subject === goodbye)).toHaveLength(1);
  });
});

test('a sign-in that was deleted in the console erases the member just the same', async () => {
  const { memberId, email } = await join('console');
  await t.people.remove('console');
  await onSignInDeleted(t, 'console');
  await settle(t, long);
  expect(await getMember(t.db, memberId)).toMatchObject({ uid: null, email: null, displayName: null });
  expect((await mailsTo(t, email)).at(-1)).toBe(goodbye);
  expect(t.projected.list('members/console')).toEqual([]);
});

describe('a worker that dies while it erases', () => {
  const deaths = [
    ['users', 'remove'],
    ['payments', 'eraseCustomer'],
    ['documents', 'deleteTree'],
  ] as const;

  for (const [service, method] of deaths) {
    for (const [when, dying] of [
      ['before', dyingBefore],
      ['after', dyingAfter],
    ] as const) {
      test(`${when} ${service}.${method} is followed by one that finishes`, async () => {
        const uid = `dies-${when}-${method}`;
        const { token, memberId, email } = await join(uid);
        await call(t, 'deleteAccount', confirm, { token });
        const port = dying(await t[service](), method as never);
        await drain({ ...t, [service]: async () => port }, topics, { forSeconds: long });
        expect((await getMember(t.db, memberId)).erasedAt).not.toBeNull();
        expect(await everyRow()).not.toContain(uid);
        expect(await customersOf(t, memberId)).toEqual([]);
        expect(t.projected.list(`members/${uid}`)).toEqual([]);
        expect((await mailsTo(t, email)).filter((subject) => subject === goodbye)).toHaveLength(1);
      });
    }
  }
});

test('a projection that is written while the member is erased does not stay', async () => {
  const { memberId } = await join('racer');
  const member = await getMember(t.db, memberId);
  await t.db.query('update member set revision = revision + 1 where id = $1', [memberId]);
  const { writeMember } = await import('../../../src/features/projections/write-member.ts');
  const documents = {
    ...t.projected,
    // The erasure commits and clears the tree between the projection's reading and its writing.
    replaceTree: async (...args: Parameters<typeof t.projected.replaceTree>) => {
      await onSignInDeleted(t, member.uid!);
      await settle(t, long);
      return t.projected.replaceTree(...args);
    },
  };
  expect(await writeMember({ ...t, documents: async () => documents }, memberId)).toBe('erased');
  expect(t.projected.list('members/racer')).toEqual([]);
});

test('a customer that was made while the member was being erased is erased as well', async () => {
  const person = t.people.put({ uid: 'overtaken' });
  await signUp(t, person);
  const { rows } = await t.db.query<{ id: string }>('select id from member where uid = $1', ['overtaken']);
  const memberId = rows[0]!.id;
  const port = await t.payments();
  const payments = {
    ...port,
    ensureCustomer: async (input: Parameters<typeof port.ensureCustomer>[0]) => {
      const made = await port.ensureCustomer(input);
      await onSignInDeleted(t, 'overtaken');
      await settle(t, long);
      return made;
    },
  };
  await drain({ ...t, payments: async () => payments }, topics, { forSeconds: long });
  await settle(t, long);
  expect((await getMember(t.db, memberId)).erasedAt).not.toBeNull();
  expect(await customersOf(t, memberId)).toEqual([]);
});
