import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodedError } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/platform/ids.ts';
import { buyer, operator, type Buyer } from '../../support/operators.ts';
import type { TestServices } from '../../support/services.ts';
import { call, shop } from '../../support/shopping.ts';

let services: TestServices;
let token: string;
let ada: Buyer;

beforeAll(async () => {
  services = await shop();
  token = operator(services, 'support');
  ada = await buyer(services, 'ada');
});
afterAll(() => services.stop());

async function looks(): Promise<{ actor: string; subject: string; detail: unknown }[]> {
  const { rows } = await services.db.query<{ actor: string; subject: string; detail: unknown }>(
    `select actor, subject, detail from audit_log where action = 'member.looked_up' order by id`,
  );
  return rows;
}

describe('findMember', () => {
  it.each([
    ['e-mail address', () => ({ email: 'ada@example.com' })],
    ['e-mail address in other letter case', () => ({ email: 'ADA@Example.com' })],
    ['id', () => ({ memberId: ada.memberId })],
  ])('finds a member by %s, with orders', async (_by, input) => {
    const { member } = await call(services, 'findMember', input(), { token });
    expect(member).toMatchObject({ memberId: ada.memberId, email: 'ada@example.com', orders: [{ id: ada.orderId }] });
  });

  it('shows nothing that installs an eSIM, and no payment page', async () => {
    const { rows } = await services.db.query<{ activation_url: string; iccid: string }>(
      'select activation_url, iccid from line',
    );
    await call(
      services,
      'startCheckout',
      { items: [{ productId: 'global_data_10gb' }], currency: 'CAD' },
      { token: ada.token },
    );
    const { member } = await call(services, 'findMember', { memberId: ada.memberId }, { token });
    const answer = JSON.stringify(member);
    expect(answer).not.toContain('LPA:');
    expect(answer).not.toContain(rows[0]?.activation_url);
    expect(answer).not.toContain(rows[0]?.iccid);
    expect(member?.orders.map((order) => order.checkoutUrl)).toEqual([null, null]);
  });

  it('audits every look, also one that finds nobody, and keeps no address', async () => {
    const before = (await looks()).length;
    await call(services, 'findMember', { email: 'ada@example.com' }, { token });
    expect(await call(services, 'findMember', { email: 'nobody@example.com' }, { token })).toEqual({ member: null });
    const unknown = newId('member', new Date());
    expect(await call(services, 'findMember', { memberId: unknown }, { token })).toEqual({ member: null });
    const made = (await looks()).slice(before);
    expect(made).toEqual([
      { actor: 'op-support', subject: ada.memberId, detail: { by: 'email', found: true } },
      { actor: 'op-support', subject: 'nobody', detail: { by: 'email', found: false } },
      { actor: 'op-support', subject: unknown, detail: { by: 'id', found: false } },
    ]);
    expect(JSON.stringify(made)).not.toContain('@');
  });

  it.each([
    ['neither', {}],
    ['both', { email: 'ada@example.com', memberId: 'mem_01hzzzzzzzzzzzzzzzzzzzzzzz' }],
  ] as const)('refuses %s, naming the fields, and looks at nobody', async (_what, input) => {
    const before = await looks();
    const refused = await call(services, 'findMember', input, { token }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CodedError);
    expect(refused).toMatchObject({ code: 'request.invalid', fields: [{ field: 'email' }, { field: 'memberId' }] });
    expect(await looks()).toEqual(before);
  });
});
