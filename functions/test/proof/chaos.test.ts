import { afterAll, beforeAll, expect, it } from 'vitest';
import { sweepOrders } from '../../src/features/orders/sweep-orders.ts';
import { settle, shop, type Shop } from '../support/shopping.ts';
import { quietLog } from './quiet.ts';
import { letPeopleCome } from './chaos/crowd.ts';
import { startMortalPostgres, type MortalPostgres } from './chaos/database.ts';
import { pause, processOf, sweep, work, type Troubles } from './chaos/staff.ts';
import { judge } from './chaos/verdict.ts';
import { badWeather } from './chaos/weather.ts';

const size =
  process.env['PROOF'] === 'full'
    ? { seconds: 600, orders: 1_000, people: 250, workers: 6, restMs: 3_500 }
    : { seconds: 9, orders: 24, people: 8, workers: 4, restMs: 1_000 };

/** The shared clock runs ahead of the wall: leases, waits and deadlines of an hour come up within the campaign. */
const clockSpeed = 12;

let postgres: MortalPostgres;
let world: Shop;
let shared: string | undefined;
const letLogThrough = quietLog();
beforeAll(async () => {
  postgres = await startMortalPostgres();
  shared = process.env['TEST_POSTGRES_URL'];
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  world = await shop();
}, 180_000);
afterAll(async () => {
  process.env['TEST_POSTGRES_URL'] = shared;
  await world.stop();
  await postgres.stop();
  letLogThrough();
}, 120_000);

it('whatever fails, every order that was paid ends connected or refunded, with one charge and one line', async () => {
  const troubles: Troubles = new Map();
  const door = processOf(world, 8);
  const staff = Array.from({ length: size.workers + 2 }, () => processOf(world, 3));
  const [sweeperA, sweeperB, ...workers] = staff;
  if (!sweeperA || !sweeperB) throw new Error('nobody is at work');
  world.webhookProcess = () => door;
  await world.control.setWebhookMode('stripe', 'normal');
  const clearsAt = Date.now() + size.seconds * 1_000;
  let isAtRest = false;
  const everybody = [
    sweep(sweeperA, () => isAtRest, troubles),
    sweep(sweeperB, () => isAtRest, troubles),
    ...workers.map((worker) => work(worker, () => isAtRest, troubles)),
    runClock(() => isAtRest),
  ];
  const crowd = letPeopleCome(world, door, { ...size, forMs: size.seconds * 900 });
  const damage = await badWeather(world.control, postgres, size.restMs, () => Date.now() > clearsAt);
  const endedInTheStorm = await countEnded();
  const bought = await crowd;
  await untilWorkedOff();
  isAtRest = true;
  await Promise.all(everybody);
  await comeToRest();
  await Promise.all([door, ...staff].map(({ db }) => db.end()));

  const verdict = await judge(world);
  const { problems, ...figures } = verdict;
  console.log(
    `chaos: ${JSON.stringify({ orders: bought.length, endedInTheStorm, ...figures, ...damage, longestVisitMs: Math.max(...bought.map((one) => one.tookMs)) })}`,
  );
  console.log(`chaos: what workers and sweepers met: ${JSON.stringify(Object.fromEntries(troubles))}`);
  expect(problems).toEqual([]);
  expect(verdict.released + verdict.refunded).toBe(size.orders);
  expect(Object.values(damage.losses).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(size.seconds / 15);
});

/** Moves the shared clock on, a step at a time, so that no call under way outlives a lease by a jump. */
async function runClock(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await pause(250);
    await world.advance(0.25 * (clockSpeed - 1));
  }
}

/** Orders that have come to one of their two ends. */
async function countEnded(): Promise<number> {
  const { rows } = await world.db.query<{ count: bigint }>(
    `select count(*) as count from orders where state in ('released', 'installed', 'active', 'refunded')`,
  );
  return Number(rows[0]?.count ?? 0n);
}

/**
 * The staff goes on in clear weather until no job waits. While none is due the clock takes steps: of half a minute, a fraction of a
 * lease, because somebody may be at work.
 */
async function untilWorkedOff(): Promise<void> {
  for (let round = 0; ; round += 1) {
    if (round % 20 === 0) await resendEvents();
    const { rows } = await world.db.query<{ waiting: bigint; due: bigint }>(
      `select count(*) as waiting, count(*) filter (where run_at <= $1) as due
       from outbox where state = 'pending' and topic <> 'line.watch'`,
      [world.clock.now()],
    );
    if (rows[0]?.waiting === 0n) return;
    if (rows[0]?.due === 0n) await world.advance(30);
    await pause(200);
  }
}

/** Sends again what was not delivered: the provider would in the course of hours. */
async function resendEvents(): Promise<void> {
  for (const delivery of await world.control.webhooks('stripe')) {
    if (delivery.state !== 'delivered') await world.control.resendWebhook(delivery.id);
  }
}

/** Nobody is at work any more: what is left falls due and is done, one by one, until nothing waits. */
async function comeToRest(): Promise<void> {
  await world.control.setWebhookMode('stripe', 'hold');
  for (let round = 0; round < 2; round += 1) {
    await resendEvents();
    await sweepOrders(world);
    await settle(world, 1_200);
  }
}
