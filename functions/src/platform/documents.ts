import { isDeepStrictEqual } from 'node:util';
import { getFirestore } from 'firebase-admin/firestore';
import { firebaseApp } from './firebase.ts';

export interface ProjectedDocument {
  path: string;
  data: Record<string, unknown>;
}

/** Projections that clients read live. Postgres is the truth; whatever is here can be made again. */
export interface Documents {
  /**
   * Writes `root` with its `revision`, and its children, in one transaction, unless `root` already shows that revision or a later
   * one. Children that are the same as before are left alone, so that nobody is sent or billed for what did not change; documents of
   * the listed collections that are not among them are deleted. Returns false when it was skipped.
   */
  replaceTree(
    root: ProjectedDocument,
    children: ProjectedDocument[],
    collections: string[],
    revision: bigint,
  ): Promise<boolean>;
  /** Deletes the document and everything below it. */
  deleteTree(path: string): Promise<void>;
}

/** Opens Firestore. */
export function openDocuments(): Documents {
  const firestore = getFirestore(firebaseApp());
  return {
    async replaceTree(root, children, collections, revision) {
      const rootRef = firestore.doc(root.path);
      const kept = new Set(children.map((child) => child.path));
      return firestore.runTransaction(async (tx) => {
        const current = await tx.get(rootRef);
        const shown: unknown = current.get('revision');
        if (typeof shown === 'number' && BigInt(shown) >= revision) return false;
        const listed = await Promise.all(collections.map((name) => tx.get(rootRef.collection(name))));
        const present = new Map(listed.flatMap(({ docs }) => docs.map((doc) => [doc.ref.path, doc.data()])));
        for (const path of present.keys()) if (!kept.has(path)) tx.delete(firestore.doc(path));
        tx.set(rootRef, { ...root.data, revision: Number(revision) });
        for (const { path, data } of children) {
          if (!isDeepStrictEqual(present.get(path), data)) tx.set(firestore.doc(path), data);
        }
        return true;
      });
    },
    async deleteTree(path) {
      await firestore.recursiveDelete(firestore.doc(path));
    },
  };
}
