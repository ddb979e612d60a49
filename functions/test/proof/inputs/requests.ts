import { createHmac } from 'node:crypto';
import { api, type OperationName } from '../../../src/shared/api/index.ts';
import type { Operation } from '../../../src/shared/operation.ts';
import { goodInputs, type Belongings } from '../../support/good-inputs.ts';
import { TEST_WEBHOOK_SECRET } from '../../support/services.ts';
import { added, brokenJson, heavyJson, hostileText, hostileValue, spoil, toJson } from './hostile.ts';
import type { Random } from './random.ts';

/** One request of the campaign. */
export interface Trial {
  /** What is wrong with it, in a word. */
  kind: string;
  functionName: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
  /** True where the server that Google runs functions with may answer before the product is asked. */
  byPlatform: boolean;
}

/** Who sends: tokens that the request is let through with as far as its content. */
export interface Senders {
  member: Record<string, string>;
  operator: Record<string, string>;
  nobody: Record<string, string>;
}

const operations: readonly Operation[] = Object.values(api);
const withBody = operations.filter(({ method }) => method !== 'GET');
const withPathOrQuery = operations.filter(({ method, path }) => method === 'GET' || path.includes('{'));

/** Whether the operation's own declaration would take it: then it is not malformed. */
function isGood(operation: Operation, input: unknown): boolean {
  return operation.input.strict().safeParse(input ?? {}).success;
}

function sender(random: Random, operation: Operation, senders: Senders): Record<string, string> {
  if (random.chance(0.1)) return senders.nobody;
  return typeof operation.access === 'string' ? senders.member : senders.operator;
}

const keyed = (operation: Operation, random: Random): Record<string, string> =>
  operation.idempotent ? { 'idempotency-key': `key-${String(random.below(1e9))}-tried` } : {};

const json = { 'content-type': 'application/json' };

/** Makes a request that is malformed in one way or another. The same random numbers make the same request. */
export function malformed(random: Random, of: Belongings, senders: Senders): Trial {
  const door = random.next();
  if (door < 0.1) return webhook(random);
  if (door < 0.5) return callable(random, of, senders);
  return rest(random, of, senders);
}

/** Spoils a good input until its declaration refuses it. */
function spoiled(random: Random, operation: Operation, good: Record<string, unknown>): unknown {
  const input = spoil(random, good);
  if (!isGood(operation, JSON.parse(toJson(input)))) return input;
  return added(good, 'unknown_field', hostileValue(random));
}

function rest(random: Random, of: Belongings, senders: Senders): Trial {
  const how = random.next();
  if (how < 0.25) return addressed(random, of, senders);
  const operation = random.pick(withBody);
  const good = goodInputs[operation.name as OperationName](of);
  const inPath = Object.keys(good).filter((field) => operation.path.includes(`{${field}}`));
  const body = Object.fromEntries(Object.entries(good).filter(([field]) => !inPath.includes(field)));
  const path = `/api${operation.path.replaceAll(/\{(\w+)\}/g, (_, field: string) => String(good[field]))}`;
  const base: Trial = {
    ...{ functionName: 'api', method: operation.method, path, byPlatform: false, kind: 'field', body: undefined },
    headers: { ...sender(random, operation, senders), ...keyed(operation, random), ...json },
  };
  if (how < 0.65) return { ...base, ...spoiledBody(random, operation, body, inPath, of) };
  return { ...base, ...misform(random, base.headers, body) };
}

