import type { SecretParam } from 'firebase-functions/params';
import { onTaskDispatched, type TaskQueueFunction } from 'firebase-functions/tasks';
import { params } from '../platform/config.ts';
import { services } from '../platform/container.ts';
import { runJob } from '../platform/jobs.ts';
import { topics } from '../topics.ts';
import { base, secrets } from './options.ts';

/**
 * Makes the worker of a queue. A job's failure is recorded in its outbox row and planned again there; the queue's own retries serve
 * for what can't be recorded, that is when the database is out of reach.
 */
function worker(options: { secrets: SecretParam[]; rate: number }): TaskQueueFunction<{ jobId: string }> {
  return onTaskDispatched<{ jobId: string }>(
    {
      ...base,
      // Only Cloud Tasks may call, with the identity that the queue gives it; said here so that each deployment closes it again.
      invoker: 'private',
      timeoutSeconds: 180,
      secrets: options.secrets,
      concurrency: 10,
      maxInstances: 5,
      retryConfig: { maxAttempts: 8, minBackoffSeconds: 5, maxBackoffSeconds: 300 },
      rateLimits: { maxDispatchesPerSecond: options.rate, maxConcurrentDispatches: params.workerConcurrency },
    },
    async (request) => {
      await runJob(services(), topics, String(request.data.jobId));
    },
  );
}

/** Stripe allows 100 calls a second; a job makes up to five. */
export const workPayments = worker({ secrets: secrets.payments, rate: 20 });
/** OXIO names no limit; we stay polite. */
export const workCarrier = worker({ secrets: secrets.carrier, rate: 10 });
export const workMail = worker({ secrets: secrets.mail, rate: 10 });
export const workProjection = worker({ secrets: secrets.database, rate: 100 });
