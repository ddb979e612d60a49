import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { creditsOf } from '../../../src/domain/voice/clip-key.ts';
import { voiceProfiles } from '../../../src/domain/voice/voices.ts';
import { bodyClips } from '../../../src/features/voice/body-clips.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { VoiceError } from '../../../src/vendors/voice/errors.ts';
import type { Utterance } from '../../../src/vendors/voice/port.ts';
import { costOf, findClip } from '../../../src/store/voice-clips.ts';
import { topics } from '../../../src/topics.ts';
import { operator } from '../../support/operators.ts';
import { call, need, shopper, type Shopper } from '../../support/shopping.ts';
import { drain } from '../../support/services.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../../support/voice-world.ts';

let storage: TestStorage;
let t: VoiceWorld;
let boss: Pick<Shopper, 'call'>;

beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { seeded: true });
  const token = operator(t, 'operations');
  boss = { call: (name, input) => call(t, name, input, { token }) };
}, 120_000);
afterAll(async () => {
  await t?.stop();
  await storage?.stop();
});

const spoken = {
  'voice.make': topics['voice.make'],
  'voice.run': topics['voice.run'],
  'voice.purge': topics['voice.purge'],
  'projection.voice': topics['projection.voice'],
};
const settled = (services: VoiceWorld = t) => drain(services, spoken, { forSeconds: 600 });

/** Hundreds of clips by a vendor that says nothing at once, and times nothing; the campaign in test/proof has the real ones. */
function quick(): VoiceWorld & { credits: number } {
  const world = {
    ...t,
    credits: 0,
    voice: async () => ({
      ...t.port,
      async speak({ text, speech }: Utterance) {
        const credits = creditsOf(text, speech);
        world.credits += credits;
        return { audio: Buffer.alloc(1_600), timing: null, credits };
      },
    }),
  };
  return world;
}

/** How many clips a language has: all voices say everything. */
const perLanguage = () => bodyClips(t.policy.voice, ['en']).length;

describe('publishing the texts', () => {
  test('is refused with an alert while a voice is missing at the vendor: nothing is recorded', async () => {
    await t.set({ missingVoices: ['pNInz6obpgDQGcFmaJgB'] });
    const { id, state } = await boss.call('publishVoiceTexts', {});
    expect(state).toBe('checking');
    await settled();
    expect(await boss.call('getVoiceRun', { runId: id })).toMatchObject({
      ...{ state: 'refused', problem: 'the account lacks CanadianRockstar', total: 0, parts: [] },
    });
    const { alerts } = await boss.call('listAlerts', {});
    expect(alerts).toContainEqual(expect.objectContaining({ kind: 'voice_missing', subject: 'CanadianRockstar' }));
    await t.set({ missingVoices: [] });
    expect(await t.paid()).toBe(0);
  });

  test('waits for a key that the vendor refuses, and says so at once', async () => {
    const { id } = await boss.call('publishVoiceTexts', {});
    const refusing = {
      ...t,
      voice: async () => ({ ...t.port, listVoices: () => Promise.reject(new VoiceError('key', 'no')) }),
    };
    await drain(refusing, { 'voice.run': topics['voice.run'] }, { forSeconds: 60 });
    expect(await boss.call('getVoiceRun', { runId: id })).toMatchObject({ state: 'checking' });
    const open = async () => (await boss.call('listAlerts', {})).alerts.map(({ kind }) => kind);
    expect(await open()).toContain('voice_key');
    await t.advance(300);
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = 'voice.run' and state = 'pending' and attempts = 0`,
    );
    await runJob(t, spoken, need(rows[0]).id);
    expect(await open()).not.toContain('voice_key');
    expect(await boss.call('getVoiceRun', { runId: id })).toMatchObject({ state: 'running' });
    await t.db.query(`delete from outbox where queue = 'voice'`);
    await t.db.query('truncate voice_clip cascade');
  });

  test('records English and French in all voices, a member in between waits for few, and doing it again pays nothing', async () => {
    const vendor = quick();
    const { id } = await boss.call('publishVoiceTexts', {});
    // The run begins, and hands the queue a few.
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = 'voice.run' and state = 'pending'`,
    );
    await runJob(t, spoken, need(rows[0]).id);
    const { rowCount } = await t.db.query(`select 1 from outbox where topic = 'voice.make' and state = 'pending'`);
    expect(rowCount).toBe(30);
    const running = await boss.call('getVoiceRun', { runId: id });
    expect(running).toMatchObject({
      state: 'running',
      total: 2 * perLanguage(),
      ready: 0,
      left: 2 * perLanguage(),
      existing: 0,
    });
    await settled(vendor);
    const done = await boss.call('getVoiceRun', { runId: id });
    expect(done).toMatchObject({ state: 'done', ready: 2 * perLanguage(), failed: 0, left: 0 });
    expect(done.credits).toBe(vendor.credits);
    expect(done.parts.map(({ language, voice, left }) => [language, voice, left]).sort()).toEqual(
      ['en', 'fr'].flatMap((language) => voiceProfiles.map((voice) => [language, voice, 0])).sort(),
    );
    const paid = vendor.credits;
    const again = await boss.call('publishVoiceTexts', {});
    await settled(vendor);
    const second = await boss.call('getVoiceRun', { runId: again.id });
    expect(second).toMatchObject({ state: 'done', existing: 2 * perLanguage(), credits: 0 });
    expect(vendor.credits).toBe(paid);
    const { days } = await boss.call('getVoiceBudget', {});
    expect(days.reduce((sum, day) => sum + day.spent, 0)).toBe(paid);
    expect(days.every(({ reserved, lost }) => reserved === 0 && lost === 0)).toBe(true);
  });

  test('tells what could not be recorded, and tries it again when it is done once more', async () => {
    const clip = need(bodyClips(t.policy.voice, ['en'])[3]);
    await boss.call('purgeVoiceClips', { keys: [clip.key], reason: 'to be made anew' });
    await settled();
    const refusing = {
      ...t,
      voice: async () => ({ ...t.port, speak: () => Promise.reject(new VoiceError('refused', 'not this text')) }),
    };
    const alerted = async () =>
      (await boss.call('listAlerts', {})).alerts.some(
        ({ kind, subject }) => kind === 'voice_clip' && subject === clip.key,
      );
    const { id } = await boss.call('publishVoiceTexts', {});
    await settled(refusing);
    expect(await boss.call('getVoiceRun', { runId: id })).toMatchObject({ state: 'incomplete', failed: 1, left: 0 });
    expect(await alerted()).toBe(true);

    const again = await boss.call('publishVoiceTexts', {});
    const vendor = quick();
    await settled(vendor);
    const mended = { state: 'done', failed: 0, existing: 2 * perLanguage() - 1 };
    expect(await boss.call('getVoiceRun', { runId: again.id })).toMatchObject(mended);
    expect(vendor.credits).toBe(costOf(clip, clip.text));
    expect(await alerted()).toBe(false);
  });

  test('takes in the languages that members listened to lately', async () => {
    const who = shopper(t, 'listener');
    await who.call('trackListen', {
      ...{
        messageId: 'welcome',
        textVersion: 1,
        language: 'th',
        voice: 'BuddyFriend',
        sentence: 1,
        offsetMs: 0,
        heard: [],
      },
    });
    const run = await boss.call('publishVoiceTexts', {});
    expect(run.languages).toEqual(['en', 'fr', 'th']);
    await t.db.query(`update outbox set state = 'done' where topic = 'voice.run' and state = 'pending'`);
  });
});

