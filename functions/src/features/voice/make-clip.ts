import { speechOf } from '../../domain/voice/languages.ts';
import { voiceOf } from '../../domain/voice/voices.ts';
import { raiseAlert, resolveAlert } from '../../platform/alerts.ts';
import type { Services } from '../../platform/container.ts';
import type { Tx } from '../../platform/db.ts';
import { TryLater, type Job, type JobHandler } from '../../platform/jobs.ts';
import {
  costOf,
  isSomebodysGreeting,
  lockClip,
  markAsked,
  markFailed,
  markMaking,
  markReady,
  markWanted,
  purgeClips,
  type Clip,
  type MadeClip,
} from '../../store/voice-clips.ts';
import { dayOf, reserveCredits, secondsToNextDay, settleCredits } from '../../store/voice-days.ts';
import { touchListeners } from '../../store/voice-listening.ts';
import { VoiceError } from '../../vendors/voice/errors.ts';
import type { Recording, Utterance } from '../../vendors/voice/port.ts';
import { factsOf, findRecording, saveRecording } from './recordings.ts';
import { accountSubject, troubles } from './troubles.ts';

/** A clip that is being made, with its text and what is held of the budget for it. */
interface Making {
  readonly clip: Clip & { reservedDay: string };
  readonly text: string;
}

/**
 * Works off `voice.make`: makes one clip, in steps that may each be the last of this process. Credits of the day are held; Storage is asked,
 * then, where an earlier attempt may have reached the vendor, the vendor's history; only then is speech bought, saved in one write, and
 * recorded. So nothing is paid twice as long as the history has it, and where it has not, what was lost is counted.
 */
export const makeClip: JobHandler = async (services, job) => {
  const making = await begin(services, job);
  if (!making) return;
  const found = await findMade(services, making).catch((error: unknown) =>
    handleFailure(services, job, making, error, 'looking'),
  );
  if (found) return finish(services, job, making, found);
  const fresh = making.clip.askedAt === null ? making : await beginAnew(services, job, making);
  if (!fresh) return;
  const made = await record(services, job, fresh).catch((error: unknown) =>
    handleFailure(services, job, fresh, error, 'making'),
  );
  if (made) await finish(services, job, fresh, made);
};

interface Result {
  readonly made: MadeClip;
  /** What was paid for it now. */
  readonly spent: number;
  /** What was paid for nothing. */
  readonly lost: number;
  readonly recovered: boolean;
}

async function begin(services: Services, job: Job): Promise<Making | null> {
  const { db, clock, policy } = services;
  const now = clock.now();
  const key = String(job.payload['key']);
  const outcome = await db.transaction(async (tx): Promise<Making | 'over' | 'no budget'> => {
    const clip = await lockClip(tx, key);
    const said = clip?.text ?? job.payload['text'];
    if (
      !clip ||
      !isForThis(job, clip) ||
      clip.state === 'ready' ||
      clip.state === 'purged' ||
      typeof said !== 'string'
    ) {
      await endJob(tx, job);
      return 'over';
    }
    if (clip.reservedDay !== null) {
      await job.renew(tx);
      return { clip: { ...clip, reservedDay: clip.reservedDay }, text: said };
    }
    const reserved = { day: dayOf(now), credits: costOf(clip, said) };
    if (!(await reserveCredits(tx, reserved.day, reserved.credits, policy.voice.dailyCredits))) {
      const message = `speech has used up VOICE_DAILY_CREDITS (${String(policy.voice.dailyCredits)}) of ${reserved.day}. What is missing is made tomorrow; raise the setting if that is too late.`;
      await raiseAlert(tx, { kind: 'voice_budget', subject: reserved.day, message }, now);
      return 'no budget';
    }
    await markMaking(tx, key, reserved);
    await job.renew(tx);
    return { clip: { ...clip, reservedCredits: reserved.credits, reservedDay: reserved.day }, text: said };
  });
  if (outcome === 'no budget') {
    // Looked at each hour, because the setting may be raised.
    throw new TryLater('the budget of the day is used up', Math.min(3_600, secondsToNextDay(now)));
  }
  return outcome === 'over' ? null : outcome;
}

/** Two jobs for one clip would both pay: after a purge, or a failure that an operator had repeated, only the last one counts. */
function isForThis(job: Job, clip: Clip): boolean {
  return job.payload['round'] === clip.round;
}

function utteranceOf({ clip, text }: Making): Utterance {
  const { settings } = voiceOf(clip.voice);
  return { text, voiceId: clip.voiceId, settings, speech: speechOf(clip.language) };
}

/** What an attempt that died has left behind: a file, or a recording that the vendor remembers. */
async function findMade(services: Services, making: Making): Promise<Result | null> {
  const { clip } = making;
  const files = await services.files();
  const saved = await findRecording(files, clip.key, clip.take);
  if (saved) return { made: saved, spent: clip.askedAt === null ? 0 : saved.credits, lost: 0, recovered: true };
  if (clip.askedAt === null) return null;
  const voice = await services.voice();
  const recording = await voice.findMade(utteranceOf(making), clip.askedAt);
  return recording && keep(services, making, recording, true);
}

/**
 * Asked before, and neither Storage nor the history knows of it: it may have been paid for, and is lost. What is asked now is held like
 * any other, so that a vendor who fails again and again can't be paid beyond the budget.
 */
async function beginAnew(services: Services, job: Job, { clip }: Making): Promise<Making | null> {
  const { key, reservedDay: day, reservedCredits: credits } = clip;
  await services.db.transaction(async (tx) => {
    await settleCredits(tx, { day, credits }, { lost: credits });
    await markWanted(tx, key);
    await job.renew(tx);
  });
  return begin(services, job);
}

