import type { Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { workerNames } from '../../src/platform/tasks.ts';
import { queues } from '../../src/platform/outbox.ts';
import { api } from '../../src/shared/api/index.ts';
import { bundle, reachable, source } from './bundle.ts';
import { deployed } from './deployed.ts';

// The emulators give every secret to every function. Only here does a function that lacks one come to light, and one that has too many.

/** A call to a vendor in the code, and the secrets that its client reads. */
const vendors = [
  { call: /\.payments\(\)/, secrets: ['STRIPE_SECRET_KEY'] },
  { call: /\.carrier\(\)/, secrets: ['OXIO_API_KEY', 'OXIO_AUTH_TOKEN'] },
  { call: /\.quoteKeys\(\)/, secrets: ['QUOTE_KEYS'] },
  { call: /\.personKey\(\)/, secrets: ['PERSON_KEY'] },
  { call: /\.chain\(\)/, secrets: ['CHAIN_RPC_URL'] },
  { call: /\.rewardSigner\(\)/, secrets: ['CHAIN_SIGNER_KEY'] },
  { call: /\.voice\(\)/, secrets: ['ELEVENLABS_API_KEY'] },
  { call: /\.mail\(\)/, secrets: ['SENDGRID_API_KEY', 'SMTP_URL'] },
];

/** Makes every client; who reaches it does not use them all. */
const stop = ['functions/src/platform/container.ts'];

let metafile: Metafile;
beforeAll(async () => {
  metafile = await bundle();
});

/** Secrets that the code behind these files of src/ reads, the database's included. */
function neededBy(files: string[]): string[] {
  const texts = files.flatMap((file) => [
    ...reachable(metafile, `functions/src/${file}`, { lazy: true, stop }).values(),
  ]);
  const vendorsUsed = vendors.filter(({ call }) => texts.some((text) => call.test(text)));
  return ['DATABASE_URL', ...vendorsUsed.flatMap((vendor) => vendor.secrets)].sort();
}

/** Where the code of each entry of a table of lazy imports lies, such as `order.fulfil` -> features/orders/fulfil-order.ts. */
function filesByName(table: string, entry: RegExp): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name = '', body = ''] of source(table).matchAll(entry)) {
    const files = [...body.matchAll(/import\('\.\/([^']+)'\)/g)].flatMap((match) => match[1] ?? []);
    found.set(name, files);
  }
  return found;
}

describe('each operation', () => {
  const files = filesByName('handlers.ts', /^ {2}(\w+): (async .*?),$/gms);

  it('is known to this test', () => {
    expect([...files.keys()].sort()).toEqual(Object.keys(api).sort());
  });

  it.each(Object.keys(api))('%s sees the secrets that it uses and no others', (name) => {
    const lazyJobs = files.get(name) ?? [];
    expect(deployed.get(name)?.secrets).toEqual(neededBy(lazyJobs));
  });

  it('served at the REST door sees what all of them together use', () => {
    expect(deployed.get('api')?.secrets).toEqual(neededBy([...files.values()].flat()));
  });
});

describe('each worker', () => {
  const topics = filesByName('topics.ts', /^ {2}'([\w.]+)': (\{.*?^ {2}\}),$/gms);
  const queueOf = new Map(
    [...source('topics.ts').matchAll(/^ {2}'([\w.]+)': \{\s*queue: '(\w+)'/gm)].map((match) => [match[1], match[2]]),
  );

  it.each(queues)('of queue %s sees the secrets that its jobs use and no others', (queue) => {
    const jobs = [...topics].filter(([topic]) => queueOf.get(topic) === queue);
    expect(jobs.length).toBeGreaterThan(0);
    expect(deployed.get(workerNames[queue])?.secrets).toEqual(neededBy(jobs.flatMap(([, files]) => files)));
  });
});

describe('all others', () => {
  it('the webhook sees the secret that signs its requests, and none that could move money', () => {
    expect(deployed.get('stripeWebhook')?.secrets).toEqual(['DATABASE_URL', 'STRIPE_WEBHOOK_SECRET']);
  });

  it.each(['onUserCreated', 'onUserDeleted', 'sweep', 'verifyLedger', 'voiceAudio'])(
    '%s leaves vendors to the workers and sees the database only',
    (name) => {
      expect(deployed.get(name)?.secrets).toEqual(['DATABASE_URL']);
    },
  );

  it('the reconciliation sees what it uses', () => {
    expect(deployed.get('reconcile')?.secrets).toEqual(neededBy(['features/reconciliation/reconcile-last-day.ts']));
  });
});
