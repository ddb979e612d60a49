import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { grantRole } from '../../../src/features/accounts/grant-role.ts';
import { call, pay, settle, shop } from '../../support/shopping.ts';
import type { TestServices } from '../../support/services.ts';

let t: TestServices;
beforeAll(async () => {
  t = await shop();
});
afterAll(() => t.stop());

describe('the export of an account', () => {
  test('holds everything that we hold about the member, and nothing about anybody else', async () => {
    t.people.put({ uid: 'exporter', name: 'Eve Export' });
    t.people.put({ uid: 'stranger' });
    for (const uid of ['exporter', 'stranger']) {
      const token = t.people.tokenOf(uid);
      const items = [{ productId: 'global_data_10gb' }];
      const { checkoutUrl } = await call(t, 'startCheckout', { items, currency: 'USD' }, { token });
      await pay(checkoutUrl);
      await settle(t, 60);
    }
    const token = t.people.tokenOf('exporter');
    const account = await call(t, 'getAccount', {}, { token });
    const [line] = (await call(t, 'listLines', {}, { token })).lines;
    const { orders } = await call(t, 'listOrders', {}, { token });
    const { data } = await call(t, 'exportAccount', {}, { token });

    expect(data).toMatchObject({
      member: { id: account.memberId, email: 'exporter@example.com', displayName: 'Eve Export', uid: 'exporter' },
      orders,
      lines: [{ id: line!.id, activationCode: line!.activation!.lpa, phoneNumber: line!.phoneNumber }],
      rewards: { pending: { unit: 'DOTM', amount: '2.066000000000000000' } },
      audit: [{ action: 'account.exported', subject: account.memberId }],
    });
    const { ledger, mails } = data as { ledger: { account: string; amount: string }[]; mails: { kind: string }[] };
    expect(
      ledger.map((entry) => entry.account).every((code) => code.includes(account.memberId) || code.includes(line!.id)),
    ).toBe(true);
    expect(ledger).toContainEqual(
      expect.objectContaining({ account: `line/${line!.id}/data/BYTE`, amount: '10000000000' }),
    );
    expect(mails.map((mail) => mail.kind).sort()).toEqual(['esim_ready', 'order_paid', 'welcome']);
    expect(JSON.stringify(data)).not.toContain('stranger');
  });

  test('is noted in the audit log each time, and refused to who asks without end', async () => {
    t.people.put({ uid: 'curious' });
    const token = t.people.tokenOf('curious');
    const { memberId } = await call(t, 'getAccount', {}, { token });
    for (let times = 0; times < 10; times += 1) await call(t, 'exportAccount', {}, { token });
    await expect(call(t, 'exportAccount', {}, { token })).rejects.toMatchObject({ code: 'request.rate_limited' });
    const { rows } = await t.db.query(
      `select actor from audit_log where action = 'account.exported' and subject = $1`,
      [memberId],
    );
    expect(rows).toEqual(Array.from({ length: 10 }, () => ({ actor: memberId })));
  });
});

describe('what a member may change', () => {
  test('is name, language and currency; what is left out stays', async () => {
    t.people.put({ uid: 'changer', name: 'Old Name' });
    const token = t.people.tokenOf('changer');
    const changed = await call(t, 'updateAccount', { locale: 'fr', currency: 'CAD' }, { token });
    expect(changed).toMatchObject({ displayName: 'Old Name', locale: 'fr', currency: 'CAD' });
    await settle(t);
    expect(t.projected.read('members/changer')).toMatchObject({
      displayName: 'Old Name',
      locale: 'fr',
      currency: 'CAD',
      role: null,
    });
  });

  test('is never role, e-mail address or an id', async () => {
    t.people.put({ uid: 'climber' });
    const token = t.people.tokenOf('climber');
    for (const change of [{ role: 'owner' }, { email: 'other@example.com' }, { stripeCustomerId: 'cus_1' }]) {
      await expect(call(t, 'updateAccount', change as object, { token })).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
  });

  test('nobody who is not signed in has an account', async () => {
    await expect(call(t, 'getAccount', {})).rejects.toMatchObject({ code: 'auth.required' });
    await expect(call(t, 'getAccount', {}, { token: 'forged' })).rejects.toMatchObject({ code: 'auth.required' });
  });
});

describe('an operator role', () => {
  test('is granted by command and audited before and after', async () => {
    t.people.put({ uid: 'opal', email: 'Opal@Example.com' });
    await grantRole(t, { email: 'opal@example.com', role: 'support', grantedBy: 'command:test' });
    expect(t.people.find('opal')?.role).toBe('support');
    const { role } = await call(t, 'getAccount', {}, { token: t.people.tokenOf('opal') });
    expect(role).toBe('support');
    const { rows } = await t.db.query(
      'select actor, action, detail from audit_log where subject = $1 order by at, id',
      ['opal'],
    );
    expect(rows).toEqual([
      { actor: 'command:test', action: 'role.grant_begun', detail: { role: 'support' } },
      { actor: 'command:test', action: 'role.granted', detail: { role: 'support' } },
    ]);
  });

  test('can be taken away', async () => {
    await grantRole(t, { email: 'opal@example.com', role: null, grantedBy: 'command:test' });
    expect(t.people.find('opal')?.role).toBeNull();
  });

  test('is not granted to nobody', async () => {
    const grant = { email: 'nobody@example.com', role: 'owner', grantedBy: 'command:test' } as const;
    await expect(grantRole(t, grant)).rejects.toMatchObject({ code: 'not_found' });
  });
});
