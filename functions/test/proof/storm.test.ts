import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLedger } from '../../src/store/ledger.ts';
import { freshDatabase, type FreshDatabase } from '../support/postgres.ts';
import { call } from '../support/shopping.ts';
import { actLater, actOut, type Placed } from './storm/acts.ts';
import { hashOf, readBooks } from './storm/books.ts';
import { chanceOf, type Chance } from './storm/chance.ts';
import { copyDatabase } from './storm/databases.ts';
import { quietLog } from './quiet.ts';
import { planLives, type Wish } from './storm/plan.ts';
import { startProvider, type Provider, type RecordedEvent } from './storm/provider.ts';
import { openSide, type Side } from './storm/side.ts';

const isFull = process.env['PROOF'] === 'full';
const people = isFull ? 500 : 16;
const seed = Number(process.env['PROOF_SEED'] ?? Date.now() % 2 ** 31);
const chance = chanceOf(seed);

const databases: FreshDatabase[] = [];
const sides: Side[] = [];
let provider: Provider;
const providers: Provider[] = [];
const letLogThrough = quietLog();
beforeAll(async () => {
  databases.push(await freshDatabase({ seeded: true }));
  provider = await startProvider();
  providers.push(provider);
});
afterAll(async () => {
  for (const side of sides) await side.stop();
  for (const one of providers) await one.stop();
  for (const database of databases) await database.drop();
  letLogThrough();
}, 120_000);

it('events that come twice, late, lost and sent again, in any order, leave the same books as events that come in order', async () => {
  const startedAt = Date.now();
  const { placed, databases: copies, users } = await placeOrders(planLives(chance, people));
  const [calm, wild] = await Promise.all(copies.map(({ url }) => openSide(url, provider, { people: users })));
  if (!calm || !wild) throw new Error('there are two sides');
  sides.push(calm, wild);

  await inTurns(placed, (order) => actOut(provider, order));
  const first = provider.takeEvents();
  const storm = makeStorm(first, placed);
  await Promise.all([deliverOrderly(calm, first), deliverWildly(wild, storm.now)]);
  const afterFirst = Date.now();

  await inTurns(placed, (order) => actLater(provider, order));
  const second = provider.takeEvents();
  const split = await provider.split();
  providers.splice(0, 1, ...split);
  [calm.provider, wild.provider] = split;
  for (const side of sides) await operatorsActOn(side, placed);
  await Promise.all([deliverOrderly(calm, second), deliverWildly(wild, [...storm.later, ...second, ...second])]);
  const figures = { calm: await followUp(calm, false), wild: await followUp(wild, true) };

  const [calmBooks, wildBooks] = [await readBooks(calm), await readBooks(wild)];
  const events = first.length + second.length;
  console.log(
    `storm: seed ${String(seed)}, ${String(people)} members, ${String(placed.length)} orders, ${String(events)} events and ` +
      `${String(figures.calm)} that followed; in the storm ${String(deliveries)} deliveries, of which ${String(storm.later.length)} came a season late; ` +
      `${String(calmBooks.ledger.length)} lines of ledger, ${String(calmBooks.rest.length)} of the rest`,
  );
  console.log(`storm: ledger sha256 ${hashOf(calmBooks.ledger)} in order, ${hashOf(wildBooks.ledger)} in the storm`);
  console.log(`storm: rest   sha256 ${hashOf(calmBooks.rest)} in order, ${hashOf(wildBooks.rest)} in the storm`);
  const seconds = (from: number, to: number) => String(Math.round((to - from) / 1000));
  console.log(
    `storm: ${seconds(startedAt, Date.now())} s, of which ${seconds(afterFirst, Date.now())} s for the second season`,
  );
  expect(differences(calmBooks.ledger, wildBooks.ledger)).toEqual([]);
  expect(differences(calmBooks.rest, wildBooks.rest)).toEqual([]);
  expect(hashOf(wildBooks.ledger)).toBe(hashOf(calmBooks.ledger));
  for (const side of sides) {
    expect(await verifyLedger(side.db)).toEqual([]);
    expect(await leftOpen(side)).toEqual([]);
  }
});

/** Opens the payment pages, then copies the database: two backends that know the same members and orders. */
async function placeOrders(
  wishes: Wish[],
): Promise<{ placed: Placed[]; databases: FreshDatabase[]; users: Side['people'] }> {
  const [original] = databases;
  if (!original) throw new Error('there is no database');
  const base = await openSide(original.url, provider);
  base.people.put({ uid: 'operator', role: 'owner' });
  const placed = await inTurns(wishes, (wish) => place(base, wish));
  const users = base.people;
  await base.stop();
  const copies = [await copyDatabase(original), await copyDatabase(original)];
  databases.push(...copies);
  return { placed, databases: copies, users };
}