async function record(services: Services, job: Job, making: Making): Promise<Result> {
  const voice = await services.voice();
  // Right before the vendor is asked: from here on a process that dies may have paid.
  await services.db.transaction(async (tx) => {
    await markAsked(tx, making.clip.key, services.clock.now());
    await job.renew(tx);
  });
  return keep(services, making, await voice.speak(utteranceOf(making)), false);
}

async function keep(
  services: Services,
  { clip, text }: Making,
  recording: Recording,
  recovered: boolean,
): Promise<Result> {
  const facts = factsOf(text, recording, clip.reservedCredits);
  const { model } = speechOf(clip.language);
  const about = { model, voiceId: clip.voiceId, language: clip.language, textVersion: String(clip.textVersion) };
  const { isOurs, ...made } = await saveRecording(await services.files(), clip, recording, facts, about);
  // What is there is another worker's, whose claim had ended: both were paid, one is of use.
  return { made, spent: made.credits, lost: isOurs ? 0 : facts.credits, recovered };
}

async function finish(services: Services, job: Job, { clip }: Making, result: Result): Promise<void> {
  const { made, spent, lost, recovered } = result;
  const now = services.clock.now();
  await services.db.transaction(async (tx) => {
    const { key, reservedDay: day, reservedCredits: credits } = clip;
    const waiting = await markReady(tx, key, { ...made, credits: spent }, now);
    await settleCredits(tx, { day, credits }, { spent, lost, clips: 1, recovered: recovered ? 1 : 0 });
    // Whose name it says was erased while it was being made.
    if (clip.kind === 'greeting' && !(await isSomebodysGreeting(tx, key))) await purgeClips(tx, [key], now);
    await resolveAlert(tx, 'voice_clip', key, now);
    await mend(tx, job, now);
    await endJob(tx, job);
    await touchListeners(tx, waiting, now);
  });
}

/** The name in the text of a greeting goes with the work that needed it. */
async function endJob(tx: Tx, job: Job): Promise<void> {
  if (job.payload['text'] !== undefined) await job.remember(tx, { text: null });
  await job.finish(tx);
}

/**
 * Decides by the kind of failure. What may have been made is left as it is, for the next attempt to look for; so is what an attempt that
 * died may have left, while it can't be looked for. Otherwise nothing was made: what is held for it goes back, and the clip waits for the
 * vendor, for a person, or for nobody. Returns null when nothing is left to do.
 */
async function handleFailure(
  services: Services,
  job: Job,
  { clip }: Making,
  error: unknown,
  doing: 'looking' | 'making',
): Promise<null> {
  if (!(error instanceof VoiceError) || !error.madeNothing) throw error;
  const now = services.clock.now();
  const isOver = error.kind === 'refused' && doing === 'making';
  const trouble = troubles[error.kind];
  const waits = Number(job.payload['waits'] ?? 0) + 1;
  await services.db.transaction(async (tx) => {
    if (doing === 'making') await settleCredits(tx, { day: clip.reservedDay, credits: clip.reservedCredits }, {});
    if (isOver) return fail(tx, job, clip, error, now);
    if (doing === 'making') await markWanted(tx, clip.key);
    await job.remember(tx, { waits: String(waits), ...(trouble ? { trouble: trouble.alert } : {}) });
    if (!trouble) return;
    const message = `speech can't be made: ${error.message}. ${trouble.mend} What is missing is made then.`;
    await raiseAlert(tx, { kind: trouble.alert, subject: troubleSubject(trouble.alert, clip), message }, now);
  });
  if (isOver) return null;
  if (error.kind === 'refused') throw error;
  // Too many at once: the more often, the longer, up to a minute.
  throw new TryLater(error.message, trouble?.seconds ?? Math.min(60, 2 ** Math.min(waits, 6)));
}

async function fail(tx: Tx, job: Job, clip: Clip, error: VoiceError, now: Date): Promise<void> {
  const waiting = await markFailed(tx, clip.key, error.message);
  const message = `a clip in ${clip.language} by ${clip.voice} can't be made: ${error.message}. Look at it under Voice, then record it again.`;
  await raiseAlert(tx, { kind: 'voice_clip', subject: clip.key, message }, now);
  await endJob(tx, job);
  await touchListeners(tx, waiting, now);
}

function troubleSubject(alert: string, clip: Clip): string {
  return alert === 'voice_missing' ? clip.voice : accountSubject;
}

/** A clip that waited for somebody to mend the account was made: it is mended. */
async function mend(tx: Tx, job: Job, now: Date): Promise<void> {
  const { trouble, key } = job.payload;
  if (typeof trouble !== 'string') return;
  const clip = await lockClip(tx, String(key));
  if (clip) await resolveAlert(tx, trouble, troubleSubject(trouble, clip), now);
}

/** Runs when `voice.make` gives up: the clip has failed, and what was held for it may have been paid. */
export async function giveUpClip(tx: Tx, services: Services, job: Job): Promise<void> {
  const clip = await lockClip(tx, String(job.payload['key']));
  if (!clip || !isForThis(job, clip) || clip.state === 'ready') return;
  if (clip.reservedDay !== null) {
    const lost = clip.askedAt === null ? 0 : clip.reservedCredits;
    await settleCredits(tx, { day: clip.reservedDay, credits: clip.reservedCredits }, { lost });
  }
  const waiting = await markFailed(tx, clip.key, 'it was tried until the job gave up');
  await tx.query(`update outbox set payload = payload - 'text' where id = $1`, [job.id]);
  await touchListeners(tx, waiting, services.clock.now());
}
