import { CodedError } from '../shared/errors.ts';
import { raiseAlert } from './alerts.ts';
import type { Queryable, Tx } from './db.ts';
import { log } from './log.ts';
import type { QueueName } from './outbox.ts';
import type { Services } from './container.ts';
import { withTrace } from './trace.ts';

/** A claimed outbox row. `finish` belongs in the transaction that records the job's effect. */
export interface Job {
  id: string;
  topic: string;
  payload: Record<string, unknown>;
  /** 1 for the first attempt. */
  attempt: number;
  createdAt: Date;
  claim: Claim;
  /** Marks the job done in `tx`. Throws StaleClaimError when another worker took over: the transaction must not commit. */
  finish(tx: Tx): Promise<void>;
  /**
   * Puts into the payload what a later attempt must know ("there was none when we looked"); null takes it out again. Throws
   * StaleClaimError as `finish` does.
   */
  remember(tx: Queryable, facts: Record<string, string | boolean | null>): Promise<void>;
  /**
   * Renews claim and lane for a whole lease. Call it right before each vendor call that makes something which the vendor does not
   * deduplicate: nobody else can begin while that call runs, however slow the job was until then. And call it in each transaction
   * but the last, so that a worker who lost its claim writes nothing. Throws StaleClaimError as `finish` does.
   */
  renew(tx?: Tx): Promise<void>;
}

export type JobHandler = (services: Services, job: Job) => Promise<void>;

/** What a topic is: where it runs, how long it is tried, and what to do when it gives up. */
export interface Topic {
  queue: QueueName;
  load: () => Promise<JobHandler>;
  /** Attempts before the job is given up, backoff from 2 s doubling to 5 min: 12 attempts are about half an hour. */
  maxAttempts: number;
  /** Runs in the transaction that buries the job: the place to begin a refund. */
  onDead?: () => Promise<(tx: Tx, services: Services, job: Job) => Promise<void>>;
}
export type Topics = Record<string, Topic>;

/** Thrown by a handler that waits for somebody: the job comes back after `seconds` and no attempt is counted. */
export class TryLater extends Error {
  readonly seconds: number;
  constructor(reason: string, seconds: number) {
    super(reason);
    this.name = 'TryLater';
    this.seconds = seconds;
  }
}

/** Another worker holds the job: this one was too slow, and what it wanted to write must not be written. */
export class StaleClaimError extends Error {
  constructor(jobId: string) {
    super(`claim on ${jobId} was lost`);
    this.name = 'StaleClaimError';
  }
}

/** Longer than the slowest vendor call (30 s) with its retries; a job that makes several renews it before each that creates. */
const leaseSeconds = 150;
const laneRetrySeconds = 2;

/** Which row, and which claim on it: `claims` counts up with every claim, so that a lost one is recognised. */
interface Claim {
  id: string;
  queue: QueueName;
  topic: string;
  trace_id: string;
  claims: number;
}

interface ClaimedRow extends Claim {
  payload: Record<string, unknown>;
  lane: string | null;
  attempts: number;
  created_at: Date;
}

/**
 * Runs the job `jobId` if it is due and nobody else runs it; otherwise does nothing, because whoever holds it or the sweeper
 * will. Never throws for a failing job: failure is recorded and the next attempt planned. Throws when the database is out of reach, so that the queue retries.
 */
export async function runJob(services: Services, topics: Topics, jobId: string): Promise<'ran' | 'skipped'> {
  const row = await claim(services, jobId);
  if (!row) return 'skipped';
  const topic = topics[row.topic];
  if (!topic) throw new Error(`job ${row.id} has the unknown topic ${row.topic}`);
  await withTrace(row.trace_id, () => attempt(services, topic, toJob(services, row)));
  return 'ran';
}

function toJob(services: Services, row: ClaimedRow): Job {
  const job: Job = {
    id: row.id,
    topic: row.topic,
    payload: row.payload,
    attempt: row.attempts + 1,
    createdAt: row.created_at,
    claim: row,
    async finish(tx) {
      const { rowCount } = await tx.query(
        `update outbox set state = 'done', done_at = $3, claimed_until = null, last_error = null
         where id = $1 and claims = $2 and state = 'pending'`,
        [row.id, row.claims, services.clock.now()],
      );
      if (rowCount === 0) throw new StaleClaimError(row.id);
      await tx.query(`delete from lane where job_id = $1`, [row.id]);
    },
    async remember(tx, facts) {
      const { rows } = await tx.query<{ payload: Job['payload'] }>(
        `update outbox set payload = jsonb_strip_nulls(payload || $3) where id = $1 and claims = $2 and state = 'pending' returning payload`,
        [row.id, row.claims, facts],
      );
      if (!rows[0]) throw new StaleClaimError(row.id);
      job.payload = rows[0].payload;
    },
    async renew(tx) {
      const until = leaseEnd(services.clock.now());
      await (tx ? renew(tx, row, until) : services.db.transaction((own) => renew(own, row, until)));
    },
  };
  return job;
}

function leaseEnd(now: Date): Date {
  return new Date(now.getTime() + leaseSeconds * 1000);
}

