import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { params } from '../../src/platform/config.ts';
import { databaseConnections, poolSize } from '../../src/platform/container.ts';
import { queues } from '../../src/platform/outbox.ts';
import { region } from '../../src/platform/region.ts';
import { workerNames } from '../../src/platform/tasks.ts';
import { api } from '../../src/shared/api/index.ts';
import { operatorsOnly } from '../../src/triggers/callables.ts';
import { privateNetwork } from '../../src/triggers/options.ts';
import { deployed, deployedPublic, namesWith, type DeployedFunction } from './deployed.ts';

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

  it('gives operators few instances and members more, by who may call', () => {
    const forOperators = Object.values(api).filter(({ access }) => typeof access !== 'string');
    expect([...operatorsOnly].sort()).toEqual(forOperators.map(({ name }) => name).sort());
  });

  it('has a worker for every queue', () => {
    expect(namesWith('tasks')).toEqual(queues.map((queue) => workerNames[queue]).sort());
  });

  it('pays DOTM as an account of its own where the settings name one, and does nothing else as it', async () => {
    const script = `import * as all from './functions/src/index.ts';
      const accounts = Object.entries(all).map(([name, each]) => [name, each.__endpoint.serviceAccountEmail]);
      console.log(JSON.stringify(accounts.filter(([, account]) => typeof account === 'string')));`;
    const env = { ...process.env, PAYER_SERVICE_ACCOUNT: 'dotm-payer@demo-dotm.iam.gserviceaccount.com' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(JSON.parse(stdout)).toEqual([['workChain', env.PAYER_SERVICE_ACCOUNT]]);
  });

  it('opens to the internet only the REST door, the webhook and the recordings, besides the callables', () => {
    expect(namesWith('https')).toEqual(['api', 'stripeWebhook', 'voiceAudio']);
  });

  it('lets the public call only what has a door of its own: workers, schedules and events answer to Google alone', () => {
    // What the deployment makes of a function: callables and HTTPS functions are public unless they say otherwise, a worker is closed
    // where it says so, a schedule may be called by the account that Cloud Scheduler uses, an event by Eventarc's.
    const isPublic = ({ trigger, settings }: DeployedFunction): boolean => {
      const invoker = settings['invoker'] as string[] | undefined;
      if (trigger === 'https') return !invoker?.includes('private');
      if (trigger === 'callable') return true;
      return invoker !== undefined && !invoker.includes('private');
    };
    const open = all.filter(isPublic).map(({ name }) => name);
    expect(open).toEqual([...Object.keys(api), 'api', 'stripeWebhook', 'voiceAudio'].sort());
    for (const name of namesWith('tasks')) expect(deployed.get(name)?.settings['invoker'], name).toEqual(['private']);
  });

  it('knows the functions that firebase.json sends requests to', async () => {
    const { default: config } = await import('../../../firebase.json', { with: { type: 'json' } });
    const targets = config.hosting.rewrites.flatMap((rewrite) => rewrite.function ?? []);
    expect(new Set(targets.map((target) => target.functionId))).toEqual(
      new Set(['api', 'stripeWebhook', 'voiceAudio', ...deployedPublic.keys()]),
    );
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

describe('the private network', () => {
  it('is left alone where no network is set', () => {
    expect(privateNetwork({})).toEqual({});
    expect(privateNetwork({ VPC_NETWORK: '', VPC_SUBNET: 'functions' })).toEqual({});
  });

  it('carries only what goes to private addresses, over the network and subnet that are set', () => {
    expect(privateNetwork({ VPC_NETWORK: 'default', VPC_SUBNET: 'functions' })).toEqual({
      networkInterface: { network: params.vpcNetwork, subnetwork: params.vpcSubnet },
      vpcEgress: 'PRIVATE_RANGES_ONLY',
    });
  });

  it('needs no subnet of its own', () => {
    expect(privateNetwork({ VPC_NETWORK: 'default' }).networkInterface).not.toHaveProperty('subnetwork');
  });

  it.each(['', 'default'])('is what every function gets when VPC_NETWORK is "%s"', async (network) => {
    const script = `import * as index from './functions/src/index.ts';
      console.log(JSON.stringify(Object.values(index).map((each) => each.__endpoint.vpc ?? null)));`;
    const env = { ...process.env, VPC_NETWORK: network, VPC_SUBNET: '' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    const expected: unknown =
      network === '' ? null : expect.objectContaining({ egressSettings: 'PRIVATE_RANGES_ONLY' });
    expect(JSON.parse(stdout)).toEqual([...deployed].map(() => expected));
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

  it('the nightly reconciliation and verification are repeated, the sweep comes again by itself', () => {
    for (const name of ['reconcile', 'verifyLedger'])
      expect(deployed.get(name)?.settings).toMatchObject({ retryConfig: { retryCount: 3 } });
    expect(deployed.get('sweep')?.settings).toMatchObject({ retryConfig: { retryCount: 0 } });
  });

  it('one of each schedule runs at a time', () => {
    expect(namesWith('schedule').filter((name) => deployed.get(name)?.maxInstances !== 1)).toEqual([]);
  });
});
