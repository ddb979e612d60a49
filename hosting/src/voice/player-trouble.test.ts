import { expect, test } from 'vitest';
import { fakeMessage, makeRig } from './test-sounds.ts';

test('a tap on a device that saves data is not forgotten when a later state of the message comes', async () => {
  const { player, clock, world } = makeRig();
  world.savesData = true;
  player.show(fakeMessage({}));
  player.play();
  player.show(fakeMessage({ revision: 2 }));
  await clock.pass(50);
  expect(player.getState().phase).toBe('asking');
});

test('a clip that is being made is waited for in silence and sounds as soon as it is there', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({ missing: [1, 2, 3] }));
  player.play();
  await clock.pass(2500);
  expect(player.getState().phase).toBe('waiting');
  player.show(fakeMessage({ missing: [2, 3] }));
  await clock.pass(50);
  expect(heardNow()).toBe('One two three.');
  player.show(fakeMessage({}));
  await clock.pass(3000);
  expect(heardNow()).toBe('Four five.');
});

test('a sentence that could not be recorded is shown as text for as long as it would be said, counts as heard then, and the message goes on', async () => {
  const { player, clock, heardNow, reports } = makeRig();
  player.show(fakeMessage({ unrecorded: [1] }));
  player.play();
  await clock.pass(2500);
  expect(player.getState()).toMatchObject({ phase: 'waiting', segment: 1 });
  expect(heardNow()).toBe(null);
  player.show(fakeMessage({ unrecorded: [1], heard: [0] }));
  await clock.pass(1000);
  expect(heardNow()).toBe('Four five.');
  await clock.pass(7000);
  expect(player.getState().phase).toBe('ended');
  expect(reports.at(-1)?.report.heard).toEqual([0, 1, 2, 3]);
});

test('a message that ends with a sentence that could not be recorded comes to its end', async () => {
  const { player, clock } = makeRig();
  player.show(fakeMessage({ unrecorded: [0, 1, 2, 3] }));
  player.play();
  await clock.pass(1000);
  player.pause();
  await clock.pass(10_000);
  expect(player.getState()).toMatchObject({ phase: 'paused', segment: 1 });
  player.play();
  await clock.pass(10_000);
  expect(player.getState().phase).toBe('ended');
});

test('who pauses while a clip is being made is not surprised by it', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({ missing: [0, 1, 2, 3] }));
  player.play();
  await clock.pass(100);
  player.pause();
  player.show(fakeMessage({}));
  await clock.pass(3000);
  expect(heardNow()).toBe(null);
});

test('without network it keeps trying, and goes on by itself when the network is back', async () => {
  const { player, clock, heardNow, world } = makeRig();
  world.failing = 'offline';
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(20_000);
  expect(player.getState()).toMatchObject({ phase: 'loading', failure: 'offline' });
  world.failing = null;
  player.retryNow();
  await clock.pass(50);
  expect(heardNow()).toBe('Hi Ada!');
  expect(player.getState().failure).toBe(null);
});

test('a network that drops in the middle costs no sentence', async () => {
  const { player, clock, heardNow, world, reports } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(2500);
  world.failing = 'network';
  await clock.pass(4000);
  // The third sentence was there already; the fourth is not.
  await clock.pass(2000);
  expect(player.getState()).toMatchObject({ segment: 3, phase: 'loading' });
  world.failing = null;
  await clock.pass(3000);
  expect(heardNow()).toBe('Six seven eight nine.');
  await clock.pass(6000);
  expect(reports.at(-1)?.report.heard).toEqual([0, 1, 2, 3]);
});

test('a clip that is gone has the message asked for once, then says so', async () => {
  const { player, clock, world } = makeRig();
  world.failing = 'missing';
  player.show(fakeMessage({}));
  await clock.pass(50);
  player.play();
  await clock.pass(50);
  expect(world.asksForMessage).toBe(1);
  player.show(fakeMessage({}));
  await clock.pass(50);
  expect(world.asksForMessage).toBe(1);
  expect(player.getState()).toMatchObject({ phase: 'paused', failure: 'missing' });
});

test('bytes that are no sound are thrown away and fetched once more', async () => {
  const { player, clock, world, heardNow } = makeRig();
  player.show(fakeMessage({}));
  world.failing = 'broken';
  await clock.pass(50);
  player.play();
  await clock.pass(8);
  world.failing = null;
  await clock.pass(50);
  expect(world.forgotten).toHaveLength(1);
  expect(heardNow()).toBe('Hi Ada!');
});

test('a device that saves data is asked first, fetches nothing ahead, and plays what it has without a question', async () => {
  const { player, clock, world, fetched, kept, heardNow } = makeRig();
  world.savesData = true;
  player.show(fakeMessage({}));
  await clock.pass(100);
  expect(fetched).toEqual([]);
  player.play();
  await clock.pass(100);
  expect(player.getState().phase).toBe('asking');
  expect(fetched).toEqual([]);
  player.play(true);
  await clock.pass(1000);
  expect(heardNow()).toBe('Hi Ada!');
  expect(fetched).toHaveLength(1);
  expect(kept).toEqual([]);

  const other = makeRig();
  other.world.savesData = true;
  other.world.keptAll = true;
  other.player.show(fakeMessage({}));
  other.player.play();
  await other.clock.pass(100);
  expect(other.heardNow()).toBe('Hi Ada!');
});

test('a device that saves data plays what it has without a question, though a sentence could not be recorded', async () => {
  const { player, clock, world, heardNow } = makeRig();
  world.savesData = true;
  world.keptAll = true;
  player.show(fakeMessage({ unrecorded: [2] }));
  player.play();
  await clock.pass(100);
  expect(heardNow()).toBe('Hi Ada!');
});

test('a headset that is unplugged pauses the message', async () => {
  const { player, clock, sounds, reports } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(1000);
  sounds.find((sound) => sound.sounds)?.pause();
  await clock.pass(10);
  expect(player.getState().phase).toBe('paused');
  expect(reports.at(-1)?.report.offsetMs).toBeGreaterThan(800);
});

test('where the browser forbids sound it waits for a tap instead of failing', async () => {
  const { player, clock, sounds } = makeRig();
  for (const sound of sounds) sound.forbidden = true;
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(100);
  expect(player.getState()).toMatchObject({ phase: 'paused', failure: null });
});