async function place(base: Side, wish: Wish): Promise<Placed> {
  base.people.put({ uid: wish.uid, name: 'Ada Test' });
  const { currency, items } = wish;
  const as = { token: base.people.tokenOf(wish.uid) };
  const { orderId, checkoutUrl } = await call(base, 'startCheckout', { items, currency }, as);
  return { wish, orderId, checkoutUrl, sessionId: checkoutUrl.slice(checkoutUrl.lastIndexOf('/') + 1) };
}

/** Four at a time, because a person's first order makes the member, and one machine has few cores. */
async function inTurns<T, R>(list: readonly T[], deed: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const take = async () => {
    for (let index = next++; index < list.length; index = next++) results[index] = await deed(list[index] as T);
  };
  await Promise.all(Array.from({ length: 4 }, take));
  return results;
}

/**
 * Doubles the events of the first season and loses some: they come again in the second. What was disputed or paid back later is not
 * among them: a dispute that is decided before the order is delivered keeps it from being delivered, which is right, and another story.
 */
function makeStorm(events: RecordedEvent[], placed: Placed[]): { now: RecordedEvent[]; later: RecordedEvent[] } {
  const undisturbed = placed.filter(({ wish }) => wish.later === 'nothing' || wish.later.startsWith('renew'));
  const sessions = new Set(undisturbed.map(({ sessionId }) => sessionId));
  const now: RecordedEvent[] = [];
  const later: RecordedEvent[] = [];
  for (const event of events) {
    const { object } = (JSON.parse(event.body) as { data: { object: { id: string } } }).data;
    const isPayment = event.type.startsWith('checkout.session.');
    const mayWait = !isPayment || sessions.has(object.id);
    const isLost = mayWait && chance.next() < 0.15;
    (isLost ? later : now).push(event);
    (isLost || chance.next() < 0.5 ? later : now).push(event);
  }
  return { now, later };
}

let deliveries = 0;

/** One after the other, each worked off before many more have come. */
async function deliverOrderly(side: Side, events: RecordedEvent[]): Promise<void> {
  for (const [index, event] of events.entries()) {
    await side.deliver(event);
    if (index % 40 === 39) await side.workOff(1, 0);
  }
  await side.workOff(2, 600);
}

/** In any order, in bursts, with several workers, while the carrier answers sooner or later: number first, code first, all late. */
async function deliverWildly(side: Side, events: RecordedEvent[]): Promise<void> {
  const mixed = chance.shuffle(events);
  const burst = Math.ceil(mixed.length / 12);
  for (let start = 0; start < mixed.length; start += burst) {
    const delay = (chance_: Chance) => chance_.pick([0, 0, 4, 9, 30]);
    await side.carrierControl.setOxio({
      numberDelaySeconds: delay(chance),
      activationDelaySeconds: delay(chance),
      activationCodeDelaySeconds: delay(chance),
    });
    await inTurns(mixed.slice(start, start + burst), (event) => side.deliver(event));
    deliveries += Math.min(burst, mixed.length - start);
    await side.workOff(4, chance.pick([0, 3, 20]));
  }
  await side.workOff(4, 1_200);
}

/** Operators give money back here, so that our own refunds and their events are part of it. */
async function operatorsActOn(side: Side, placed: Placed[]): Promise<void> {
  const token = side.people.tokenOf('operator');
  for (const { orderId, wish } of placed.filter(({ wish: { later } }) => later.endsWith('by an operator'))) {
    const part = { amount: { unit: wish.currency, amount: '0.41' } };
    const amount = wish.later.startsWith('part') ? part : {};
    await call(side, 'refundOrder', { orderId, reason: 'the member asked', ...amount }, { token });
  }
}

/** What our own deeds at the provider bring about comes back as events, which may have effects again. Returns how many came. */
async function followUp(side: Side, isStormy: boolean): Promise<number> {
  let followed = 0;
  for (let events = side.provider.takeEvents(); events.length > 0; events = side.provider.takeEvents()) {
    followed += events.length;
    if (isStormy) await deliverWildly(side, [...events, ...events]);
    else await deliverOrderly(side, events);
  }
  return followed;
}

/** The first lines that only one of the two has. */
function differences(calm: string[], wild: string[]): string[] {
  const [inCalm, inWild] = [new Set(calm), new Set(wild)];
  const only = [
    ...calm.filter((line) => !inWild.has(line)).map((line) => `only in order: ${line}`),
    ...wild.filter((line) => !inCalm.has(line)).map((line) => `only in storm: ${line}`),
  ];
  return only.sort((a, b) => (a.slice(15) < b.slice(15) ? -1 : 1)).slice(0, 40);
}

async function leftOpen(side: Side): Promise<string[]> {
  const { rows } = await side.db.query<{ what: string }>(
    `select 'event ' || type || ' ' || event_id as what from inbox where done_at is null
     union all select 'line never announced ' || id from line where state <> 'provisioning'
       and not exists (select from mail where kind = 'esim_ready' and refers_to ->> 'lineId' = line.id)
     union all select 'dead ' || topic || ' ' || coalesce(last_error, '') from outbox where state = 'dead'`,
  );
  return rows.map(({ what }) => what);
}
