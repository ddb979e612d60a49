import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { OXIO_PLANS } from '../../../../sandbox/src/oxio/plans.ts';
import { startTestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import type { TestSandbox } from '../../../../sandbox/src/testing/sandbox.ts';
import { parseActivationCode } from '../../../src/domain/esim/activation-code.ts';
import { parseIccid } from '../../../src/domain/esim/iccid.ts';
import { createCarrierClient } from '../../../src/vendors/carrier/client.ts';
import { CarrierEmailKnownError } from '../../../src/vendors/carrier/errors.ts';
import type { CarrierPort } from '../../../src/vendors/carrier/port.ts';

let sandbox: TestSandbox;
let carrier: CarrierPort;

function client(change: { timeoutMs?: number; authToken?: string } = {}): CarrierPort {
  const { oxioApiKey, oxioAuthToken } = SANDBOX_CREDENTIALS;
  return createCarrierClient({ apiKey: oxioApiKey, authToken: oxioAuthToken, apiBase: sandbox.urls.oxio, ...change });
}

beforeAll(async () => {
  sandbox = await startTestSandbox();
});

afterAll(async () => {
  await sandbox.stop();
});

beforeEach(async () => {
  await sandbox.control.reset();
  carrier = client();
});

const ada = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' };
const nobody = '00000000-0000-4000-8000-000000000000';
const callsTo = async (path: string) =>
  (await sandbox.control.calls({ vendor: 'oxio' })).filter((it) => it.path === path);

async function newLine() {
  const { endUserId } = await carrier.createEndUser(ada);
  return carrier.createLine({ endUserId, countryCode: 'US' });
}

describe('end users', () => {
  it('are created and found again by their address, letter case ignored', async () => {
    const { endUserId } = await carrier.createEndUser(ada);
    expect(await carrier.findEndUserByEmail('ADA@example.com')).toEqual({ endUserId });
  });

  it('are not found by a part of an address, although the carrier’s filter would say so', async () => {
    await carrier.createEndUser({ ...ada, email: 'bada@example.com' });
    expect(await carrier.findEndUserByEmail('ada@example.com')).toBeNull();
  });

  it('may have no address', async () => {
    expect((await carrier.createEndUser({ ...ada, email: null })).endUserId).toMatch(/^[\da-f-]{36}$/);
  });

  it('with a known address throw CarrierEmailKnownError, and the look-up adopts them', async () => {
    const { endUserId } = await carrier.createEndUser(ada);
    await expect(carrier.createEndUser(ada)).rejects.toBeInstanceOf(CarrierEmailKnownError);
    expect(await carrier.findEndUserByEmail(ada.email)).toEqual({ endUserId });
  });

  it('own a group', async () => {
    const { endUserId } = await carrier.createEndUser(ada);
    const { groupId } = await carrier.createGroup({ name: 'Ada', externalId: 'mem_1', endUserId });
    expect(groupId).toMatch(/^[\da-f-]{36}$/);
    await expect(carrier.createGroup({ name: 'x', externalId: 'mem_2', endUserId: nobody })).rejects.toMatchObject({
      code: 'vendor.refused',
    });
  });
});

describe('lines', () => {
  it('come from stock with an ICCID and an activation code that phones take, the number pending', async () => {
    const line = await newLine();
    expect(line).toMatchObject({ status: 'PENDING', phoneNumber: null, countryCode: 'US' });
    expect(line.iccid).toMatch(/^8910\d{15}F$/);
    expect(parseIccid(line.iccid ?? '')).not.toBeNull();
    expect(parseActivationCode(line.activationUrl ?? '')?.matchingId).toMatch(/^OX\d{21}$/);
    expect(line.createdAt).toBeInstanceOf(Date);
  });

  it('get their number later: a poll fills it in', async () => {
    const line = await newLine();
    await sandbox.control.advanceClock(10);
    const [polled] = await carrier.listLines(line.endUserId);
    expect(polled).toMatchObject({ lineId: line.lineId, iccid: line.iccid, activationUrl: line.activationUrl });
    expect(polled?.phoneNumber).toMatch(/^\+1[2-9]\d{9}$/);
    expect(polled?.status).toBe('ACTIVE');
  });

  it('may wait for their activation code', async () => {
    await sandbox.control.setOxio({ activationCodeDelaySeconds: 60 });
    const line = await newLine();
    expect(line.activationUrl).toBeNull();
    await sandbox.control.advanceClock(61);
    expect((await carrier.listLines(line.endUserId))[0]?.activationUrl).toMatch(/^LPA:1\$/);
  });

  it('of somebody whom the carrier does not know are none', async () => {
    expect(await carrier.listLines(nobody)).toEqual([]);
    const { endUserId } = await carrier.createEndUser(ada);
    expect(await carrier.listLines(endUserId)).toEqual([]);
  });

  it('with a status that nobody has seen are read all the same', async () => {
    const line = await newLine();
    await sandbox.control.changeOxioLine(line.lineId, { status: 'QUARANTINED' });
    expect((await carrier.listLines(line.endUserId))[0]?.status).toBe('QUARANTINED');
  });

  it.each([
    ['malformed requests', { refuseLines: {} }],
    ['an empty stock', { stockEmpty: true }],
  ])('refused for good because of %s are not retried', async (_, settings) => {
    await sandbox.control.setOxio(settings);
    await expect(newLine()).rejects.toMatchObject({ code: 'vendor.refused', retry: false });
    expect(await callsTo('/v3/lines/line')).toHaveLength(1);
  });
});

describe('plans', () => {
  it('are put on a line and seen on its SIM by the name that the list of plans gives', async () => {
    const line = await newLine();
    const plan = OXIO_PLANS[0];
    expect(await carrier.listPlansOfSim(line.iccid ?? '')).toEqual([]);
    await carrier.addPlan({ lineId: line.lineId, planId: plan?.planId ?? '' });
    const named = (await carrier.listPlans()).find(({ planId }) => planId === plan?.planId);
    expect(await carrier.listPlansOfSim(line.iccid ?? '')).toEqual([{ name: named?.name }]);
  });

  it('of a SIM that the carrier does not know are none', async () => {
    expect(await carrier.listPlansOfSim('8910650000000000427F')).toEqual([]);
  });

  it('that do not exist are refused for good', async () => {
    const line = await newLine();
    await expect(carrier.addPlan({ lineId: line.lineId, planId: nobody })).rejects.toMatchObject({
      code: 'vendor.refused',
    });
  });

  it('count as added when the answer is empty', async () => {
    const line = await newLine();
    await sandbox.control.addFault({
      vendor: 'oxio',
      kind: 'works-then-status',
      path: '/v2/subscriptions',
      status: 200,
    });
    await carrier.addPlan({ lineId: line.lineId, planId: OXIO_PLANS[1]?.planId ?? '' });
    expect(await carrier.listPlansOfSim(line.iccid ?? '')).toHaveLength(1);
  });
});

describe('when the carrier misbehaves', () => {
  it.each([
    ['a limit', { kind: 'status', status: 429 }],
    ['an outage', { kind: 'status', status: 500 }],
    ['a page of HTML', { kind: 'status', status: 503, html: true }],
  ] as const)('reading survives %s that passes', async (_, fault) => {
    const line = await newLine();
    await sandbox.control.addFault({ vendor: 'oxio', method: 'GET', times: 2, ...fault });
    expect(await carrier.listLines(line.endUserId)).toHaveLength(1);
  });

  it('an outage that stays is to be retried, also for a look-up', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'status', status: 502, html: true, times: 10 });
    await expect(carrier.listLines(nobody)).rejects.toMatchObject({ code: 'vendor.unavailable', retry: true });
    await expect(carrier.findEndUserByEmail(ada.email)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });

  it.each([
    ['HTML with status 200', { status: 200, html: true }],
    ['HTML with status 404', { status: 404, html: true }],
    ['an empty success', { status: 200 }],
    ['JSON of another shape', { status: 200, body: { data: [] } }],
    ['lines that are none', { status: 200, body: { lines: [{ id: 'x' }] } }],
  ] as const)('%s is never taken for "no lines", which would make a second one', async (_, fault) => {
    const line = await newLine();
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'status', times: 3, ...fault });
    await expect(carrier.listLines(line.endUserId)).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });

  it('a creation is sent once, whatever the answer', async () => {
    const { endUserId } = await carrier.createEndUser(ada);
    for (const fault of [{ status: 500 }, { status: 429 }, { status: 503, html: true }]) {
      await sandbox.control.addFault({ vendor: 'oxio', kind: 'status', method: 'POST', ...fault });
      await expect(carrier.createLine({ endUserId, countryCode: 'US' })).rejects.toMatchObject({
        code: 'vendor.unavailable',
      });
    }
    expect(await callsTo('/v3/lines/line')).toHaveLength(3);
    expect(await sandbox.control.oxioLines(endUserId)).toHaveLength(0);
  });

  it('a creation that worked and then timed out is found by the next look, and no second line is made', async () => {
    const { endUserId } = await carrier.createEndUser(ada);
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'works-then-hangs', path: '/v3/lines/line' });
    const impatient = client({ timeoutMs: 300 });
    await expect(impatient.createLine({ endUserId, countryCode: 'US' })).rejects.toMatchObject({
      code: 'vendor.unavailable',
    });
    const lines = await carrier.listLines(endUserId);
    expect(lines).toHaveLength(1);
    expect(lines.map(({ lineId }) => lineId)).toEqual((await sandbox.control.oxioLines()).map(({ lineId }) => lineId));
  });

  it('a hang ends at the time limit', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'hang', times: 3 });
    await expect(client({ timeoutMs: 200 }).listPlans()).rejects.toThrow('no answer within 200 ms');
  });

  it('wrong credentials are retried until an operator repairs them', async () => {
    await expect(client({ authToken: 'wrong' }).listPlans()).rejects.toMatchObject({
      code: 'vendor.unavailable',
      message: expect.stringContaining('check the credentials') as string,
    });
  });

  it('a carrier that is not there is retried', async () => {
    const { oxioApiKey: apiKey, oxioAuthToken: authToken } = SANDBOX_CREDENTIALS;
    const nowhere = createCarrierClient({ apiKey, authToken, apiBase: 'http://127.0.0.1:1', timeoutMs: 3_000 });
    await expect(nowhere.listPlans()).rejects.toMatchObject({ code: 'vendor.unavailable' });
  });

  it('no error shows an address, a SIM or a credential', async () => {
    const body = { error: `bad ${ada.email} 8910650000000000427F`, code: 99, details: { email: ada.email } };
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'status', status: 400, body, times: 10 });
    const failures = await Promise.all([
      carrier.createEndUser(ada).catch((error: unknown) => error),
      carrier.findEndUserByEmail(ada.email).catch((error: unknown) => error),
      carrier.listPlansOfSim('8910650000000000427F').catch((error: unknown) => error),
      client({ timeoutMs: 1 })
        .findEndUserByEmail(ada.email)
        .catch((error: unknown) => error),
    ]);
    const shown = inspect(failures, { depth: 10 });
    expect(shown).toContain('code 99');
    expect(shown).not.toMatch(/ada@|8910650|sandbox-token|Basic/);
  });
});
