import type { IncomingHttpHeaders } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { taxNoteOf } from '../domain/pricing/tax-note.ts';
import { log } from '../platform/log.ts';
import { parseQuoteKeys, type QuoteKey } from '../platform/quotes/quote-keys.ts';
import { traceIdFromHeaders, withTrace } from '../platform/trace.ts';
import { callLimit } from './call-limit.ts';
import { catalogSource } from './catalog-source.ts';
import { callerOf } from './client-address.ts';
import type { Answering } from './declare.ts';
import { pagesApp, type PagesWorld } from './pages/app.ts';
import { readSettings } from './settings.ts';

/** Answers requests for pages. Reads no identity and keeps nothing between requests but the catalogue. */
export function pagesDoor(world: PagesWorld): Answering {
  const app = pagesApp(world);
  const headerOf =
    (headers: IncomingHttpHeaders) =>
    (name: string): string | undefined => {
      const value = headers[name];
      return typeof value === 'string' ? value : undefined;
    };
  const listen = getRequestListener((request, { incoming }) => {
    const { client } = callerOf(headerOf(incoming.headers), incoming.socket.remoteAddress);
    return app.fetch(request, { client });
  });
  return async (req, res) => {
    await withTrace(traceIdFromHeaders(headerOf(req.headers)), () => listen(req, res));
  };
}

/** Opens the door with what the environment says. */
export function openPages(env: NodeJS.ProcessEnv): Answering {
  const settings = readSettings(env);
  let keys: readonly [QuoteKey, ...QuoteKey[]] | undefined;
  return pagesDoor({
    appUrl: settings.appUrl,
    catalog: catalogSource({ url: settings.catalogUrl, now: Date.now, trouble: log.catalogUnread }),
    taxNote: taxNoteOf(settings),
    quoteKeys: () => (keys ??= parseQuoteKeys(env['QUOTE_KEYS'] ?? '')),
    limit: callLimit(settings.callsPerMinute, Date.now),
    now: () => new Date(),
    failed: (error) => {
      log.publicCallFailed('catalogPages', error);
    },
  });
}
