import { expect, test } from 'vitest';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { Wish } from './kept-messages.ts';
import { MessageDesk } from './message-desk.ts';
import { fakeMessage, makeRig, settle } from './test-sounds.ts';

const english: Wish = { messageId: 'welcome', language: 'en', voice: 'BuddyFriend' };
const arabic: Wish = { ...english, language: 'ar' };
const thai: Wish = { ...english, language: 'th' };

function makeDesk() {
  const rig = makeRig();
  const calls: { wish: Wish; answer: (message: VoiceMessage) => void; fail: (error: unknown) => void }[] = [];
  const kept = new Map<string, VoiceMessage>();
  const disk = { ms: 0 };
  const labelOf = ({ messageId, language, voice }: Wish) => `${messageId} ${language} ${voice}`;
  const desk = new MessageDesk({
    player: rig.player,
    generate: (wish) => new Promise((answer, fail) => calls.push({ wish, answer, fail })),
    passes: (error) => error === 'network',
    kept: async (wish) => {
      await new Promise<void>((resolve) => void rig.clock.setTimer(resolve, disk.ms));
      return kept.get(labelOf(wish)) ?? null;
    },
    keep: (message) => void kept.set(labelOf(message), message),
    setTimer: rig.clock.setTimer,
    clearTimer: rig.clock.clearTimer,
  });
  return { ...rig, desk, calls, kept, disk };
}

test('of two languages asked for in a hurry the last one counts, whichever answer comes first', async () => {
  const { desk, calls, player } = makeDesk();
  desk.ask(arabic);
  desk.ask(thai);
  calls[1]?.answer(fakeMessage({ language: 'th' }));
  await settle();
  calls[0]?.answer(fakeMessage({ language: 'ar' }));
  await settle();
  expect(player.getState().message?.language).toBe('th');
});

test('what this device has kept is there before the server answers', async () => {
  const { desk, calls, player, clock } = makeDesk();
  desk.ask(english);
  calls[0]?.answer(fakeMessage({}));
  await settle();
  desk.ask(arabic);
  calls[1]?.answer(fakeMessage({ language: 'ar' }));
  await settle();
  desk.ask(english);
  await clock.pass(1);
  expect(player.getState().message?.language).toBe('en');
});

test('without network a kept message is played, and one that is not kept says so', async () => {
  const { desk, calls, player, clock, heardNow, disk } = makeDesk();
  // Offline a request fails before the disk has answered.
  disk.ms = 30;
  desk.ask(english);
  calls[0]?.answer(fakeMessage({}));
  await settle();
  desk.ask({ ...english, messageId: 'tip-esims' });
  calls[1]?.answer(fakeMessage({ messageId: 'tip-esims' }));
  await settle();
  desk.ask(english, true);
  calls[2]?.fail('network');
  await clock.pass(100);
  expect(heardNow()).toBe('Hi Ada!');
  expect(desk.getState()).toMatchObject({ busy: false, error: null });
  desk.ask(thai);
  calls[3]?.fail('network');
  await clock.pass(100);
  expect(desk.getState()).toMatchObject({ busy: false, error: 'network' });
  expect(player.getState().message?.language).toBe('en');
});

test('a voice that is being made is asked for until it is there, and no longer', async () => {
  const { desk, calls, clock, player } = makeDesk();
  desk.ask(arabic);
  calls[0]?.answer(fakeMessage({ language: 'ar', missing: [1] }));
  await clock.pass(1100);
  expect(calls).toHaveLength(2);
  expect(calls[1]?.wish).toEqual(arabic);
  calls[1]?.fail('network');
  await clock.pass(1600);
  calls[2]?.answer(fakeMessage({ language: 'ar' }));
  await clock.pass(30_000);
  expect(calls).toHaveLength(3);
  expect(player.getState().message?.ready).toBe(true);
});

test('the live update of another message does not take the place of the one that is open', async () => {
  const { desk, calls, player } = makeDesk();
  desk.ask({ ...english, messageId: 'tip-esims' });
  calls[0]?.answer(fakeMessage({ messageId: 'tip-esims' }));
  await settle();
  desk.receive(fakeMessage({}));
  desk.offer(fakeMessage({}));
  expect(player.getState().message?.messageId).toBe('tip-esims');
});

test('a live update brings the missing clip to who waits for it', async () => {
  const { desk, player, clock, heardNow } = makeDesk();
  desk.offer(fakeMessage({ missing: [0, 1, 2, 3] }));
  player.play();
  await clock.pass(500);
  expect(player.getState().phase).toBe('waiting');
  desk.receive(fakeMessage({}));
  await clock.pass(50);
  expect(heardNow()).toBe('Hi Ada!');
});

test('who closes the player finds a message again in the room, whatever they had asked for before', async () => {
  const { desk, calls, player } = makeDesk();
  desk.ask(arabic);
  calls[0]?.answer(fakeMessage({ language: 'ar' }));
  await settle();
  player.close();
  desk.offer(fakeMessage({ language: 'ar' }));
  expect(player.getState().message?.language).toBe('ar');
});

test('a message that is opened without asking is looked after, and what was asked for before is forgotten', async () => {
  const { desk, calls, clock, player, heardNow } = makeDesk();
  desk.ask({ ...english, messageId: 'tip-esims' });
  calls[0]?.answer(fakeMessage({ messageId: 'tip-esims' }));
  await settle();
  desk.open(fakeMessage({ missing: [0] }), true);
  await clock.pass(1100);
  expect(calls[1]?.wish).toEqual(english);
  calls[1]?.answer(fakeMessage({}));
  await clock.pass(50);
  expect(player.getState().message?.messageId).toBe('welcome');
  expect(heardNow()).toBe('Hi Ada!');
});

test('an offered message that was heard on another device makes room for the next, unless it plays here', async () => {
  const { desk, player, clock } = makeDesk();
  desk.offer(fakeMessage({}));
  desk.offer(fakeMessage({ messageId: 'tip-esims' }));
  expect(player.getState().message?.messageId).toBe('tip-esims');
  player.play();
  await clock.pass(100);
  player.pause();
  desk.offer(fakeMessage({ messageId: 'tip-bitchat' }));
  expect(player.getState().message?.messageId).toBe('tip-esims');
});
