import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { onSignInDeleted } from '../../../src/features/accounts/on-sign-in-deleted.ts';
import { signUp } from '../../../src/features/accounts/sign-up.ts';
import { StaleClaimError } from '../../../src/platform/jobs.ts';
import { findMemberByUid, type Member } from '../../../src/store/members.ts';
import { dyingAfter, dyingBefore } from '../../support/dying.ts';
import { drain, type TestServices } from '../../support/services.ts';
import { call, settle, shop } from '../../support/shopping.ts';
import { topics } from '../../../src/topics.ts';
import { customersOf, endUsersOf, groupsOf, mailsTo } from './vendor-truth.ts';

let t: TestServices;
beforeAll(async () => {
  t = await shop();
});
afterAll(() => t.stop());

/** More than the lease of a worker that died. */
const afterDeath = 400;

function person(uid: string, change: { email?: string | null; emailVerified?: boolean; name?: string | null } = {}) {
  return t.people.put({ uid, ...change });
}

async function memberOf(uid: string): Promise<Member> {
  const member = await findMemberByUid(t.db, uid);
  if (!member) throw new Error(`${uid} is no member`);
  return member;
}

describe('signing up', () => {
  test('sets up each thing at each vendor once, and shows the account while that goes on', async () => {
    const ann = person('ann', { name: 'Ann van der Berg' });
    await signUp(t, ann);
    const token = t.people.tokenOf('ann');
    const before = await call(t, 'getAccount', {}, { token });
    expect(before.provisioning.filter((step) => step.done).map((step) => step.step)).toEqual(['member']);
    await settle(t);
    const member = await memberOf('ann');
    expect(await customersOf(t, member.id)).toMatchObject([{ id: member.stripeCustomerId, email: ann.email }]);
    expect(await endUsersOf(t, ann.email!)).toMatchObject([
      { endUserId: member.oxioEndUserId, firstName: 'Ann', lastName: 'van der Berg' },
    ]);
    expect(await groupsOf(t, member.id)).toMatchObject([
      { groupId: member.oxioGroupId, groupType: 'GROUP_TYPE_SHARED', endUserId: member.oxioEndUserId },
    ]);
    expect(await mailsTo(t, ann.email!)).toEqual(['Welcome to DOTM']);
    const account = await call(t, 'getAccount', {}, { token });
    expect(account.provisioning.every((step) => step.done)).toBe(true);
    expect(t.projected.read('members/ann')).toMatchObject({ memberId: member.id, provisioning: account.provisioning });
  });

  test('a sign-up event that comes several times at once makes one of each', async () => {
    const twin = person('twin');
    await Promise.all([signUp(t, twin), signUp(t, twin), signUp(t, twin)]);
    await settle(t);
    await signUp(t, twin);
    await settle(t);
    const member = await memberOf('twin');
    expect(await customersOf(t, member.id)).toHaveLength(1);
    expect(await endUsersOf(t, twin.email!)).toHaveLength(1);
    expect(await groupsOf(t, member.id)).toHaveLength(1);
    expect(await mailsTo(t, twin.email!)).toHaveLength(1);
  });

  test('a lost sign-up event is healed by the first signed-in call', async () => {
    person('lost');
    const account = await call(t, 'getAccount', {}, { token: t.people.tokenOf('lost') });
    expect(account.email).toBe('lost@example.com');
    await settle(t);
    const { oxioGroupId, stripeCustomerId } = await memberOf('lost');
    expect([oxioGroupId, stripeCustomerId]).not.toContain(null);
  });

  test('a sign-up event that comes after the sign-in was deleted makes nothing', async () => {
    const late = person('late');
    await onSignInDeleted(t, 'late');
    await signUp(t, late);
    await settle(t);
    const member = await memberOf('late');
    expect(member).toMatchObject({ uid: null, email: null, stripeCustomerId: null, oxioEndUserId: null });
    expect(member.erasedAt).not.toBeNull();
    expect(await mailsTo(t, late.email!)).toEqual([]);
  });

  test('a member without an e-mail address is set up, and no mail is tried', async () => {
    await signUp(t, person('mute', { email: null }));
    await settle(t);
    const member = await memberOf('mute');
    expect([member.oxioEndUserId, member.oxioGroupId, member.stripeCustomerId]).not.toContain(null);
    const { rows } = await t.db.query('select sent_at, not_sent_because from mail where member_id = $1', [member.id]);
    expect(rows).toEqual([{ sent_at: null, not_sent_because: 'no_address' }]);
  });
});

