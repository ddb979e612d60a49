import { isIPv6 } from 'node:net';

/** What is counted as one client, and the last station before us. */
export interface Caller {
  /** The client as the CDN saw it, or the same as `hop` where there is none before us. Whoever calls the function directly can make it up. */
  readonly client: string;
  /** Who spoke with Google's front end. Nobody can make it up: the front end itself writes it last. */
  readonly hop: string;
}

/** Says who calls. A whole IPv6 network of one customer (/64) counts as one client. The result is for counting and goes into no log. */
export function callerOf(get: (name: string) => string | undefined, socketAddress: string | undefined): Caller {
  const hop = (get('x-forwarded-for') ?? '').split(',').at(-1)?.trim() || (socketAddress ?? '');
  return { client: networkOf(get('fastly-client-ip')?.trim() || hop), hop: networkOf(hop) };
}

function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address.slice(0, 45);
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => '0');
  return [...groups, ...zeros, ...rest].slice(0, 4).join(':');
}
