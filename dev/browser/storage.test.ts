import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { deleteApp, initializeApp } from 'firebase/app';
import type { FirebaseApp } from 'firebase/app';
import {
  connectAuthEmulator,
  createUserWithEmailAndPassword,
  getAuth,
  signInWithEmailAndPassword,
} from 'firebase/auth';
import {
  connectStorageEmulator,
  deleteObject,
  getBytes,
  getMetadata,
  getStorage,
  listAll,
  ref,
  uploadString,
} from 'firebase/storage';
import type { FirebaseStorage } from 'firebase/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROJECT_ID } from '../environment.ts';
import { OPERATOR } from '../operator.ts';
import { testWorld } from './test-world.ts';

const bucket = `${PROJECT_ID}.appspot.com`;
const password = 'correct horse battery';
const apps: FirebaseApp[] = [];
let ownerUid = '';

/** Everybody who may try; each signs in as a person does in the browser. */
const callers = {
  'the owner': () => open('owner', async (auth) => void (await signInWithEmailAndPassword(auth, ownerEmail, password))),
  'another member': () =>
    open('other', async (auth) => void (await createUserWithEmailAndPassword(auth, address('other'), password))),
  'an operator': () =>
    open('operator', async (auth) => void (await signInWithEmailAndPassword(auth, OPERATOR.email, OPERATOR.password))),
  'nobody signed in': () => open('anonymous', () => Promise.resolve()),
};

const ownerEmail = address('owner');

beforeAll(async () => {
  await open('setup', async (auth) => {
    ownerUid = (await createUserWithEmailAndPassword(auth, ownerEmail, password)).user.uid;
  });
  for (const name of names()) await putAsBackend(name);
});

afterAll(async () => {
  await Promise.all(apps.map((app) => deleteApp(app)));
});

describe.each(Object.entries(callers))('a bucket refuses %s', (_who, enter) => {
  let storage: FirebaseStorage;
  beforeAll(async () => {
    storage = await enter();
  });

  it.each([
    ['reading', (at: string) => getBytes(ref(storage, at))],
    ['looking at what it is', (at: string) => getMetadata(ref(storage, at))],
    ['listing', (at: string) => listAll(ref(storage, path.posix.dirname(at)))],
    ['overwriting', (at: string) => uploadString(ref(storage, at), 'mine now')],
    ['adding', (at: string) => uploadString(ref(storage, `${at}.new`), 'mine')],
    ['deleting', (at: string) => deleteObject(ref(storage, at))],
  ] as const)('%s', async (_what, attempt) => {
    for (const name of names()) {
      await expect(attempt(name)).rejects.toMatchObject({ code: 'storage/unauthorized' });
    }
  });
});

it('the rules that are deployed deny every client everything', async () => {
  const rules = await readFile(path.resolve(import.meta.dirname, '../../storage.rules'), 'utf8');
  // The emulator here runs without the program that evaluates rules and denies by itself; these are what production evaluates.
  expect(rules.match(/allow [^;]+;/g)).toEqual(['allow read, write: if false;']);
  expect(rules).toContain('match /{allPaths=**}');
});

/** Where voice clips, and what somebody might take for a member's own folder, lie. */
function names(): string[] {
  return ['clips/0a1b2c.mp3', `members/${ownerUid}/note.txt`, 'public/picture.txt'];
}

function address(who: string): string {
  return `storage-${who}-${String(process.pid)}-${Date.now().toString(36)}@example.com`;
}

async function open(
  name: string,
  signIn: (auth: ReturnType<typeof getAuth>) => Promise<void>,
): Promise<FirebaseStorage> {
  const { ports, urls } = testWorld();
  const app = initializeApp({ apiKey: 'demo', projectId: PROJECT_ID, storageBucket: bucket }, name);
  apps.push(app);
  const auth = getAuth(app);
  connectAuthEmulator(auth, urls.auth, { disableWarnings: true });
  await signIn(auth);
  const storage = getStorage(app);
  connectStorageEmulator(storage, '127.0.0.1', ports.storage);
  // An answer that is no refusal must not be tried again for minutes.
  storage.maxOperationRetryTime = 5_000;
  storage.maxUploadRetryTime = 5_000;
  return storage;
}

/** Puts a file as the backend does, whom rules do not bind. */
async function putAsBackend(name: string): Promise<void> {
  const at = `http://127.0.0.1:${String(testWorld().ports.storage)}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
  const response = await fetch(at, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'text/plain' },
    body: 'there',
  });
  expect(response.status).toBe(200);
}
