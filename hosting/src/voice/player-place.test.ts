import { expect, test } from 'vitest';
import { fakeMessage, makeRig } from './test-sounds.ts';

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
