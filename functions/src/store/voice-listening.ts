import { isHeard, type Listened } from '../domain/voice/next-message.ts';
import { isVoiceLanguage, type VoiceLanguage } from '../domain/voice/languages.ts';
import { isMessageId, type MessageId } from '../domain/voice/texts.ts';
import { isVoiceProfile, voiceProfiles, type VoiceProfile } from '../domain/voice/voices.ts';
import type { Queryable, Tx } from '../platform/db.ts';
import { addJob, addJobs } from '../platform/outbox.ts';

/** In which language and voice a member listens. */
export interface Listener {
  language: VoiceLanguage;
  voice: VoiceProfile;
  revision: bigint;
}

/** How far a member has come with a message. */
export interface Progress {
  messageId: MessageId;
  textVersion: number;
  language: VoiceLanguage;
  voice: VoiceProfile;
  segment: number;
  offsetMs: number;
  heard: number[];
  completedAt: Date | null;
  firstAt: Date;
  updatedAt: Date;
}

/** A report of the player. */
export type Report = Pick<
  Progress,
  'messageId' | 'textVersion' | 'language' | 'voice' | 'segment' | 'offsetMs' | 'heard'
>;

interface ProgressRow {
  message_id: string;
  text_version: number;
  language: string;
  voice: string;
  segment: number;
  offset_ms: number;
  heard: number[];
  completed_at: Date | null;
  first_at: Date;
  updated_at: Date;
}

const columns =
  'message_id, text_version, language, voice, segment, offset_ms, heard, completed_at, first_at, updated_at';

/** What a member chose; their account's language and the first voice before they did. */
export async function readListener(db: Queryable, member: { id: string; locale: VoiceLanguage }): Promise<Listener> {
  const { rows } = await db.query<{ language: string; voice: string; revision: bigint }>(
    'select language, voice, revision from voice_listener where member_id = $1',
    [member.id],
  );
  const row = rows[0];
  return {
    language: row && isVoiceLanguage(row.language) ? row.language : member.locale,
    voice: row && isVoiceProfile(row.voice) ? row.voice : voiceProfiles[0]!,
    revision: row?.revision ?? 0n,
  };
}

/** Keeps what a member chose, or only that something which they see has changed, and has it projected. Gives the number of the change. */
export async function touchListener(
  tx: Tx,
  memberId: string,
  choice: { language: VoiceLanguage; voice: VoiceProfile },
  now: Date,
): Promise<bigint> {
  const { rows } = await tx.query<{ revision: bigint }>(
    `insert into voice_listener as l (member_id, language, voice) values ($1, $2, $3)
     on conflict (member_id) do update set language = excluded.language, voice = excluded.voice, revision = l.revision + 1 returning revision`,
    [memberId, choice.language, choice.voice],
  );
  const revision = rows[0]?.revision ?? 0n;
  const key = `${memberId}:${String(revision)}`;
  await addJob(tx, { queue: 'projection', topic: 'projection.voice', key, payload: { memberId } }, now);
  return revision;
}

/** A member who listens reports every few seconds; other devices need not be told of each. */
const positionWindowMs = 10_000;

/** Has a place in a message projected soon, once for all reports of the next seconds. */
export async function planPosition(tx: Tx, member: { id: string; locale: VoiceLanguage }, now: Date): Promise<void> {
  const { language, voice } = await readListener(tx, member);
  // Each time, because what is projected must have a number that nobody has shown yet.
  await tx.query(
    `insert into voice_listener as l (member_id, language, voice) values ($1, $2, $3)
     on conflict (member_id) do update set revision = l.revision + 1`,
    [member.id, language, voice],
  );
  const window = Math.floor(now.getTime() / positionWindowMs) + 1;
  const runAt = new Date(window * positionWindowMs);
  const key = `${member.id}:at ${String(window)}`;
  const payload = { memberId: member.id };
  await addJob(tx, { queue: 'projection', topic: 'projection.voice', key, payload, runAt }, now);
}

/** As `touchListener` without a choice, for those who waited for a clip. The caller holds no lock of a member. */
export async function touchListeners(tx: Tx, memberIds: readonly string[], now: Date): Promise<void> {
  const { rows } = await tx.query<{ member_id: string; revision: bigint }>(
    'update voice_listener set revision = revision + 1 where member_id = any($1) returning member_id, revision',
    [memberIds],
  );
  const jobs = rows.map((row) => ({
    key: `${row.member_id}:${String(row.revision)}`,
    payload: { memberId: row.member_id },
  }));
  if (jobs.length > 0) await addJobs(tx, { queue: 'projection', topic: 'projection.voice' }, jobs, now);
}

