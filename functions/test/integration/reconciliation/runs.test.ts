import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import { OXIO_PLAN_IDS } from '../../../../sandbox/src/oxio/plans.ts';
import { reconcile } from '../../../src/features/reconciliation/reconcile.ts';
import { reconcileLastDay } from '../../../src/features/reconciliation/reconcile-last-day.ts';
import { topics } from '../../../src/topics.ts';
import { buyer, operator } from '../../support/operators.ts';
import { drain, type TestServices } from '../../support/services.ts';
import { call, settle, shop } from '../../support/shopping.ts';
import { differences, oneOf, recentSpan } from './support.ts';

let services: TestServices;
let finance: string;

beforeEach(async () => {
  services = await shop();
  finance = operator(services, 'finance');
  // The catalogue is projected first.
  await settle(services);
});
afterEach(() => services.stop());

async function openEvents(count: number): Promise<void> {
  const now = services.clock.now();
  await services.db.query(
    `insert into inbox (source, event_id, type, object_id, event_at, received_at)
     select 'stripe', 'evt_' || lpad(n::text, 6, '0'), 'charge.refunded', 'ch_1', $2, $2 from generate_series(1, $1) as n`,
    [count, now],
  );
}

async function mend(): Promise<void> {
  await services.db.query('update inbox set done_at = $1, outcome = $2', [services.clock.now(), 'mended']);
}

async function openAlerts(): Promise<string[]> {
  const { alerts } = await call(services, 'listAlerts', {}, { token: finance });
  return alerts.filter((alert) => alert.kind === 'reconciliation_differences').map((alert) => alert.subject);
}

describe('a run', () => {
  it('repeated for the same span finds the same differences again', async () => {
    await openEvents(3);
    await services.advance(11 * 60);
    const span = recentSpan(services);
    const shown = [];
    for (let run = 0; run < 2; run += 1) {
      await reconcile(services, span);
      const answer = await call(services, 'listDifferences', {}, { token: finance });
      shown.push(answer.differences.map(({ id: _id, ...rest }) => rest));
    }
    expect(shown[0]).toHaveLength(3);
    expect(shown[1]).toEqual(shown[0]);
  });

  it('shows operators amounts as decimals', async () => {
    const { orderId } = await buyer(services, 'ada');
    await services.db.query('update orders set settled = false where id = $1', [orderId]);
    await differences(services);
    const { differences: shown } = await call(services, 'listDifferences', {}, { token: finance });
    expect(shown.find((each) => each.kind === 'order_misbooked' && each.subject === orderId)).toMatchObject({
      expected: { unit: 'USD', amount: '20.00' },
      found: { unit: 'USD', amount: '0.00' },
    });
  });

  it('reads page by page: nothing between two pages is lost', async () => {
    await openEvents(450);
    const found = await differences(services);
    expect(new Set(found.map((each) => each.subject)).size).toBe(450);
  });

  it('keeps a limited number of differences and says how many it left out', async () => {
    await openEvents(2_150);
    const found = await differences(services);
    expect(found).toHaveLength(2_001);
    expect(found.at(-1)).toMatchObject({ kind: 'left_out' });
    expect(found.at(-1)?.cause).toContain('150');
  });

  it('that is cut off shows nothing; the run before it is still shown, and the next one comes to its end', async () => {
    await openEvents(1);
    await buyer(services, 'ada');
    await differences(services);
    const before = await call(services, 'listDifferences', {}, { token: finance });
    await services.control.addFault({ vendor: 'oxio', kind: 'status', status: 500, times: 100 });
    await expect(differences(services)).rejects.toMatchObject({ code: 'vendor.unavailable' });
    expect(await call(services, 'listDifferences', {}, { token: finance })).toEqual(before);
    await services.control.clearFaults();
    expect(await differences(services)).toHaveLength(1);
  });

  it('of an empty span is refused', async () => {
    const now = services.clock.now();
    await expect(reconcile(services, { from: now, to: now })).rejects.toThrow(RangeError);
  });
});

