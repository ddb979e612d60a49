/** A bound of ours: the carrier states none, and nobody needs more of a name on a line. */
const maxLength = 50;

/**
 * Splits a display name into the two names that the carrier asks for: the first word and the rest. The carrier takes no empty
 * name, so what is missing becomes "DOTM" and "Member".
 */
export function personNames(displayName: string | null): { firstName: string; lastName: string } {
  const [first = 'DOTM', ...rest] = (displayName ?? '').split(/\s+/u).filter(Boolean);
  return { firstName: cut(first), lastName: cut(rest.join(' ') || 'Member') };
}

/** By characters and not by halves of them. */
function cut(name: string): string {
  return Array.from(name).slice(0, maxLength).join('').trim();
}