describe('a sentence', () => {
  const first = async () => need(bodyClips(t.policy.voice, ['en'])[1]);

  test('that is recorded again is heard as it was until the new recording is there, at another address', async () => {
    const { key } = await first();
    await boss.call('recordClipAgain', { key, reason: 'it mumbles' });
    await boss.call('recordClipAgain', { key, reason: 'somebody else thought so too' });
    expect(await findClip(t.db, key)).toMatchObject({ state: 'wanted', readyTake: 0 });
    const who = shopper(t, 'listener');
    const audio = async () => need((await who.call('getCurrentMessage', {})).message.segments[1]).audio?.id;
    expect(await audio()).toBe(key);
    await settled();
    expect(await audio()).toBe(`${key}.1`);
    expect((await findClip(t.db, key))?.take).toBe(1);
  });

  test('that failed is listed with its reason, and is made when it is recorded again', async () => {
    const { key } = need(bodyClips(t.policy.voice, ['en'])[2]);
    await t.db.query(
      `update voice_clip set state = 'failed', error = 'tried by a test', ready_take = null, made_at = null where key = $1`,
      [key],
    );
    const { clips } = await boss.call('listVoiceClips', {});
    expect(clips).toMatchObject([{ key, state: 'failed', error: 'tried by a test' }]);
    await boss.call('recordClipAgain', { key, reason: 'mended' });
    await settled();
    expect((await boss.call('listVoiceClips', {})).clips).toEqual([]);
    expect(await findClip(t.db, key)).toMatchObject({ state: 'ready' });
  });

  test('that is purged is gone with its files, and is recorded anew for who asks', async () => {
    const { key } = await first();
    expect(await boss.call('purgeVoiceClips', { keys: [key], reason: 'wrong words' })).toEqual({ purged: 1 });
    expect(await boss.call('purgeVoiceClips', { keys: [key], reason: 'once more' })).toEqual({ purged: 0 });
    await settled();
    for (const name of [key, `${key}.1`]) expect(await t.storage.look(`voice/${name}.mp3`)).toBeNull();
    const who = shopper(t, 'listener');
    expect((await who.call('getCurrentMessage', {})).message.ready).toBe(false);
    await settled();
    expect(need((await who.call('getCurrentMessage', {})).message.segments[1]).audio?.id).toBe(`${key}.2`);
  });

  test('of an older text is found and purged, what is said today stays', async () => {
    await t.db.query(
      `insert into voice_clip (key, kind, language, voice, model, voice_id, segment, text_version, text, state, wanted_at)
       values (repeat('e', 64), 'body', 'en', 'BuddyFriend', 'eleven_multilingual_v2', 'x', 1, 1, 'Old words.', 'wanted', now())`,
    );
    expect(await boss.call('purgeVoiceClips', { outdated: true, reason: 'new texts' })).toEqual({ purged: 1 });
    await settled();
  });
});
