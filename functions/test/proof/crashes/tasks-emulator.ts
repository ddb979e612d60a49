import { createRequire } from 'node:module';
import { freePort } from '../../../../dev/net.ts';
import { workerNames } from '../../../src/platform/tasks.ts';
import { region } from '../../../src/platform/region.ts';

/** The project that the emulator's queues belong to; a name that begins with `demo-` reaches no real service. */
export const PROJECT_ID = 'demo-dotm';

interface Emulator {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const { TasksEmulator, TaskQueueController } = createRequire(import.meta.url)(
  'firebase-tools/lib/emulator/tasksEmulator',
) as {
  TasksEmulator: new (args: { host: string; port: number }) => Emulator;
  TaskQueueController: { LISTEN_TIMEOUT: number; TOKEN_REFRESH_INTERVAL: number };
};

/**
 * Starts the official Cloud Tasks emulator in this process, with the backend's queues, each of which posts its tasks to `workerUrl`. It
 * needs neither Java nor the functions emulator. A task whose worker does not answer is tried again twice and then dropped, as it says
 * in local-runtime of the emulator's habits: the sweeper must find the job. Gives the address for CLOUD_TASKS_EMULATOR_HOST.
 */
export async function startTasksEmulator(workerUrl: string): Promise<{ host: string; stop(): Promise<void> }> {
  // It looks for work once a second when it had none: a sweep of many short runs would only wait.
  TaskQueueController.LISTEN_TIMEOUT = 20;
  TaskQueueController.TOKEN_REFRESH_INTERVAL = 50;
  const port = await freePort();
  const emulator = new TasksEmulator({ host: '127.0.0.1', port });
  await emulator.start();
  const host = `127.0.0.1:${String(port)}`;
  for (const name of Object.values(workerNames)) {
    const answer = await fetch(`http://${host}/projects/${PROJECT_ID}/locations/${region}/queues/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ defaultUri: workerUrl, retryConfig: { maxAttempts: 2, minBackoffSeconds: 0.1 } }),
    });
    if (!answer.ok) throw new Error(`the queue ${name} was refused: ${await answer.text()}`);
  }
  return { host, stop: () => emulator.stop() };
}
