import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepOrders } from '../../../src/features/orders/sweep-orders.ts';
import type { Services } from '../../../src/platform/container.ts';
import { openDb } from '../../../src/platform/db.ts';
import { runJob, TryLater, type Job, type Topics } from '../../../src/platform/jobs.ts';
import { addJob } from '../../../src/platform/outbox.ts';
import { sweepOutbox } from '../../../src/platform/sweep.ts';
import { enqueueAll } from '../../../src/platform/tasks.ts';
import { verifyLedger } from '../../../src/store/ledger.ts';
import { topics } from '../../../src/topics.ts';
import type { CarrierPort } from '../../../src/vendors/carrier/port.ts';
import {
  booksOf,
  call,
  chargesOf,
  linesOf,
  mailsOf,
  need,
  pay,
  settle,
  shop,
  shopper,
  timelineOf,
  type Shop,
  type Shopper,
} from '../../support/shopping.ts';

const plan = 'DOTM Global Data 10 GB';

describe('two at the same work', () => {
  let t: Shop;
  beforeAll(async () => {
    t = await shop();
    await settle(t);
  });
  afterAll(async () => {
    expect(await verifyLedger(t.db)).toEqual([]);
    await t.stop();
  });

  /** A member whose paid order waits for the carrier; gives the job that is to fulfil it. */
  async function paidOrder(ada = shopper(t)): Promise<{ ada: Shopper; orderId: string; jobId: string }> {
    await ada.call('getAccount', {});
    await settle(t, 30);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl);
    await t.releaseWebhooks();
    for (const id of await dueJobs('payments.event')) await runJob(t, topics, id);
    return { ada, orderId, jobId: need((await dueJobs('order.fulfil', orderId))[0]) };
  }

  async function dueJobs(topic: string, key?: string): Promise<string[]> {
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = $1 and state = 'pending' and ($2::text is null or dedupe_key = $2) order by id`,
      [topic, key ?? null],
    );
    return rows.map(({ id }) => id);
  }

  /** Holds the first call of `method`, or the answer to it, until `open` is called, as a vendor does that takes its time. */
  function slow(
    method: keyof CarrierPort,
    what: 'call' | 'answer' = 'call',
  ): { services: Services; reached: Promise<void>; open: () => void } {
    const [reached, atGate] = gate();
    const [opened, open] = gate();
    let isFirst = true;
    const carrier = async () =>
      new Proxy(await t.carrier(), {
        get(target, name, receiver) {
          const original: unknown = Reflect.get(target, name, receiver);
          if (name !== method || typeof original !== 'function') return original;
          return async (...args: unknown[]) => {
            const waits = isFirst;
            isFirst = false;
            const answer = what === 'answer' ? ((await Reflect.apply(original, target, args)) as unknown) : undefined;
            atGate();
            if (waits) await opened;
            return what === 'answer' ? answer : ((await Reflect.apply(original, target, args)) as unknown);
          };
        },
      });
    return { services: { ...t, carrier }, reached, open };
  }

  function gate(): [Promise<void>, () => void] {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    return [promise, () => resolve(undefined)];
  }

  async function expectConnected(ada: Shopper, orderId: string): Promise<void> {
    expect((await ada.order(orderId)).state).toBe('active');
    expect(await linesOf(t, ada)).toEqual([[plan]]);
    expect(await chargesOf(t, ada)).toHaveLength(1);
    expect(await booksOf(t, orderId)).toMatchObject({ 'revenue/USD': '2000', 'data/BYTE': '10000000000' });
    expect(await mailsOf(t, ada)).toEqual(['esim_ready', 'order_paid', 'welcome']);
  }

  it('of five workers that get the same job at once, one runs it', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const ran = await Promise.all([1, 2, 3, 4, 5].map(() => runJob(t, topics, jobId)));
    expect(ran.filter((outcome) => outcome === 'ran')).toHaveLength(1);
    await settle(t, 30);
    await expectConnected(ada, orderId);
  });

  it('the same event worked off by two at once is booked once', async () => {
    const ada = shopper(t);
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl);
    await t.releaseWebhooks();
    const jobs = await dueJobs('payments.event');
    await Promise.all([...jobs, ...jobs].map((id) => runJob(t, topics, id)));
    await settle(t, 30);
    await expectConnected(ada, orderId);
  });

  it('a worker that lost its lease while the carrier made the line writes nothing; its line is found by the next', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const held = slow('createLine', 'answer');
    const late = runJob(held.services, topics, jobId);
    await held.reached;
    await t.advance(151);
    const second = slow('listLines', 'answer');
    const next = runJob(second.services, topics, jobId);
    await second.reached;
    // The first one hears of its line only now, and so late that it may not even note it down.
    held.open();
    expect(await late).toBe('ran');
    expect((await ada.order(orderId)).lineId).toBeNull();
    second.open();
    await next;
    await settle(t, 60);
    await expectConnected(ada, orderId);
    expect((await timelineOf(ada, orderId)).filter((kind) => kind === 'line_created')).toHaveLength(1);
  });

  it('a worker that lost its lease while the carrier put the plan on writes nothing, and no second plan is put on', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const held = slow('addPlan', 'answer');
    const late = runJob(held.services, topics, jobId);
    await held.reached;
    await t.advance(151);
    const second = slow('listPlansOfSim', 'answer');
    const next = runJob(second.services, topics, jobId);
    await second.reached;
    held.open();
    await late;
    expect(await timelineOf(ada, orderId)).not.toContain('plan_added');
    second.open();
    await next;
    await settle(t, 60);
    await expectConnected(ada, orderId);
  });

  it('a worker that was slow before the line is made has lost its turn and makes none', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const held = slow('listLines');
    const late = runJob(held.services, topics, jobId);
    await held.reached;
    await t.advance(151);
    await runJob(t, topics, jobId);
    held.open();
    expect(await late).toBe('ran');
    await settle(t, 60);
    await expectConnected(ada, orderId);
  });

  it('a worker whose lane was taken by another order of the member makes no line beside that one', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const { orderId: otherId, jobId: otherJob } = await paidOrderBeside(ada);
    const held = slow('listLines');
    const late = runJob(held.services, topics, jobId);
    await held.reached;
    await t.advance(151);
    await runJob(t, topics, otherJob);
    held.open();
    await late;
    await settle(t, 600);
    expect(await linesOf(t, ada)).toEqual([[plan, plan]]);
    expect((await ada.order(orderId)).state).toBe('active');
    expect((await ada.order(otherId)).lineId).toBe((await ada.order(orderId)).lineId);
  });

  async function paidOrderBeside(ada: Shopper): Promise<{ orderId: string; jobId: string }> {
    const { orderId, checkoutUrl } = await ada.checkout('global_data_10gb');
    await pay(checkoutUrl);
    await t.releaseWebhooks();
    for (const id of await dueJobs('payments.event')) await runJob(t, topics, id);
    return { orderId, jobId: need((await dueJobs('order.fulfil', orderId))[0]) };
  }

  it('three orders of one member worked off at once make one line with three plans', async () => {
    const { ada, jobId } = await paidOrder();
    const others = [await paidOrderBeside(ada), await paidOrderBeside(ada)];
    await Promise.all([jobId, ...others.map((other) => other.jobId)].map((id) => runJob(t, topics, id)));
    await settle(t, 60);
    expect(await linesOf(t, ada)).toEqual([[plan, plan, plan]]);
    for (const order of (await ada.call('listOrders', {})).orders) expect(order.state).toBe('active');
  });

  it('a refund by deadline and a release in the same moment end in one of the two', async () => {
    const { ada, orderId, jobId } = await paidOrder();
    const held = slow('listPlansOfSim');
    const late = runJob(held.services, topics, jobId);
    await held.reached;
    await t.db.query(`update orders set deadline_at = $2 where id = $1`, [orderId, t.clock.now()]);
    held.open();
    await Promise.all([late, sweepOrders(t)]);
    await settle(t, 60);
    const { state } = await ada.order(orderId);
    const [charge] = await chargesOf(t, ada);
    if (state === 'refunded') {
      expect(await booksOf(t, orderId)).toEqual({});
      expect(charge?.refunded).toBe(2000);
    } else {
      expect(state).toBe('active');
      expect(charge?.refunded).toBe(0);
    }
  });

  it('an operator and the deadline that refund the same order at once give the money back once', async () => {
    const operator = shopper(t, 'finance');
    t.people.put({ uid: operator.uid, role: 'finance' });
    const { ada, orderId } = await paidOrder();
    await t.db.query(`update orders set deadline_at = $2 where id = $1`, [orderId, t.clock.now()]);
    await Promise.allSettled([
      sweepOrders(t),
      sweepOrders(t),
      operator.call('refundOrder', { orderId, reason: 'the member asked' }),
    ]);
    await settle(t, 60);
    expect((await ada.order(orderId)).state).toBe('refunded');
    expect(await booksOf(t, orderId)).toEqual({});
    expect(await chargesOf(t, ada)).toEqual([{ amount: 2000, refunded: 2000, currency: 'usd' }]);
  });

  describe('leases', () => {
    const now = () => t.clock.now();
    let made = 0;

    /** Puts a job of its own topic in the outbox. */
    async function job(lane?: string): Promise<string> {
      made += 1;
      const key = `lease-${String(made)}`;
      await t.db.transaction((tx) =>
        addJob(
          tx,
          { queue: 'carrier', topic: 'test.lease', key, payload: {}, ...(lane === undefined ? {} : { lane }) },
          now(),
        ),
      );
      const { rows } = await t.db.query<{ id: string }>('select id from outbox where dedupe_key = $1', [key]);
      return need(rows[0]).id;
    }

    const handledBy = (handler: (job: Job) => Promise<void>): Topics => ({
      'test.lease': {
        queue: 'carrier',
        load: async () => (_services: Services, one: Job) => handler(one),
        maxAttempts: 3,
      },
    });

    async function stateOf(id: string) {
      const { rows } = await t.db.query<{ state: string; attempts: number; claims: number }>(
        'select state, attempts, claims from outbox where id = $1',
        [id],
      );
      return need(rows[0]);
    }

    it('a worker that comes back after its lease can neither finish nor fail the job that another one holds', async () => {
      for (const end of ['finish', 'fail', 'wait'] as const) {
        const id = await job();
        const [reached, atGate] = gate();
        const [opened, open] = gate();
        const late = runJob(
          t,
          handledBy(async (one) => {
            atGate();
            await opened;
            if (end === 'fail') throw new Error('too late');
            if (end === 'wait') throw new TryLater('too late', 1);
            await t.db.transaction((tx) => one.finish(tx));
          }),
          id,
        );
        await reached;
        await t.advance(151);
        let seen = '';
        await runJob(
          t,
          handledBy(async (one) => {
            open();
            expect(await late, end).toBe('ran');
            seen = (await stateOf(id)).state;
            await t.db.transaction((tx) => one.finish(tx));
          }),
          id,
        );
        expect(seen, end).toBe('pending');
        expect(await stateOf(id), end).toEqual({ state: 'done', attempts: 0, claims: 2 });
      }
    });

    it('a worker that renews its lease in time keeps the job, and its lane, to itself', async () => {
      const lane = 'test:lane';
      const [id, other] = [await job(lane), await job(lane)];
      let ran = '';
      const outcomes: string[] = [];
      await runJob(
        t,
        handledBy(async (one) => {
          for (let round = 0; round < 3; round += 1) {
            await t.advance(100);
            await one.renew();
            outcomes.push(
              await runJob(
                t,
                handledBy(async () => void (ran += 'same ')),
                id,
              ),
            );
            outcomes.push(
              await runJob(
                t,
                handledBy(async () => void (ran += 'lane ')),
                other,
              ),
            );
          }
          await t.db.transaction((tx) => one.finish(tx));
        }),
        id,
      );
      expect(ran).toBe('');
      expect(outcomes.every((outcome) => outcome === 'skipped')).toBe(true);
      expect((await stateOf(id)).state).toBe('done');
      await t.db.query(`delete from outbox where id = $1`, [other]);
    });

    it('a job that keeps failing is buried after its attempts, with one alert', async () => {
      const id = await job();
      for (let attempt = 0; attempt < 5; attempt += 1) {
        await runJob(
          t,
          handledBy(() => Promise.reject(new Error('always'))),
          id,
        );
        await t.advance(400);
      }
      expect(await stateOf(id)).toMatchObject({ state: 'dead', attempts: 3 });
      const { rows } = await t.db.query(`select 1 from alert where kind = 'job_dead' and subject = $1`, [id]);
      expect(rows).toHaveLength(1);
    });
  });

  describe('between commit and queue', () => {
    /** Receives tasks as Cloud Tasks does, from the SDK that production uses. */
    let tasks: Server;
    let received: string[] = [];
    beforeAll(async () => {
      tasks = createServer((req, res) => {
        const chunks: Buffer[] = [];
        req.on('data', (chunk: Buffer) => chunks.push(chunk));
        req.on('end', () => {
          const { task } = JSON.parse(Buffer.concat(chunks).toString()) as { task: { httpRequest: { body: string } } };
          const body = JSON.parse(Buffer.from(task.httpRequest.body, 'base64').toString()) as {
            data: { jobId: string };
          };
          received.push(body.data.jobId);
          res.setHeader('content-type', 'application/json').end('{}');
        });
      });
      await new Promise<void>((resolve) => tasks.listen(0, '127.0.0.1', resolve));
      process.env['CLOUD_TASKS_EMULATOR_HOST'] = `127.0.0.1:${String((tasks.address() as AddressInfo).port)}`;
      process.env['GCLOUD_PROJECT'] = 'demo-dotm';
      // There is no metadata server here to ask who we are.
      process.env['METADATA_SERVER_DETECTION'] = 'none';
    });
    afterAll(async () => {
      delete process.env['CLOUD_TASKS_EMULATOR_HOST'];
      tasks.closeAllConnections();
      await new Promise((resolve) => tasks.close(resolve));
    });

    it('a job becomes a task at once; one whose process died before that is queued by the sweeper, and runs', async () => {
      await settle(t, 30);
      const queueing = openDb({ connectionString: t.databaseUrl, max: 2, onCommitted: enqueueAll });
      const dying = openDb({
        connectionString: t.databaseUrl,
        max: 2,
        onCommitted: () => Promise.reject(new Error('the process died after its commit')),
      });
      try {
        const ada = shopper(t);
        received = [];
        await call({ ...t, db: queueing }, 'getAccount', {}, { token: ada.token });
        const queued = await pending();
        expect(queued.length).toBeGreaterThan(2);
        expect([...received].sort()).toEqual(queued);
        await settle(t, 30);

        const bob = shopper(t, 'bob');
        received = [];
        await expect(call({ ...t, db: dying }, 'getAccount', {}, { token: bob.token })).rejects.toThrow('died after');
        const lost = await pending();
        expect(received).toEqual([]);
        // Young jobs are left to their own task; a minute later the sweeper takes up what nobody took.
        expect(await sweepOutbox(t.db, t.clock.now())).toBe(0);
        await t.advance(60);
        expect(await sweepOutbox(t.db, t.clock.now())).toBe(lost.length);
        expect([...received].sort()).toEqual(lost);
        for (const id of received) await runJob(t, topics, id);
        await settle(t, 30);
        expect(await mailsOf(t, bob)).toEqual(['welcome']);
        expect(await sweepOutbox(t.db, t.clock.now())).toBe(0);
      } finally {
        await queueing.end();
        await dying.end();
      }
    });

    async function pending(): Promise<string[]> {
      const { rows } = await t.db.query<{ id: string }>(`select id from outbox where state = 'pending' order by id`);
      return rows.map(({ id }) => id);
    }
  });
});