/** A body that is JSON and not what is declared; what stands in the path is left good. */
function spoiledBody(
  random: Random,
  operation: Operation,
  body: Record<string, unknown>,
  inPath: readonly string[],
  of: Belongings,
): Partial<Trial> {
  const good = goodInputs[operation.name as OperationName](of);
  const fixed = Object.fromEntries(inPath.map((field) => [field, good[field]]));
  const input = spoil(random, body);
  const isRecord = typeof input === 'object' && input !== null && !Array.isArray(input);
  const text = toJson(input);
  if (isRecord && isGood(operation, { ...(JSON.parse(text) as object), ...fixed })) {
    return { body: toJson(added(body, 'unknown_field', hostileValue(random))) };
  }
  // The server reads a bare word, number or null where it expects an object or a list as broken.
  return { body: text, byPlatform: !/^[[{]/.test(text) };
}

/** Breaks the form around the content: syntax, type, size, encoding, key. */
function misform(random: Random, headers: Record<string, string>, body: Record<string, unknown>): Partial<Trial> {
  const good = toJson(added(body, 'unknown_field', 1));
  return random.pick<() => Partial<Trial>>([
    () => ({ kind: 'broken JSON', body: brokenJson(random, good), byPlatform: true }),
    () => ({ kind: 'heavy JSON', body: random.chance(0.12) ? heavyJson(random) : good }),
    () => ({ kind: 'type', body: good, byPlatform: true, headers: { ...headers, 'content-type': wrongType(random) } }),
    () => ({ kind: 'encoding', body: good, byPlatform: true, headers: { ...headers, ...wrongEncoding(random) } }),
    () => ({ kind: 'headers', body: good, headers: { ...headers, ...absurdHeaders(random) } }),
    // Google's front end finds the function by this name: a request with another never comes here.
    () => ({
      kind: 'host',
      body: good,
      byPlatform: true,
      headers: { ...headers, host: random.pick(['[', 'evil.example', '0']) },
    }),
    () => ({ kind: 'method', body: good, method: random.pick(['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'PROPFIND']) }),
  ])();
}

const wrongType = (random: Random): string =>
  random.pick([
    ...[
      'text/plain',
      'text/xml',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ],
    ...[
      'application/json; charset=utf-16',
      'application/json; charset=nonsense',
      'application/jsonp',
      '*/*',
      'x',
      ';;;',
    ],
    ...['application/json-patch+json', 'application/cloudevents+json', 'application/octet-stream'],
  ]);

const wrongEncoding = (random: Random): Record<string, string> => ({
  'content-encoding': random.pick(['gzip', 'br', 'deflate', 'nonsense', 'gzip, gzip']),
});

/** Headers that are well-formed and absurd. */
function absurdHeaders(random: Random): Record<string, string> {
  const long = 'x'.repeat(random.pick([500, 3_000]));
  return random.pick<() => Record<string, string>>([
    () => ({ 'x-forwarded-for': random.pick(["' or 1=1 --", long, '999.999.999.999', ',,,,', '::ffff:1%25']) }),
    () => ({ traceparent: random.pick(['00-', long, '00-00000000000000000000000000000000-0-0', '\t']) }),
    () => ({ 'x-cloud-trace-context': random.pick([long, '/', "'"]) }),
    () => ({
      'idempotency-key': random.pick(['', ' ', 'short', long, "'; drop table idempotency; --", '%00'.repeat(9)]),
    }),
    () => ({ accept: random.pick(['text/event-stream', 'nonsense', long]) }),
    () => ({ origin: random.pick(['null', 'http://[', long]) }),
    () => ({ 'accept-language': `${'x-'.repeat(300)}` }),
    () => ({ cookie: `__session=${long}; __proto__=1` }),
    () => ({ range: 'bytes=9999999999999-0', 'if-none-match': '*', expect: 'nonsense' }),
  ])();
}

/** A path or a query that no operation takes. */
function addressed(random: Random, of: Belongings, senders: Senders): Trial {
  const operation = random.pick(withPathOrQuery);
  const good = goodInputs[operation.name as OperationName](of);
  const field = /\{(\w+)\}/.exec(operation.path)?.[1];
  const isGet = operation.method === 'GET';
  const strange = encode(random, hostileText(random));
  const inQuery = field === undefined || random.chance(0.3);
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    inQuery ? String(good[name]) : `x${strange}`,
  );
  const name = encode(random, random.pick(['unknown_field', 'uid', 'memberId[]', hostileText(random)]));
  const query = inQuery ? `?unknown=1&${name}=${strange}&${name}=2` : '';
  return {
    ...{ kind: inQuery ? 'query' : 'path', functionName: 'api', method: operation.method, path: `/api${path}${query}` },
    headers: { ...sender(random, operation, senders), ...keyed(operation, random), ...(isGet ? {} : json) },
    // A query is none of the input of what has a body: that one is spoiled too.
    body: isGet ? undefined : toJson({ unknown_field: 1 }),
    // The server decodes the path before it calls us, and answers by itself to one that can't be decoded.
    byPlatform: !inQuery && !canDecode(strange),
  };
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Encodes as browsers do, or wrongly. */
function encode(random: Random, text: string): string {
  const good = encodeURIComponent(text.toWellFormed());
  return random.chance(0.15) ? `${good}${random.pick(['%', '%E0%A4%A', '%c0%af', '%ff', '+%zz'])}` : good;
}

function callable(random: Random, of: Belongings, senders: Senders): Trial {
  const operation = random.pick(operations);
  const good = goodInputs[operation.name as OperationName](of);
  const key = operation.idempotent ? { idempotencyKey: `key-${String(random.below(1e9))}-tried` } : {};
  const base: Trial = {
    ...{ kind: 'field', functionName: operation.name, method: 'POST', path: '/', byPlatform: false },
    headers: { ...sender(random, operation, senders), ...json },
    body: toJson({ data: { ...good, ...key, unknown_field: 1 } }),
  };
  const how = random.next();
  if (how < 0.6) {
    const input = spoiled(random, operation, good);
    const isRecord = typeof input === 'object' && input !== null && !Array.isArray(input);
    return { ...base, body: toJson({ data: isRecord ? { ...input, ...key } : input }) };
  }
  if (how < 0.75) {
    const envelope = random.pick<() => unknown>([
      () => ({ data: {}, [hostileText(random)]: hostileValue(random) }),
      () => ({ Data: good }),
      () => ({}),
      () => [good],
      () => ({ data: { '@type': hostileText(random), value: hostileValue(random) } }),
      () => added({}, '__proto__', { data: good }),
    ])();
    return { ...base, kind: 'envelope', body: toJson(envelope) };
  }
  return { ...base, ...misform(random, base.headers, { data: { ...good, ...key, unknown_field: 1 } }) };
}

function webhook(random: Random): Trial {
  const now = Math.floor(Date.now() / 1000);
  const event = { id: 'evt_tried', type: 'charge.refunded', created: now, data: { object: { id: 'ch_tried' } } };
  const base: Trial = {
    ...{ kind: 'webhook unsigned', functionName: 'stripeWebhook', method: 'POST', path: '/', byPlatform: false },
    headers: { ...json },
    body: toJson(spoil(random, event)),
  };
  const how = random.next();
  if (how < 0.3) return { ...base, body: jsonObjectOrList(base.body), headers: { ...json, ...badSignature(random) } };
  if (how < 0.5) {
    const { headers, ...rest } = { ...base, ...misform(random, base.headers, event) };
    return { ...rest, kind: `webhook ${rest.kind}`, headers };
  }
  // Signed with the right secret, and yet no event that could be kept.
  const bad = random.pick<() => unknown>([
    () => ({
      ...event,
      id: random.pick(['', ' ', '\u0000', 'a b', '\u202e', 'x'.repeat(256), 7, null, {}, ['evt_1'], "'; --"]),
    }),
    () => ({ ...event, type: random.pick(['', ' ', '\u0000', 'a b', '\ud800', 'x'.repeat(300), 7, null, {}]) }),
    () => ({ ...event, created: random.pick(['x', 'NaN', {}, [1, 2], '@@1e999@@', -1e18]) }),
    () => [event],
    () => ({}),
  ])();
  const text = jsonObjectOrList(toJson(bad));
  const signature = createHmac('sha256', TEST_WEBHOOK_SECRET)
    .update(`${String(now)}.${text}`)
    .digest('hex');
  const headers = { ...json, 'stripe-signature': `t=${String(now)},v1=${signature}` };
  return { ...base, kind: 'webhook signed', body: text, headers };
}

/** The server refuses bare words by itself; here the product is to be asked. */
function jsonObjectOrList(text: Trial['body']): string {
  const plain = text?.toString() ?? '';
  return /^[[{]/.test(plain) ? plain : `[${plain}]`;
}

function badSignature(random: Random): Record<string, string> {
  const now = Math.floor(Date.now() / 1000);
  return {
    'stripe-signature': random.pick([
      ...[
        '',
        't=',
        'v1=',
        't=,v1=',
        'yes',
        `t=${String(now)}`,
        `t=${String(now)},v1=${'0'.repeat(64)}`,
        `v1=${'f'.repeat(64)}`,
      ],
      ...[`t=${'9'.repeat(40)},v1=${'0'.repeat(64)}`, `t=-1,v1=${'0'.repeat(64)}`, `t=NaN,v1=NaN`, '='.repeat(3_000)],
      Array.from({ length: 150 }, () => `v1=${'0'.repeat(64)}`).join(','),
    ]),
  };
}

/** An event that Stripe signed, about an object whose id is none that we could know. */
function oddEvent(random: Random): Trial {
  const now = Math.floor(Date.now() / 1000);
  const object = { id: hostileValue(random) };
  const event = { id: `evt_odd_${String(random.below(1e9))}`, type: 'charge.refunded', created: now, data: { object } };
  const body = toJson(event);
  return {
    ...{ kind: 'odd event', functionName: 'stripeWebhook', method: 'POST', path: '/', byPlatform: false, body },
    headers: { ...json, ...signatureOf(body, now) },
  };
}

function signatureOf(body: string, at: number): Record<string, string> {
  const signature = createHmac('sha256', TEST_WEBHOOK_SECRET)
    .update(`${String(at)}.${body}`)
    .digest('hex');
  return { 'stripe-signature': `t=${String(at)},v1=${signature}` };
}

/** Makes a request that is odd and that its declaration takes: it may do its deed, and must not break anything. */
export function odd(random: Random, of: Belongings, senders: Senders): Trial | undefined {
  if (random.chance(0.2)) return oddEvent(random);
  const operation = random.pick(withBody.filter(({ name }) => !['deleteAccount', 'refundOrder'].includes(name)));
  const good = goodInputs[operation.name as OperationName](of);
  const field = random.pick([...Object.keys(good), 'displayName', 'reason']);
  const input = { ...good, [field]: hostileText(random) };
  if (!isGood(operation, JSON.parse(toJson(input)))) return undefined;
  return {
    ...{ kind: 'odd', functionName: operation.name, method: 'POST', path: '/', byPlatform: false },
    headers: { ...sender(random, operation, senders), ...json },
    body: toJson({
      data: operation.idempotent ? { ...input, idempotencyKey: `key-${String(random.below(1e9))}` } : input,
    }),
  };
}
