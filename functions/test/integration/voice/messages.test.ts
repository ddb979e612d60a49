import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kindOf, messageIds } from '../../../src/domain/voice/texts.ts';
import { voiceLanguages } from '../../../src/domain/voice/languages.ts';
import { restApp } from '../../../src/platform/doors/rest.ts';
import { handlers } from '../../../src/handlers.ts';
import { api } from '../../../src/shared/api/index.ts';
import { voiceMessageSchema, type VoiceMessage } from '../../../src/shared/api/voice.ts';
import { pseudonymiseMember } from '../../../src/store/erasure.ts';
import { readListener, readProgress, recordReport } from '../../../src/store/voice-listening.ts';
import { serveAudio, type AudioRequest } from '../../../src/features/voice/serve-audio.ts';
import { topics } from '../../../src/topics.ts';
import { need, shopper, type Shopper } from '../../support/shopping.ts';
import { drain } from '../../support/services.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../../support/voice-world.ts';

let storage: TestStorage;
let t: VoiceWorld;

beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { seeded: true });
}, 120_000);
afterAll(async () => {
  await t?.stop();
  await storage?.stop();
});

const spoken = {
  'voice.make': topics['voice.make'],
  'voice.purge': topics['voice.purge'],
  'projection.voice': topics['projection.voice'],
};
const settled = () => drain(t, spoken, { forSeconds: 60 });
/** As the web app reads it. */
const shown = (who: Shopper) => voiceMessageSchema.parse(t.projected.read(`members/${who.uid}/voice/current`));

async function named(name: string): Promise<Shopper> {
  const who = shopper(t, 'listener');
  await who.call('updateAccount', { displayName: name });
  return who;
}

/** Plays a message to its end, as the player reports it. */
async function hear(who: Shopper, { messageId, textVersion, language, voice, segments }: VoiceMessage) {
  return who.call('trackListen', {
    ...{ messageId, textVersion, language, voice, sentence: segments.length - 1, offsetMs: 900 },
    heard: segments.map(({ index }) => index),
  });
}

const ask = (id: string, more: Partial<AudioRequest> = {}) =>
  serveAudio(t, { id, range: undefined, ifRange: undefined, ifNoneMatch: undefined, bearerToken: undefined, ...more });

