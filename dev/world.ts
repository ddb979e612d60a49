import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildBackend, buildWebApp, rebuildOnChange, stageBackend, stagePublic, stageWebApp } from './builds.ts';
import { CHAIN_ID, chainCommand, ensureContracts, findChain } from './chain.ts';
import type { ChainContracts } from './chain.ts';
import { Children } from './children.ts';
import type { Child } from './children.ts';
import {
  emulatorHosts,
  functionsEnvironment,
  PROJECT_ID,
  readUserEnvironment,
  sandboxEnvironment,
  toDotenv,
} from './environment.ts';
import type { FunctionsEnvironment } from './environment.ts';
import { findFirestoreEmulator, firestoreCommand } from './firestore.ts';
import { dropBrokenExport, exportRegularly, reloadFunctions, startFirebaseEmulators } from './firebase-emulators.ts';
import { untilListening } from './net.ts';
import { ensureOperator } from './operator.ts';
import { postgresDataDir, startPostgres } from './postgres.ts';
import type { Postgres } from './postgres.ts';
import { refuseTakenPorts } from './ports.ts';
import type { Ports } from './ports.ts';
import { startScheduler } from './scheduler.ts';
import { warmUp } from './warm-up.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Long enough for Java or a sandbox on a machine that builds at the same time. */
const PART_TIMEOUT_MS = 90_000;

