import type { Readable } from 'node:stream';
import { Storage, type ApiError } from '@google-cloud/storage';

/** What is known of a file without reading it. */
export interface FileFacts {
  readonly bytes: number;
  /** What was saved beside it; below 8 KiB in all. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Files that are written once and never change. Clients never reach them: a function serves them. */
export interface Files {
  /** Saves a file with its metadata, in one write that is there whole or not at all. Returns false when there was one: it stays as it was. */
  saveNew(
    path: string,
    content: Uint8Array,
    about: { type: string; metadata: Record<string, string> },
  ): Promise<boolean>;
  /** Facts of the file at `path`, null when there is none. */
  look(path: string): Promise<FileFacts | null>;
  /** Reads a file, or its bytes from `start` to `end`, both included. The stream fails where there is none. */
  read(path: string, range?: { start: number; end: number }): Readable;
  /** Deletes a file; there may be none. */
  remove(path: string): Promise<void>;
}

/** Longer than writing a clip takes on a slow day, shorter than a job's claim. */
const timeoutMs = 20_000;

/** Opens a bucket of Cloud Storage. The emulator is used where STORAGE_EMULATOR_HOST names it. */
export function openFiles(options: { bucket: string; apiEndpoint?: string; projectId?: string }): Files {
  const { bucket: name, ...where } = options;
  const storage = new Storage({ ...where, timeout: timeoutMs, retryOptions: { maxRetries: 2, totalTimeout: 30 } });
  const bucket = storage.bucket(name);
  return {
    async saveNew(path, content, { type, metadata }) {
      try {
        await bucket.file(path).save(Buffer.from(content), {
          // A clip is small: one request, and no session that a crash leaves open.
          resumable: false,
          preconditionOpts: { ifGenerationMatch: 0 },
          metadata: { contentType: type, metadata },
        });
        return true;
      } catch (error) {
        if (hasCode(error, 412)) return false;
        throw error;
      }
    },
    async look(path) {
      try {
        const [facts] = await bucket.file(path).getMetadata();
        const metadata = Object.entries(facts.metadata ?? {}).map(([key, value]) => [key, String(value)] as const);
        return { bytes: Number(facts.size), metadata: Object.fromEntries(metadata) };
      } catch (error) {
        if (hasCode(error, 404)) return null;
        throw error;
      }
    },
    read: (path, range) => bucket.file(path).createReadStream({ ...range, validation: range === undefined }),
    async remove(path) {
      await bucket.file(path).delete({ ignoreNotFound: true });
    },
  };
}

function hasCode(error: unknown, code: number): boolean {
  return error instanceof Error && Number((error as ApiError).code) === code;
}
