/** A part of a list. */
export interface Page<T> {
  readonly items: T[];
  /** What asks for the next part; undefined at the end. */
  readonly nextCursor: string | undefined;
}

/**
 * Cuts a list into pages. A cursor says where the next page begins, in a form that is nobody's business. Undefined for a cursor that is
 * none of ours.
 */
export function pageOf<T>(items: readonly T[], cursor: string | undefined, size: number): Page<T> | undefined {
  const from = cursor === undefined ? 0 : positionOf(cursor);
  if (from === undefined || (cursor !== undefined && from >= items.length)) return undefined;
  const to = from + size;
  return { items: items.slice(from, to), nextCursor: to < items.length ? cursorAt(to) : undefined };
}

function cursorAt(position: number): string {
  return Buffer.from(`p${String(position)}`).toString('base64url');
}

function positionOf(cursor: string): number | undefined {
  const position = /^p(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  return position !== undefined && cursorAt(Number(position)) === cursor ? Number(position) : undefined;
}
