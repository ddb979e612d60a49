import { createHash } from 'node:crypto';
import { clipKeyText, creditsOf } from '../domain/voice/clip-key.ts';
import { isVoiceLanguage, speechOf, type VoiceLanguage } from '../domain/voice/languages.ts';
import type { Segment } from '../domain/voice/segments.ts';
import { isMessageId, textsOf, type MessageId } from '../domain/voice/texts.ts';
import { isVoiceProfile, voiceOf, type VoiceProfile } from '../domain/voice/voices.ts';
import type { VoicePolicy } from '../platform/voice-settings.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { addJobs } from '../platform/outbox.ts';

/** A recording that a message needs. */
export interface WantedClip {
  readonly key: string;
  readonly kind: 'body' | 'greeting';
  readonly language: VoiceLanguage;
  readonly voice: VoiceProfile;
  readonly voiceId: string;
  readonly messageId: MessageId | null;
  readonly segment: number;
  readonly textVersion: number;
  readonly text: string;
}

/** Says which clip a segment is in a language and voice. */
export function clipOf(
  settings: VoicePolicy,
  language: VoiceLanguage,
  voice: VoiceProfile,
  messageId: MessageId,
  segment: Segment,
): WantedClip {
  const { voiceId, settings: manner } = voiceOf(voice, settings.voiceIds);
  const textVersion = textsOf(language).version;
  const { text } = segment;
  const canonical = clipKeyText({ text, voiceId, settings: manner, speech: speechOf(language), textVersion });
  return {
    key: createHash('sha256').update(canonical).digest('hex'),
    kind: segment.personal ? 'greeting' : 'body',
    language,
    voice,
    voiceId,
    messageId: segment.kind === 'greeting' ? null : messageId,
    segment: segment.index,
    textVersion,
    text,
  };
}

export interface Clip {
  key: string;
  kind: 'body' | 'greeting';
  language: VoiceLanguage;
  voice: VoiceProfile;
  voiceId: string;
  messageId: MessageId | null;
  segment: number;
  textVersion: number;
  text: string | null;
  state: 'wanted' | 'making' | 'ready' | 'failed' | 'purged';
  /** The recording that is being made or was made last. */
  take: number;
  /** The recording that is heard; null until there is one. */
  readyTake: number | null;
  /** Which of its jobs makes it: one of an earlier round has nothing to do any more. */
  round: number;
  attempts: number;
  reservedCredits: number;
  reservedDay: string | null;
  askedAt: Date | null;
  credits: number;
  seconds: number | null;
  bytes: number | null;
  startsMs: number[] | null;
  endsMs: number[] | null;
  error: string | null;
  wantedAt: Date;
  madeAt: Date | null;
}

interface ClipRow {
  key: string;
  kind: Clip['kind'];
  language: string;
  voice: string;
  voice_id: string;
  message_id: string | null;
  segment: number;
  text_version: number;
  text: string | null;
  state: Clip['state'];
  take: number;
  ready_take: number | null;
  round: number;
  attempts: number;
  reserved_credits: number;
  reserved_day: string | null;
  asked_at: Date | null;
  credits: number;
  seconds: number | null;
  bytes: number | null;
  starts_ms: number[] | null;
  ends_ms: number[] | null;
  error: string | null;
  wanted_at: Date;
  made_at: Date | null;
}

const columns = `key, kind, language, voice, voice_id, message_id, segment, text_version, text, state, take, ready_take, round, attempts,
  reserved_credits, reserved_day::text as reserved_day, asked_at, credits, seconds, bytes, starts_ms, ends_ms, error, wanted_at, made_at`;

