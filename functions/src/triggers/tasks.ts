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
function worker(options: {
  secrets: SecretParam[];
  rate: number;
  /** Where a vendor does only so many at once. */
  atOnce?: number;
  /** Where the common one is too little. */
  memory?: '512MiB';
  /** Five unless fewer are enough. */
  maxInstances?: number;
  /** Service account, where it may do what the other functions may not. */
  account?: string | undefined;
}): TaskQueueFunction<{ jobId: string }> {
  return onTaskDispatched<{ jobId: string }>(
    {
      ...base,
      ...(options.memory ? { memory: options.memory } : {}),
      // Only Cloud Tasks may call, with the identity that the queue gives it; said here so that each deployment closes it again.
      invoker: 'private',
      timeoutSeconds: 180,
      secrets: options.secrets,
      ...(options.account ? { serviceAccount: options.account } : {}),
      concurrency: 10,
      maxInstances: options.maxInstances ?? 5,
      retryConfig: { maxAttempts: 8, minBackoffSeconds: 5, maxBackoffSeconds: 300 },
      rateLimits: {
        maxDispatchesPerSecond: options.rate,
        maxConcurrentDispatches: options.atOnce ?? params.workerConcurrency,
      },
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
/**
 * Nodes sell questions by the second; a round of a run asks up to a hundred. Measured 380 MB for the tree of 100,000 members' balances
 * (docs/adr/0020): too much for the common memory. Of all functions this alone signs, so the right to use the key in Cloud KMS can be its account's alone.
 */
export const workChain = worker({
  secrets: secrets.payouts,
  rate: 2,
  memory: '512MiB',
  account: process.env['PAYER_SERVICE_ACCOUNT'],
});
export const workProjection = worker({ secrets: secrets.persons, rate: 100 });
/**
 * The smallest plan of ElevenLabs that we know makes five recordings at once; a job that meets its limit waits and tries again. Its SDK takes
 * 160 to 180 MB: no other function loads it.
 */
export const workVoice = worker({ secrets: secrets.voice, rate: 5, atOnce: 3, memory: '512MiB', maxInstances: 1 });
