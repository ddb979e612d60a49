import { voiceOf, voiceProfiles, type VoiceProfile } from '../../domain/voice/voices.ts';
import { raiseAlert, resolveAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import { TryLater, type Job, type JobHandler } from '../../platform/jobs.ts';
import { queueClips, wantClips } from '../../store/voice-clips.ts';
import { addRunClips, findRun, moveRun, readRunQueue, type VoiceRun } from '../../store/voice-runs.ts';
import { VoiceError } from '../../vendors/voice/errors.ts';
import type { AccountVoice } from '../../vendors/voice/port.ts';
import { bodyClips } from './body-clips.ts';
import { accountSubject, troubles } from './troubles.ts';

/** A member's clip stands behind at most so many of a run, which are ready within a minute. */
const maxQueued = 30;
/** As often as a run looks whether its clips are made; the more often nothing has changed, the longer it waits. */
const lookSeconds = { least: 3, most: 300 };

/**
 * Works off `voice.run`: checks that the account has every voice, wants all clips, and feeds the queue a few at a time until each is ready or
 * has failed. It comes back until then, without counting attempts.
 */
export const runPublication: JobHandler = async (services, job) => {
  const run = await findRun(services.db, String(job.payload['runId']));
  if (run?.state === 'checking') {
    if (!(await checkVoices(services, job, run))) return;
    await begin(services, job, run);
  }
  await feed(services, job);
};

/** False when a voice is missing: nothing is recorded, because a message by two voices is worse than none. */
async function checkVoices(services: Services, job: Job, run: VoiceRun): Promise<boolean> {
  const { db, clock, policy } = services;
  const account = await readAccount(services);
  const idOf = (name: VoiceProfile): string => voiceOf(name, policy.voice.voiceIds).voiceId;
  const has = new Set(account.map(({ voiceId }) => voiceId));
  const missing = voiceProfiles.filter((name) => !has.has(idOf(name)));
  const now = clock.now();
  await db.transaction(async (tx) => {
    for (const name of voiceProfiles) {
      if (!missing.includes(name)) {
        await resolveAlert(tx, 'voice_missing', name, now);
        continue;
      }
      const message = `the account at ElevenLabs lacks ${name} (${idOf(name)}). Add the voice to the account, or name another in VOICE_IDS; then publish again.`;
      await raiseAlert(tx, { kind: 'voice_missing', subject: name, message }, now);
    }
    if (missing.length === 0) return;
    await moveRun(tx, run.id, { state: 'refused', problem: `the account lacks ${missing.join(', ')}`, at: now });
    await job.finish(tx);
  });
  return missing.length === 0;
}

/** Waits without end for an account that somebody has to mend: what a run needs it for is told by an alert, not by its silence. */
async function readAccount(services: Services): Promise<AccountVoice[]> {
  const { db, clock } = services;
  try {
    const voices = await (await services.voice()).listVoices();
    await resolveAlert(db, 'voice_key', accountSubject, clock.now());
    return voices;
  } catch (error) {
    if (!(error instanceof VoiceError)) throw error;
    if (error.kind === 'busy') throw new TryLater(error.message, 10);
    const trouble = troubles[error.kind];
    if (!trouble) throw error;
    const message = `the voices of the account can't be read: ${error.message}. ${trouble.mend} The publication goes on then.`;
    await raiseAlert(db, { kind: trouble.alert, subject: accountSubject, message }, clock.now());
    throw new TryLater(error.message, trouble.seconds);
  }
}

async function begin(services: Services, job: Job, run: VoiceRun): Promise<void> {
  const { db, clock, policy } = services;
  // A language at a time: a statement of three thousand rows would hold them all for as long.
  for (const language of run.languages) {
    const clips = bodyClips(policy.voice, [language]);
    await db.transaction(async (tx) => {
      await wantClips(tx, clips, { memberId: null, queue: false }, clock.now());
      await addRunClips(
        tx,
        run.id,
        clips.map(({ key }) => key),
      );
      await job.renew(tx);
    });
  }
  await db.transaction((tx) => moveRun(tx, run.id, { state: 'running' }));
}

async function feed(services: Services, job: Job): Promise<void> {
  const { db, clock } = services;
  const runId = String(job.payload['runId']);
  const now = clock.now();
  const wait = await db.transaction(async (tx) => {
    const { queued, next } = await readRunQueue(tx, runId, maxQueued);
    const fresh = next.slice(0, Math.max(0, maxQueued - queued));
    await queueClips(tx, fresh, now);
    const run = await findRun(tx, runId);
    if (!run) throw new Error(`there is no run ${runId}`);
    if (run.total === run.ready + run.failed) {
      if (run.doneAt === null) await moveRun(tx, runId, { state: run.failed === 0 ? 'done' : 'incomplete', at: now });
      await job.finish(tx);
      return null;
    }
    const made = String(run.ready + run.failed);
    const moved = job.payload['made'] !== made;
    const before = Number(job.payload['wait'] ?? lookSeconds.least);
    const seconds = moved ? lookSeconds.least : Math.min(lookSeconds.most, before * 2);
    await job.remember(tx, { made, wait: String(seconds) });
    return seconds;
  });
  if (wait !== null) throw new TryLater('clips are being made', wait);
}
