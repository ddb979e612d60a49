import type { TaskQueue } from 'firebase-admin/functions';
import { log } from './log.ts';
import type { OutboxEntry, QueueName } from './outbox.ts';

/** The name of the function that works off a queue; Firebase names the Cloud Tasks queue after it. */
export const workerNames = {
  payments: 'workPayments',
  carrier: 'workCarrier',
  mail: 'workMail',
  projection: 'workProjection',
  chain: 'workChain',
  voice: 'workVoice',
} as const satisfies Record<QueueName, string>;

const open = new Map<QueueName, Promise<TaskQueue>>();

function queueOf(name: QueueName): Promise<TaskQueue> {
  let queue = open.get(name);
  if (!queue) {
    queue = import('./task-queue.ts').then(({ openTaskQueue }) => openTaskQueue(workerNames[name]));
    open.set(name, queue);
  }
  return queue;
}

function isDuplicate(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'functions/task-already-exists';
}

/**
 * Makes a Cloud Task of each entry. The task's name is job id and due time, so that the same attempt is never queued twice, and a
 * later attempt has a name of its own (Cloud Tasks remembers names of done tasks for an hour). Never throws: what could not be
 * queued is logged, and the sweeper queues it.
 */
export async function enqueueAll(entries: OutboxEntry[], attemptName = ''): Promise<void> {
  await Promise.all(entries.map((entry) => enqueue(entry, attemptName)));
}

async function enqueue(entry: OutboxEntry, attemptName: string): Promise<void> {
  try {
    const queue = await queueOf(entry.queue);
    const delaySeconds = Math.max(0, Math.ceil((entry.runAt.getTime() - Date.now()) / 1000));
    await queue.enqueue(
      { jobId: entry.id },
      {
        id: `${entry.id}-${entry.runAt.getTime()}${attemptName}`,
        ...(delaySeconds > 0 ? { scheduleDelaySeconds: delaySeconds } : {}),
      },
    );
  } catch (error) {
    if (!isDuplicate(error)) log.enqueueFailed(entry.queue, entry.id, error);
  }
}
