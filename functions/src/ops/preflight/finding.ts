/** What one check came to. Never holds the value of a secret. */
export interface Finding {
  check: string;
  /** `unchecked` says that it could not be looked at from here; it hinders nobody. */
  state: 'ok' | 'wrong' | 'unchecked';
  /** What was seen. */
  seen: string;
  /** What an operator does about it; empty where nothing is to be done. */
  todo: string;
}

/** Notes that all is well. */
export function ok(check: string, seen: string): Finding {
  return { check, state: 'ok', seen, todo: '' };
}

/** Notes what must be put right before members come. */
export function wrong(check: string, seen: string, todo: string): Finding {
  return { check, state: 'wrong', seen, todo };
}

/** Notes what could not be looked at, and how it could. */
export function unchecked(check: string, seen: string, todo: string): Finding {
  return { check, state: 'unchecked', seen, todo };
}

/** Runs a check whose failure is a finding of its own: the checks after it are still worth having. */
export async function attempt(check: string, todo: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    return [wrong(check, error instanceof Error ? error.message : String(error), todo)];
  }
}
