import type { CloudTasksClient } from '@google-cloud/tasks';
import { queues, type QueueName } from './outbox.ts';
import { region } from './region.ts';
import { workerNames } from './tasks.ts';

/** A queue as Cloud Tasks has it now. */
export interface QueueStatus {
  name: QueueName;
  /** `missing` before its worker was first deployed. */
  state: 'running' | 'paused' | 'disabled' | 'missing';
  maxDispatchesPerSecond: number | null;
  maxConcurrentDispatches: number | null;
}

/** What operators do to queues. Nothing is lost by any of it: the jobs are rows in Postgres, a task only says "look at this row". */
export interface QueueControl {
  list(): Promise<QueueStatus[]>;
  /** Holds back all tasks of the queue; new ones are still taken in. */
  pause(name: QueueName): Promise<void>;
  resume(name: QueueName): Promise<void>;
  /** Throws away all tasks of the queue. The sweeper makes new ones for every job that is due. */
  purge(name: QueueName): Promise<void>;
}

/** Cloud Tasks' own words and numbers for a queue's state: over REST the number comes, over gRPC the word. */
const states = {
  RUNNING: 'running',
  PAUSED: 'paused',
  DISABLED: 'disabled',
  1: 'running',
  2: 'paused',
  3: 'disabled',
} as const;

function readState(state: string | number | null | undefined): QueueStatus['state'] {
  const known = Object.entries(states).find(([word]) => word === String(state));
  if (!known) throw new Error(`Cloud Tasks gives a queue the unknown state ${String(state)}`);
  return known[1];
}

/** Makes the control of our queues in `project`. Errors of Cloud Tasks (no permission, no such queue) pass as they are. */
export function queueControl(client: CloudTasksClient, project: string): QueueControl {
  const parent = `projects/${project}/locations/${region}`;
  const pathOf = (name: QueueName) => `${parent}/queues/${workerNames[name]}`;
  return {
    async list() {
      const [found] = await client.listQueues({ parent });
      return queues.map((name) => {
        const queue = found.find((candidate) => candidate.name === pathOf(name));
        const limits = queue?.rateLimits;
        return {
          name,
          state: queue ? readState(queue.state) : 'missing',
          maxDispatchesPerSecond: limits?.maxDispatchesPerSecond ?? null,
          maxConcurrentDispatches: limits?.maxConcurrentDispatches ?? null,
        };
      });
    },
    async pause(name) {
      await client.pauseQueue({ name: pathOf(name) });
    },
    async resume(name) {
      await client.resumeQueue({ name: pathOf(name) });
    },
    async purge(name) {
      await client.purgeQueue({ name: pathOf(name) });
    },
  };
}
