import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bodyOf, greetingOf } from '../../../src/domain/voice/segments.ts';
import { creditsOf } from '../../../src/domain/voice/clip-key.ts';
import { speechOf } from '../../../src/domain/voice/languages.ts';
import type { Services } from '../../../src/platform/container.ts';
import { runJob } from '../../../src/platform/jobs.ts';
import { pseudonymiseMember } from '../../../src/store/erasure.ts';
import { clipOf, findClip, purgeClips, wantClips, type WantedClip } from '../../../src/store/voice-clips.ts';
import { listVoiceDays, secondsToNextDay } from '../../../src/store/voice-days.ts';
import { topics } from '../../../src/topics.ts';
import { VoiceError } from '../../../src/vendors/voice/errors.ts';
import { mortalProcess, ProcessDied } from '../../support/mortal.ts';
import { need, shopper } from '../../support/shopping.ts';
import { drain } from '../../support/services.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../../support/voice-world.ts';

let storage: TestStorage;
let t: VoiceWorld;

beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { policy: {} });
}, 120_000);
afterAll(async () => {
  await t?.stop();
  await storage?.stop();
});

const only = { 'voice.make': topics['voice.make'], 'voice.purge': topics['voice.purge'] };
let used = 0;

/** A sentence that no other test has. */
function sentence(language: 'en' | 'hu' = 'en'): WantedClip {
  used += 1;
  const [first] = bodyOf(language, 'welcome');
  const text = `${need(first).text} ${String(used)}`;
  return clipOf(t.policy.voice, language, 'BuddyFriend', 'welcome', { ...need(first), text });
}

function costOf({ text, language }: WantedClip): number {
  return creditsOf(text, speechOf(language));
}

async function want(clip: WantedClip, memberId: string | null = null): Promise<string> {
  await t.db.transaction((tx) => wantClips(tx, [clip], { memberId, queue: true }, t.clock.now()));
  const { rows } = await t.db.query<{ id: string }>(
    `select id from outbox where topic = 'voice.make' and payload ->> 'key' = $1 order by id desc limit 1`,
    [clip.key],
  );
  return need(rows[0]).id;
}

/** What the deed has changed in the books of the day, and at the vendor. */
async function booked(deed: () => Promise<unknown>) {
  const sum = async () => {
    const days = await listVoiceDays(t.db, 100);
    const of = (pick: (day: (typeof days)[number]) => number): number => days.reduce((all, day) => all + pick(day), 0);
    return {
      reserved: of(({ reserved }) => reserved),
      spent: of(({ spent }) => spent),
      lost: of(({ lost }) => lost),
      clips: of(({ clips }) => clips),
      recovered: of(({ recovered }) => recovered),
      paid: await t.paid(),
    };
  };
  const before = await sum();
  await deed();
  const after = await sum();
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof typeof before]]),
  ) as typeof after;
}

const settled = () => drain(t, only, { forSeconds: 1_000 });

describe('a clip', () => {
  test('is made once, with sound, the time of each character, and what it cost', async () => {
    const clip = sentence();
    const cost = costOf(clip);
    const change = await booked(async () => {
      await want(clip);
      await settled();
      await want(clip);
      await settled();
    });
    expect(change).toEqual({ reserved: 0, spent: cost, lost: 0, clips: 1, recovered: 0, paid: cost });
    const made = need(await findClip(t.db, clip.key));
    expect(made).toMatchObject({ state: 'ready', take: 0, readyTake: 0, credits: cost, reservedCredits: 0 });
    expect(made.startsMs).toHaveLength(Array.from(clip.text).length);
    expect(need(made.endsMs?.at(-1)) / 1000).toBeCloseTo(need(made.seconds), 2);
    const facts = need(await t.storage.look(`voice/${clip.key}.mp3`));
    expect(facts.bytes).toBe(made.bytes);
    expect(facts.metadata).toMatchObject({ model: 'eleven_multilingual_v2', language: 'en', textVersion: '1' });
  });

  test('costs half with the flash model, and its language is told', async () => {
    const clip = sentence('hu');
    const change = await booked(async () => {
      await want(clip);
      await settled();
    });
    expect(change.paid).toBe(costOf(clip));
    expect(costOf(clip)).toBe(Math.ceil(Array.from(clip.text).length / 2));
  });

  test('of a greeting keeps no name: neither in its row nor in the work that made it', async () => {
    const greeting = clipOf(t.policy.voice, 'en', 'BuddyFriend', 'welcome', greetingOf('en', 'Zebulon'));
    const owner = shopper(t, 'owner');
    const memberId = await owner.memberId();
    const id = await want(greeting, memberId);
    const payload = async () =>
      need((await t.db.query<{ payload: object }>('select payload from outbox where id = $1', [id])).rows[0]).payload;
    expect(JSON.stringify(await payload())).toContain('Zebulon');
    await settled();
    expect(JSON.stringify(await payload())).not.toContain('Zebulon');
    expect(JSON.stringify(await findClip(t.db, greeting.key))).not.toContain('Zebulon');
    expect(await findClip(t.db, greeting.key)).toMatchObject({ state: 'ready' });
  });
});

