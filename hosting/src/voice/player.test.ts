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

test('a message goes on where the member stopped, on whichever device', async () => {
  const { player, clock, heardNow } = makeRig();
  player.show(fakeMessage({ position: { sentence: 1, offsetMs: 1200 }, heard: [0] }));
  player.play();
  await clock.pass(50);
  expect(heardNow()).toBe('One two three.');
  expect(player.place().seconds).toBeGreaterThan(1.2);
});

test('a short greeting that nobody has heard yet is not taken for one that was heard', () => {
  const { player } = makeRig();
  player.show(fakeMessage({ sentences: ['Hi!', 'One two three.'], missing: [0, 1] }));
  expect(player.place()).toEqual({ segment: 0, seconds: 0 });
});

test('what this device remembered gives way to the place that the server knows, until the listener has a place of their own', async () => {
  const { player, clock } = makeRig();
  const at = (sentence: number, revision: number) => fakeMessage({ position: { sentence, offsetMs: 0 }, revision });
  const segment = () => player.getState().segment;
  player.show(at(0, 4));
  player.show(at(3, 7));
  expect(segment()).toBe(3);
  player.show(at(1, 5));
  expect(segment()).toBe(3);
  player.seek(2);
  player.show(at(0, 8));
  expect(segment()).toBe(2);
  player.play();
  player.pause();
  player.show(at(1, 9));
  await clock.pass(50);
  expect(segment()).toBe(2);
});

test('a tap on a device that saves data is not forgotten when a later state of the message comes', async () => {
  const { player, clock, world } = makeRig();
  world.savesData = true;
  player.show(fakeMessage({}));
  player.play();
  player.show(fakeMessage({ revision: 2 }));
  await clock.pass(50);
  expect(player.getState().phase).toBe('asking');
});

test('what this device has not been able to report yet is newer than what the server says', async () => {
  const { player, world } = makeRig();
  const message = fakeMessage({ position: { sentence: 0, offsetMs: 0 } });
  const { messageId, textVersion, language, voice } = message;
  world.unconfirmed = { messageId, textVersion, language, voice, sentence: 2, offsetMs: 500, heard: [0, 1] };
  player.show(message);
  expect(player.place()).toEqual({ segment: 2, seconds: 0.5 });
  expect(player.getState().heard).toEqual([0, 1]);
});

test('a message that was heard to its end begins anew', () => {
  const { player } = makeRig();
  player.show(fakeMessage({ position: { sentence: 3, offsetMs: 4000 } }));
  expect(player.place()).toEqual({ segment: 0, seconds: 0 });
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

test('a tab that goes to the background in a pause does not overrule the place that another device has reached since', async () => {
  const { player, clock, reports } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(1000);
  player.reportNow();
  expect(reports.at(-1)?.report.offsetMs).toBeGreaterThan(900);
  player.pause();
  const { length } = reports;
  player.reportNow();
  expect(reports).toHaveLength(length);
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

test('only what really sounded is reported as heard', async () => {
  const { player, clock, reports } = makeRig();
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(2200);
  player.seek(3);
  await clock.pass(1000);
  player.pause();
  expect(reports.at(-1)?.report).toMatchObject({ heard: [0], sentence: 3 });
  player.play();
  await clock.pass(5000);
  expect(player.getState().phase).toBe('ended');
  expect(reports.at(-1)).toMatchObject({ urgent: true, report: { heard: [0, 3] } });
});

test('at one and a half times the speed everything still counts as heard', async () => {
  const { player, clock, reports } = makeRig();
  player.setRate(1.5);
  player.show(fakeMessage({}));
  player.play();
  await clock.pass(8000);
  expect(player.getState().phase).toBe('ended');
  expect(reports.at(-1)?.report.heard).toEqual([0, 1, 2, 3]);
});

test('the place is reported every few seconds, on each pause, and never before something sounded', async () => {
  const { player, clock, reports } = makeRig();
  player.show(fakeMessage({}));
  player.seek(1);
  expect(reports).toEqual([]);
  player.seek(0);
  player.play();
  await clock.pass(10_500);
  expect(reports.length).toBeGreaterThanOrEqual(3);
  expect(reports.length).toBeLessThanOrEqual(8);
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