/** How a world is to be. */
export interface WorldOptions {
  readonly ports: Ports;
  /** Keeps everything that survives a restart, and the logs. */
  readonly stateDir: string;
  /** Hears each step as one line. */
  readonly report?: (line: string) => void;
  /** Hears that one part ended by itself or misbehaves, as one line. */
  readonly trouble?: (line: string) => void;
  /** Whether to read the developer's `.env` (real vendors) and to rebuild the functions when their sources change. */
  readonly development?: boolean;
  /** Interrupts the start: what runs already is ended, `startWorld` rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** A running world. */
export interface World {
  readonly urls: Readonly<Record<'web' | 'api' | 'docs' | 'mcp' | 'sandbox' | 'inbox' | 'auth', string>>;
  readonly databaseUrl: string;
  /** `host:port` of Firestore; undefined where the machine has no emulator. */
  readonly firestore: string | undefined;
  /** Why there is no Firestore, in one line that says how to get one. */
  readonly firestoreMissing: string | undefined;
  /** The local Ethereum and our contracts on it; undefined where the machine has no program for it. */
  readonly chain: (ChainContracts & { readonly rpcUrl: string; readonly chainId: number }) | undefined;
  readonly vendors: FunctionsEnvironment['vendors'];
  stop(): Promise<void>;
}

/**
 * Starts the whole platform on this machine: database, Firestore, files, stand-ins, functions, web app, scheduler. Throws,
 * with everything stopped again, when a part cannot start. State in `stateDir` is taken up where it was left.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const { stateDir } = options;
  await mkdir(stateDir, { recursive: true });
  const children = new Children(stateDir);
  await children.endLeftovers();
  const builder = new WorldBuilder(options, children);
  const interrupt = (): void => void children.interrupt();
  options.signal?.addEventListener('abort', interrupt);
  try {
    const world = await builder.build();
    options.signal?.throwIfAborted();
    return world;
  } catch (error) {
    await builder.stop();
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', interrupt);
  }
}

class WorldBuilder {
  readonly #options: WorldOptions;
  readonly #children: Children;
  readonly #ends: (() => void)[] = [];
  readonly #started: Child[] = [];
  #postgres: Postgres | undefined;
  #chain: World['chain'];
  #stopping: Promise<void> | undefined;

  constructor(options: WorldOptions, children: Children) {
    this.#options = options;
    this.#children = children;
  }

  async build(): Promise<World> {
    const { ports, stateDir, development } = this.#options;
    const emulator = findFirestoreEmulator();
    const firestore = emulator.kind === 'external' ? emulator.host : `127.0.0.1:${String(ports.firestore)}`;
    const hasFirestore = emulator.kind !== 'none';
    await refuseTakenPorts(ports, emulator.kind === 'jar' ? ['postgres'] : ['postgres', 'firestore']);

    await allOrFirstError(
      [
        this.#startDatabase(),
        this.#startFirestore(emulator),
        this.#startStorage(),
        this.#startSandbox(),
        this.#startChain(),
        this.#step('web app built', () => buildWebApp(this.#children)),
        this.#step('functions built', buildBackend),
      ],
      () => void this.#children.interrupt(),
    );
    await this.#children.remember(this.#postgres ? { postgres: this.#postgres.pid } : {});

    const user = development ? readUserEnvironment(path.join(ROOT, '.env')) : {};
    const environment = functionsEnvironment(ports, this.#databaseUrl(), user, this.#chain);
    await this.#stage(environment, hasFirestore ? firestore : undefined);
    await this.#startEmulators(hasFirestore ? firestore : undefined);
    await this.#children.remember(this.#postgres ? { postgres: this.#postgres.pid } : {});
    await ensureOperator(ports);
    await this.#fill(environment, hasFirestore ? firestore : undefined);
    await this.#step('functions warmed up', () => warmUp(ports));
    this.#ends.push(startScheduler(ports, (line) => this.#options.trouble?.(line)));
    this.#ends.push(exportRegularly(stateDir, ports));
    if (development) {
      this.#ends.push(
        rebuildOnChange(
          () => this.#stageBundles(),
          () => reloadFunctions(ports),
          this.#options,
        ),
      );
    }
    this.#watchForCrashes();
    const world = this.#describe(environment, hasFirestore ? firestore : undefined, emulator);
    // `npm run demo` and other programs find the running world here.
    await writeFile(path.join(stateDir, 'world.json'), JSON.stringify({ ...world, ports }, null, 2));
    return world;
  }

  /** Ends everything in order: who writes goes before what is written to. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const end of this.#ends) end();
    await rm(path.join(this.#options.stateDir, 'world.json'), { force: true });
    const [emulators, others] = [
      this.#started.filter((child) => child.name === 'firebase'),
      this.#started.filter((child) => child.name !== 'firebase'),
    ];
    await Promise.all(emulators.map((child) => child.stop(30_000)));
    await Promise.all(others.map((child) => child.stop(8_000)));
    await this.#postgres?.stop();
    await this.#children.forget();
  }

  #describe(
    environment: FunctionsEnvironment,
    firestore: string | undefined,
    emulator: ReturnType<typeof findFirestoreEmulator>,
  ): World {
    const { ports } = this.#options;
    const web = `http://127.0.0.1:${String(ports.hosting)}`;
    const sandbox = `http://127.0.0.1:${String(ports.sandbox)}`;
    return {
      urls: {
        web,
        api: `${web}/api`,
        docs: `${web}/docs/api`,
        mcp: `${web}/mcp`,
        sandbox,
        inbox: `${sandbox}/mail`,
        auth: `http://127.0.0.1:${String(ports.auth)}`,
      },
      databaseUrl: this.#databaseUrl(),
      firestore,
      firestoreMissing: emulator.kind === 'none' ? emulator.reason : undefined,
      chain: this.#chain,
      vendors: environment.vendors,
      stop: () => this.stop(),
    };
  }

  async #startDatabase(): Promise<void> {
    const { ports, stateDir, development } = this.#options;
    await this.#step('PostgreSQL', async () => {
      this.#postgres = await startPostgres({
        dataDir: await postgresDataDir(stateDir),
        port: ports.postgres,
        logFile: this.#children.logFile('postgres'),
        throwaway: !development,
      });
      await this.#postgres.ensureDatabase('dotm');
    });
    await this.#step('database migrated', () => this.#runOperation('migrate', { DATABASE_URL: this.#databaseUrl() }));
  }

  async #startFirestore(emulator: ReturnType<typeof findFirestoreEmulator>): Promise<void> {
    const { ports, report } = this.#options;
    if (emulator.kind === 'none') {
      report?.(`Firestore: ${emulator.reason}. Going on without live updates.`);
      return;
    }
    if (emulator.kind === 'external') return;
    await this.#step('Firestore', () =>
      this.#startPart(
        'firestore',
        firestoreCommand(emulator, ports.firestore, path.join(ROOT, 'firestore.rules')),
        ports.firestore,
      ),
    );
  }

  async #startStorage(): Promise<void> {
    const { ports, stateDir } = this.#options;
    const args = ['dev/storage-emulator.ts', String(ports.storage), path.join(stateDir, 'storage')];
    await this.#step('Storage', () => this.#startPart('storage', { command: process.execPath, args }, ports.storage));
  }

  async #startSandbox(): Promise<void> {
    const { ports, stateDir } = this.#options;
    const env = { ...process.env, ...sandboxEnvironment(ports, path.join(stateDir, 'sandbox.sqlite')) };
    await this.#step('sandbox', () =>
      this.#startPart('sandbox', { command: process.execPath, args: ['sandbox/src/main.ts'], env }, ports.sandbox),
    );
  }

  /** Starts the local Ethereum with our contracts. Nothing else waits for it: where there is no program for it, all else works. */
  async #startChain(): Promise<void> {
    const { ports, stateDir, report } = this.#options;
    const program = findChain();
    if (program.kind === 'none') {
      report?.(`Ethereum: ${program.reason}. Going on without a chain.`);
      return;
    }
    const rpcUrl = `http://127.0.0.1:${String(ports.chain)}`;
    await this.#step('Ethereum with the DOTM contracts', async () => {
      await this.#startPart('chain', chainCommand(program.file, ports.chain, stateDir), ports.chain);
      this.#chain = { rpcUrl, chainId: CHAIN_ID, ...(await ensureContracts(rpcUrl, stateDir)) };
    });
  }

  async #startPart(
    name: string,
    program: { command: string; args: readonly string[]; env?: NodeJS.ProcessEnv },
    port: number,
  ): Promise<void> {
    const child = this.#children.start({ name, cwd: ROOT, ...program });
    this.#started.push(child);
    await untilListening(port, PART_TIMEOUT_MS, child.ended);
  }

  async #startEmulators(firestore: string | undefined): Promise<void> {
    const { ports, stateDir } = this.#options;
    await dropBrokenExport(stateDir);
    await this.#step('Firebase: sign-in, functions, tasks, hosting', async () => {
      await startFirebaseEmulators(this.#children, stateDir, ports, firestore, (child) => {
        this.#started.push(child);
      });
    });
  }

  async #stageBundles(): Promise<void> {
    await stageBackend(path.join(this.#options.stateDir, 'functions'));
    await stagePublic(path.join(this.#options.stateDir, 'functions-public'));
  }

  /** Puts bundles, secrets, settings and web app where this world's emulators read them. */
  async #stage(environment: FunctionsEnvironment, firestore: string | undefined): Promise<void> {
    const { ports, stateDir } = this.#options;
    await this.#stageBundles();
    const settings = { ...environment.settings, ...(firestore === undefined ? { WITHOUT_FIRESTORE: 'true' } : {}) };
    await configure(path.join(stateDir, 'functions'), { settings, secrets: environment.secrets });
    await configure(path.join(stateDir, 'functions-public'), environment.public);
    await stageWebApp(path.join(stateDir, 'hosting'), {
      firebase: { apiKey: 'demo', authDomain: `${PROJECT_ID}.firebaseapp.com`, projectId: PROJECT_ID },
      emulators: { auth: `http://127.0.0.1:${String(ports.auth)}`, firestore: firestore ?? null },
      appCheckSiteKey: null,
      links: { sandbox: `http://127.0.0.1:${String(ports.sandbox)}` },
    });
  }

  /** Publishes the catalogue on the first start, and writes again what Firestore, which forgets, has to show. */
  async #fill(environment: FunctionsEnvironment, firestore: string | undefined): Promise<void> {
    const env = { ...environment.settings, ...environment.secrets, ...emulatorHosts(this.#options.ports, firestore) };
    await this.#step('catalogue published', () => this.#runOperation('seed', env));
    if (firestore === undefined) return;
    await this.#step('live documents rebuilt', () => this.#runOperation('rebuild-projections', env));
  }

  /** Runs one of the operators' commands of functions/src/ops. */
  #runOperation(name: string, env: Readonly<Record<string, string>>): Promise<void> {
    return this.#children.run({
      name,
      command: process.execPath,
      args: [`functions/src/ops/${name}.ts`],
      cwd: ROOT,
      env: { ...process.env, ...env },
    });
  }

  #databaseUrl(): string {
    if (!this.#postgres) throw new Error('PostgreSQL has not started');
    return this.#postgres.url('dotm');
  }

  async #step(name: string, work: () => Promise<unknown>): Promise<void> {
    const startedAt = Date.now();
    this.#options.signal?.throwIfAborted();
    try {
      await work();
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
    this.#options.report?.(`${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
  }

  #watchForCrashes(): void {
    const { trouble } = this.#options;
    const say = (line: string): void => {
      if (!this.#stopping) trouble?.(`${line}. Press Ctrl-C and start again.`);
    };
    void this.#postgres?.crashed.then(say);
    for (const child of this.#started)
      void child.exit.then(() => {
        say(child.ended() ?? `${child.name} ended`);
      });
  }
}

/** Writes settings and secrets where the functions emulator reads those of one codebase. */
async function configure(
  target: string,
  { settings, secrets }: Pick<FunctionsEnvironment, 'settings' | 'secrets'>,
): Promise<void> {
  // The emulator notes defaults here, and would prefer them to a setting that was changed since.
  await rm(path.join(target, '.env.local'), { force: true });
  await writeFile(path.join(target, `.env.${PROJECT_ID}`), toDotenv(settings));
  await writeFile(path.join(target, '.secret.local'), toDotenv(secrets), { mode: 0o600 });
}

/**
 * Waits for all, so that nothing starts behind the back of whoever cleans up, then throws the first error. `failed` is called
 * at that first error, to cut the others short.
 */
async function allOrFirstError(work: readonly Promise<unknown>[], failed: () => void): Promise<void> {
  const errors: unknown[] = [];
  const watched = work.map((one) =>
    one.catch((error: unknown) => {
      if (errors.push(error) === 1) failed();
    }),
  );
  await Promise.all(watched);
  if (errors.length > 0) throw errors[0];
}
