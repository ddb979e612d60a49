import { parseArgs } from 'node:util';
import { CloudTasksClient } from '@google-cloud/tasks';
import { queues, type QueueName } from '../platform/outbox.ts';
import { queueControl } from '../platform/queue-control.ts';
import { workerNames } from '../platform/tasks.ts';

// Run as `node functions/src/ops/queues.ts list` or `pause mail` with GCLOUD_PROJECT and Google credentials in the environment; with
// CLOUD_TASKS_EMULATOR_HOST it lists what the emulator holds. When to do what: docs/runbooks/queues.md.
const usage = `usage: queues.ts list
       queues.ts <pause|resume> <${queues.join('|')}|all>
       queues.ts purge <${queues.join('|')}|all> --yes
`;

const deeds = { pause: 'paused', resume: 'running', purge: 'purged' } as const;
type Deed = keyof typeof deeds;

function isDeed(word: string | undefined): word is Deed {
  return word !== undefined && Object.hasOwn(deeds, word);
}

/** Takes our name of a queue or that of its worker, which Cloud Tasks shows. */
function readNames(word: string | undefined): readonly QueueName[] {
  return word === 'all' ? queues : queues.filter((name) => name === word || workerNames[name] === word);
}

function refuse(message: string): never {
  process.stderr.write(message);
  process.exit(2);
}

interface EmulatedQueue {
  numberOfTasks: number;
  runningTasks: number;
  failedTasks: number;
}

/** The emulator has its own list and knows neither pause nor purge. */
async function listEmulated(host: string): Promise<void> {
  const response = await fetch(`http://${host}/queueStats`);
  const stats = (await response.json()) as Record<string, EmulatedQueue>;
  for (const name of queues) {
    const queue = Object.entries(stats).find(([key]) => key.endsWith(`-${workerNames[name]}`))?.[1];
    const text = queue ? `${queue.numberOfTasks} waiting, ${queue.runningTasks} running` : 'missing';
    process.stdout.write(`${name.padEnd(12)}${text}\n`);
  }
}

async function control(deed: 'list' | Deed, names: readonly QueueName[], project: string): Promise<void> {
  // Over REST: a command of a few calls need not load gRPC.
  const client = new CloudTasksClient({ fallback: true });
  const queue = queueControl(client, project);
  if (deed !== 'list') {
    for (const name of names) {
      await queue[deed](name);
      process.stdout.write(`${name}: ${deeds[deed]}\n`);
    }
  } else {
    for (const { name, state, maxDispatchesPerSecond, maxConcurrentDispatches } of await queue.list()) {
      const rates =
        state === 'missing' ? '' : `${maxDispatchesPerSecond}/s, at most ${maxConcurrentDispatches} at once`;
      process.stdout.write(`${name.padEnd(12)}${state.padEnd(10)}${rates}\n`);
    }
  }
  await client.close();
}

const { values, positionals } = parseArgs({ options: { yes: { type: 'boolean' } }, allowPositionals: true });
const [deed, which] = positionals;
const names = readNames(which);
if (deed !== 'list' && (!isDeed(deed) || names.length === 0)) refuse(usage);
if (deed === 'purge' && values.yes !== true)
  refuse('purging throws away tasks (the sweeper makes them anew): say --yes\n');
const emulator = process.env['CLOUD_TASKS_EMULATOR_HOST'];
if (emulator !== undefined) {
  if (deed !== 'list') refuse(`the Tasks emulator can't ${deed} a queue: stop the local world instead\n`);
  await listEmulated(emulator);
} else {
  const project = process.env['GCLOUD_PROJECT'] ?? process.env['GOOGLE_CLOUD_PROJECT'];
  if (!project) refuse('GCLOUD_PROJECT is not set: name the Firebase project\n');
  await control(deed, names, project);
}
