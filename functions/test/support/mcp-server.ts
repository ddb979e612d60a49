import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startingCatalog } from '../../src/domain/catalog/starting-catalog.ts';
import { parseQuoteKeys } from '../../src/platform/quotes/quote-keys.ts';
import { mcpDoor, type McpWorld } from '../../src/public/mcp/serve-mcp.ts';
import type { Answering, ReadRequest } from '../../src/public/declare.ts';
import type { CatalogView } from '../../src/shared/api/catalog.ts';

/** The starting catalogue as the API publishes it. */
export const publishedCatalog: CatalogView = {
  version: 1,
  publishedAt: '2026-11-01T00:00:00.000Z',
  effectiveAt: '2026-11-01T00:00:00.000Z',
  ...startingCatalog,
};

/** Signs the quotes of tests. */
export const testQuoteKeys = JSON.stringify({ t1: Buffer.alloc(32, 7).toString('base64url') });

/** The door with the starting catalogue and a limit that no test reaches by chance. */
export function testDoor(changes: Partial<McpWorld> = {}): Answering {
  return mcpDoor({
    settings: {
      appUrl: 'http://127.0.0.1:5000',
      catalogUrl: 'http://127.0.0.1:5000/api/catalog',
      allowedHosts: [],
      allowedOrigins: [],
      taxes: false,
      callsPerMinute: 1_000_000,
    },
    catalog: { current: () => Promise.resolve(publishedCatalog) },
    quoteKeys: () => parseQuoteKeys(testQuoteKeys),
    now: () => new Date(),
    ...changes,
  });
}

/** A running server. */
export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves a door over HTTP as the Functions Framework does: the body is read and parsed before the door sees it. */
export async function serve(door: Answering): Promise<Served> {
  const server = createServer((req, res) => {
    void readBody(req).then((rawBody) =>
      door(Object.assign(req, { rawBody, body: parsed(rawBody) }) as ReadRequest, res),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`, close: () => stop(server) };
}

async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return body;
  }
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