test('a greeting whose member was erased while it was being made goes as soon as it is there', async () => {
  const memberId = await shopper(t, 'leaving').memberId();
  const greeting = clipOf(t.policy.voice, 'en', 'BuddyFriend', 'welcome', greetingOf('en', 'Erasmus'));
  const id = await want(greeting, memberId);
  const slow: Services = {
    ...t,
    voice: async () => ({
      ...t.port,
      async speak(utterance) {
        await t.db.transaction((tx) => pseudonymiseMember(tx, memberId, null, t.clock.now()));
        return t.port.speak(utterance);
      },
    }),
  };
  await runJob(slow, only, id);
  await settled();
  expect(await findClip(t.db, greeting.key)).toMatchObject({ state: 'purged', readyTake: null });
  expect(await t.storage.look(`voice/${greeting.key}.mp3`)).toBeNull();
});

test('a thousand requests for one clip at the same time pay once', async () => {
  const clip = sentence();
  const change = await booked(async () => {
    const now = t.clock.now();
    const wishes = Array.from({ length: 1_000 }, () =>
      t.db.transaction((tx) => wantClips(tx, [clip], { memberId: null, queue: true }, now)),
    );
    const added = (await Promise.all(wishes)).filter((keys) => keys.length > 0);
    expect(added).toHaveLength(1);
    const { rows } = await t.db.query<{ id: string }>(
      `select id from outbox where topic = 'voice.make' and payload ->> 'key' = $1`,
      [clip.key],
    );
    expect(rows).toHaveLength(1);
    // Cloud Tasks may deliver a task several times, also at once.
    await Promise.all(Array.from({ length: 20 }, () => runJob(t, only, need(rows[0]).id)));
    await settled();
  });
  expect(change).toMatchObject({ paid: costOf(clip), spent: costOf(clip), lost: 0, clips: 1 });
});

test('a clip that is purged while it waits and wanted again at once is paid once, though both jobs are there', async () => {
  const clip = sentence();
  const change = await booked(async () => {
    const first = await want(clip);
    await t.db.transaction((tx) => purgeClips(tx, [clip.key], t.clock.now()));
    const second = await want(clip);
    expect(second).not.toBe(first);
    await Promise.all([first, second].map((id) => runJob(t, only, id)));
    await settled();
  });
  expect(change).toMatchObject({ paid: costOf(clip), spent: costOf(clip), lost: 0, reserved: 0, clips: 1 });
});

test('a recording whose write was sent again because its answer got lost counts as ours: nothing of it is lost', async () => {
  const clip = sentence();
  const repeating: Services = {
    ...t,
    files: async () => ({
      ...t.storage,
      async saveNew(...write) {
        await t.storage.saveNew(...write);
        // What Cloud Storage says to the second one; its emulator takes any.
        return false;
      },
    }),
  };
  const change = await booked(async () => runJob(repeating, only, await want(clip)));
  expect(change).toEqual({ reserved: 0, spent: costOf(clip), lost: 0, clips: 1, recovered: 0, paid: costOf(clip) });
});

