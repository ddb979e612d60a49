import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { receivePaymentEvent } from '../../../src/features/orders/receive-payment-event.ts';
import { openDb, type Db, type Tx } from '../../../src/platform/db.ts';
import { newEntry, type OutboxEntry } from '../../../src/platform/outbox.ts';
import { eventJob, receiveEvents, type EventToKeep } from '../../../src/store/inbox.ts';
import { mortalProcess } from '../../support/mortal.ts';
import { TEST_WEBHOOK_SECRET, testServices, type TestServices } from '../../support/services.ts';

let t: TestServices;
let db: Db;
let queued: OutboxEntry[] = [];

beforeAll(async () => {
  t = await testServices();
  db = openDb({
    connectionString: t.databaseUrl,
    max: 4,
    onCommitted: (entries) => {
      queued.push(...entries);
      return Promise.resolve();
    },
  });
});

afterAll(async () => {
  await db.end();
  await t.stop();
});

/** An event as Stripe sends it, signed now. */
function signed(id: string, type = 'checkout.session.completed'): [Buffer, string] {
  const at = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({ id, object: 'event', type, created: at, data: { object: { id: `cs_${id}` } } });
  const signature = createHmac('sha256', TEST_WEBHOOK_SECRET)
    .update(`${String(at)}.${body}`)
    .digest('hex');
  return [Buffer.from(body), `t=${String(at)},v1=${signature}`];
}

function receive(id: string, type?: string): Promise<{ isNew: boolean }> {
  return receivePaymentEvent({ ...t, db }, ...signed(id, type));
}

function toKeep(eventId: string): EventToKeep {
  const now = new Date();
  const what = { source: 'stripe', type: 'charge.refunded', objectId: `ch_${eventId}` } as const;
  return { ...what, eventId, eventAt: now, receivedAt: now, job: newEntry(eventJob, now) };
}

async function jobsOf(ids: readonly string[]): Promise<string[]> {
  const { rows } = await t.db.query<{ id: string }>(
    `select id from outbox where topic = 'payments.event' and dedupe_key = any ($1) order by id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

async function eventsOf(ids: readonly string[]): Promise<{ event_id: string; outcome: string | null }[]> {
  const { rows } = await t.db.query<{ event_id: string; outcome: string | null }>(
    'select event_id, outcome from inbox where event_id = any ($1) order by event_id',
    [ids],
  );
  return rows;
}

it('a hundred events at once, each sent twice, are each kept once with one job, and each job is queued once', async () => {
  queued = [];
  const ids = Array.from({ length: 100 }, (_, index) => `evt_burst_${String(index).padStart(3, '0')}`);
  const answers = await Promise.all([...ids, ...ids.toReversed()].map((id) => receive(id)));
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(100);
  expect(await eventsOf(ids)).toHaveLength(100);
  const jobs = await jobsOf(ids);
  expect(jobs).toHaveLength(100);
  expect(queued.map(({ id }) => id).toSorted()).toEqual(jobs);
});

it('an event that was kept before is not new, and gets no second job', async () => {
  queued = [];
  expect(await receive('evt_twice')).toEqual({ isNew: true });
  expect(await receive('evt_twice')).toEqual({ isNew: false });
  expect(queued).toHaveLength(1);
  expect(await jobsOf(['evt_twice'])).toHaveLength(1);
});

it('among events that come together, one that nobody handles is kept as done and gets no job', async () => {
  queued = [];
  const kinds = ['charge.refunded', 'a.type.of.the.future', 'charge.refunded', 'balance.available'];
  const ids = kinds.map((_kind, index) => `evt_mixed_${String(index)}`);
  await Promise.all(kinds.map((kind, index) => receive(ids[index] ?? '', kind)));
  const ignored = 'ignored: no handler for this type';
  expect((await eventsOf(ids)).map(({ outcome }) => outcome)).toEqual([null, ignored, null, ignored]);
  expect((await jobsOf(ids)).length).toBe(2);
  expect(queued).toHaveLength(2);
});

it('each job carries the trace of its own request, though they were written together', async () => {
  const events = ['evt_trace_a', 'evt_trace_b'].map(toKeep);
  await db.statement((tx) => receiveEvents(tx, events));
  const { rows } = await t.db.query('select trace_id from outbox where dedupe_key = any ($1) order by dedupe_key', [
    ['evt_trace_a', 'evt_trace_b'],
  ]);
  expect(rows).toEqual(events.map(({ job }) => ({ trace_id: job?.traceId })));
});

it('the same events in any order from many instances at once never wait for each other, and each is new to one of them', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `evt_cross_${String(index)}`);
  const news = await Promise.all(
    Array.from({ length: 12 }, (_, instance) => {
      const order = instance % 2 === 0 ? ids : ids.toReversed();
      // Once, without the repetition that would hide a deadlock.
      const tx: Tx = { ...t.db, deferred: [], once: new Set() };
      return receiveEvents(tx, order.map(toKeep));
    }),
  );
  expect(news.flat().filter(Boolean)).toHaveLength(40);
  expect(await jobsOf(ids)).toHaveLength(40);
});

it('a process that dies when the event is kept leaves its job for the sweeper, and to Stripe it says nothing', async () => {
  queued = [];
  const dying = mortalProcess({ ...t, db }, 'webhook: after writing inbox');
  await expect(receivePaymentEvent(dying.begin('webhook'), ...signed('evt_death'))).rejects.toThrow('died');
  expect(queued).toEqual([]);
  expect(await jobsOf(['evt_death'])).toHaveLength(1);
  expect(await receive('evt_death')).toEqual({ isNew: false });
});

it('a second statement does not slip out of what is meant to be one', async () => {
  const two = db.statement(async (tx) => {
    await tx.query('select 1');
    await tx.query('insert into catalog_version (version, published_at) values (77, now())');
  });
  await expect(two).rejects.toThrow('use transaction');
  expect((await db.query('select 1 from catalog_version where version = 77')).rows).toEqual([]);
});
