import { log } from './log.ts';

/** How the server that Google runs functions with names what it could not read. */
interface Unreadable {
  type: string;
  status: number;
}

function isUnreadable(said: unknown): said is Unreadable {
  return said instanceof Error && 'type' in said && typeof said.type === 'string' && 'status' in said;
}

/**
 * Keeps bodies out of the log. The server reads a request before it calls a function; what it can't read it refuses, and writes the error
 * to the console with the whole body in it, whatever that holds. What is left of such an error is its kind and status. The console is
 * changed because nothing else lies between that server and the log. Returns what undoes it.
 */
export function keepBodiesOutOfLog(): () => void {
  const { console: out } = globalThis;
  const original = out.error.bind(out);
  out.error = (...said: unknown[]) => {
    const unreadable = said.find(isUnreadable);
    if (unreadable) log.requestUnreadable(unreadable.type, Number(unreadable.status));
    else original(...said);
  };
  return () => {
    out.error = original;
  };
}

keepBodiesOutOfLog();
