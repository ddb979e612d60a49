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
    ? { seconds: 600, orders: 1_000, people: 250, workers: 6 }
    : { seconds: 8, orders: 24, people: 8, workers: 4 };

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
  let isCrowdGone = false;
  let isClear = false;
  const everybody = [
    sweep(sweeperA, () => isClear, troubles),
    sweep(sweeperB, () => isClear, troubles),
    ...workers.map((worker) => work(worker, () => isClear, troubles)),
    runClock(() => isClear),
  ];
  const storm = badWeather(world.control, postgres, () => isCrowdGone);
  const bought = await letPeopleCome(world, door, { ...size, forMs: size.seconds * 1_000 });
  isCrowdGone = true;
  const damage = await storm;
  isClear = true;
  await Promise.all(everybody);
  await comeToRest();
  await Promise.all([door, ...staff].map(({ db }) => db.end()));

  const verdict = await judge(world);
  const { problems, ...figures } = verdict;
  console.log(
    `chaos: ${JSON.stringify({ ...figures, orders: bought.length, ...damage, longestVisitMs: Math.max(...bought.map((one) => one.tookMs)) })}`,
  );
  console.log(`chaos: what workers and sweepers met: ${JSON.stringify(Object.fromEntries(troubles))}`);
  expect(problems).toEqual([]);
  expect(verdict.released + verdict.refunded).toBe(size.orders);
  expect(Object.values(damage.losses).every((count) => count > 0)).toBe(true);
});

/** Moves the shared clock on, a step at a time, so that no call under way outlives a lease by a jump. */
async function runClock(isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await pause(250);
    await world.advance(0.25 * (clockSpeed - 1));
  }
}

/** The weather is clear: what was not delivered is sent again, what is due is done, and the clock goes on until nothing waits. */
async function comeToRest(): Promise<void> {
  await world.control.setWebhookMode('stripe', 'hold');
  for (let round = 0; round < 3; round += 1) {
    for (const delivery of await world.control.webhooks('stripe')) {
      if (delivery.state !== 'delivered') await world.control.resendWebhook(delivery.id);
    }
    await sweepOrders(world);
    await settle(world, 1_200);
  }
}
