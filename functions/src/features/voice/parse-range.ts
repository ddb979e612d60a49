/**
 * Reads a Range header for a file of `bytes`. null: the whole file, also where the header is of a kind that we don't serve (several
 * parts, another unit, nonsense), as the standard allows. 'outside': nothing of what is asked exists.
 */
export function parseRange(
  header: string | undefined,
  bytes: number,
): { start: number; end: number } | 'outside' | null {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!match) return null;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? 'outside' : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= bytes ? 'outside' : { start, end };
}
