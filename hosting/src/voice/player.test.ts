import { expect, test } from 'vitest';
import { fakeMessage, makeRig } from './test-sounds.ts';

test('nothing sounds before the listener asks for it', async () => {
  const { player, clock, sounds, heardNow } = makeRig();
  player.show(fakeMessage({}));
  await clock.pass(5000);
  expect(heardNow()).toBe(null);
  expect(sounds.map((sound) => sound.wasAskedToPlay)).toEqual([0, 0]);
  expect(player.getState().phase).toBe('paused');
});

test('a clip that is on the device begins within a breath of the tap', async () => {
  const { player, clock, heardNow, world } = makeRig();
  player.show(fakeMessage({}));
  await clock.pass(100);
  player.play();
  await clock.pass(10);
  expect(heardNow()).toBe('Hi Ada!');
  expect(world.unlocked).toBe(1);
});

test('clips follow each other with less than 30 ms between the last word of one and the first of the next', async () => {
  for (const latencyMs of [1, 6, 20, 45]) {
    const { player, clock, sounds } = makeRig();
    for (const sound of sounds) sound.latencyMs = latencyMs;
    player.show(fakeMessage({}));
    player.play();
    const gaps: (number | null)[] = [];
    player.subscribe(() => {
      const { phase, gapMs, segment } = player.getState();
      if (phase === 'playing') gaps[segment] = gapMs;
    });
    await clock.pass(12_000);
    expect(player.getState().phase).toBe('ended');
    expect(gaps.slice(1).filter((gap) => gap === null || gap > 30)).toEqual([]);
    expect(gaps.slice(1).filter((gap) => gap === null || gap < -30)).toEqual([]);
  }
});

test('two clips never sound together for longer than a hand-over takes', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  let togetherMs = 0;
  for (let ms = 0; ms < 11_000; ms += 5) {
    await clock.pass(5);
    if (heardNow()?.includes('+')) togetherMs += 5;
  }
  expect(togetherMs).toBeLessThanOrEqual(15);
});

test('the next clip is ready before it is needed', async () => {
  const { player, clock, fetched } = makeRig();
  const message = fakeMessage({});
  player.show(message);
  player.play();
  await clock.pass(300);
  expect(fetched).toEqual(message.segments.slice(0, 2).map((segment) => segment.audio?.id));
});

test('a pause keeps the place, and playing goes on from there', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(3500);
  player.pause();
  const place = player.place();
  expect(place.segment).toBe(1);
  expect(place.seconds).toBeGreaterThan(1.3);
  await clock.pass(10_000);
  expect(heardNow()).toBe(null);
  expect(player.place()).toEqual(place);
  player.play();
  await clock.pass(20);
  expect(heardNow()).toBe('One two three.');
  expect(player.place().seconds).toBeGreaterThanOrEqual(place.seconds);
  expect(player.place().seconds).toBeLessThan(place.seconds + 0.1);
});

test('another language goes on at the same sentence, from its beginning, without a gap when it is on the device', async () => {
  const { player, clock, heardNow, world } = makeRig();
  world.fetchMs = 0;
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(4000);
  expect(heardNow()).toBe('One two three.');
  player.show(fakeMessage({ language: 'ar', sentences: ['مرحبا', 'واحد اثنان ثلاثة.', 'أربعة', 'ستة'] }));
  expect(heardNow()).toBe('One two three.');
  await clock.pass(10);
  expect(heardNow()).toBe('واحد اثنان ثلاثة.');
  expect(player.place().segment).toBe(1);
  expect(player.place().seconds).toBeLessThan(0.05);
});

test('the new language is not silenced with the old one', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(2500);
  player.show(fakeMessage({ language: 'de', sentences: ['Hallo', 'Eins zwei drei.', 'Vier', 'Sechs'] }));
  await clock.pass(1500);
  expect(heardNow()).toBe('Eins zwei drei.');
});

test('closing falls silent at once and forgets the message', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(1000);
  player.close();
  await clock.pass(3000);
  expect(heardNow()).toBe(null);
  expect(player.getState()).toMatchObject({ phase: 'idle', message: null });
});

test('another voice goes on at the same word', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  // The greeting takes two seconds; the second word of the next sentence is being said.
  await clock.pass(3600);
  player.show(fakeMessage({ voice: 'ScienceTeacher' }));
  await clock.pass(20);
  expect(heardNow()).toBe('One two three.');
  const { seconds } = player.place();
  expect(seconds).toBeGreaterThan(0.8);
  expect(seconds).toBeLessThan(1.2);
});

test('the old voice does not speak under the new text for long while the new clip is fetched', async () => {
  const { player, clock, heardNow, world } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(2500);
  world.fetchMs = 3000;
  player.show(fakeMessage({ language: 'fr', sentences: ['Salut', 'Un deux trois.', 'Quatre', 'Six'] }));
  await clock.pass(450);
  expect(heardNow()).toBe(null);
  expect(player.getState().phase).toBe('loading');
  await clock.pass(3000);
  expect(heardNow()).toBe('Un deux trois.');
});

test('previous goes to the beginning of the sentence, and right after it to the one before', async () => {
  const { player, clock } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(4500);
  player.previous();
  await clock.pass(20);
  expect(player.place().segment).toBe(1);
  player.previous();
  expect(player.place().segment).toBe(0);
  player.next();
  player.next();
  player.next();
  player.next();
  expect(player.place().segment).toBe(3);
});

test('a change of speed in the middle of a sentence moves the hand-over with it', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(1000);
  player.setRate(0.75);
  await clock.pass(1000);
  expect(heardNow()).toBe('Hi Ada!');
  await clock.pass(400);
  expect(heardNow()).toBe('One two three.');
});

test('quick changes of mind end where the last one pointed', async () => {
  const { player, clock, heardNow, world } = makeRig();
  world.fetchMs = 80;
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(200);
  player.next();
  player.show(fakeMessage({ language: 'de', sentences: ['Hallo', 'Eins zwei drei.', 'Vier', 'Sechs'] }));
  await clock.pass(30);
  player.show(fakeMessage({ language: 'th', sentences: ['สวัสดี', 'หนึ่งสองสาม', 'สี่', 'หก'] }));
  await clock.pass(30);
  player.next();
  await clock.pass(500);
  expect(heardNow()).toBe('สี่');
  expect(player.place().segment).toBe(2);
});

test('after the end playing begins anew, and another message begins silently', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(12_000);
  player.play();
  await clock.pass(50);
  expect(heardNow()).toBe('Hi Ada!');
  player.show(fakeMessage({ messageId: 'tip-esims' }));
  await clock.pass(1000);
  expect(heardNow()).toBe(null);
  expect(player.getState()).toMatchObject({ phase: 'paused', started: false });
});