describe('an end user that the carrier knows already', () => {
  async function known(email: string): Promise<string> {
    const carrier = await t.carrier();
    return (await carrier.createEndUser({ firstName: 'Old', lastName: 'Customer', email })).endUserId;
  }

  /** The look-up overlooks the end user once, so that the carrier itself has to refuse with 6805. */
  async function overlooking(): Promise<TestServices> {
    const port = await t.carrier();
    let overlooked = false;
    return {
      ...t,
      carrier: async () => ({
        ...port,
        findEndUserByEmail: async (email) => {
          if (overlooked) return port.findEndUserByEmail(email);
          overlooked = true;
          return null;
        },
      }),
    };
  }

  test('is adopted by who has proved to own the e-mail address', async () => {
    const endUserId = await known('Found@Example.com');
    await signUp(t, person('found', { email: 'found@example.com', emailVerified: true }));
    await settle(t);
    expect((await memberOf('found')).oxioEndUserId).toBe(endUserId);
  });

  test('is adopted after the carrier refused the address (6805)', async () => {
    const endUserId = await known('refused@example.com');
    await signUp(t, person('refused', { email: 'refused@example.com', emailVerified: true }));
    await drain(await overlooking(), topics);
    expect((await memberOf('refused')).oxioEndUserId).toBe(endUserId);
    const { rows } = await t.db.query(`select 1 from outbox where state = 'dead'`);
    expect(rows).toEqual([]);
  });

  test('is not handed to somebody who has not verified the address: its eSIMs are another person’s', async () => {
    const victim = await known('victim@example.com');
    const asOneWhoOverlooks = await overlooking();
    await signUp(t, person('thief', { email: 'victim@example.com', emailVerified: false }));
    await drain(asOneWhoOverlooks, topics);
    const { oxioEndUserId } = await memberOf('thief');
    expect(oxioEndUserId).not.toBeNull();
    expect(oxioEndUserId).not.toBe(victim);
  });

  test('is not handed over after a death either: what we noted before the refusal counts no more', async () => {
    const victim = await known('victim2@example.com');
    const overlookingOnce = await overlooking();
    await signUp(t, person('thief2', { email: 'victim2@example.com', emailVerified: false }));
    const carrier = dyingAfter(await overlookingOnce.carrier(), 'createEndUser');
    await drain({ ...t, carrier: async () => carrier }, topics, { forSeconds: afterDeath });
    const { oxioEndUserId } = await memberOf('thief2');
    expect(oxioEndUserId).not.toBeNull();
    expect(oxioEndUserId).not.toBe(victim);
  });

  test('is not shared by two of our members', async () => {
    await signUp(t, person('first', { email: 'shared@example.com' }));
    await settle(t);
    await signUp(t, person('second', { email: 'shared@example.com' }));
    await settle(t);
    const first = await memberOf('first');
    const second = await memberOf('second');
    expect(second.oxioEndUserId).not.toBeNull();
    expect(second.oxioEndUserId).not.toBe(first.oxioEndUserId);
    expect(await endUsersOf(t, 'shared@example.com')).toHaveLength(1);
  });
});

