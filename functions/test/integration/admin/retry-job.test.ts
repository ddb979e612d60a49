import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drain, type TestServices } from '../../support/services.ts';
import { buyer, operator } from '../../support/operators.ts';
import { CodedError } from '../../../src/shared/errors.ts';
import { newId } from '../../../src/platform/ids.ts';
import type { Topics } from '../../../src/platform/jobs.ts';
import { addJob } from '../../../src/platform/outbox.ts';
import type { Id } from '../../../src/shared/ids.ts';
import { call, settle, shop } from '../../support/shopping.ts';

let services: TestServices;
let token: string;
const reason = 'the cause is mended';

beforeAll(async () => {
  services = await shop();
  token = operator(services, 'operations');
});
afterAll(() => services.stop());

/** A kind of work that is refused for good until `allow` is called. */
function stubborn(topic: string): { topics: Topics; allow: () => void; runs: () => number } {
  let allowed = false;
  let runs = 0;
  return {
    allow: () => (allowed = true),
    runs: () => runs,
    topics: {
      [topic]: {
        queue: 'mail',
        maxAttempts: 3,
        load: async () => async (_services, job) => {
          runs += 1;
          if (!allowed) throw new CodedError('vendor.refused', 'refused by the test');
          await services.db.transaction((tx) => job.finish(tx));
        },
      },
    },
  };
}

async function deadJob(topic: string, topics: Topics): Promise<Id<'job'>> {
  await services.db.transaction((tx) =>
    addJob(tx, { queue: 'mail', topic, key: topic, payload: {} }, services.clock.now()),
  );
  await drain(services, topics);
  const { rows } = await services.db.query<{ id: Id<'job'>; state: string }>(
    'select id, state from outbox where topic = $1',
    [topic],
  );
  expect(rows[0]?.state).toBe('dead');
  return rows[0]!.id;
}

async function openAlerts(subject: string): Promise<string[]> {
  const { alerts } = await call(services, 'listAlerts', {}, { token });
  return alerts.filter((alert) => alert.subject === subject).map((alert) => alert.kind);
}

function codeOf(error: unknown): string {
  return error instanceof CodedError ? error.code : String(error);
}

describe('retryJob', () => {
  it('runs a dead job again and closes its alert', async () => {
    const work = stubborn('test.again');
    const jobId = await deadJob('test.again', work.topics);
    expect(await openAlerts(jobId)).toEqual(['job_dead']);
    work.allow();
    expect(await call(services, 'retryJob', { jobId, reason }, { token })).toEqual({ jobId });
    expect(await openAlerts(jobId)).toEqual([]);
    await drain(services, work.topics);
    const { rows } = await services.db.query('select state, attempts, last_error from outbox where id = $1', [jobId]);
    expect(rows).toMatchObject([{ state: 'done', attempts: 0, last_error: null }]);
    const all = await call(services, 'listAlerts', { open: 'false' }, { token });
    expect(all.alerts.find((alert) => alert.subject === jobId)?.resolvedAt).not.toBeNull();
  });

  it('raises a new alert when the job dies again', async () => {
    const work = stubborn('test.dies-again');
    const jobId = await deadJob('test.dies-again', work.topics);
    await call(services, 'retryJob', { jobId, reason }, { token });
    await drain(services, work.topics);
    expect(await openAlerts(jobId)).toEqual(['job_dead']);
  });

  it('pressed by two operators at once, revives the job once', async () => {
    const work = stubborn('test.race');
    const jobId = await deadJob('test.race', work.topics);
    const before = work.runs();
    const owner = operator(services, 'owner');
    const attempts = await Promise.allSettled(
      [token, owner, token, owner].map((each) => call(services, 'retryJob', { jobId, reason }, { token: each })),
    );
    const failed = attempts.filter((attempt) => attempt.status === 'rejected');
    expect(failed.map((attempt) => codeOf(attempt.reason))).toEqual(Array(3).fill('order.wrong_state'));
    work.allow();
    await drain(services, work.topics);
    expect(work.runs()).toBe(before + 1);
    const audited = await services.db.query(`select 1 from audit_log where subject = $1`, [jobId]);
    expect(audited.rowCount).toBe(1);
  });

  it('whose answer was lost after the commit, gives it to the next attempt with its key', async () => {
    const work = stubborn('test.lost');
    const jobId = await deadJob('test.lost', work.topics);
    const send = () => call(services, 'retryJob', { jobId, reason }, { token, key: 'retry-with-lost-answer' });
    await send();
    await services.db.query(
      `update idempotency set response = null, locked_until = null where key = 'retry-with-lost-answer'`,
    );
    expect(await send()).toEqual({ jobId });
  });

  it.each(['pending', 'done'])('refuses a job that is %s', async (state) => {
    const work = stubborn(`test.${state}`);
    const jobId = await deadJob(`test.${state}`, work.topics);
    await services.db.query('update outbox set state = $2 where id = $1', [jobId, state]);
    expect(await call(services, 'retryJob', { jobId, reason }, { token }).then(() => 'done', codeOf)).toBe(
      'order.wrong_state',
    );
  });

  it('does not know a job that there is not', async () => {
    const jobId = newId('job', new Date());
    expect(await call(services, 'retryJob', { jobId, reason }, { token }).then(() => 'done', codeOf)).toBe('not_found');
  });

  it('of an order that was refunded meanwhile, makes no line', async () => {
    await services.control.addFault({
      vendor: 'oxio',
      kind: 'status',
      method: 'POST',
      path: '/v3/lines/line',
      status: 400,
      body: { error: 'Invalid parameters', code: 3 },
    });
    const { orderId } = await buyer(services, 'unlucky');
    const { rows } = await services.db.query<{ id: Id<'job'>; state: string }>(
      `select id, state from outbox where topic = 'order.fulfil' and dedupe_key = $1`,
      [orderId],
    );
    expect(rows[0]?.state).toBe('dead');
    const before = await services.control.oxioLines();
    await call(services, 'retryJob', { jobId: rows[0]!.id, reason }, { token });
    await settle(services, 60);
    expect(await services.control.oxioLines()).toEqual(before);
    const order = await services.db.query('select state from orders where id = $1', [orderId]);
    expect(order.rows).toEqual([{ state: 'refunded' }]);
  });
});
