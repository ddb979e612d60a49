import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import type { Child, Children } from './children.ts';
import { emulatorHosts, PROJECT_ID } from './environment.ts';
import type { Ports } from './ports.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

/** Measured 8 s on two idle cores; a first start that shares them with a build takes longer. */
const READY_TIMEOUT_MS = 180_000;

/** A SIGKILL loses at most the accounts of this time. */
const EXPORT_EVERY_MS = 20_000;

/**
 * Writes the configuration that the emulators read into `stateDir`: firebase.json of the repository with this world's ports and
 * with `functions`, `functions-public` and `hosting` staged in `stateDir`. Rules and indexes are left out: those emulators run by themselves.
 */
export async function writeEmulatorConfig(stateDir: string, ports: Ports): Promise<string> {
  const config = JSON.parse(await readFile(path.join(ROOT, 'firebase.json'), 'utf8')) as {
    functions: Record<string, unknown>[];
    hosting: { headers: { headers: { key: string; value: string }[] }[] };
  };
  const at = (port: number): { host: string; port: number } => ({ host: '127.0.0.1', port });
  const local = {
    functions: config.functions.map((entry) => ({
      ...entry,
      source: entry['codebase'] === 'public' ? 'functions-public' : 'functions',
    })),
    hosting: {
      ...config.hosting,
      public: 'hosting',
      ignore: [],
      headers: openForEmulators(config.hosting.headers, ports),
    },
    emulators: {
      singleProjectMode: true,
      ui: { enabled: false },
      auth: at(ports.auth),
      functions: at(ports.functions),
      hosting: at(ports.hosting),
      tasks: at(ports.tasks),
      eventarc: at(ports.eventarc),
      hub: at(ports.hub),
      logging: at(ports.logging),
    },
  };
  const file = path.join(stateDir, 'firebase.json');
  await writeFile(file, JSON.stringify(local, null, 2));
  return file;
}

/** The browser must reach the Auth and Firestore emulators, which production's content policy does not know. */
function openForEmulators<T extends { headers: { key: string; value: string }[] }>(rules: T[], ports: Ports): T[] {
  const emulators = [ports.auth, ports.firestore].map((port) => `http://127.0.0.1:${String(port)}`).join(' ');
  return rules.map((rule) => ({
    ...rule,
    headers: rule.headers
      .filter(({ key }) => key !== 'Strict-Transport-Security')
      .map(({ key, value }) => ({
        key,
        value:
          key === 'Content-Security-Policy'
            ? value.replace(/(connect-src|frame-src) 'self'|frame-src/g, `$& ${emulators}`)
            : value,
      })),
  }));
}

/**
 * Starts the emulators for auth, functions, hosting and tasks and waits until all of them serve. `started` gets the program
 * at once, so that it can be stopped while it still starts. `firestore` is `host:port`; undefined runs without live updates.
 */
export async function startFirebaseEmulators(
  children: Children,
  stateDir: string,
  ports: Ports,
  firestore: string | undefined,
  started: (child: Child) => void,
): Promise<void> {
  const config = await writeEmulatorConfig(stateDir, ports);
  const saved = path.join(stateDir, 'auth');
  const child = children.start({
    name: 'firebase',
    command: process.execPath,
    args: [
      `--import=${pathToFileURL(path.join(ROOT, 'dev/tuned-emulators.mjs')).href}`,
      path.join(ROOT, 'node_modules/firebase-tools/lib/bin/firebase.js'),
      'emulators:start',
      ...['--only', 'auth,functions,hosting,tasks', '--project', PROJECT_ID, '--config', config],
      ...['--import', saved, '--export-on-exit', saved, '--log-verbosity', 'INFO'],
    ],
    cwd: stateDir,
    env: emulatorEnvironment(ports, firestore),
  });
  started(child);
  await untilServing(child);
}

function emulatorEnvironment(ports: Ports, firestore: string | undefined): NodeJS.ProcessEnv {
  const preload = pathToFileURL(path.join(ROOT, 'dev/emulator-preload.mjs')).href;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // No questions, no look for updates, no colours in log files.
    CI: 'true',
    NO_UPDATE_NOTIFIER: '1',
    NO_COLOR: '1',
    NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${preload}`.trim(),
    ...emulatorHosts(ports, firestore),
  };
  // firebase-tools would take our Postgres for the address of a Realtime Database.
  delete env['DATABASE_URL'];
  delete env['FORCE_COLOR'];
  return env;
}

async function untilServing(child: Child): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const output = child.output();
    const broken = /Failed to load function definition from source.*|Error: .*Could not start.*/.exec(output)?.[0];
    if (broken) throw new Error(`the functions could not be loaded: ${broken}; see ${child.logFile}`);
    if (output.includes('All emulators ready')) return;
    const ended = child.ended();
    if (ended !== undefined) throw new Error(ended);
    if (Date.now() > deadline) throw new Error(`the Firebase emulators did not get ready; see ${child.logFile}`);
    await wait(100);
  }
}

/** Saves the accounts every 20 s, so that a killed run loses little. Returns what ends it. */
export function exportRegularly(stateDir: string, ports: Ports): () => void {
  const target = path.join(stateDir, 'auth');
  let before = '';
  const timer = setInterval(() => {
    void (async () => {
      const accounts = await listAccounts(ports).catch(() => before);
      if (accounts === before) return;
      const response = await fetch(`http://127.0.0.1:${String(ports.hub)}/_admin/export`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ path: target, initiatedBy: 'dotm' }),
      }).catch(() => undefined);
      if (response?.ok) before = accounts;
    })();
  }, EXPORT_EVERY_MS);
  return () => {
    clearInterval(timer);
  };
}

async function listAccounts(ports: Ports): Promise<string> {
  const url = `http://127.0.0.1:${String(ports.auth)}/identitytoolkit.googleapis.com/v1/projects/${PROJECT_ID}/accounts:query`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: '{}',
  });
  return response.text();
}

/** Makes the functions emulator load the staged bundle again. */
export async function reloadFunctions(ports: Ports): Promise<void> {
  await fetch(`http://127.0.0.1:${String(ports.hub)}/functions/enableBackgroundTriggers`, { method: 'PUT' });
}

/** Removes an export that a SIGKILL cut in half: the emulators would refuse to start from it. */
export async function dropBrokenExport(stateDir: string): Promise<void> {
  const saved = path.join(stateDir, 'auth');
  const index = await readFile(path.join(saved, 'firebase-export-metadata.json'), 'utf8').catch(() => undefined);
  const accounts = await readFile(path.join(saved, 'auth_export/accounts.json'), 'utf8').catch(() => undefined);
  if (isJson(index) && isJson(accounts)) return;
  await rm(saved, { recursive: true, force: true });
}

function isJson(text: string | undefined): boolean {
  if (text === undefined) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
