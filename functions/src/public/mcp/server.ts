import { ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import type { CallToolResult, Implementation, ServerOptions } from '@modelcontextprotocol/server';
import { CodedError } from '../../shared/errors.ts';
import { complete } from './completions.ts';
import { pageOf, type Page } from './pages.ts';
import { getPrompt, prompts } from './prompts.ts';
import { listResources, readResource, resourceTemplates } from './resources.ts';
import type { Tool, ToolContext } from './tool.ts';
import { tools } from './tools/index.ts';

/** What the server works with; the same for all requests. */
export interface ServerParts {
  /** Throws `vendor.unavailable` where no catalogue is known. */
  context(): Promise<ToolContext>;
  /** Hears which tool was called, how long it took and whether it could answer; never with what. */
  called(tool: string, ms: number, isError: boolean): void;
  /** Hears what went wrong here, as opposed to what a caller got wrong. */
  failed(error: unknown): void;
}

/** Long enough that a client rarely asks twice in a conversation; what is listed changes with a release only. */
export const listTtlMs = 3_600_000;
/** As old as a catalogue may be here. */
const catalogTtlMs = 60_000;

/** How long anybody may keep an answer: nothing here is for one person. */
export const asPublic = (ttlMs: number) => ({ ttlMs, cacheScope: 'public' }) as const;

/** Small enough that a list comes in a few pages, large enough that no client notices that stops after the first. */
const pageSize = 12;

const options: ServerOptions = {
  capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
  instructions:
    'DOTM sells eSIM data, memberships and network features to travellers. Everything here is public: never pass on an e-mail address, a telephone number or any number of an eSIM or account, no tool takes one. Prices come from calculate_pricing and get_quote, never from your own arithmetic; they are before tax. Check coverage before you recommend, recommend the least that is enough, and give people the checkout link of get_quote unchanged: they sign in and pay there themselves.',
  cacheHints: {
    'server/discover': asPublic(listTtlMs),
    'tools/list': asPublic(listTtlMs),
    'prompts/list': asPublic(listTtlMs),
    'resources/templates/list': asPublic(listTtlMs),
    'resources/list': asPublic(catalogTtlMs),
    'resources/read': asPublic(catalogTtlMs),
  },
};

/** Who serves, as it is told to every client. */
export function identityOf(appUrl: string): Implementation {
  return {
    name: 'dotm',
    title: 'DOTM travel connectivity',
    version: '1.0.0',
    description: 'Public catalogue, prices, coverage and signed quotes of DOTM.',
    websiteUrl: `${appUrl}/catalog`,
  };
}

/** Every tool by its name. */
export const toolByName: ReadonlyMap<string, Tool> = new Map(tools.map((tool) => [tool.listed.name, tool]));

/** What `tools/list` tells: all of them, on one page. */
export const listedTools = tools.map(({ listed }) => listed);
const listedPrompts = prompts.map(({ listed }) => listed);

/**
 * Makes a server for one request. It is a few maps and closures (measured 26 µs): everything that takes time, above all the schemas, is
 * made once for each process. The SDK's plain Server is used and not its McpServer, which would turn ten zod schemas into JSON Schema for
 * each request and knows no pages.
 */
export function makeServer(parts: ServerParts, appUrl: string): Server {
  const server = new Server(identityOf(appUrl), options);
  const safely = <T>(work: () => Promise<T>): Promise<T> => work().catch((error: unknown) => tellOff(parts, error));
  server.setRequestHandler('tools/list', ({ params }) => {
    const { items, nextCursor } = page(listedTools, params?.cursor);
    return { tools: items, ...nextCursor };
  });
  server.setRequestHandler('tools/call', ({ params }) => safely(() => callTool(parts, params.name, params.arguments)));
  server.setRequestHandler('resources/list', ({ params }) =>
    safely(async () => {
      const { items, nextCursor } = page(listResources((await parts.context()).view), params?.cursor);
      return { resources: items, ...nextCursor };
    }),
  );
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    const { items, nextCursor } = page(resourceTemplates, params?.cursor);
    return { resourceTemplates: items, ...nextCursor };
  });
  server.setRequestHandler('resources/read', ({ params }) =>
    safely(async () => readResource(params.uri, await parts.context())),
  );
  server.setRequestHandler('prompts/list', ({ params }) => {
    const { items, nextCursor } = page(listedPrompts, params?.cursor);
    return { prompts: items, ...nextCursor };
  });
  server.setRequestHandler('prompts/get', ({ params }) =>
    safely(async () => getPrompt(params.name, params.arguments ?? {}, (await parts.context()).view)),
  );
  server.setRequestHandler('completion/complete', ({ params }) =>
    safely(async () => complete(params, (await parts.context()).view)),
  );
  return server;
}

async function callTool(parts: ServerParts, name: string, args: unknown): Promise<CallToolResult> {
  const tool = toolByName.get(name);
  if (!tool) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'There is no such tool: tools/list names all of them');
  }
  const startedAt = performance.now();
  const result = await answerOf(parts, tool, args);
  parts.called(tool.listed.name, performance.now() - startedAt, result.isError === true);
  return result;
}

/** A catalogue that can't be read is told to the assistant, which can come back; an error of the protocol would end the conversation. */
async function answerOf(parts: ServerParts, tool: Tool, args: unknown): Promise<CallToolResult> {
  try {
    return await tool.call(args, await parts.context());
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'vendor.unavailable') throw error;
    const text = 'The catalogue cannot be read at the moment. Say so, and call the tool again in a minute.';
    return { content: [{ type: 'text', text }], isError: true };
  }
}

/** An error of the protocol was meant for the caller. Any other is ours: the SDK would send its message, whatever that holds. */
function tellOff(parts: ServerParts, error: unknown): never {
  if (error instanceof ProtocolError) throw error;
  parts.failed(error);
  throw new ProtocolError(ProtocolErrorCode.InternalError, 'Internal error');
}

function page<T>(
  items: readonly T[],
  cursor: string | undefined,
): { items: T[]; nextCursor: Partial<Record<'nextCursor', string>> } {
  const found: Page<T> | undefined = pageOf(items, cursor, pageSize);
  if (!found) {
    throw new ProtocolError(
      ProtocolErrorCode.InvalidParams,
      'The cursor is not one that this server gave: start without one',
    );
  }
  return { items: found.items, nextCursor: found.nextCursor === undefined ? {} : { nextCursor: found.nextCursor } };
}