/** What a member has listened to, most recent first. A message that is told no more is left out. */
export async function readProgress(db: Queryable, memberId: string): Promise<Progress[]> {
  const { rows } = await db.query<ProgressRow>(
    `select ${columns} from voice_progress where member_id = $1 order by updated_at desc, message_id`,
    [memberId],
  );
  return rows.flatMap(toProgress);
}

/** The same as the order of messages reads it. */
export function toListened(progress: readonly Progress[]): Listened[] {
  return progress.map(({ messageId, completedAt, updatedAt }) => ({
    messageId,
    completed: completedAt !== null,
    at: updatedAt.getTime(),
  }));
}

/**
 * Keeps a report. What was heard stays heard, whatever comes late or twice. Sentences of an older text don't count for a newer one, and a
 * report of an older text changes nothing once a newer one was listened to. Returns whether the message counts as heard now, and whether
 * it did not before.
 */
export async function recordReport(
  tx: Tx,
  memberId: string,
  report: Report,
  now: Date,
): Promise<{ completed: boolean; isNew: boolean }> {
  const { rows } = await tx.query<{ heard: number[]; completed_at: Date | null }>(
    `insert into voice_progress as p (member_id, message_id, text_version, language, voice, segment, offset_ms, heard, first_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
     on conflict (member_id, message_id) do update set text_version = excluded.text_version, language = excluded.language,
       voice = excluded.voice, segment = excluded.segment, offset_ms = excluded.offset_ms, updated_at = excluded.updated_at,
       heard = case when p.text_version < excluded.text_version then excluded.heard
         else array(select distinct each from unnest(p.heard || excluded.heard) as each order by each) end
       where p.text_version <= excluded.text_version
     returning heard, completed_at`,
    [
      memberId,
      report.messageId,
      report.textVersion,
      report.language,
      report.voice,
      report.segment,
      report.offsetMs,
      [...new Set(report.heard)].sort((a, b) => a - b),
      now,
    ],
  );
  const row = rows[0];
  if (!row) return { completed: await wasCompleted(tx, memberId, report.messageId), isNew: false };
  if (row.completed_at !== null) return { completed: true, isNew: false };
  const completed = isHeard(report.language, report.messageId, row.heard);
  if (completed) {
    await tx.query('update voice_progress set completed_at = $3 where member_id = $1 and message_id = $2', [
      memberId,
      report.messageId,
      now,
    ]);
  }
  return { completed, isNew: completed };
}

async function wasCompleted(tx: Tx, memberId: string, messageId: MessageId): Promise<boolean> {
  const { rowCount } = await tx.query(
    'select 1 from voice_progress where member_id = $1 and message_id = $2 and completed_at is not null',
    [memberId, messageId],
  );
  return rowCount !== 0;
}

/** Languages that members listened to since a moment, those of most members first. */
export async function listRecentLanguages(db: Queryable, since: Date): Promise<VoiceLanguage[]> {
  const { rows } = await db.query<{ language: string }>(
    `select language from voice_progress where updated_at >= $1 group by language order by count(distinct member_id) desc, language`,
    [since],
  );
  return rows.flatMap(({ language }) => (isVoiceLanguage(language) ? [language] : []));
}

/** What we hold of a member as a listener, for their export. */
export async function exportListening(db: Queryable, memberId: string): Promise<object> {
  const { rows: choices } = await db.query('select language, voice from voice_listener where member_id = $1', [
    memberId,
  ]);
  const { rows: messages } = await db.query<ProgressRow>(
    `select ${columns} from voice_progress where member_id = $1 order by first_at, message_id`,
    [memberId],
  );
  return { choice: choices[0] ?? null, messages };
}

/** Forgets what a member chose and heard. */
export async function eraseListening(tx: Tx, memberId: string): Promise<void> {
  await tx.query('delete from voice_progress where member_id = $1', [memberId]);
  await tx.query('delete from voice_listener where member_id = $1', [memberId]);
}

function toProgress(row: ProgressRow): Progress[] {
  const { message_id: messageId, language, voice } = row;
  if (!isMessageId(messageId) || !isVoiceLanguage(language) || !isVoiceProfile(voice)) return [];
  return [
    {
      messageId,
      textVersion: row.text_version,
      language,
      voice,
      segment: row.segment,
      offsetMs: row.offset_ms,
      heard: row.heard,
      completedAt: row.completed_at,
      firstAt: row.first_at,
      updatedAt: row.updated_at,
    },
  ];
}
