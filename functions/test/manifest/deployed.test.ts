import { describe, expect, it } from 'vitest';
import { poolSize } from '../../src/platform/container.ts';
import { queues } from '../../src/platform/outbox.ts';
import { region } from '../../src/platform/region.ts';
import { workerNames } from '../../src/platform/tasks.ts';
import { api } from '../../src/shared/api/index.ts';
import { deployed, namesWith } from './deployed.ts';

/** `max_connections` of Cloud SQL for PostgreSQL on a machine with 7.5 to 15 GB of memory, where nobody has set the flag. */
const databaseConnections = 400;
/** Kept for migrations, commands, backups, the superuser's three and the agents of Cloud SQL. */
const reservedConnections = 20;

const all = [...deployed.values()];

describe('what is deployed', () => {
  it('is what the snapshot says: no setting changes in silence', async () => {
    await expect(`${JSON.stringify(Object.fromEntries(deployed), null, 2)}\n`).toMatchFileSnapshot('deployed.snap');
  });

  it('has a callable function for every operation, and none besides', () => {
    expect(namesWith('callable')).toEqual(Object.keys(api).sort());
  });

  it('has a worker for every queue', () => {
    expect(namesWith('tasks')).toEqual(queues.map((queue) => workerNames[queue]).sort());
  });

  it('opens to the internet only the REST door and the webhook, besides the callables', () => {
    expect(namesWith('https')).toEqual(['api', 'stripeWebhook']);
  });

  it('knows the functions that firebase.json sends requests to', async () => {
    const { default: config } = await import('../../../firebase.json', { with: { type: 'json' } });
    const targets = config.hosting.rewrites.flatMap((rewrite) => rewrite.function ?? []);
    expect(targets.map((target) => target.functionId)).toEqual(['api', 'stripeWebhook']);
    for (const target of targets) expect(target.region).toBe(region);
  });
});

describe.each(all)('$name', (each) => {
  it('runs next to the database', () => {
    expect(each.region).toEqual([region]);
  });

  it('has a bound on instances, memory and time', () => {
    expect(each.maxInstances).toBeGreaterThan(0);
    expect(each.availableMemoryMb).toBeLessThanOrEqual(512);
    // Hosting waits for 60 s; a task's claim lasts 150 s plus the time to write its result; the platform's end for others is an hour.
    const longest = { https: 60, callable: 60, tasks: 180, event: 60, schedule: 1_800 };
    expect(each.timeoutSeconds).toBeLessThanOrEqual(longest[each.trigger]);
  });

  it('sees the database', () => {
    expect(each.secrets).toContain('DATABASE_URL');
  });
});

describe('the database', () => {
  it('has a connection for every pool of every instance', () => {
    const pools = all.reduce((sum, each) => sum + each.maxInstances * poolSize, 0);
    expect(pools).toBeLessThanOrEqual(databaseConnections - reservedConnections);
  });
});

describe('retries', () => {
  it.each(namesWith('event'))('%s is repeated until it worked', (name) => {
    expect(deployed.get(name)?.settings['retry']).toBe(true);
  });

  it.each(namesWith('tasks'))('%s is repeated with growing waits, at a bounded rate', (name) => {
    const { retryConfig, rateLimits } = deployed.get(name)?.settings as Record<string, Record<string, number>>;
    expect(retryConfig).toEqual({ maxAttempts: 8, minBackoffSeconds: 5, maxBackoffSeconds: 300 });
    expect(rateLimits?.['maxDispatchesPerSecond']).toBeGreaterThan(0);
    expect(rateLimits?.['maxConcurrentDispatches']).toBeDefined();
  });

  it('the nightly reconciliation is repeated, the sweep comes again by itself', () => {
    expect(deployed.get('reconcile')?.settings).toMatchObject({ retryConfig: { retryCount: 3 } });
    expect(deployed.get('sweep')?.settings).toMatchObject({ retryConfig: { retryCount: 0 } });
  });

  it('one sweep and one reconciliation run at a time', () => {
    expect([deployed.get('sweep')?.maxInstances, deployed.get('reconcile')?.maxInstances]).toEqual([1, 1]);
  });
});
