import {
  createMcpHandler,
  isLegacyRequest,
  WebStandardStreamableHTTPServerTransport,
  type McpServerFactory,
} from '@modelcontextprotocol/server';

/** Answers one MCP request whose body has been read and parsed. */
export type McpHandler = (request: Request, body: unknown) => Promise<Response>;

/** More calls in one batch are a way around the limit of calls. Only 2025-03-26 knew batches at all. */
const mostInBatch = 1;

/**
 * Serves every revision of the protocol from one factory. Requests of 2026-07-28 go through the SDK's own handler. Those of 2025 go
 * through its transport without sessions, told to answer in plain JSON: its default is an event stream, which costs twice as much and
 * which no CDN passes on. A stream for changes (`subscriptions/listen`) is not offered, because nothing here ever changes while somebody
 * listens, and an open stream would hold an instance.
 */
export function mcpHandler(factory: McpServerFactory): McpHandler {
  const modern = createMcpHandler(factory, { legacy: 'reject' });
  return async (request, body) => {
    if (Array.isArray(body) && body.length > mostInBatch)
      return refuse(400, -32600, 'Batches are not served: send one request at a time', null);
    if (methodOf(body) === 'subscriptions/listen') return refuse(404, -32601, 'Method not found', idOf(body));
    if (!(await isLegacyRequest(request, body))) return modern.fetch(request, { parsedBody: body });
    const server = await factory({ era: 'legacy', requestInfo: request });
    const transport = new WebStandardStreamableHTTPServerTransport({
      // The SDK's way to say "no sessions" is to give the key without a value, which exactOptionalPropertyTypes takes for a mistake.
      ...{ sessionIdGenerator: undefined },
      enableJsonResponse: true,
    });
    await server.connect(transport);
    // Nothing is closed: an answer in JSON leaves nothing open, and closing would make an error for every call that is over.
    return transport.handleRequest(request, { parsedBody: body });
  };
}

function methodOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'method' in body ? body.method : undefined;
}

function idOf(body: unknown): string | number | null {
  const id = typeof body === 'object' && body !== null && 'id' in body ? body.id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

/** An error of the protocol, for what is refused before a server sees it. */
export function refuse(status: number, code: number, message: string, id: string | number | null): Response {
  return Response.json({ jsonrpc: '2.0', error: { code, message }, id }, { status });
}