describe('whichever step a process dies at', () => {
  /** Makes a clip in a process that dies at a step, and lets others go on. Returns the steps of a life without death. */
  async function dying(
    dieAt: string | null,
  ): Promise<{ steps: readonly string[]; clip: WantedClip; change: Awaited<ReturnType<typeof booked>> }> {
    const clip = sentence();
    const mortal = mortalProcess(t, dieAt);
    const change = await booked(async () => {
      const id = await want(clip);
      const services: Services = mortal.begin('make');
      await runJob(services, only, id).catch((error: unknown) => {
        if (!(error instanceof ProcessDied)) throw error;
      });
      if (dieAt !== null) expect(mortal.isDead, dieAt).toBe(true);
      await settled();
    });
    expect(await findClip(t.db, clip.key), String(dieAt)).toMatchObject({ state: 'ready', reservedCredits: 0 });
    return { steps: mortal.steps, clip, change };
  }

  test('a clip is paid once where the vendor keeps a history', async () => {
    const { steps } = await dying(null);
    expect(steps.filter((step) => /voice\.|files\./.test(step))).toEqual([
      'make: before files.look',
      'make: after files.look',
      'make: before voice.speak',
      'make: after voice.speak',
      'make: before files.saveNew',
      'make: after files.saveNew',
    ]);
    const answered = steps.indexOf('make: after voice.speak');
    const written = need(steps.findLast((step) => step.includes('after commit')));
    for (const step of steps) {
      const { change, clip } = await dying(step);
      const cost = costOf(clip);
      expect({ step, paid: change.paid, spent: change.spent, reserved: change.reserved, clips: change.clips }).toEqual({
        ...{ step, paid: cost, spent: cost, reserved: 0, clips: 1 },
      });
      // What the vendor answered is found again, until all is written down.
      const at = steps.indexOf(step);
      const isFound = at >= answered && at < steps.lastIndexOf(written);
      expect(change.recovered, step).toBe(isFound ? 1 : 0);
      // Who died on the point of asking may have asked: that is counted, though nothing was paid.
      expect(change.lost, step).toBe(at === answered - 1 || at === answered - 2 ? cost : 0);
    }
  }, 300_000);

  test('without a history at most one synthesis is paid for nothing, and it is counted', async () => {
    await t.set({ history: false });
    try {
      const { steps } = await dying(null);
      let lost = 0;
      for (const step of steps.filter((each) => /voice\.|files\.|commit/.test(each))) {
        const { change, clip } = await dying(step);
        const cost = costOf(clip);
        expect(change.paid, step).toBeLessThanOrEqual(2 * cost);
        expect(change.paid, step).toBeLessThanOrEqual(change.spent + change.lost);
        expect({ step, spent: change.spent, reserved: change.reserved }).toEqual({ step, spent: cost, reserved: 0 });
        if (change.paid > cost) lost += 1;
      }
      // Between the vendor's answer and the saved file, and nowhere else.
      expect(lost).toBe(2);
    } finally {
      await t.set({ history: true });
    }
  }, 300_000);
});

