import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../../platform/container.ts';
import { firebaseApp } from '../../platform/firebase.ts';
import { queueControl } from '../../platform/queue-control.ts';
import { attempt, ok, unchecked, wrong, type Finding } from './finding.ts';

const rulesFile = path.resolve(import.meta.dirname, '../../../../firestore.rules');

/** Looks at the Firebase project: sign-in, queues, and whether the rules that guard Firestore are those of this version. */
export async function checkGoogle(services: Services): Promise<Finding[]> {
  const project = process.env['GCLOUD_PROJECT'] ?? process.env['GOOGLE_CLOUD_PROJECT'];
  if (!project) {
    const todo = 'set GCLOUD_PROJECT and sign in: gcloud auth application-default login';
    return [unchecked('Firebase', 'no project was named', todo)];
  }
  const role = 'check the credentials (gcloud auth application-default login) and that the product is turned on';
  return [
    ...(await attempt('Firebase Auth', role, () => checkAuth(services))),
    ...(await attempt('queues', role, () => checkQueues(project))),
    ...(await attempt('Firestore rules', role, checkRules)),
  ];
}

async function checkAuth(services: Services): Promise<Finding[]> {
  await (await services.users()).findByEmail('preflight@nobody.example');
  return [ok('Firebase Auth', 'reachable')];
}

async function checkQueues(project: string): Promise<Finding[]> {
  if (process.env['CLOUD_TASKS_EMULATOR_HOST'])
    return [unchecked('queues', 'the emulator has no list of queues that Google has', 'nothing')];
  const { CloudTasksClient } = await import('@google-cloud/tasks');
  const client = new CloudTasksClient({ fallback: true });
  const halted = (await queueControl(client, project).list()).filter(({ state }) => state !== 'running');
  await client.close();
  if (halted.length === 0) return [ok('queues', 'all are running')];
  const names = halted.map(({ name, state }) => `${name} is ${state}`).join(', ');
  return [wrong('queues', names, 'deploy the functions, or node functions/src/ops/queues.ts resume <queue>')];
}

async function checkRules(): Promise<Finding[]> {
  if (process.env['FIRESTORE_EMULATOR_HOST'])
    return [unchecked('Firestore rules', 'the emulator does not tell its rules', 'nothing')];
  const { getSecurityRules } = await import('firebase-admin/security-rules');
  const { source } = await getSecurityRules(firebaseApp()).getFirestoreRuleset();
  const deployed = source.map(({ content }) => content.replaceAll('\r\n', '\n').trim());
  const wanted = (await readFile(rulesFile, 'utf8')).replaceAll('\r\n', '\n').trim();
  if (deployed.includes(wanted)) return [ok('Firestore rules', 'the deployed rules are those of this version')];
  return [wrong('Firestore rules', 'other rules are deployed', 'firebase deploy --only firestore:rules')];
}