async function read(answer: Awaited<ReturnType<typeof ask>>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of need(answer.open)()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('a message', () => {
  test('comes with its text at once and 202, and with its sound live when it is ready; the next time with 200', async () => {
    const who = await named('Anna Kowalska');
    const app = restApp(() => t, Object.values(api), handlers);
    const get = () =>
      app.request('/api/message/current', { headers: { authorization: `Bearer ${t.people.tokenOf(who.uid)}` } });
    const first = await get();
    expect(first.status).toBe(202);
    const { message } = (await first.json()) as { message: VoiceMessage };
    expect(message).toMatchObject({
      ...{ messageId: 'welcome', kind: 'welcome', state: 'new', language: 'en', voice: 'CanadianRockstar' },
      ...{ direction: 'ltr', ready: false, position: { sentence: 0, offsetMs: 0 }, heard: [], waiting: 8 },
    });
    expect(message.segments.map(({ text }) => text).slice(0, 2)).toEqual([
      'Hi Anna!',
      'Welcome to DOTM, and thank you for travelling with us.',
    ]);
    expect(message.more).toBe('8 more messages are waiting for you.');
    await settled();
    expect(shown(who)).toMatchObject({ messageId: 'welcome', ready: true });
    const second = await get();
    expect(second.status).toBe(200);
    const ready = ((await second.json()) as { message: VoiceMessage }).message;
    expect(shown(who)).toEqual(ready);
    for (const { text, seconds, audio, characters } of ready.segments) {
      expect(need(characters).starts).toHaveLength(Array.from(text).length);
      expect(need(characters).ends.at(-1)).toBeCloseTo(need(seconds), 2);
      expect(need(audio).url).toBe(`/api/welcome-audio/${need(audio).id}`);
    }
    expect(ready.segments.map(({ audio }) => audio?.personal)).toEqual([true, ...Array<boolean>(6).fill(false)]);
  });

  test('costs the second Anna nothing, and the first of another name only a greeting', async () => {
    const before = await t.paid();
    const anna = await named('Anna Nowak');
    expect((await anna.call('getCurrentMessage', {})).message.ready).toBe(true);
    expect(await t.paid()).toBe(before);
    const zoe = await named('Zoë');
    await zoe.call('getCurrentMessage', {});
    await settled();
    expect(await t.paid()).toBe(before + 'Hi Zoë!'.length);
  });

  test('leaves out a name that can not be said, and one that the vendor refuses to say', async () => {
    const mean = await named('<break time="9s"/>');
    const { message } = await mean.call('getCurrentMessage', {});
    expect(message.segments[0]?.text).toBe('Hi there!');
    const who = await named('Unsayable');
    const greeting = (await who.call('getCurrentMessage', {})).message.segments[0];
    expect(greeting?.text).toBe('Hi Unsayable!');
    await t.db.query(
      `update voice_clip set state = 'failed', error = 'refused' where key = (select key from voice_greeting where member_id = $1)`,
      [await who.memberId()],
    );
    expect((await who.call('getCurrentMessage', {})).message.segments[0]?.text).toBe('Hi there!');
    await settled();
  });

  test('switches language and voice at the same sentence, for all devices, and back without being paid again', async () => {
    const who = await named('Anna');
    await who.call('getCurrentMessage', {});
    await settled();
    const { message } = await who.call('getCurrentMessage', {});
    const { messageId, textVersion, language, voice } = message;
    const place = { sentence: 3, offsetMs: 1_250 };
    await who.call('trackListen', { messageId, textVersion, language, voice, ...place, heard: [0, 1, 2] });
    const arabic = await who.call('generateMessage', { language: 'ar', voice: 'ScienceTeacher' });
    expect(arabic.message).toMatchObject({
      messageId,
      language: 'ar',
      direction: 'rtl',
      position: place,
      heard: [0, 1, 2],
    });
    expect(arabic.message.segments).toHaveLength(message.segments.length);
    await settled();
    expect(shown(who)).toMatchObject({ language: 'ar', voice: 'ScienceTeacher', ready: true, position: place });
    expect((await who.call('getCurrentMessage', {})).message.language).toBe('ar');
    const paid = await t.paid();
    const back = await who.call('generateMessage', { language: 'en', voice: 'CanadianRockstar' });
    expect(back.message).toMatchObject({ ready: true, position: place });
    expect(await t.paid()).toBe(paid);
  });

  test('that is looked at in another language does not change what was chosen', async () => {
    const who = await named('Anna');
    await who.call('getCurrentMessage', { language: 'th', voice: 'BuddyFriend' });
    expect((await who.call('getCurrentMessage', {})).message).toMatchObject({
      language: 'en',
      voice: 'CanadianRockstar',
    });
    await settled();
  });
});

test('a sentence that could not be recorded is shown, and nobody waits for it', async () => {
  const who = await named('Anna');
  const asked = { messageId: 'tip-bitchat', language: 'cs', voice: 'BuddyFriend' } as const;
  await who.call('generateMessage', asked);
  await settled();
  await t.db.query(
    `update voice_clip set state = 'failed', error = 'tried by a test', ready_take = null, made_at = null
     where language = 'cs' and message_id = 'tip-bitchat' and segment = 2`,
  );
  const revision = async () => (await readListener(t.db, { id: await who.memberId(), locale: 'en' })).revision;
  const before = await revision();
  const { message } = await who.call('generateMessage', asked);
  expect(message.ready).toBe(true);
  expect(await revision()).toBe(before);
  expect(message.segments.filter(({ audio }) => audio === null).map(({ index }) => index)).toEqual([2]);
});

describe('the order of messages', () => {
  test('goes from welcome over tips to updates, and ends with the most recent as a replay', async () => {
    const who = await named('Anna');
    const order: string[] = [];
    for (const expected of messageIds) {
      const { message } = await who.call('getCurrentMessage', {});
      expect(message).toMatchObject({ messageId: expected, state: 'new', kind: kindOf(expected) });
      order.push(message.messageId);
      const { completed, next, waiting } = await hear(who, message);
      expect(completed).toBe(true);
      expect(waiting).toBe(messageIds.length - order.length);
      expect(next).toBe(messageIds[order.length] ?? null);
    }
    const { message } = await who.call('getCurrentMessage', {});
    expect(message).toMatchObject({
      messageId: 'update-marketplace',
      state: 'replay',
      position: { sentence: 0 },
      waiting: 0,
    });
    expect(message.more).toBe('You have heard everything.');
    const again = await who.call('generateMessage', { messageId: 'welcome', language: 'en', voice: 'BuddyFriend' });
    expect(again.message).toMatchObject({ messageId: 'welcome', state: 'replay' });
    const history = await who.call('getMessageHistory', {});
    expect(history.messages.map(({ messageId }) => messageId)).toEqual([...messageIds].reverse());
    expect(
      history.messages.every(({ completedAt, heardPercent }) => completedAt !== null && heardPercent === 100),
    ).toBe(true);
    await settled();
  }, 180_000);

  test('what was only asked for, or played to a half, is not heard; reports add up, come twice and late, and take nothing back', async () => {
    const who = await named('Anna');
    const { message } = await who.call('getCurrentMessage', {});
    const { messageId, textVersion, language, voice } = message;
    const report = { messageId, textVersion, language, voice, offsetMs: 0 };
    expect(await who.call('trackListen', { ...report, sentence: 6, heard: [] })).toMatchObject({ completed: false });
    expect(await who.call('trackListen', { ...report, sentence: 3, heard: [0, 1, 2] })).toMatchObject({
      completed: false,
    });
    expect(await who.call('trackListen', { ...report, sentence: 3, heard: [1] })).toMatchObject({ completed: false });
    const { messages } = await who.call('getMessageHistory', {});
    expect(messages).toMatchObject([
      { messageId: 'welcome', completedAt: null, position: { sentence: 3, offsetMs: 0 } },
    ]);
    const last = await who.call('trackListen', { ...report, sentence: 6, heard: [3, 4, 5] });
    expect(last).toMatchObject({ completed: true, next: 'tip-rewards' });
    expect(await who.call('trackListen', { ...report, sentence: 0, heard: [] })).toMatchObject({ completed: true });
    await settled();
    expect(shown(who)).toMatchObject({ messageId: 'tip-rewards' });
  });

  test('sentences of an older text do not count for a newer one, late reports of it change nothing, and what was completed stays so', async () => {
    const who = await named('Anna');
    const memberId = await who.memberId();
    const now = t.clock.now();
    const version = (textVersion: number, heard: number[], segment = 1) =>
      t.db.transaction((tx) =>
        recordReport(
          tx,
          memberId,
          {
            ...{ messageId: 'welcome', language: 'en', voice: 'BuddyFriend', offsetMs: 0 },
            ...{ textVersion, heard, segment },
          },
          now,
        ),
      );
    const kept = async () => (await readProgress(t.db, memberId))[0];
    expect(await version(1, [1, 2, 3])).toMatchObject({ completed: false });
    expect(await version(2, [4, 5, 6], 6)).toMatchObject({ completed: false });
    expect(await kept()).toMatchObject({ textVersion: 2, heard: [4, 5, 6], segment: 6 });
    expect(await version(1, [1, 2, 3, 4, 5, 6], 2)).toEqual({ completed: false, isNew: false });
    expect(await kept()).toMatchObject({ textVersion: 2, heard: [4, 5, 6], segment: 6 });
    expect(await version(2, [1, 2, 3])).toEqual({ completed: true, isNew: true });
    expect(await version(1, [], 2)).toEqual({ completed: true, isNew: false });
    expect(await version(3, [1])).toEqual({ completed: true, isNew: false });
  });

  test('a version that no text has yet counts as the present one, however large', async () => {
    const who = await named('Anna');
    const textVersion = Number.MAX_SAFE_INTEGER;
    const place = { messageId: 'welcome', language: 'en', voice: 'BuddyFriend', sentence: 1, offsetMs: 0 } as const;
    expect(await who.call('trackListen', { ...place, textVersion, heard: [1] })).toMatchObject({ completed: false });
    expect((await who.call('getMessageHistory', {})).messages).toMatchObject([{ textVersion: 1 }]);
  });

  test('many places in a few seconds are one projection', async () => {
    const who = await named('Anna');
    const { message } = await who.call('getCurrentMessage', {});
    await settled();
    const { messageId, textVersion, language, voice } = message;
    for (const offsetMs of [1_000, 1_500, 2_000, 2_500]) {
      await who.call('trackListen', { messageId, textVersion, language, voice, sentence: 1, offsetMs, heard: [0] });
    }
    const { rows } = await t.db.query(
      `select 1 from outbox where topic = 'projection.voice' and state = 'pending' and payload ->> 'memberId' = $1`,
      [await who.memberId()],
    );
    expect(rows.length).toBeLessThanOrEqual(2);
    await settled();
    expect(shown(who).position).toEqual({ sentence: 1, offsetMs: 2_500 });
  });
});

describe('the sound', () => {
  test('of a sentence is for everybody and for ever, whole and in parts', async () => {
    const who = await named('Anna');
    const { message } = await who.call('getCurrentMessage', {});
    const { id } = need(message.segments[1]?.audio);
    const whole = await ask(id);
    expect(whole.status).toBe(200);
    expect(whole.headers).toMatchObject({
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Content-Type': 'audio/mpeg',
      'Accept-Ranges': 'bytes',
      ETag: `"${id}"`,
    });
    const bytes = await read(whole);
    expect(whole.headers['Content-Length']).toBe(String(bytes.length));
    const part = await ask(id, { range: 'bytes=100-199' });
    expect(part).toMatchObject({ status: 206, headers: { 'Content-Range': `bytes 100-199/${String(bytes.length)}` } });
    expect(await read(part)).toEqual(bytes.subarray(100, 200));
    expect(await read(await ask(id, { range: 'bytes=-10' }))).toEqual(bytes.subarray(-10));
    expect((await ask(id, { range: 'bytes=9999999-' })).status).toBe(416);
    expect((await ask(id, { ifNoneMatch: `W/"${id}"` })).status).toBe(304);
    expect((await ask(id, { range: 'bytes=0-9', ifRange: '"other"' })).status).toBe(200);
  });

  test('of a greeting is for who has that name now: not without a token, not for another, not after a change of name', async () => {
    const anna = await named('Annabel');
    await anna.call('getCurrentMessage', {});
    await settled();
    const { id, personal } = need((await anna.call('getCurrentMessage', {})).message.segments[0]?.audio);
    expect(personal).toBe(true);
    const bob = await named('Bob');
    const bearer = (who: Shopper) => ({ bearerToken: t.people.tokenOf(who.uid) });
    const own = await ask(id, bearer(anna));
    expect(own.status).toBe(200);
    expect(own.headers).toMatchObject({
      'Cache-Control': 'private, max-age=31536000, immutable',
      Vary: 'Authorization',
    });
    for (const request of [{}, bearer(bob), { bearerToken: 'forged' }]) {
      await expect(ask(id, request)).rejects.toMatchObject({ code: 'not_found' });
    }
    await anna.call('updateAccount', { displayName: 'Bella' });
    await expect(ask(id, bearer(anna))).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each(['', 'x', 'f'.repeat(64), `${'f'.repeat(64)}.1`, '../secret', '%2e%2e'])(
    'of %s does not exist',
    async (id) => {
      await expect(ask(id)).rejects.toMatchObject({ code: 'not_found' });
    },
  );
});

describe('a member who leaves', () => {
  test('takes choice, history and the greetings that nobody else shares along; what others hear stays', async () => {
    const [first, second] = [await named('Ottilie'), await named('Ottilie')];
    for (const who of [first, second]) await who.call('getCurrentMessage', {});
    await settled();
    const { message } = await first.call('getCurrentMessage', {});
    await hear(first, message);
    const { id } = need(message.segments[0]?.audio);
    const exported = await first.call('exportAccount', {});
    expect(JSON.stringify(exported)).toContain('"voiceMessages"');
    expect(JSON.stringify(exported)).toContain('"welcome"');
    const erase = async (who: Shopper) => {
      const memberId = await who.memberId();
      await t.db.transaction((tx) => pseudonymiseMember(tx, memberId, who.uid, t.clock.now()));
      await settled();
      for (const table of ['voice_listener', 'voice_progress', 'voice_waiting', 'voice_greeting']) {
        const { rowCount } = await t.db.query(`select 1 from ${table} where member_id = $1`, [memberId]);
        expect(rowCount, table).toBe(0);
      }
    };
    await erase(first);
    expect((await ask(id, { bearerToken: t.people.tokenOf(second.uid) })).status).toBe(200);
    await erase(second);
    expect(await t.storage.look(`voice/${id}.mp3`)).toBeNull();
    const third = await named('Ottilie');
    await third.call('getCurrentMessage', {});
    await settled();
    // What is recorded later has another address: no address ever says two things.
    expect(need((await third.call('getCurrentMessage', {})).message.segments[0]?.audio).id).toBe(`${id}.1`);
  });
});

test('languages are offered by the names that their speakers use, with voices, to anybody', async () => {
  const who = await named('Anna');
  const { languages, voices } = await who.call('listVoices', {});
  expect(languages.map(({ code }) => code)).toEqual(voiceLanguages);
  expect(languages).toContainEqual({ code: 'ar', name: 'العربية', direction: 'rtl' });
  expect(languages).toContainEqual({ code: 'fr', name: 'français', direction: 'ltr' });
  expect(voices).toEqual([{ id: 'CanadianRockstar' }, { id: 'ScienceTeacher' }, { id: 'BuddyFriend' }]);
});
