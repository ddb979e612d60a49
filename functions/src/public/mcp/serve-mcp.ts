import { pricingCatalogOf } from '../../domain/pricing/from-view.ts';
import { taxNoteOf } from '../../domain/pricing/tax-note.ts';
import type { PricingCatalog } from '../../domain/pricing/catalog.ts';
import { log } from '../../platform/log.ts';
import { parseQuoteKeys, type QuoteKey } from '../../platform/quotes/quote-keys.ts';
import { traceIdFromHeaders, withTrace } from '../../platform/trace.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { callLimit } from '../call-limit.ts';
import { catalogSource, type CatalogSource } from '../catalog-source.ts';
import { callerOf } from '../client-address.ts';
import type { Answering, ReadRequest } from '../declare.ts';
import { readSettings, type PublicSettings } from '../settings.ts';
import { fastPath, type FastPath } from './fast-path.ts';
import { gateFor, type Refusal } from './guards.ts';
import { mcpHandler, refuse } from './handler.ts';
import { makeServer, type ServerParts } from './server.ts';

/** What reaches the protocol of a request: nothing of it names a person. */
const passedOn = [
  'accept',
  'content-type',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
] as const;

/** Many clients come through the same station of the CDN. */
const clientsBehindHop = 20;

/** What answers differ by in a test. */
export interface McpWorld {
  readonly settings: PublicSettings;
  readonly catalog: CatalogSource;
  readonly quoteKeys: () => readonly [QuoteKey, ...QuoteKey[]];
  readonly now: () => Date;
  /** Sends every request the SDK's way; for the test that compares both. */
  readonly withoutFastPath?: boolean;
}

/** Answers MCP requests: guards, limit, protocol. Reads no identity and keeps nothing between requests but the catalogue. */
export function mcpDoor(world: McpWorld): Answering {
  const { settings } = world;
  const gate = gateFor(settings);
  const clock = (): number => world.now().getTime();
  const byClient = callLimit(settings.callsPerMinute, clock);
  const byHop = callLimit(settings.callsPerMinute * clientsBehindHop, clock);
  const parts = partsOf(world);
  const quickly: FastPath = world.withoutFastPath ? () => Promise.resolve(undefined) : fastPath(parts, settings.appUrl);
  const handle = mcpHandler(() => makeServer(parts, settings.appUrl));
  const url = `${settings.appUrl}/mcp`;

  const limited = (
    get: (name: string) => string | undefined,
    socketAddress: string | undefined,
  ): Refusal | undefined => {
    const { client, hop } = callerOf(get, socketAddress);
    const seconds = Math.max(byClient.take(client), byHop.take(hop));
    if (seconds === 0) return undefined;
    const message = `Too many calls. Come again in ${String(seconds)} seconds`;
    return { status: 429, reason: 'rate', message, headers: { 'Retry-After': String(seconds) } };
  };

  const answer = async (req: ReadRequest, get: (name: string) => string | undefined): Promise<Answer> => {
    const refusal =
      gate.refusalOf({ method: req.method ?? '', header: get, bodyBytes: req.rawBody?.length ?? 0 }) ??
      limited(get, req.socket.remoteAddress);
    if (refusal) {
      log.publicCallRefused(refusal.reason, refusal.status);
      const { status, text } = await answerOf(refuse(refusal.status, -32000, refusal.message, null));
      return { status, text, headers: refusal.headers };
    }
    if (req.method === 'OPTIONS') return { status: 204, text: '' };
    if (req.rawBody === undefined || req.rawBody.length === 0) {
      return answerOf(refuse(400, -32700, 'Parse error: the body is empty', null));
    }
    const quick = await quickly(get, req.body);
    if (quick !== undefined) return { status: 200, text: quick };
    const headers = passedOn.flatMap((name): [string, string][] => {
      const value = get(name);
      return value === undefined ? [] : [[name, value]];
    });
    return answerOf(await handle(new Request(url, { method: 'POST', headers }), req.body));
  };

  return async (req, res) => {
    const get = (name: string): string | undefined => {
      const value = req.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    await withTrace(traceIdFromHeaders(get), async () => {
      const { status, text, headers } = await answer(req, get).catch((error: unknown) => {
        log.publicCallFailed('mcp', error);
        return answerOf(refuse(500, -32603, 'Internal error', null));
      });
      const origin = gate.readableBy(get('origin'));
      const all = {
        ...answerHeaders,
        ...(text === '' ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
        ...(origin === undefined ? {} : { ...browserHeaders, 'Access-Control-Allow-Origin': origin }),
      };
      for (const [name, value] of Object.entries(all)) res.setHeader(name, value);
      res.statusCode = status;
      res.end(text);
    });
  };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Takes over what the SDK answers. Of its headers only Allow says something: everything it sends here is JSON. */
async function answerOf(response: Response): Promise<Answer> {
  const allow = response.headers.get('allow');
  return {
    status: response.status,
    text: await response.text(),
    headers: allow === null ? {} : { Allow: allow },
  };
}

/** An answer is data for programs, made for one question. */
const answerHeaders = {
  'Cache-Control': 'private, no-store',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Origin',
} as const;

const browserHeaders = {
  'Access-Control-Allow-Methods': 'POST, OPTIONS',
  'Access-Control-Allow-Headers': passedOn.join(', '),
  'Access-Control-Expose-Headers': 'Retry-After',
  'Access-Control-Max-Age': '3600',
} as const;

function partsOf({ settings, catalog, quoteKeys, now }: McpWorld): ServerParts {
  // Reading a catalogue for the pricing engine takes longer than pricing: it is done once for each that comes in.
  const pricings = new WeakMap<CatalogView, PricingCatalog>();
  const pricingFor = (view: CatalogView): PricingCatalog => {
    const known = pricings.get(view) ?? pricingCatalogOf(view);
    pricings.set(view, known);
    return known;
  };
  const taxNote = taxNoteOf(settings);
  return {
    context: async () => {
      const view = await catalog.current();
      return { view, pricing: pricingFor(view), appUrl: settings.appUrl, now: now(), taxNote, quoteKeys };
    },
    called: log.toolCalled,
    failed: (error: unknown) => {
      log.publicCallFailed('mcp', error);
    },
  };
}

/** Opens the door with what the environment says. */
export function openMcp(env: NodeJS.ProcessEnv): Answering {
  const settings = readSettings(env);
  let keys: readonly [QuoteKey, ...QuoteKey[]] | undefined;
  return mcpDoor({
    settings,
    catalog: catalogSource({ url: settings.catalogUrl, now: Date.now, trouble: log.catalogUnread }),
    quoteKeys: () => (keys ??= parseQuoteKeys(env['QUOTE_KEYS'] ?? '')),
    now: () => new Date(),
  });
}
