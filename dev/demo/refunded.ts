import { Shopper, type DemoWorld } from './shopper.ts';
import type { Timeline } from './timeline.ts';

/** The carrier refuses a line for good: the member gets the money back. Returns whether all of it came back. */
export async function showRefunded(world: DemoWorld, timeline: Timeline): Promise<boolean> {
  const fault = await world.control.addFault({
    vendor: 'oxio',
    kind: 'status',
    method: 'POST',
    path: '/v3/lines/line',
    status: 400,
    body: { error: 'Invalid parameters', code: 3 },
  });
  timeline.say('the carrier will refuse the next line for good');
  try {
    const bob = await Shopper.signUp(world, 'bob');
    timeline.say(`${bob.email} signed up`);
    const order = await bob.watch(await bob.buy('global_data_10gb', timeline), ['refunded'], timeline);
    if (!order) {
      timeline.say('NOT refunded in time');
      return false;
    }
    timeline.say(`refunded ${order.refunded.amount} of ${order.total.amount} ${order.total.unit}`);
    const mail = await bob.mail(/money/i);
    timeline.say(mail === null ? 'NO mail about it came' : `mail came: "${mail}"`);
    return order.refunded.amount === order.total.amount && mail !== null;
  } finally {
    await world.control.call('DELETE', `/faults/${fault.id}`);
  }
}
