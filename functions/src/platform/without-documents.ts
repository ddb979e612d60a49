import type { Documents } from './documents.ts';

/** For an installation without Firestore (WITHOUT_FIRESTORE=true): nothing is projected, and clients ask the API instead. */
export const withoutDocuments: Documents = {
  replaceTree: async () => false,
  deleteTree: async () => undefined,
};
