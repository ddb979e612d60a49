import { getFirestore } from 'firebase-admin/firestore';
import { firebaseApp } from './firebase.ts';

export interface ProjectedDocument {
  path: string;
  data: Record<string, unknown>;
}

/** Projections that clients read live. Postgres is the truth; whatever is here can be made again. */
export interface Documents {
  /**
   * Writes all documents below `root` in one transaction, unless `root` already shows `revision` or a later one; documents of the
   * listed collections that are not among them are deleted. Returns false when it was skipped.
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
        const listed = await Promise.all(collections.map((name) => tx.get(rootRef.collection(name).select())));
        for (const snapshot of listed) {
          for (const doc of snapshot.docs) if (!kept.has(doc.ref.path)) tx.delete(doc.ref);
        }
        tx.set(rootRef, { ...root.data, revision: Number(revision) });
        for (const child of children) tx.set(firestore.doc(child.path), { ...child.data, revision: Number(revision) });
        return true;
      });
    },
    async deleteTree(path) {
      await firestore.recursiveDelete(firestore.doc(path));
    },
  };
}
