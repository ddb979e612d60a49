import { afterEach, describe, expect, it } from 'vitest';
import { startReceiver, until } from '../testing/sandbox.ts';
import { SandboxClock } from './clock.ts';
import { openStore } from './store.ts';
import type { Store } from './store.ts';
import { WebhookSender } from './webhooks.ts';

const sign = (body: string, timestampSeconds: number) => ({ 'x-signature': `${timestampSeconds}.${body.length}` });
const cleanups: (() => Promise<void>)[] = [];

function senderTo(url: string | undefined, store: Store = openStore(':memory:')): WebhookSender {
  const sender = new WebhookSender({ store, clock: new SandboxClock(store), vendor: 'stripe', url, sign });
  cleanups.push(() => sender.stop());
  return sender;
}

async function receiver(answer?: (count: number) => number) {
  const started = await startReceiver(answer);
  cleanups.push(started.stop);
  return started;
}

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const event = (id: string) => JSON.stringify({ id, type: 'charge.succeeded', text: 'Zoë' });
const idsOf = (bodies: { body: string }[]) => bodies.map(({ body }) => (JSON.parse(body) as { id: string }).id);

describe('webhook deliveries', () => {
  it('arrive byte for byte, signed with the real time, and are written down', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(url);
    sender.send('evt_1', event('evt_1'));
    await until(() => sender.list()[0]?.state === 'delivered');
    expect(received[0]?.body).toBe(event('evt_1'));
    const [seconds] = String(received[0]?.headers['x-signature']).split('.');
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5);
    expect(sender.list()[0]).toMatchObject({ eventId: 'evt_1', eventType: 'charge.succeeded' });
    expect(sender.list()[0]?.attempts).toMatchObject([{ status: 200, answer: 'seen' }]);
  });

  it('are tried again until they are answered 2xx', async () => {
    const { url, received } = await receiver((count) => (count === 1 ? 500 : 204));
    const sender = senderTo(url);
    sender.send('evt_1', event('evt_1'));
    await until(() => sender.list()[0]?.state === 'delivered');
    expect(received).toHaveLength(2);
    expect(sender.list()[0]?.attempts.map((attempt) => attempt.status)).toEqual([500, 204]);
  });

  it('keep why nobody answered, and when they will be tried again', async () => {
    const gone = await startReceiver();
    await gone.stop();
    const sender = senderTo(gone.url);
    sender.send('evt_1', event('evt_1'));
    const delivery = await until(() => sender.list().find((one) => one.attempts.length > 0));
    expect(delivery).toMatchObject({ state: 'waiting', attempts: [{ status: null }] });
    expect(delivery.attempts[0]?.error).toContain('ECONNREFUSED');
    expect(Date.parse(delivery.nextAttemptAt ?? '')).toBeGreaterThan(Date.now() - 1_000);
  });

  it('wait while there is no target, and leave once there is one', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(undefined);
    sender.send('evt_1', event('evt_1'));
    await sender.idle();
    expect(sender.list()[0]?.state).toBe('waiting');
    sender.setTarget(url);
    await until(() => received.length === 1);
  });

  it('that were waiting when the sandbox ended are sent by the next start', async () => {
    const store = openStore(':memory:');
    const first = senderTo(undefined, store);
    first.send('evt_1', event('evt_1'));
    await first.stop();
    const { url, received } = await receiver();
    senderTo(url, store);
    await until(() => received.length === 1);
  });

  it('under way do not keep the sandbox from stopping, and are tried again by the next start', async () => {
    const store = openStore(':memory:');
    const { url, received } = await receiver(() => 0);
    const first = senderTo(url, store);
    first.send('evt_1', event('evt_1'));
    await until(() => received.length === 1);
    await first.stop();
    expect(first.list()[0]).toMatchObject({ state: 'waiting', attempts: [] });
  });

  it('come twice in mode duplicate', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(url);
    sender.setMode('duplicate');
    sender.send('evt_1', event('evt_1'));
    await until(() => received.length === 2);
    expect(idsOf(received)).toEqual(['evt_1', 'evt_1']);
  });

  it('are held until released, then come in order', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(url);
    sender.setMode('hold');
    for (const id of ['evt_1', 'evt_2', 'evt_3']) sender.send(id, event(id));
    await sender.idle();
    expect(received).toEqual([]);
    expect(await sender.release()).toBe(3);
    expect(idsOf(received)).toEqual(['evt_1', 'evt_2', 'evt_3']);
    expect(await sender.release()).toBe(0);
  });

  it('come in another order in mode shuffle', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(url);
    sender.setMode('shuffle');
    const ids = Array.from({ length: 12 }, (_, n) => `evt_${n}`);
    for (const id of ids) sender.send(id, event(id));
    await sender.release();
    expect(idsOf(received).sort()).toEqual([...ids].sort());
    // One chance in 12! that a fair shuffle changes nothing.
    expect(idsOf(received)).not.toEqual(ids);
  });

  it('never leave in mode drop, but can be sent by hand', async () => {
    const { url, received } = await receiver();
    const sender = senderTo(url);
    sender.setMode('drop');
    sender.send('evt_1', event('evt_1'));
    await sender.idle();
    expect(received).toEqual([]);
    const dropped = sender.list({ state: 'dropped' })[0];
    expect((await sender.resend(dropped?.id ?? ''))?.state).toBe('delivered');
    expect(received).toHaveLength(1);
    expect(await sender.resend('whd_none')).toBeUndefined();
  });
});
