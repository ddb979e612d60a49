import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  isSpecType,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '@modelcontextprotocol/server';
import { asPublic, identityOf, listedTools, listTtlMs, toolByName, type ServerParts } from './server.ts';

/** Answers a request in the text of a JSON-RPC answer, or leaves it to the SDK by giving undefined. */
export type FastPath = (header: (name: string) => string | undefined, body: unknown) => Promise<string | undefined>;

const modernRevision = '2026-07-28';
/** The revisions in which a request carries nothing but itself. */
const plainRevisions: ReadonlySet<string | undefined> = new Set([undefined, '2025-03-26', '2025-06-18', '2025-11-25']);
const envelopePrefix = 'io.modelcontextprotocol/';

interface WellFormed {
  readonly id: string | number;
  readonly era: 'legacy' | 'modern';
  /** The tool to call; undefined asks for the list. */
  readonly call: { readonly name: string; readonly args: unknown } | undefined;
}

/**
 * Answers what nearly every request is, a plain `tools/call` or `tools/list`, without making a server and a transport for it: that costs
 * several times what the answer itself does. Anything that is not exactly of the usual form goes the SDK's way, which stays the only
 * judge of the protocol; a test holds that both ways give the same answers.
 */
export function fastPath(parts: ServerParts, appUrl: string): FastPath {
  const _meta = { [SERVER_INFO_META_KEY]: identityOf(appUrl) };
  const list = { tools: listedTools };
  const lists = {
    legacy: JSON.stringify(list),
    modern: JSON.stringify({ ...list, resultType: 'complete', ...asPublic(listTtlMs), _meta }),
  };
  return async (header, body) => {
    const asked = wellFormed(header, body);
    if (asked === undefined) return undefined;
    const { id, era, call } = asked;
    if (call === undefined) return answerText(id, lists[era]);
    const tool = toolByName.get(call.name);
    if (!tool) return undefined;
    const startedAt = performance.now();
    // What goes wrong here goes wrong on the other way too, which says so in the log and in the protocol's words.
    const result = await parts.context().then(
      (context) => tool.call(call.args, context).catch(() => undefined),
      () => undefined,
    );
    if (result === undefined) return undefined;
    parts.called(call.name, performance.now() - startedAt, result.isError === true);
    return answerText(id, JSON.stringify(era === 'legacy' ? result : { ...result, resultType: 'complete', _meta }));
  };
}

function answerText(id: string | number, result: string): string {
  return `{"result":${result},"jsonrpc":"2.0","id":${JSON.stringify(id)}}`;
}

function wellFormed(header: Parameters<FastPath>[0], body: unknown): WellFormed | undefined {
  if (!isPlain(body) || !hasOnly(body, ['jsonrpc', 'id', 'method', 'params']) || body['jsonrpc'] !== '2.0')
    return undefined;
  const { id, method, params } = body;
  if (typeof id !== 'string' && !Number.isSafeInteger(id)) return undefined;
  if (method !== 'tools/call' && method !== 'tools/list') return undefined;
  if (!acceptsBoth(header('accept')) || header('mcp-session-id') !== undefined) return undefined;
  const call = method === 'tools/call' ? callOf(params) : undefined;
  if (method === 'tools/call' ? call === undefined : !isListing(params)) return undefined;
  const meta = isPlain(params) ? params['_meta'] : undefined;
  const era = eraOf(header, meta, method, call?.name);
  return era === undefined ? undefined : { id: id as string | number, era, call };
}

function callOf(params: unknown): WellFormed['call'] {
  if (!isPlain(params) || !hasOnly(params, ['name', 'arguments', '_meta'])) return undefined;
  const { name, arguments: args } = params;
  if (typeof name !== 'string' || (args !== undefined && !isPlain(args))) return undefined;
  return { name, args };
}

function isListing(params: unknown): boolean {
  return params === undefined || (isPlain(params) && hasOnly(params, ['_meta']));
}

function eraOf(
  header: Parameters<FastPath>[0],
  meta: unknown,
  method: string,
  name: string | undefined,
): WellFormed['era'] | undefined {
  const revision = header('mcp-protocol-version');
  const headers = [header('mcp-method'), header('mcp-name')];
  if (plainRevisions.has(revision)) {
    const isBare = headers.every((each) => each === undefined) && (meta === undefined || isPlainMeta(meta));
    return isBare ? 'legacy' : undefined;
  }
  if (revision !== modernRevision || headers[0] !== method || headers[1] !== name) return undefined;
  return isEnvelope(meta) ? 'modern' : undefined;
}

/** What clients of 2025 add: a token for progress, which no answer of ours ever reports. */
function isPlainMeta(meta: unknown): boolean {
  if (!isPlain(meta) || Object.keys(meta).some((key) => key.startsWith(envelopePrefix))) return false;
  const { progressToken } = meta;
  return progressToken === undefined || typeof progressToken === 'string' || Number.isSafeInteger(progressToken);
}

function isEnvelope(meta: unknown): boolean {
  if (!isPlain(meta)) return false;
  if (!hasOnly(meta, [PROTOCOL_VERSION_META_KEY, CLIENT_INFO_META_KEY, CLIENT_CAPABILITIES_META_KEY])) return false;
  const client = meta[CLIENT_INFO_META_KEY];
  return (
    meta[PROTOCOL_VERSION_META_KEY] === modernRevision &&
    (client === undefined || isSpecType.Implementation(client)) &&
    isSpecType.ClientCapabilities(meta[CLIENT_CAPABILITIES_META_KEY])
  );
}

function acceptsBoth(accept: string | undefined): boolean {
  return accept !== undefined && accept.includes('application/json') && accept.includes('text/event-stream');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: Record<string, unknown>, known: readonly string[]): boolean {
  return Object.keys(value).every((key) => known.includes(key));
}
