import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildBackend, stageBackend } from '../../dev/builds.ts';
import { Children } from '../../dev/children.ts';
import { emulatorHosts, functionsEnvironment, PROJECT_ID, sandboxEnvironment } from '../../dev/environment.ts';
import { freePort, untilListening } from '../../dev/net.ts';
import { devPorts, type Ports } from '../../dev/ports.ts';
import { postgresDataDir, startPostgres } from '../../dev/postgres.ts';
import { migrate } from '../../functions/src/ops/migrate.ts';
import { seed } from '../../functions/src/ops/seed.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** A program whose CPU time is counted. */
export interface Program {
  name: string;
  pid: number;
}

/** What runs for a load test. */
export interface Stage {
  /** Addresses of the functions, one process each, as one instance of each would be. */
  urls: { api: string; webhook: string };
  programs: Record<'api' | 'webhook' | 'postgres' | 'sandbox' | 'google', Program>;
  webhookSecret: string;
  databaseUrl: string;
  /** Starts a function that answers and does nothing else, behind the same server: what the others cost above it is ours. */
  serveEmpty(): Promise<{ program: Program; url: string }>;
  stop(): Promise<void>;
}

/** Memory of the deployed instances: Google's Node image leaves a fifth of it to what is not the heap. */
const heapMb = { api: 410, stripeWebhook: 205, empty: 205 };

const emptyFunction = `import { onRequest } from 'firebase-functions/https';
export const empty = onRequest((req, res) => void res.status(200).json({ received: true, isNew: true }));
`;

/**
 * Starts what a load test needs: a new PostgreSQL that waits for the disk as production does, the sandbox, stand-ins for Google's
 * services, and the built functions, each under the Functions Framework, which is what Cloud Run runs them with.
 */
export async function startStage(): Promise<Stage> {
  await mkdir(path.join(root, '.dotm-test'), { recursive: true });
  const stateDir = await mkdtemp(path.join(root, '.dotm-test/load-'));
  const children = new Children(stateDir);
  const dataDir = await postgresDataDir(stateDir);
  const postgres = await startPostgres({ dataDir, port: await freePort(), logFile: path.join(stateDir, 'pg.log') });
  const stop = async (): Promise<void> => {
    await children.interrupt();
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
    await rm(stateDir, { recursive: true, force: true });
  };
  try {
    await postgres.ensureDatabase('dotm');
    const databaseUrl = postgres.url('dotm');
    await migrate(databaseUrl);
    await seed(databaseUrl);
    await buildBackend();
    // A copy: whoever builds meanwhile takes away the files that a running function has yet to load.
    await stageBackend(path.join(stateDir, 'functions'));
    const ports: Ports = { ...devPorts, ...(await freePorts()) };
    const start = async (name: string, args: string[], env: Record<string, string>, port: number): Promise<Program> => {
      const child = children.start({
        name,
        command: process.execPath,
        args,
        cwd: root,
        env: { ...process.env, ...env },
      });
      await untilListening(port, 60_000, child.ended);
      return { name, pid: child.pid };
    };
    const sandbox = await start(
      'sandbox',
      ['sandbox/src/main.ts'],
      sandboxEnvironment(ports, ':memory:'),
      ports.sandbox,
    );
    const google = await start('google', ['bench/load/google.ts', String(ports.auth)], {}, ports.auth);
    const environment = functionsEnvironment(ports, databaseUrl, {});
    const settings = {
      ...environment.settings,
      ...environment.secrets,
      ...emulatorHosts({ ...ports, tasks: ports.auth }, undefined),
      // The SDK asks the metadata server once for the account that signs tasks, as it does in production.
      METADATA_SERVER_DETECTION: 'assume-present',
      GCE_METADATA_HOST: `127.0.0.1:${String(ports.auth)}`,
      WITHOUT_FIRESTORE: 'true',
      NODE_ENV: 'production',
    };
    const serve = async (
      target: keyof typeof heapMb,
      source = 'functions',
    ): Promise<{ program: Program; url: string }> => {
      const port = await freePort();
      const framework = 'node_modules/@google-cloud/functions-framework/build/src/main.js';
      const args = [
        `--max-old-space-size=${String(heapMb[target])}`,
        framework,
        `--source=${path.join(stateDir, source)}`,
        `--target=${target}`,
      ];
      const env = { ...settings, PORT: String(port), FUNCTION_SIGNATURE_TYPE: 'http', K_SERVICE: target.toLowerCase() };
      return { program: await start(target, args, env, port), url: `http://127.0.0.1:${String(port)}` };
    };
    const [api, webhook] = [await serve('api'), await serve('stripeWebhook')];
    return {
      urls: { api: api.url, webhook: webhook.url },
      programs: {
        api: api.program,
        webhook: webhook.program,
        postgres: { name: 'postgres', pid: postgres.pid },
        sandbox,
        google,
      },
      databaseUrl,
      webhookSecret: environment.secrets['STRIPE_WEBHOOK_SECRET'] ?? '',
      serveEmpty: async () => {
        const folder = path.join(stateDir, 'empty');
        await mkdir(folder);
        await writeFile(path.join(folder, 'package.json'), '{"type":"module","main":"index.js"}');
        await writeFile(path.join(folder, 'index.js'), emptyFunction);
        return serve('empty', 'empty');
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function freePorts(): Promise<
  Pick<Ports, 'auth' | 'sandbox' | 'sandboxStripe' | 'sandboxOxio' | 'sandboxSendgrid' | 'sandboxSmtp'>
> {
  return {
    auth: await freePort(),
    sandbox: await freePort(),
    sandboxStripe: await freePort(),
    sandboxOxio: await freePort(),
    sandboxSendgrid: await freePort(),
    sandboxSmtp: await freePort(),
  };
}

/** The Firebase project that the functions believe to run in. */
export const project = PROJECT_ID;