/** The lane counts as well: after the lease another job of the lane may have begun, though nobody has taken this one. */
async function renew(tx: Tx, row: ClaimedRow, until: Date): Promise<void> {
  const claim = await tx.query(
    `update outbox set claimed_until = $3 where id = $1 and claims = $2 and state = 'pending'`,
    [row.id, row.claims, until],
  );
  const lane =
    row.lane !== null &&
    (await tx.query('update lane set leased_until = $3 where name = $1 and job_id = $2', [row.lane, row.id, until]));
  if (claim.rowCount === 0 || (lane && lane.rowCount === 0)) throw new StaleClaimError(row.id);
}

async function claim(services: Services, jobId: string): Promise<ClaimedRow | undefined> {
  const now = services.clock.now();
  const until = leaseEnd(now);
  return services.db.transaction(async (tx) => {
    const { rows } = await tx.query<ClaimedRow>(
      `update outbox set claims = claims + 1, claimed_until = $3
       where id = $1 and state = 'pending' and run_at <= $2 and (claimed_until is null or claimed_until < $2)
       returning id, queue, topic, payload, lane, attempts, claims, trace_id, created_at`,
      [jobId, now, until],
    );
    const row = rows[0];
    if (!row || row.lane === null || (await takeLane(tx, row.lane, row.id, now, until))) return row;
    await reschedule(tx, row, now, laneRetrySeconds, null);
    return undefined;
  });
}

async function takeLane(tx: Tx, lane: string, jobId: string, now: Date, until: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into lane (name, job_id, leased_until) values ($1, $2, $4)
     on conflict (name) do update set job_id = excluded.job_id, leased_until = excluded.leased_until
     where lane.leased_until < $3 or lane.job_id = $2`,
    [lane, jobId, now, until],
  );
  return rowCount === 1;
}

/** Gives the claim back and plans the next attempt; `lastError` null means that nothing failed and no attempt is counted. */
async function reschedule(tx: Tx, claim: Claim, now: Date, seconds: number, lastError: string | null): Promise<void> {
  const runAt = new Date(now.getTime() + seconds * 1000);
  const { rowCount } = await tx.query(
    `update outbox set run_at = $3, claimed_until = null, enqueued_at = $4, last_error = coalesce($5, last_error),
       attempts = attempts + case when $5::text is null then 0 else 1 end
     where id = $1 and claims = $2 and state = 'pending'`,
    [claim.id, claim.claims, runAt, now, lastError],
  );
  if (rowCount === 0) throw new StaleClaimError(claim.id);
  await tx.query(`delete from lane where job_id = $1`, [claim.id]);
  tx.deferred.push({ id: claim.id, queue: claim.queue, topic: claim.topic, runAt, traceId: claim.trace_id });
}

async function attempt(services: Services, topic: Topic, job: Job): Promise<void> {
  const startedAt = services.clock.now().getTime();
  log.jobStarted(job.topic, job.id, job.attempt);
  try {
    const handler = await topic.load();
    await handler(services, job);
    log.jobDone(job.topic, job.id, services.clock.now().getTime() - startedAt);
  } catch (error) {
    if (error instanceof StaleClaimError) return;
    await recordFailure(services, topic, job, error).catch((lost: unknown) => {
      // It failed and had lost its claim as well: whoever holds the job now plans its next attempt.
      if (!(lost instanceof StaleClaimError)) throw lost;
    });
  }
}

async function recordFailure(services: Services, topic: Topic, job: Job, error: unknown): Promise<void> {
  const now = services.clock.now();
  if (error instanceof TryLater) {
    log.jobPostponed(job.topic, job.id, error.message, error.seconds);
    await services.db.transaction((tx) => reschedule(tx, job.claim, now, error.seconds, null));
    return;
  }
  const permanent = error instanceof CodedError && !error.retry;
  if (permanent || job.attempt >= topic.maxAttempts) {
    log.jobDied(job.topic, job.id, job.attempt, error);
    await bury(services, topic, job, error);
    return;
  }
  log.jobFailed(job.topic, job.id, job.attempt, error);
  await services.db.transaction((tx) => reschedule(tx, job.claim, now, backoffSeconds(job.attempt), summary(error)));
}

async function bury(services: Services, topic: Topic, job: Job, error: unknown): Promise<void> {
  const compensate = await topic.onDead?.();
  await services.db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `update outbox set state = 'dead', claimed_until = null, last_error = $3, attempts = attempts + 1
       where id = $1 and claims = $2 and state = 'pending'`,
      [job.id, job.claim.claims, summary(error)],
    );
    if (rowCount === 0) return;
    await tx.query(`delete from lane where job_id = $1`, [job.id]);
    const message = `${job.topic} gave up after ${job.attempt} attempts: ${summary(error)}. Mend the cause, then retry the job.`;
    await raiseAlert(tx, { kind: 'job_dead', subject: job.id, message }, services.clock.now());
    await compensate?.(tx, services, job);
  });
}

/** 2, 4, 8 … 300 seconds: quick enough for a passing fault, slow enough not to add to an outage. */
function backoffSeconds(attemptNumber: number): number {
  return Math.min(300, 2 ** Math.min(attemptNumber, 9));
}

/** Our own texts hold nothing personal; of foreign errors only the name is kept. */
function summary(error: unknown): string {
  if (error instanceof CodedError) return `${error.code}: ${error.message}`.slice(0, 500);
  return error instanceof Error ? error.name : typeof error;
}
