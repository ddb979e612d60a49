import type { z } from 'zod';
import type { voiceRunSchema } from '../shared/api/voice-clips.ts';
import type { Id } from '../shared/ids.ts';
import type { VoiceLanguage } from '../domain/voice/languages.ts';
import type { VoiceProfile } from '../domain/voice/voices.ts';
import type { Queryable, Tx } from '../platform/db.ts';

export interface VoiceRun {
  id: Id<'voiceRun'>;
  languages: VoiceLanguage[];
  textVersion: number;
  /** Who began it: uid of an operator. */
  requestedBy: string;
  state: 'checking' | 'refused' | 'running' | 'done' | 'incomplete';
  problem: string | null;
  startedAt: Date;
  doneAt: Date | null;
  total: number;
  existing: number;
  ready: number;
  failed: number;
  credits: number;
}

interface RunRow {
  id: Id<'voiceRun'>;
  languages: VoiceLanguage[];
  text_version: number;
  requested_by: string;
  state: VoiceRun['state'];
  problem: string | null;
  started_at: Date;
  done_at: Date | null;
  total: number;
  existing: number;
  ready: number;
  failed: number;
  credits: number;
}

/** A clip that was purged meanwhile is not counted any more: neither ready nor left. */
const select = `select r.id, r.languages, r.text_version, r.requested_by, r.state, r.problem, r.started_at, r.done_at, c.total, c.existing,
    c.ready, c.failed, c.credits
  from voice_run r cross join lateral (select count(*)::int as total, count(*) filter (where rc.existed)::int as existing,
    count(*) filter (where v.state = 'ready')::int as ready, count(*) filter (where v.state = 'failed')::int as failed,
    coalesce(sum(v.credits) filter (where not rc.existed), 0)::int as credits
    from voice_run_clip rc join voice_clip v on v.key = rc.key where rc.run_id = r.id and v.state <> 'purged') c`;

function toRun(row: RunRow): VoiceRun {
  const { text_version: textVersion, requested_by: requestedBy, started_at: startedAt, done_at: doneAt, ...rest } = row;
  return { ...rest, textVersion, requestedBy, startedAt, doneAt };
}

/** Keeps a run that is about to be checked. Returns false when the same request has made it before. */
export async function insertRun(
  tx: Tx,
  run: Pick<VoiceRun, 'id' | 'languages' | 'textVersion' | 'requestedBy' | 'startedAt'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into voice_run (id, languages, text_version, requested_by, state, started_at) values ($1, $2, $3, $4, 'checking', $5)
     on conflict do nothing`,
    [run.id, run.languages, run.textVersion, run.requestedBy, run.startedAt],
  );
  return rowCount === 1;
}

/** A run with its progress, null when there is none. */
export async function findRun(db: Queryable, id: string): Promise<VoiceRun | null> {
  const { rows } = await db.query<RunRow>(`${select} where r.id = $1`, [id]);
  return rows[0] ? toRun(rows[0]) : null;
}

/** The last runs, newest first. */
export async function listRuns(db: Queryable, limit: number): Promise<VoiceRun[]> {
  const { rows } = await db.query<RunRow>(`${select} order by r.id desc limit $1`, [limit]);
  return rows.map(toRun);
}

/** Adds clips to a run, with whether each was ready when it began. Adding them again changes nothing. */
export async function addRunClips(tx: Tx, runId: string, keys: readonly string[]): Promise<void> {
  await tx.query(
    `insert into voice_run_clip (run_id, key, existed) select $1, key, state = 'ready' from voice_clip where key = any($2) on conflict do nothing`,
    [runId, keys],
  );
}

/** Moves a run on; a run that is over says why it was refused, or when it ended. */
export async function moveRun(
  tx: Tx,
  id: string,
  to:
    { state: 'running' } | { state: 'refused'; problem: string; at: Date } | { state: 'done' | 'incomplete'; at: Date },
): Promise<void> {
  await tx.query('update voice_run set state = $2, problem = $3, done_at = $4 where id = $1', [
    id,
    to.state,
    'problem' in to ? to.problem : null,
    'at' in to ? to.at : null,
  ]);
}

/** Sentences of a run that wait for nobody yet, at most `limit`, and how many are in the queue. */
export async function readRunQueue(
  tx: Tx,
  runId: string,
  limit: number,
): Promise<{ queued: number; next: { key: string; kind: 'body'; text: string }[] }> {
  const { rows } = await tx.query<{ queued: number }>(
    `select count(*)::int as queued from voice_run_clip rc join voice_clip v on v.key = rc.key where rc.run_id = $1 and v.queued`,
    [runId],
  );
  const { rows: next } = await tx.query<{ key: string; text: string }>(
    `select v.key, v.text from voice_run_clip rc join voice_clip v on v.key = rc.key
     where rc.run_id = $1 and v.state = 'wanted' and not v.queued and v.text is not null order by v.wanted_at, v.key limit $2`,
    [runId, limit],
  );
  return { queued: rows[0]?.queued ?? 0, next: next.map((row) => ({ ...row, kind: 'body' as const })) };
}

/** Progress of a run by language and voice. */
export async function readRunParts(
  db: Queryable,
  runId: string,
): Promise<{ language: VoiceLanguage; voice: VoiceProfile; ready: number; failed: number; left: number }[]> {
  const { rows } = await db.query<{
    language: VoiceLanguage;
    voice: VoiceProfile;
    ready: number;
    failed: number;
    left: number;
  }>(
    `select v.language, v.voice, count(*) filter (where v.state = 'ready')::int as ready,
       count(*) filter (where v.state = 'failed')::int as failed, count(*) filter (where v.state in ('wanted', 'making'))::int as left
     from voice_run_clip rc join voice_clip v on v.key = rc.key where rc.run_id = $1 group by v.language, v.voice order by v.language, v.voice`,
    [runId],
  );
  return rows;
}

/** A run in the form that operators see. */
export function viewRun(run: VoiceRun): z.input<typeof voiceRunSchema> {
  return {
    ...run,
    left: run.total - run.ready - run.failed,
    startedAt: run.startedAt.toISOString(),
    doneAt: run.doneAt?.toISOString() ?? null,
  };
}
