import { afterAll, beforeAll, expect, it } from 'vitest';
import { voiceLanguages, type VoiceLanguage } from '../../src/domain/voice/languages.ts';
import { messageIds } from '../../src/domain/voice/texts.ts';
import { voiceProfiles } from '../../src/domain/voice/voices.ts';
import { bodyClips } from '../../src/features/voice/body-clips.ts';
import { runJob } from '../../src/platform/jobs.ts';
import { costOf } from '../../src/store/voice-clips.ts';
import { listVoiceDays } from '../../src/store/voice-days.ts';
import { topics } from '../../src/topics.ts';
import { operator } from '../support/operators.ts';
import { call, shopper } from '../support/shopping.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../support/voice-world.ts';
import { quietLog } from './quiet.ts';

const isFull = process.env['PROOF'] === 'full';
/** English and French are always recorded; Thai is what members listened to. */
const recorded: readonly VoiceLanguage[] = isFull ? voiceLanguages : ['en', 'fr', 'th'];
const crowd = isFull ? 1_000 : 100;

/** As many as the queue `workVoice` dispatches at once. */
const workers = 3;

let storage: TestStorage;
let t: VoiceWorld;
const letLogThrough = quietLog();
beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { seeded: true });
}, 120_000);
afterAll(async () => {
  await t?.stop();
  await storage?.stop();
  letLogThrough();
});

interface DueJob {
  id: string;
  at: Date;
}

/** Works off the queue as Cloud Tasks does, with so many at once, until nothing of it is left. */
async function workOff(): Promise<void> {
  for (;;) {
    const { rows } = await t.db.query<DueJob>(
      `select id, greatest(run_at, claimed_until) as at from outbox where queue = 'voice' and state = 'pending' order by at, id limit 60`,
    );
    const [first] = rows;
    if (!first) return;
    const now = t.clock.now().getTime();
    if (first.at.getTime() > now) {
      await t.advance((first.at.getTime() - now) / 1000 + 0.001);
      continue;
    }
    const due = rows.filter(({ at }) => at.getTime() <= now).values();
    const work = async (): Promise<void> => {
      for (const { id } of due) await runJob(t, topics, id);
    };
    await Promise.all(Array.from({ length: workers }, work));
  }
}

// Each clip is real sound, made and encoded on the way: a third of a second of work.
it(
  'every message in every voice is recorded through the queue in one run; a second run pays nothing; a crowd pays once',
  { timeout: 3_600_000 },
  async () => {
    const token = operator(t, 'operations');
    const publish = async () => {
      const { id } = await call(t, 'publishVoiceTexts', { languages: isFull ? 'all' : 'recent' }, { token });
      await workOff();
      return call(t, 'getVoiceRun', { runId: id }, { token });
    };
    await shopper(t, 'listener').call('trackListen', {
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
    const startedAt = Date.now();
    const run = await publish();
    const seconds = (Date.now() - startedAt) / 1000;
    const clips = bodyClips(t.policy.voice, recorded);
    const cost = clips.reduce((sum, clip) => sum + costOf(clip, clip.text), 0);
    expect(run).toMatchObject({
      state: 'done',
      total: clips.length,
      ready: clips.length,
      failed: 0,
      left: 0,
      existing: 0,
    });
    expect(run.parts).toHaveLength(recorded.length * voiceProfiles.length);
    expect(run.credits).toBe(cost);
    expect(await t.paid()).toBe(cost);
    // Nothing of it is missing for anybody, in any of them.
    const who = shopper(t, 'nobody');
    await who.call('updateAccount', { displayName: '1' });
    for (const language of recorded) {
      for (const voice of voiceProfiles) {
        const messageId = messageIds[(language.length + voice.length) % messageIds.length]!;
        await t.db.query('delete from rate_limit');
        const { message } = await who.call('generateMessage', { messageId, language, voice });
        expect(message.ready, `${language} ${voice} ${messageId}`).toBe(true);
      }
    }

    const again = await publish();
    expect(again).toMatchObject({ state: 'done', existing: clips.length, credits: 0 });
    expect(await t.paid()).toBe(cost);

    const people = Array.from({ length: crowd }, () => shopper(t, 'crowd'));
    for (const one of people) await one.call('updateAccount', { displayName: 'Wilhelmina' });
    await Promise.all(people.map((one) => one.call('getCurrentMessage', {})));
    await workOff();
    expect(await t.paid()).toBe(cost + 'Hi Wilhelmina!'.length);
    const [day] = await listVoiceDays(t.db, 1);
    expect(day).toMatchObject({ reserved: 0, lost: 0 });
    console.log(
      `${String(clips.length)} clips in ${String(recorded.length)} languages, ${String(voiceProfiles.length)} voices and ${String(messageIds.length)} messages: ` +
        `${String(cost)} credits in ${seconds.toFixed(0)} s; the second run paid 0; ${String(crowd)} members with one new name at once paid ${String('Hi Wilhelmina!'.length)}`,
    );
  },
);
