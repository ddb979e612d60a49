/** Where to go after signing in: a path of this app only, so that a link cannot send a member to a stranger's page. */
export function safeNext(next: string | null, fallback = '/esim'): string {
  if (next === null || !next.startsWith('/') || next.startsWith('//') || next.includes('\\')) return fallback;
  return next;
}

/** The address of a sign-in or sign-up page that comes back to `next`. */
export function authPath(page: '/sign-in' | '/sign-up', next: string): string {
  return `${page}?next=${encodeURIComponent(next)}`;
}
