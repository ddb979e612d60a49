/** Reads a string that this browser keeps; null when there is none or storage is forbidden (private windows). */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a string in this browser, or forgets it with null. Does nothing where storage is forbidden. */
export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A browser without storage still works; it only forgets the choice.
  }
}
