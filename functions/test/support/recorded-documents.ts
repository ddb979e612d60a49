import type { Documents, ProjectedDocument } from '../../src/platform/documents.ts';

/** Documents in memory, with the promises of the real ones; `outOfReach` makes every call fail as a lost Firestore would. */
export interface RecordedDocuments extends Documents {
  outOfReach: boolean;
  /** The document at `path`, or undefined. */
  read(path: string): Record<string, unknown> | undefined;
  /** Paths of all documents at and below `path`, sorted. */
  list(path?: string): string[];
}

/** Makes the Documents of integration tests: rules and the browser SDK are tried on the real emulator, in test/rules. */
export function recordDocuments(): RecordedDocuments {
  const documents = new Map<string, Record<string, unknown>>();
  const put = ({ path, data }: ProjectedDocument): void => {
    // Firestore takes neither undefined nor bigint: this fails as the real one would.
    documents.set(path, structuredClone(refuseUnstorable(data, path)));
  };
  const listed = (root: string, collections: string[]): string[] =>
    [...documents.keys()].filter((path) => collections.some((name) => isChild(path, `${root}/${name}`)));
  const recorded: RecordedDocuments = {
    outOfReach: false,
    read: (path) => documents.get(path),
    list: (path = '') =>
      [...documents.keys()].filter((known) => path === '' || known === path || known.startsWith(`${path}/`)).sort(),
    async replaceTree(root, children, collections, revision) {
      check();
      const shown = documents.get(root.path)?.['revision'];
      if (typeof shown === 'number' && BigInt(shown) >= revision) return false;
      for (const path of listed(root.path, collections)) documents.delete(path);
      put({ path: root.path, data: { ...root.data, revision: Number(revision) } });
      for (const child of children) put(child);
      return true;
    },
    async deleteTree(path) {
      check();
      for (const known of recorded.list(path)) documents.delete(known);
    },
  };
  function check(): void {
    if (recorded.outOfReach) throw new Error('Firestore is out of reach');
  }
  return recorded;
}

function isChild(path: string, collection: string): boolean {
  return path.startsWith(`${collection}/`) && !path.slice(collection.length + 1).includes('/');
}

function refuseUnstorable<T>(value: T, path: string): T {
  if (value === undefined || typeof value === 'bigint' || typeof value === 'function') {
    throw new Error(`Firestore stores no ${typeof value}: ${path}`);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) refuseUnstorable(item as unknown, `${path}.${key}`);
  }
  return value;
}
