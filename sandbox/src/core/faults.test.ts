import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startTestSandbox, until } from '../testing/sandbox.ts';
import type { TestSandbox } from '../testing/sandbox.ts';

const { oxioApiKey, oxioAuthToken } = SANDBOX_CREDENTIALS;
const headers = {
  authorization: `Basic ${btoa(`${oxioApiKey}:${oxioAuthToken}`)}`,
  'content-type': 'application/json',
};

describe('planned faults', () => {
  let sandbox: TestSandbox;
  beforeAll(async () => {
    sandbox = await startTestSandbox();
  });
  afterAll(() => sandbox.stop());
  afterEach(() => sandbox.control.reset());

  const addUser = (signal?: AbortSignal) =>
    fetch(`${sandbox.urls.oxio}/v2/end-users`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ sex: 'UNSPECIFIED', firstName: 'Ada', lastName: 'B' }),
      ...(signal ? { signal } : {}),
    });
  const plans = () => fetch(`${sandbox.urls.oxio}/v2-internal/plans`, { headers });
  const users = async () => (await sandbox.control.oxioEndUsers()).length;

  it('status answers the error without doing the work, as often as told, after letting some through', async () => {
    await sandbox.control.addFault({
      vendor: 'oxio',
      kind: 'status',
      status: 503,
      skip: 1,
      times: 2,
      body: { error: 'x' },
    });
    const answers = [await addUser(), await addUser(), await addUser(), await addUser()];
    expect(answers.map((answer) => answer.status)).toEqual([200, 503, 503, 200]);
    expect(await answers[1]?.json()).toEqual({ error: 'x' });
    expect(await users()).toBe(2);
    expect(await sandbox.control.faults()).toEqual([]);
  });

  it('html answers a page instead of JSON, with the headers asked for', async () => {
    const fault = { vendor: 'oxio', kind: 'status', status: 429, html: true, headers: { 'retry-after': '3' } } as const;
    await sandbox.control.addFault(fault);
    const answer = await plans();
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('retry-after')).toBe('3');
    expect(await answer.text()).toContain('<h1>429</h1>');
  });

  it('works-then-status does the work and answers the error all the same', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'works-then-status', status: 500 });
    expect((await addUser()).status).toBe(500);
    expect(await users()).toBe(1);
  });

  it('works-then-hangs does the work and never answers; the journal tells both', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'works-then-hangs' });
    await expect(addUser(AbortSignal.timeout(250))).rejects.toThrow();
    expect(await users()).toBe(1);
    const call = await until(async () => (await sandbox.control.calls({ vendor: 'oxio' }))[0]);
    expect(call).toMatchObject({ status: 0, fault: 'works-then-hangs' });
  });

  it('hang does no work and never answers', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'hang' });
    await expect(addUser(AbortSignal.timeout(250))).rejects.toThrow();
    expect(await users()).toBe(0);
  });

  it('delay answers late but right', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'delay', delayMs: 200 });
    const startedAt = performance.now();
    expect((await plans()).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(190);
  });

  it('hits only the calls whose method and path fit', async () => {
    await sandbox.control.addFault({ vendor: 'oxio', kind: 'status', method: 'post', path: '/v2/*' });
    await sandbox.control.addFault({ vendor: 'sendgrid', kind: 'status' });
    expect((await plans()).status).toBe(200);
    expect((await fetch(`${sandbox.urls.oxio}/v2/end-users`, { headers })).status).toBe(200);
    expect((await addUser()).status).toBe(500);
    expect((await sandbox.control.faults()).map((fault) => fault.vendor)).toEqual(['sendgrid']);
  });

  it('do not keep the sandbox from stopping while a call hangs', async () => {
    const own = await startTestSandbox();
    await own.control.addFault({ vendor: 'oxio', kind: 'hang' });
    const hanging = fetch(`${own.urls.oxio}/v2-internal/plans`, { headers }).catch(() => 'cut');
    await until(async () => (await own.control.faults()).length === 0);
    await own.stop();
    expect(await hanging).toBeDefined();
  });
});