describe('when the vendor does not make it', () => {
  test('too many at once cost nothing and no attempt: each waits its turn', async () => {
    await t.set({ concurrency: 1, latencyMs: 200 });
    const clips = [sentence(), sentence(), sentence()];
    const change = await booked(async () => {
      const ids = await Promise.all(clips.map((clip) => want(clip)));
      await Promise.all(ids.map((id) => runJob(t, only, id)));
      await t.set({ concurrency: 5, latencyMs: 0 });
      await settled();
    });
    const cost = clips.reduce((sum, clip) => sum + costOf(clip), 0);
    expect(change).toEqual({ reserved: 0, spent: cost, lost: 0, clips: 3, recovered: 0, paid: cost });
    const { rows } = await t.db.query<{ attempts: number }>(
      `select attempts from outbox where topic = 'voice.make' and payload ->> 'key' = any($1)`,
      [clips.map(({ key }) => key)],
    );
    expect(rows.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
  });

  test.each([
    ['quota', 'voice_quota', 'elevenlabs', { characterLimit: 0 }, { characterLimit: 10_000_000 }],
    [
      'missing voice',
      'voice_missing',
      'BuddyFriend',
      { missingVoices: ['ErXwobaYiN019PkySvjV'] },
      { missingVoices: [] },
    ],
  ])(
    'a %s is told once, the work waits without end, and is done when it is mended',
    async (_, kind, subject, broken, whole) => {
      await t.set(broken);
      const clips = [sentence(), sentence()];
      const change = await booked(async () => {
        for (const clip of clips) await want(clip);
        await drain(t, only, { forSeconds: 4 * 3_600 });
        const { rows } = await t.db.query<{ subject: string }>(
          'select subject from alert where kind = $1 and resolved_at is null',
          [kind],
        );
        expect(rows).toEqual([{ subject }]);
        await t.set(whole);
        await drain(t, only, { forSeconds: 3_600 });
      });
      const cost = clips.reduce((sum, clip) => sum + costOf(clip), 0);
      expect(change).toMatchObject({ reserved: 0, spent: cost, lost: 0, paid: cost });
      const { rowCount } = await t.db.query('select 1 from alert where kind = $1 and resolved_at is null', [kind]);
      expect(rowCount).toBe(0);
    },
  );

  test('a text that it refuses fails at once, is reported, and holds nothing of the budget', async () => {
    const clip = sentence();
    const refusing = {
      ...t,
      voice: async () => ({ ...t.port, speak: () => Promise.reject(new VoiceError('refused', 'no')) }),
    };
    const change = await booked(async () => {
      await runJob(refusing, only, await want(clip));
      await settled();
    });
    expect(change).toEqual({ reserved: 0, spent: 0, lost: 0, clips: 0, recovered: 0, paid: 0 });
    expect(await findClip(t.db, clip.key)).toMatchObject({ state: 'failed', error: 'no' });
    const { rowCount } = await t.db.query(`select 1 from alert where kind = 'voice_clip' and subject = $1`, [clip.key]);
    expect(rowCount).toBe(1);
  });

  test('one that never answers is tried until the job gives up, then reported, never skipped in silence', async () => {
    const clip = sentence();
    const id = await want(clip);
    const dead = {
      ...t,
      voice: async () => ({ ...t.port, speak: () => Promise.reject(new VoiceError('unavailable', 'gone')) }),
    };
    await drain(dead, only, { forSeconds: 3 * 3_600 });
    expect(await findClip(t.db, clip.key)).toMatchObject({ state: 'failed', reservedCredits: 0 });
    const { rows } = await t.db.query<{ state: string }>('select state from outbox where id = $1', [id]);
    expect(rows).toEqual([{ state: 'dead' }]);
    const { rowCount } = await t.db.query(`select 1 from alert where kind = 'job_dead' and subject = $1`, [id]);
    expect(rowCount).toBe(1);
  });
});

/** To the beginning of a day of which nothing is spent: what takes hours must not run into the next. */
const toNewDay = () => t.advance(86_400 + secondsToNextDay(t.clock.now()));

test('the budget of a day is never passed, however many work at once; what is missing is made the next day', async () => {
  const clips = Array.from({ length: 6 }, () => sentence());
  const cost = costOf(need(clips[0]));
  await toNewDay();
  const frugal = { ...t, policy: { ...t.policy, voice: { ...t.policy.voice, dailyCredits: cost * 4 + 3 } } };
  const ids = await Promise.all(clips.map((clip) => want(clip)));
  const change = await booked(() => Promise.all(ids.map((id) => runJob(frugal, only, id))));
  expect(change.paid).toBeLessThanOrEqual(cost * 4 + 3);
  expect(change.clips).toBe(4);
  const { rowCount } = await t.db.query(`select 1 from alert where kind = 'voice_budget' and resolved_at is null`);
  expect(rowCount).toBe(1);
  await t.advance(86_400);
  await drain(frugal, only, { forSeconds: 60 });
  for (const { key } of clips) expect((await findClip(t.db, key))?.state).toBe('ready');
});

test('a vendor that breaks off again and again, and remembers nothing, is never asked beyond the budget', async () => {
  const clip = sentence();
  const cost = costOf(clip);
  await toNewDay();
  let asked = 0;
  const breaking: VoiceWorld = {
    ...t,
    policy: { ...t.policy, voice: { ...t.policy.voice, dailyCredits: cost * 3 } },
    voice: async () => ({
      ...t.port,
      findMade: () => Promise.resolve(null),
      speak: () => {
        asked += 1;
        return Promise.reject(new VoiceError('unavailable', 'gone'));
      },
    }),
  };
  const change = await booked(async () => {
    await want(clip);
    await drain(breaking, only, { forSeconds: 3_600 });
  });
  expect(asked).toBe(3);
  expect(change).toMatchObject({ reserved: 0, lost: 3 * cost });
  await t.advance(86_400);
  await settled();
  expect(await findClip(t.db, clip.key)).toMatchObject({ state: 'ready' });
});
