import { isJsonContentType } from '@modelcontextprotocol/server';
import type { PublicSettings } from '../settings.ts';

/** A request as far as it is judged before anything of it is read. */
export interface Arrival {
  readonly method: string;
  readonly header: (name: string) => string | undefined;
  readonly bodyBytes: number;
}

/** Why a request is not served. */
export interface Refusal {
  readonly status: number;
  /** A word for the log. */
  readonly reason: 'host' | 'origin' | 'method' | 'type' | 'size' | 'rate';
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The largest honest request is a basket of ten services: a few kilobytes. */
const maxBodyBytes = 64 * 1024;

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Names that Google gives to functions. Only its own front end answers to them, and it knows which function each one is. */
const googleNames = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.(run\.app|cloudfunctions\.net)$/;

/** Says which hosts and origins are let in. */
export interface Gate {
  /** Judges a request. Undefined when it may be served. */
  readonly refusalOf: (arrival: Arrival) => Refusal | undefined;
  /** The origin that an answer may be read from in a browser; undefined without one. */
  readonly readableBy: (origin: string | undefined) => string | undefined;
}

/**
 * Guards the door. Host and Origin are checked so that a web page can't reach a server of this kind through a name of its own (DNS
 * rebinding), and so that no page but ours and those that an operator names can call it out of a browser. Assistants call from a program
 * and send no Origin.
 */
export function gateFor(settings: Pick<PublicSettings, 'appUrl' | 'allowedHosts' | 'allowedOrigins'>): Gate {
  const app = new URL(settings.appUrl);
  const isLocal = loopback.has(app.hostname);
  const isHost = (host: string): boolean => {
    const name = nameOf(host);
    if (name === app.hostname || settings.allowedHosts.includes(name)) return true;
    return isLocal ? loopback.has(name) : googleNames.test(name);
  };
  const isOrigin = (origin: string): boolean => {
    if (origin === app.origin || settings.allowedOrigins.includes(origin)) return true;
    // A page of the developer's own machine, on whatever port.
    return isLocal && URL.canParse(origin) && loopback.has(new URL(origin).hostname);
  };
  return {
    readableBy: (origin) => (origin !== undefined && isOrigin(origin) ? origin : undefined),
    refusalOf({ method, header, bodyBytes }) {
      // Behind the CDN the first is the function's own name and the second the one that was asked for.
      const hosts = [header('host'), header('x-forwarded-host')].filter((host) => host !== undefined);
      if (!hosts.every(isHost)) return { status: 403, reason: 'host', message: 'This host is not served here' };
      const origin = header('origin');
      if (origin !== undefined && !isOrigin(origin)) {
        return { status: 403, reason: 'origin', message: 'Pages of this origin may not call this server' };
      }
      if (method !== 'POST' && method !== 'OPTIONS') {
        const message =
          'This is an MCP server for assistants: it answers POST only. Add this address to your assistant as a connector.';
        return { status: 405, reason: 'method', message, headers: { Allow: 'POST, OPTIONS' } };
      }
      if (bodyBytes > maxBodyBytes) {
        return { status: 413, reason: 'size', message: `The request is larger than ${String(maxBodyBytes)} bytes` };
      }
      if (method === 'POST' && !isJsonContentType(header('content-type'))) {
        return { status: 415, reason: 'type', message: 'The request must be application/json' };
      }
      return undefined;
    },
  };
}

/** The name in a Host header, without the port. */
function nameOf(host: string): string {
  return host.trim().toLowerCase().replace(/:\d+$/, '');
}
