import { getFirestore } from 'firebase-admin/firestore';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openDocuments, type Documents } from '../../src/platform/documents.ts';
import { firebaseApp } from '../../src/platform/firebase.ts';
import { recordDocuments } from '../support/recorded-documents.ts';

const root = 'members/dora';
const order = (id: string, state: string) => ({ path: `${root}/orders/${id}`, data: { id, state } });

let firestore: FirebaseFirestore.Firestore;
let documents: Documents;

beforeAll(() => {
  process.env['GCLOUD_PROJECT'] ??= 'demo-documents';
  // The emulator needs no credentials: nobody need look for a metadata server.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
  firestore = getFirestore(firebaseApp());
  documents = openDocuments();
});
beforeEach(() => documents.deleteTree(root));

async function shown(): Promise<Record<string, unknown>> {
  const docs = [await firestore.doc(root).get(), ...(await firestore.collection(`${root}/orders`).get()).docs];
  return Object.fromEntries(docs.filter((found) => found.exists).map((found) => [found.ref.path, found.data()]));
}

// The stand-in of the integration tests must keep the same promises as Firestore.
describe.each(['Firestore', 'the stand-in'] as const)('%s', (which) => {
  const recorded = recordDocuments();
  const target = (): Documents => (which === 'Firestore' ? documents : recorded);
  const read = async () =>
    which === 'Firestore'
      ? await shown()
      : Object.fromEntries(recorded.list().map((path) => [path, recorded.read(path)]));
  beforeEach(() => recorded.deleteTree(root));

  test('shows exactly the last tree that was written', async () => {
    await target().replaceTree(
      { path: root, data: { name: 'Dora' } },
      [order('a', 'paid'), order('b', 'paid')],
      ['orders'],
      1n,
    );
    await target().replaceTree(
      { path: root, data: { name: 'Dora' } },
      [order('b', 'active'), order('c', 'paid')],
      ['orders'],
      2n,
    );
    expect(await read()).toEqual({
      [root]: { name: 'Dora', revision: 2 },
      [`${root}/orders/b`]: { id: 'b', state: 'active' },
      [`${root}/orders/c`]: { id: 'c', state: 'paid' },
    });
  });

  test('keeps a newer tree when an older one comes late', async () => {
    expect(await target().replaceTree({ path: root, data: { name: 'new' } }, [], ['orders'], 5n)).toBe(true);
    expect(
      await target().replaceTree({ path: root, data: { name: 'old' } }, [order('a', 'paid')], ['orders'], 4n),
    ).toBe(false);
    expect(await target().replaceTree({ path: root, data: { name: 'same' } }, [], ['orders'], 5n)).toBe(false);
    expect(await read()).toEqual({ [root]: { name: 'new', revision: 5 } });
  });

  test('deletes a tree whole', async () => {
    await target().replaceTree({ path: root, data: {} }, [order('a', 'paid')], ['orders'], 1n);
    await target().deleteTree(root);
    expect(await read()).toEqual({});
  });
});

test('a document that did not change is not written again', async () => {
  const tree = [order('a', 'paid'), order('b', 'paid')];
  await documents.replaceTree({ path: root, data: {} }, tree, ['orders'], 1n);
  const before = await firestore.doc(`${root}/orders/a`).get();
  await documents.replaceTree({ path: root, data: {} }, [order('a', 'paid'), order('b', 'active')], ['orders'], 2n);
  const after = await firestore.doc(`${root}/orders/a`).get();
  expect(after.updateTime?.isEqual(before.updateTime!)).toBe(true);
});

test('two writers at once leave the tree of one of them, whole', async () => {
  const write = (revision: number) => {
    const children = [order('a', String(revision)), order('b', String(revision))];
    return documents.replaceTree({ path: root, data: {} }, children, ['orders'], BigInt(revision));
  };
  await Promise.all([write(1), write(2), write(3)]);
  expect(await shown()).toEqual({
    [root]: { revision: 3 },
    [`${root}/orders/a`]: { id: 'a', state: '3' },
    [`${root}/orders/b`]: { id: 'b', state: '3' },
  });
});
