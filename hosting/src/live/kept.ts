import { readStored, writeStored } from '../storage.ts';

const prefix = 'dotm.seen.';

/** When this device last heard from the server about `topic`, in milliseconds; 0 when never. Survives a reload. */
export function lastSeen(topic: string): number {
  return Number(readStored(prefix + topic) ?? 0);
}

/** Notes that the server has just been heard about `topic`. */
export function markSeen(topic: string, nowMs: number): void {
  writeStored(prefix + topic, String(nowMs));
}

const keptPrefix = 'dotm.kept.';

/** What this device kept under `name`, as it was written; undefined when nothing, or when it can't be read any more. */
export function keptAnswer(name: string): unknown {
  try {
    return JSON.parse(readStored(keptPrefix + name) ?? '') as unknown;
  } catch {
    return undefined;
  }
}

/** Keeps an answer on this device for a time without network; undefined forgets it. */
export function keepAnswer(name: string, answer: unknown): void {
  writeStored(keptPrefix + name, answer === undefined ? null : JSON.stringify(answer));
}

/** What Firestore's tabs tell each other through storage; it outlives the cache that it speaks of. */
const firestorePrefix = 'firestore_';

/** Forgets all of it: part of signing out. */
export function forgetKept(): void {
  try {
    Object.keys(localStorage)
      .filter((key) => [prefix, keptPrefix, firestorePrefix].some((start) => key.startsWith(start)))
      .forEach((key) => writeStored(key, null));
  } catch {
    // Nothing can have been kept where storage is forbidden.
  }
}
