import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** How to get a Firestore emulator on this machine. */
export type FirestoreEmulator =
  /** Somebody runs one already and said so in FIRESTORE_EMULATOR_HOST. */
  | { readonly kind: 'external'; readonly host: string }
  | { readonly kind: 'jar'; readonly java: string; readonly jar: string; readonly mainClass: string | undefined }
  | { readonly kind: 'none'; readonly reason: string };

const MAIN_CLASS = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';

/** The Google Cloud CLI's component runs from Java 17 on, the jar that firebase-tools downloads from Java 21 on. */
const GCLOUD_JAVA = 17;
const FIREBASE_JAVA = 21;

/**
 * Finds a Firestore emulator: the environment variable, then the Google Cloud CLI's component, then what firebase-tools has
 * downloaded. Never downloads; answers with the command that installs one when there is none.
 */
export function findFirestoreEmulator(): FirestoreEmulator {
  const host = process.env['FIRESTORE_EMULATOR_HOST'];
  if (host) return { kind: 'external', host };
  const java = findJava();
  const component = findGcloudJar();
  if (component && java && java.major >= GCLOUD_JAVA) {
    return { kind: 'jar', java: java.path, jar: component, mainClass: MAIN_CLASS };
  }
  const cached = findFirebaseJar();
  if (cached && java && java.major >= FIREBASE_JAVA) {
    return { kind: 'jar', java: java.path, jar: cached, mainClass: undefined };
  }
  return { kind: 'none', reason: explainMissing(java?.major, component !== undefined) };
}

/** Returns the program and arguments that run `emulator` on `port` with `rulesFile`. */
export function firestoreCommand(
  emulator: Extract<FirestoreEmulator, { kind: 'jar' }>,
  port: number,
  rulesFile: string,
): { command: string; args: string[] } {
  const options = ['--host=127.0.0.1', `--port=${String(port)}`, `--rules=${rulesFile}`];
  // 512 MB serves a developer's data many times over and keeps the machine usable.
  const heap = '-Xmx512m';
  return emulator.mainClass
    ? { command: emulator.java, args: [heap, '-cp', emulator.jar, emulator.mainClass, 'start', ...options] }
    : {
        command: emulator.java,
        args: [heap, '-jar', emulator.jar, '--host=127.0.0.1', `--port=${String(port)}`, `--rules=${rulesFile}`],
      };
}

function explainMissing(java: number | undefined, hasComponent: boolean): string {
  if (hasComponent) {
    return `the Firestore emulator needs Java ${String(GCLOUD_JAVA)} or newer (found ${java ?? 'none'}): apt-get install openjdk-17-jre-headless`;
  }
  return (
    'no Firestore emulator on this machine: `gcloud components install cloud-firestore-emulator` ' +
    '(with Java 17 or newer) or, with Java 21 or newer, `npx firebase setup:emulators:firestore`'
  );
}

function findJava(): { path: string; major: number } | undefined {
  const home = process.env['JAVA_HOME'];
  const candidates = home ? [path.join(home, 'bin', 'java'), 'java'] : ['java'];
  for (const candidate of candidates) {
    // `java -version` prints to stderr: openjdk version "17.0.15" 2025-04-15.
    const { stderr } = spawnSync(candidate, ['-version'], { encoding: 'utf8', timeout: 20_000 });
    const version = /version "(?:1\.)?(\d+)/.exec(stderr || '')?.[1];
    if (version !== undefined) return { path: candidate, major: Number(version) };
  }
  return undefined;
}

/** `gcloud info` takes seconds; resolving the `gcloud` link in PATH gives the same root at once. */
function findGcloudJar(): string | undefined {
  const roots = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, process.platform === 'win32' ? 'gcloud.cmd' : 'gcloud'))
    .filter((file) => existsSync(file))
    .map((file) => path.resolve(realpathSync(file), '../..'));
  const known = ['/usr/lib/google-cloud-sdk', '/opt/google-cloud-sdk', path.join(homedir(), 'google-cloud-sdk')];
  return [...roots, ...known]
    .map((root) => path.join(root, 'platform/cloud-firestore-emulator/cloud-firestore-emulator.jar'))
    .find((jar) => existsSync(jar));
}

function findFirebaseJar(): string | undefined {
  const folder = process.env['FIREBASE_EMULATORS_PATH'] ?? path.join(homedir(), '.cache/firebase/emulators');
  if (!existsSync(folder)) return undefined;
  const jars = readdirSync(folder).filter((name) => /^cloud-firestore-emulator-v.*\.jar$/.test(name));
  const newest = jars.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);
  return newest && path.join(folder, newest);
}