function toClip(row: ClipRow): Clip {
  const { language, voice, message_id: messageId } = row;
  if (!isVoiceLanguage(language) || !isVoiceProfile(voice))
    throw new Error(`clip ${row.key} is in ${language} by ${voice}`);
  return {
    key: row.key,
    kind: row.kind,
    language,
    voice,
    voiceId: row.voice_id,
    // A message that is told no more.
    messageId: messageId !== null && isMessageId(messageId) ? messageId : null,
    segment: row.segment,
    textVersion: row.text_version,
    text: row.text,
    state: row.state,
    take: row.take,
    readyTake: row.ready_take,
    round: row.round,
    attempts: row.attempts,
    reservedCredits: row.reserved_credits,
    reservedDay: row.reserved_day,
    askedAt: row.asked_at,
    credits: row.credits,
    seconds: row.seconds,
    bytes: row.bytes,
    startsMs: row.starts_ms,
    endsMs: row.ends_ms,
    error: row.error,
    wantedAt: row.wanted_at,
    madeAt: row.made_at,
  };
}

/** Clips by their keys; those that nobody ever wanted are missing. */
export async function readClips(db: Queryable, keys: readonly string[]): Promise<Map<string, Clip>> {
  const { rows } = await db.query<ClipRow>(
    `select ${columns} from voice_clip where key = any($1)`,
    [keys],
    'voice-clips',
  );
  return new Map(rows.map((row) => [row.key, toClip(row)]));
}

/** A clip by its key, null when there is none. */
export async function findClip(db: Queryable, key: string): Promise<Clip | null> {
  return (await readClips(db, [key])).get(key) ?? null;
}

/** A clip under a row lock, null when there is none (any more). */
export async function lockClip(tx: Tx, key: string): Promise<Clip | null> {
  const { rows } = await tx.query<ClipRow>(`select ${columns} from voice_clip where key = $1 for update`, [key]);
  return rows[0] ? toClip(rows[0]) : null;
}

/** Who waits for clips, and at which point of a message. */
export interface Wish {
  /** Who is told when they are ready; null for a run. */
  readonly memberId: string | null;
  /** False for a run, which queues its clips a few at a time, so that a member's clip is never behind thousands. */
  readonly queue: boolean;
}

/**
 * Has clips made that are missing: each once, however many ask at the same time, because its key is the row's. What failed before is
 * left to operators: a run of theirs tries it again. Returns the keys that are made from now on.
 */
