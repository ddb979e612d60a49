import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';
import type { LineV3 } from './line-views.ts';
import { OXIO_PLAN_IDS } from './plans.ts';

const { oxioApiKey, oxioAuthToken, oxioBrandId } = SANDBOX_CREDENTIALS;
const AUTHORIZATION = `Basic ${btoa(`${oxioApiKey}:${oxioAuthToken}`)}`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const INVALID = { error: 'Invalid parameters', code: 3 };
const TAKEN = {
  error: 'Invalid parameters',
  code: 6805,
  details: { email: 'A user already exists with the same email.' },
};

let sandbox: TestSandbox;
beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.stop());
beforeEach(() => sandbox.control.reset());

async function call<T = Record<string, unknown>>(method: string, path: string, body?: unknown) {
  const response = await fetch(sandbox.urls.oxio + path, {
    method,
    headers: { authorization: AUTHORIZATION, 'content-type': 'application/json', accept: 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as T, headers: response.headers };
}

async function newUser(email?: string): Promise<string> {
  const person = { sex: 'UNSPECIFIED', firstName: 'Ada', lastName: 'Byron', ...(email ? { email } : {}) };
  return (await call<{ endUserId: string }>('POST', '/v2/end-users', person)).body.endUserId;
}

const lineOf = (endUserId: string) => ({
  lineType: 'LINE_TYPE_MOBILITY',
  countryCode: 'US',
  sim: { simType: 'EMBEDDED' },
  endUserId,
});
const newLine = async (endUserId: string) => (await call<LineV3>('POST', '/v3/lines/line', lineOf(endUserId))).body;
const linesOf = async (endUserId: string) =>
  (await call<{ lines: LineV3[] }>('GET', `/v3/end-users/${endUserId}/lines`)).body.lines;

describe('access', () => {
  it('needs Basic credentials; bearer and wrong ones get 401', async () => {
    for (const authorization of ['', `Bearer ${oxioAuthToken}`, `Basic ${btoa('dotm_sandbox:wrong')}`]) {
      const answer = await fetch(`${sandbox.urls.oxio}/v2-internal/plans`, { headers: { authorization } });
      expect(answer.status).toBe(401);
    }
  });

  it('answers a wrong URL with HTML, as the real edge does', async () => {
    const answer = await fetch(`${sandbox.urls.oxio}/v9/none`, { headers: { authorization: AUTHORIZATION } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('via')).toBe('1.1 varnish');
  });
});

describe('end users and groups', () => {
  it('makes an end user with a hyphenated uuid and finds it by e-mail, the filter being advisory', async () => {
    const id = await newUser('ada@example.com');
    await newUser('canada@example.com');
    expect(id).toMatch(UUID);
    const { body } = await call<{ endUsers: { endUserId: string; email: string }[] }>(
      'GET',
      '/v2/end-users?email=ADA@example.com',
    );
    expect(body.endUsers.map((user) => user.email)).toEqual(['ada@example.com', 'canada@example.com']);
  });

  it('refuses a known e-mail with 6805, whatever its letter case', async () => {
    await newUser('ada@example.com');
    const again = { sex: 'UNSPECIFIED', firstName: 'A', lastName: 'B', email: 'Ada@Example.com' };
    expect(await call('POST', '/v2/end-users', again)).toMatchObject({ status: 400, body: TAKEN });
  });

  it.each([
    ['a missing field', { sex: 'UNSPECIFIED', firstName: 'A' }],
    ['an unknown field', { sex: 'UNSPECIFIED', firstName: 'A', lastName: 'B', phone: '1' }],
    ['a bad enum', { sex: 'unspecified', firstName: 'A', lastName: 'B' }],
    ['a body that is no object', 'text'],
  ])('refuses %s with code 3 and no details', async (_, body) => {
    const answer = await call('POST', '/v2/end-users', body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual(INVALID);
  });

  it('answers a group nested and needs its type', async () => {
    const endUserId = await newUser();
    const group = {
      name: 'Ada',
      groupType: 'GROUP_TYPE_SHARED',
      groupExternalId: 'mem_1',
      description: 'family',
      endUserId,
    };
    const made = await call<{ group: { groupId: string; status: string } }>('POST', '/v2/groups', group);
    expect(made.body.group.groupId).toMatch(UUID);
    expect(made.body.group.status).toBe('GROUP_ACTIVE');
    expect((await call('POST', '/v2/groups', { name: 'Ada' })).body).toEqual(INVALID);
  });
});

describe('lines', () => {
  it('begins PENDING with one empty number object and a whole activation code', async () => {
    const endUserId = await newUser();
    const line = await newLine(endUserId);
    expect(line).toMatchObject({ status: 'PENDING', endUserId, brandId: oxioBrandId, phoneNumbers: [{}] });
    expect(line.lineId).toMatch(UUID);
    expect(line.createdTs).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(line.sim.iccid).toMatch(/^891065\d{13}F$/);
    expect(line.sim.activationUrl).toBe(`LPA:${line.sim.activationCode}`);
    expect(await linesOf(endUserId)).toEqual([line]);
  });

  it('gets number and status when the clock has passed the delay', async () => {
    await sandbox.control.setOxio({ numberDelaySeconds: 60, activationDelaySeconds: 120 });
    const endUserId = await newUser();
    const line = await newLine(endUserId);
    await sandbox.control.advanceClock(61);
    const [numbered] = await linesOf(endUserId);
    expect(numbered?.phoneNumbers[0]?.phoneNumber).toMatch(/^\+1\d{10}$/);
    expect(numbered?.status).toBe('PENDING');
    expect(Date.parse(numbered?.modifiedTs ?? '')).toBeGreaterThan(Date.parse(line.modifiedTs));
    await sandbox.control.advanceClock(60);
    expect((await linesOf(endUserId))[0]?.status).toBe('ACTIVE');
  });

  it('can get its activation code late', async () => {
    await sandbox.control.setOxio({ activationCodeDelaySeconds: 300 });
    const endUserId = await newUser();
    expect((await newLine(endUserId)).sim).not.toHaveProperty('activationCode');
    await sandbox.control.advanceClock(301);
    expect((await linesOf(endUserId))[0]?.sim.activationUrl).toMatch(/^LPA:1\$/);
  });

  it('are never deduplicated: three same calls make three lines', async () => {
    const endUserId = await newUser();
    await Promise.all([newLine(endUserId), newLine(endUserId), newLine(endUserId)]);
    const lines = await linesOf(endUserId);
    expect(new Set(lines.map((line) => line.sim.iccid)).size).toBe(3);
  });

  it('take form 1 with an ICCID of the stock once, and form 3 with plan and group', async () => {
    const endUserId = await newUser();
    const { sims } = await sandbox.control.call<{ sims: { iccid: string }[] }>('GET', '/oxio/sims');
    const iccid = sims[5]?.iccid;
    const form1 = {
      lineType: 'LINE_TYPE_MOBILITY',
      sim: { simType: 'EMBEDDED', iccid },
      endUser: { brandId: oxioBrandId, endUserId },
      phoneNumberRequirements: { preferredAreaCode: '212' },
      countryCode: 'US',
      activateOnAttach: false,
    };
    const made = await call<LineV3>('POST', '/v3/lines/line', form1);
    expect(made.body).toMatchObject({ activateOnAttach: false, sim: { iccid } });
    expect((await call('POST', '/v3/lines/line', form1)).body).toEqual(INVALID);
    expect((await call('GET', `/v3/sims/${iccid}`)).body).toMatchObject({ status: 'WARM', simType: 'EMBEDDED' });
    const planId = OXIO_PLAN_IDS['esim_starter'];
    const withPlan = await call<LineV3>('POST', '/v3/lines/line', { ...lineOf(endUserId), planId });
    const plans = await call('GET', `/v2/sims/${withPlan.body.sim.iccid}/user-plans`);
    expect(plans.body).toEqual({ userPlans: [{ planDisplayName: 'DOTM Starter 1 GB, 10 days' }] });
  });

  it('make their own end user from an unknown e-mail, and answer 6805 for a known one even beside an id', async () => {
    const { endUserId: _, ...anonymous } = lineOf('');
    const endUser = { brandId: oxioBrandId, email: 'new@example.com' };
    const made = await call<LineV3>('POST', '/v3/lines/line', { ...anonymous, endUser });
    expect(made.status).toBe(200);
    const both = { ...lineOf(made.body.endUserId), endUser };
    expect((await call('POST', '/v3/lines/line', both)).body).toEqual(TAKEN);
    const nobody = await call('POST', '/v3/lines/line', { ...anonymous, endUser: { brandId: oxioBrandId } });
    expect(nobody).toMatchObject({ status: 400, body: { code: 3, details: { email: expect.any(String) as string } } });
  });

  it.each([
    ['an object as end user id', { endUserId: { id: 'x' } }],
    ['a stripped id', { endUserId: '5b0c2f0e7f0b4c539a350c8a5c7d1e11' }],
    ['an unknown end user', { endUserId: '5b0c2f0e-7f0b-4c53-9a35-0c8a5c7d1e11' }],
    ['an unknown field', { idempotencyKey: 'x' }],
    ['another country', { countryCode: 'FR' }],
    ['an ICCID without filler', { sim: { simType: 'EMBEDDED', iccid: '8910650000000000427' } }],
    ['an unknown plan', { planId: '5b0c2f0e-7f0b-4c53-9a35-0c8a5c7d1e11' }],
  ])('are refused with code 3 for %s, and nothing is made', async (_, change) => {
    const endUserId = await newUser();
    const answer = await call('POST', '/v3/lines/line', { ...lineOf(endUserId), ...change });
    expect([answer.status, answer.body]).toEqual([400, INVALID]);
    expect(await sandbox.control.oxioLines()).toEqual([]);
  });

  it('can be refused for good, and for want of stock, by control', async () => {
    const endUserId = await newUser();
    await sandbox.control.setOxio({ refuseLines: {} });
    expect((await call('POST', '/v3/lines/line', lineOf(endUserId))).body).toEqual(INVALID);
    await sandbox.control.setOxio({ refuseLines: null, stockEmpty: true });
    expect((await call('POST', '/v3/lines/line', lineOf(endUserId))).status).toBe(400);
    await sandbox.control.setOxio({ stockEmpty: false });
    expect((await call('POST', '/v3/lines/line', lineOf(endUserId))).status).toBe(200);
  });

  it('show in v2 flat, with the number in one object, and take a status from control', async () => {
    const endUserId = await newUser();
    const { lineId, sim } = await newLine(endUserId);
    const other = await newLine(endUserId);
    await sandbox.control.changeOxioLine(lineId, {
      status: 'SUSPENDED',
      phoneNumber: '+12125550123',
      numberReady: true,
    });
    const v2 = await call<{ lines: unknown[] }>('GET', `/v2/lines?iccids=${sim.iccid}&iccids=${other.sim.iccid}`);
    expect(v2.body.lines).toMatchObject([
      { iccid: sim.iccid, status: 'SUSPENDED', phoneNumber: { currentPhoneNumber: '+12125550123' } },
      { iccid: other.sim.iccid, status: 'PENDING', phoneNumber: {}, services: { inService: false } },
    ]);
    expect((await call('GET', `/v2/lines/${lineId}`)).body).toMatchObject({ status: 'SUSPENDED' });
    await sandbox.control.changeOxioLine(lineId, { status: null });
    expect((await linesOf(endUserId))[0]?.status).toBe('PENDING');
  });
});

describe('plans', () => {
  it('lists the four plans and puts one on a line as often as it is asked', async () => {
    const { body } = await call<{ plans: { planId: string }[] }>('GET', '/v2-internal/plans');
    expect(body.plans.map((plan) => plan.planId)).toEqual(Object.values(OXIO_PLAN_IDS));
    const { lineId } = await newLine(await newUser());
    const subscription = { plan: { planId: OXIO_PLAN_IDS['global_data_10gb'] }, lineId };
    for (let n = 0; n < 2; n++) expect((await call('POST', '/v2/subscriptions', subscription)).status).toBe(200);
    expect((await sandbox.control.oxioLines())[0]?.subscriptions).toHaveLength(2);
    const flat = { planId: OXIO_PLAN_IDS['global_data_10gb'], lineId };
    expect((await call('POST', '/v2/subscriptions', flat)).body).toEqual(INVALID);
  });
});