describe('the alert', () => {
  it('is raised once while differences last, and closed by the run that finds them mended', async () => {
    await openEvents(2);
    await differences(services);
    await differences(services);
    expect(await openAlerts()).toEqual(['reconciliation']);
    await mend();
    const now = services.clock.now();
    await reconcile(services, { from: new Date(now.getTime() - 3_600_000), to: now });
    // That run has not looked at all that the bad one saw.
    expect(await openAlerts()).toEqual(['reconciliation']);
    await services.advance(60);
    await reconcileLastDay(services);
    expect(await openAlerts()).toEqual([]);
  });

  it('stays as long as the nightly run finds the difference, which it looks for during a week', async () => {
    const { orderId } = await buyer(services, 'ada');
    await services.db.query('update orders set settled = false where id = $1', [orderId]);
    await services.advance(11 * 60);
    for (let night = 1; night <= 6; night += 1) {
      const { runId } = await reconcileLastDay(services);
      const { rows } = await services.db.query<{ kind: string; subject: string }>(
        'select kind, subject from reconciliation_difference where run_id = $1',
        [runId],
      );
      expect(rows, `night ${night}`).toContainEqual({ kind: 'order_misbooked', subject: orderId });
      await services.advance(86_400);
    }
    expect(await openAlerts()).toEqual(['reconciliation']);
  });
});

describe('what has come in and had no effect', () => {
  it('an event whose job gave up is found with the job and its error', async () => {
    await services.control.setWebhookMode('stripe', 'hold');
    services.people.put({ uid: 'ada' });
    const token = services.people.tokenOf('ada');
    await call(services, 'startCheckout', { items: [{ productId: 'global_data_10gb' }], currency: 'USD' }, { token });
    await openEvents(1);
    await services.db.query(
      `insert into outbox (id, queue, topic, dedupe_key, payload, state, run_at, last_error, trace_id, created_at)
       values ('job_dead', 'payments', 'payments.event', 'evt_000001', '{}', 'dead', $1, 'vendor.refused: no', 't', $1)`,
      [services.clock.now()],
    );
    const { cause } = oneOf(await differences(services), 'event_open', 'evt_000001');
    expect(cause).toContain('job_dead');
    expect(cause).toContain('vendor.refused');
  });

  it('a projection that is older than what we hold is found, and no longer once it is written', async () => {
    const { token, memberId } = await buyer(services, 'ada');
    services.projected.outOfReach = true;
    await call(services, 'updateAccount', { displayName: 'Ada L' }, { token });
    await drain(services, topics);
    oneOf(await differences(services), 'projection_stale', memberId);
    services.projected.outOfReach = false;
    await settle(services, 600);
    expect(await differences(services)).toEqual([]);
  });
});

describe('the command', () => {
  const command = path.resolve(import.meta.dirname, '../../../src/ops/reconcile.ts');

  /** Runs the command as an operator would, and gives its exit code and what it printed. */
  function run(...args: string[]): Promise<{ code: number; text: string }> {
    const { stripeSecretKey, oxioApiKey, oxioAuthToken } = SANDBOX_CREDENTIALS;
    const env = {
      ...process.env,
      DATABASE_URL: services.databaseUrl,
      STRIPE_SECRET_KEY: stripeSecretKey,
      STRIPE_API_BASE: services.sandboxUrls.stripe,
      OXIO_API_KEY: oxioApiKey,
      OXIO_AUTH_TOKEN: oxioAuthToken,
      OXIO_API_BASE: services.sandboxUrls.oxio,
      OXIO_PLAN_IDS: JSON.stringify(OXIO_PLAN_IDS),
    };
    return new Promise((resolve) => {
      execFile(process.execPath, [command, ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, text: stdout + stderr });
      });
    });
  }

  it('ends well when all agree, and with an error and the causes when not', async () => {
    const agreed = await run();
    expect(agreed).toMatchObject({ code: 0, text: expect.stringContaining(': 0 differences') as string });
    const earlier = new Date(services.clock.now().getTime() - 3_600_000);
    await openEvents(1);
    await services.db.query('update inbox set received_at = $1', [earlier]);
    const differing = await run();
    expect(differing.code).toBe(1);
    expect(differing.text).toContain('event_open evt_000001: the provider told of charge.refunded');
    expect(differing.text).toContain(': 1 difference\n');
  });

  it('looks at the span that it is given, and explains itself when it cannot read it', async () => {
    const now = services.clock.now();
    const from = new Date(now.getTime() - 7_200_000).toISOString();
    const to = new Date(now.getTime() - 3_600_000).toISOString();
    expect((await run('--from', from, '--to', to)).code).toBe(0);
    const { rows } = await services.db.query<{ from: Date; to: Date }>(
      'select from_at as from, to_at as to from reconciliation_run',
    );
    expect(rows.map((row) => [row.from.toISOString(), row.to.toISOString()])).toEqual([[from, to]]);
    const refused = await run('--from', 'yesterday');
    expect(refused.code).toBe(2);
    expect(refused.text).toContain('usage:');
  });
});