export async function wantClips(tx: Tx, clips: readonly WantedClip[], wish: Wish, now: Date): Promise<string[]> {
  const sorted = [...new Map(clips.map((clip) => [clip.key, clip])).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const column = <T>(pick: (clip: WantedClip) => T): T[] => sorted.map(pick);
  const { rows } = await tx.query<{ key: string }>(
    `insert into voice_clip (key, kind, language, voice, model, voice_id, message_id, segment, text_version, text, state, wanted_at)
     select *, 'wanted', $11 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[],
       $9::int[], $10::text[]) 
     on conflict (key) do update set state = 'wanted', wanted_at = excluded.wanted_at, attempts = 0, error = null
       where voice_clip.state = 'purged' or (voice_clip.state = 'failed' and $12) returning key`,
    [
      column(({ key }) => key),
      column(({ kind }) => kind),
      column(({ language }) => language),
      column(({ voice }) => voice),
      column(({ language }) => speechOf(language).model),
      column(({ voiceId }) => voiceId),
      column(({ messageId }) => messageId),
      column(({ segment }) => segment),
      column(({ textVersion }) => textVersion),
      column(({ kind, text }) => (kind === 'greeting' ? null : text)),
      now,
      wish.memberId === null,
    ],
  );
  if (wish.memberId !== null) await remember(tx, sorted, wish.memberId);
  if (wish.queue) await queueClips(tx, sorted, now);
  return rows.map(({ key }) => key);
}

async function remember(tx: Tx, clips: readonly WantedClip[], memberId: string): Promise<void> {
  await tx.query(
    `insert into voice_waiting (key, member_id) select key, $2 from voice_clip where key = any($1) and state in ('wanted', 'making')
     on conflict do nothing`,
    [clips.map(({ key }) => key), memberId],
  );
  await tx.query('insert into voice_greeting (key, member_id) select unnest($1::text[]), $2 on conflict do nothing', [
    clips.flatMap(({ key, kind }) => (kind === 'greeting' ? [key] : [])),
    memberId,
  ]);
}

/** Makes a job for each of these clips that waits for none yet. The text of a greeting is in the job, until it is made, and nowhere else. */
export async function queueClips(
  tx: Tx,
  clips: readonly Pick<WantedClip, 'key' | 'kind' | 'text'>[],
  now: Date,
): Promise<void> {
  const { rows } = await tx.query<{ key: string; round: number }>(
    // In the order of keys, so that no two who want the same clips wait for each other.
    `with idle as (select key from voice_clip where key = any($1) and state = 'wanted' and not queued order by key for update)
     update voice_clip c set queued = true, round = c.round + 1 from idle where c.key = idle.key returning c.key, c.round`,
    [clips.map(({ key }) => key)],
  );
  const texts = new Map(clips.map(({ key, kind, text }) => [key, kind === 'greeting' ? text : null]));
  const jobs = rows.map(({ key, round }) => ({
    key: `${key}:${String(round)}`,
    payload: { key, round, text: texts.get(key) ?? null },
  }));
  if (jobs.length > 0) await addJobs(tx, { queue: 'voice', topic: 'voice.make' }, jobs, now);
}

/** The most that a clip costs. */
export function costOf({ language }: { language: VoiceLanguage }, text: string): number {
  return creditsOf(text, speechOf(language));
}

/** Marks a clip as being made, with what is held of the budget. */
export async function markMaking(tx: Tx, key: string, reserved: { day: string; credits: number }): Promise<void> {
  await tx.query(
    `update voice_clip set state = 'making', attempts = attempts + 1, reserved_credits = $2, reserved_day = $3 where key = $1`,
    [key, reserved.credits, reserved.day],
  );
}

/** Notes that the vendor is asked now, until it is known how that ended. */
export async function markAsked(tx: Tx, key: string, now: Date): Promise<void> {
  await tx.query('update voice_clip set asked_at = $2 where key = $1', [key, now]);
}

/** Puts a clip back into the queue's hands: nothing was made, and nothing is held for it. */
export async function markWanted(tx: Tx, key: string): Promise<void> {
  await tx.query(
    `update voice_clip set state = 'wanted', asked_at = null, reserved_credits = 0, reserved_day = null where key = $1`,
    [key],
  );
}

/** What is known of a recording that was saved. */
export interface MadeClip {
  readonly take: number;
  readonly credits: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly startsMs: readonly number[] | null;
  readonly endsMs: readonly number[] | null;
}

/** Marks a clip as ready. Returns who waited for it. */
export async function markReady(tx: Tx, key: string, made: MadeClip, now: Date): Promise<string[]> {
  await tx.query(
    `update voice_clip set state = 'ready', queued = false, ready_take = $2, credits = credits + $3, seconds = $4, bytes = $5, starts_ms = $6,
       ends_ms = $7, made_at = $8, error = null, asked_at = null, reserved_credits = 0, reserved_day = null where key = $1`,
    [key, made.take, made.credits, made.seconds, made.bytes, made.startsMs, made.endsMs, now],
  );
  return takeWaiting(tx, key);
}

/** Marks a clip as failed, with the reason for operators. Returns who waited for it. */
export async function markFailed(tx: Tx, key: string, error: string): Promise<string[]> {
  await tx.query(
    `update voice_clip set state = 'failed', queued = false, error = $2, asked_at = null, reserved_credits = 0, reserved_day = null where key = $1`,
    [key, error],
  );
  return takeWaiting(tx, key);
}

async function takeWaiting(tx: Tx, key: string): Promise<string[]> {
  const { rows } = await tx.query<{ member_id: string }>(
    'delete from voice_waiting where key = $1 returning member_id',
    [key],
  );
  return rows.map((row) => row.member_id).sort();
}

/** Has a clip recorded anew: a further recording of one that is ready, another try of one that failed. */
export async function startNextTake(tx: Tx, clip: Clip, text: string, now: Date): Promise<void> {
  await tx.query(
    `update voice_clip set state = 'wanted', queued = false, attempts = 0, error = null, wanted_at = $3, take = $2 where key = $1`,
    [clip.key, clip.readyTake === null ? clip.take : clip.take + 1, now],
  );
  await queueClips(tx, [{ key: clip.key, kind: clip.kind, text }], now);
}

/** Clips in a state, the latest first, at most `limit`. */
export async function listClips(
  db: Queryable,
  filter: { state: Clip['state']; language: string | null; voice: string | null; limit: number },
): Promise<Clip[]> {
  const { rows } = await db.query<ClipRow>(
    `select ${columns} from voice_clip where state = $1 and ($2::text is null or language = $2) and ($3::text is null or voice = $3)
     order by coalesce(made_at, wanted_at) desc, key limit $4`,
    [filter.state, filter.language, filter.voice, filter.limit],
  );
  return rows.map(toClip);
}

/**
 * Empties clips that nobody is making at the moment, and has their files deleted. The rows stay and count on: what is recorded for them
 * later has another address. Returns how many there were.
 */
export async function purgeClips(tx: Tx, keys: readonly string[], now: Date): Promise<number> {
  const { rows } = await tx.query<{ key: string; last: number }>(
    `with chosen as (select key, take from voice_clip where key = any($1) and state not in ('making', 'purged') order by key for update)
     update voice_clip c set state = 'purged', take = c.take + 1, ready_take = null, made_at = null, queued = false, seconds = null, bytes = null,
       starts_ms = null, ends_ms = null, error = null from chosen where c.key = chosen.key returning c.key, chosen.take as last`,
    [keys],
  );
  const jobs = rows.map(({ key, last }) => ({ key: `${key}:${String(last)}`, payload: { key, last } }));
  if (jobs.length > 0) await addJobs(tx, { queue: 'voice', topic: 'voice.purge' }, jobs, now);
  return rows.length;
}

/** Keys of clips that nobody is making and whose text is said no more, at most `limit`. `current` are those that are said. */
export async function listOutdated(db: Queryable, current: readonly string[], limit: number): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select key from voice_clip where kind = 'body' and state not in ('making', 'purged') and key <> all($1) order by key limit $2`,
    [current, limit],
  );
  return rows.map(({ key }) => key);
}

/** Whether somebody has the name that a greeting says. The caller holds the lock of the clip. */
export async function isSomebodysGreeting(tx: Tx, key: string): Promise<boolean> {
  const { rowCount } = await tx.query('select 1 from voice_greeting where key = $1 limit 1', [key]);
  return rowCount !== 0;
}

/**
 * Takes a member off all clips. Returns the greetings that say a name nobody has any more; one that is being made at the moment goes by
 * itself when it is ready.
 */
export async function forgetListener(tx: Tx, memberId: string): Promise<string[]> {
  // First, so that whoever finishes one of them sees that it is nobody's.
  await tx.query(
    'select 1 from voice_clip where key in (select key from voice_greeting where member_id = $1) order by key for update',
    [memberId],
  );
  await tx.query('delete from voice_waiting where member_id = $1', [memberId]);
  const { rows } = await tx.query<{ key: string }>('delete from voice_greeting where member_id = $1 returning key', [
    memberId,
  ]);
  const { rows: orphans } = await tx.query<{ key: string }>(
    `select c.key from voice_clip c where c.key = any($1) and not exists (select 1 from voice_greeting g where g.key = c.key)
     order by c.key`,
    [rows.map(({ key }) => key)],
  );
  return orphans.map(({ key }) => key);
}