describe('a worker that dies', () => {
  // Unverified, so that what an earlier attempt made is told from another person's end user by our own note alone.
  const unverified = { emailVerified: false };

  test.each(['ensureCustomer'] as const)('after %s leaves one customer', async (method) => {
    const uid = `after-${method}`.toLowerCase();
    await signUp(t, person(uid, unverified));
    const payments = dyingAfter(await t.payments(), method);
    await drain({ ...t, payments: async () => payments }, topics, { forSeconds: afterDeath });
    const member = await memberOf(uid);
    expect(await customersOf(t, member.id)).toMatchObject([{ id: member.stripeCustomerId }]);
  });

  test.each(['findEndUserByEmail', 'createEndUser'] as const)('after %s leaves one end user', async (method) => {
    const uid = `after-${method}`.toLowerCase();
    await signUp(t, person(uid, unverified));
    const carrier = dyingAfter(await t.carrier(), method);
    await drain({ ...t, carrier: async () => carrier }, topics, { forSeconds: afterDeath });
    const member = await memberOf(uid);
    expect(await endUsersOf(t, `${uid}@example.com`)).toMatchObject([{ endUserId: member.oxioEndUserId }]);
    expect(await groupsOf(t, member.id)).toHaveLength(1);
  });

  test('before the group is made leaves one group', async () => {
    await signUp(t, person('before-group', unverified));
    const carrier = dyingBefore(await t.carrier(), 'createGroup');
    await drain({ ...t, carrier: async () => carrier }, topics, { forSeconds: afterDeath });
    const member = await memberOf('before-group');
    expect(await groupsOf(t, member.id)).toMatchObject([{ groupId: member.oxioGroupId }]);
  });

  test('after the group was made leaves the member with one; the carrier can’t be asked for the other', async () => {
    await signUp(t, person('after-group', unverified));
    const carrier = dyingAfter(await t.carrier(), 'createGroup');
    await drain({ ...t, carrier: async () => carrier }, topics, { forSeconds: afterDeath });
    const member = await memberOf('after-group');
    const groups = await groupsOf(t, member.id);
    expect(groups.map((group) => group.groupId)).toContain(member.oxioGroupId);
    expect(groups).toHaveLength(2);
  });

  test('after the commit and before the queue heard of it loses nothing: jobs stand in the outbox', async () => {
    await signUp(t, person('unqueued', unverified));
    const { rows } = await t.db.query<{ topic: string }>(
      `select topic from outbox where payload ->> 'memberId' = $1 and state = 'pending' order by topic`,
      [(await memberOf('unqueued')).id],
    );
    expect(rows.map((row) => row.topic)).toEqual([
      'account.set_up_carrier',
      'account.set_up_payments',
      'projection.member',
      'voice.welcome',
    ]);
    await settle(t);
  });

  test('between the vendor’s answer and our commit repeats the step without a second of anything', async () => {
    await signUp(t, person('no-commit', unverified));
    let deaths = 3;
    const db: TestServices['db'] = {
      ...t.db,
      // Every third transaction or so is lost at its end, in whatever step it is.
      transaction: (work) =>
        t.db.transaction(async (tx) => {
          const value = await work(tx);
          const { rows } = await tx.query<{ linked: boolean }>(
            `select exists (select 1 from member where xmin = pg_current_xact_id()::xid and (stripe_customer_id is not null or oxio_end_user_id is not null)) as linked`,
          );
          if (rows[0]?.linked && deaths-- > 0) throw new StaleClaimError('process died before the commit');
          return value;
        }),
    };
    await drain({ ...t, db }, topics, { forSeconds: 3 * afterDeath });
    const member = await memberOf('no-commit');
    expect(deaths).toBeLessThanOrEqual(0);
    expect(await customersOf(t, member.id)).toHaveLength(1);
    expect(await endUsersOf(t, 'no-commit@example.com')).toHaveLength(1);
    expect(member.oxioGroupId).not.toBeNull();
  });
});

describe('a vendor that is down', () => {
  test('delays the set-up and does not fail it', async () => {
    await t.control.addFault({ vendor: 'oxio', kind: 'status', status: 503, path: '/v2/**', times: 8 });
    await t.control.addFault({ vendor: 'stripe', kind: 'status', status: 500, path: '/v1/customers**', times: 6 });
    await signUp(t, person('patient'));
    await settle(t, 600);
    const member = await memberOf('patient');
    expect([member.oxioGroupId, member.stripeCustomerId]).not.toContain(null);
    expect(await customersOf(t, member.id)).toHaveLength(1);
    await t.control.clearFaults();
  });
});
