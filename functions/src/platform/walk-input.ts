import type { FieldProblem } from '../shared/errors.ts';

/** No input of ours is deeper than four; what is deeper is meant to exhaust whoever reads it by calling itself. */
const maxDepth = 16;

/** Goes through a JSON value and all that is in it, with the path to each. Keeps a list of its own, because the value may be deep. */
export function* walk(root: unknown): Generator<{ value: unknown; path: string[] }> {
  const waiting: { value: unknown; path: string[] }[] = [{ value: root, path: [] }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    yield next;
    const { value, path } = next;
    // One level more than is allowed, so that who asks sees that there is one.
    if (typeof value !== 'object' || value === null || path.length > maxDepth) continue;
    for (const [key, item] of Object.entries(value)) waiting.push({ value: item, path: [...path, key] });
  }
}

/** Names a place in the input as error answers do, such as `items.0.productId`. A key without a letter gets a name all the same. */
export function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((key) => (key === '' ? '(empty)' : String(key))).join('.') || '(body)';
}

/**
 * Finds what no operation could take, whatever its schema says: nesting without end, keys that mean an object's prototype, and text that
 * Postgres can't keep (NUL, and halves of surrogate pairs, which are no Unicode).
 */
export function findStrange(input: unknown): FieldProblem | undefined {
  for (const { value, path } of walk(input)) {
    const field = fieldOf(path);
    if (path.length > maxDepth) return { field: fieldOf(path.slice(0, 1)), problem: 'is nested too deeply' };
    if (path.at(-1) === '__proto__') return { field, problem: 'is not a field of this operation' };
    if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
      return { field, problem: 'must be Unicode text without NUL' };
    }
  }
  return undefined;
}
