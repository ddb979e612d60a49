import type { Random } from './random.ts';

/** Stands in a text for a number that JSON can write and no program can keep; `toJson` puts it there. */
const unkeepable = '@@1e999@@';

const texts: readonly string[] = [
  ...[
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'a\udfffb',
    '\u202egnp.exe',
    'e' + '\u0301'.repeat(80),
    '\ufeff',
    '\u200d',
  ],
  ...['👩‍👩‍👧‍👦'.repeat(20), 'ﷺ'.repeat(30), '\r\nSet-Cookie: a=b', '\u001b[31m', '\t'.repeat(50), 'İ'.repeat(9), 'ß', '٣'],
  ...[
    "' or 1=1 --",
    "'; drop table member; --",
    "\\'; select pg_sleep(10); --",
    '$1',
    '$$',
    '%',
    '_%',
    "') union select null,null--",
  ],
  ...[
    '${7*7}',
    '{{7*7}}',
    '<%= 7*7 %>',
    '#{7*7}',
    '$(id)',
    '`id`',
    '%0a',
    '%00',
    '%s%s%n',
    '../../../etc/passwd',
    'file:///etc',
  ],
  ...[
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'javascript:alert(1)',
    'http://169.254.169.254/',
    '\\u0000',
  ],
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    '1e999',
    '0x10',
    '-0',
    '1_000',
    '1,5',
    'null',
    'undefined',
    'true',
    '[object Object]',
  ],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', '__defineGetter__', 'length'],
  ...[
    'ord_00000000000000000000000000x',
    'ORD_00000000000000000000000000',
    'ord_0000000000000000000000000u',
    'lin_',
    'a@b',
    'a@b..c',
  ],
  // What must never come into a log: the check of all logs (dev/scan-logs.ts) finds it where somebody logs what was sent.
  ...[
    'canary@leak.example.com',
    'LPA:1$leak.example.com$CANARY-1',
    '+14165550199',
    '4242 4242 4242 4242',
    'sk_live_canary1234',
  ],
];

const values: readonly unknown[] = [
  ...[null, true, false, 0, -0, -1, 0.1, 1e-7, 1e308, 2 ** 53, -(2 ** 63), unkeepable, [], {}, [[]], [null], [{}]],
  ...[
    { $ne: null },
    { $gt: '' },
    { '@type': 'x' },
    { '@type': 'type.googleapis.com/google.protobuf.Int64Value', value: 'x' },
  ],
  ...[
    { constructor: { prototype: { admin: true } } },
    { toString: 1 },
    { then: 1 },
    { length: 1e9 },
    { valueOf: null },
  ],
  JSON.parse('{"__proto__": {"productId": "global_data_10gb", "admin": true}}'),
  Array.from({ length: 1000 }, () => 0),
];

/** A text that somebody might send to see what breaks. */
export function hostileText(random: Random): string {
  if (random.chance(0.04)) return 'x'.repeat(random.pick([81, 201, 501, 5_000, 20_000]));
  if (random.chance(0.2)) {
    const points = Array.from({ length: 1 + random.below(12) }, () => random.below(0x3000));
    return String.fromCharCode(...points);
  }
  return random.pick(texts);
}

/** A value of any type that somebody might send to see what breaks. */
export function hostileValue(random: Random): unknown {
  if (random.chance(0.5)) return hostileText(random);
  if (random.chance(0.1)) return nest(random.pick([5, 40, 400]), random.chance(0.5));
  return random.pick(values);
}

function nest(levels: number, inLists: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = inLists ? [value] : { a: value };
  return value;
}

/** Writes JSON, with the numbers that `JSON.stringify` can't write. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(`"${unkeepable}"`, '1e999');
}

/** Gives `input` one wrong place: a field changed, taken away, added, or all of it replaced. */
export function spoil(random: Random, input: Record<string, unknown>): unknown {
  const fields = Object.keys(input);
  const how = random.next();
  if (fields.length > 0 && how < 0.5) {
    const field = random.pick(fields);
    const value = input[field];
    const inner = Array.isArray(value) ? (value as Record<string, unknown>[]) : undefined;
    if (inner?.[0] && random.chance(0.6)) return { ...input, [field]: [spoil(random, inner[0])] };
    return { ...input, [field]: hostileValue(random) };
  }
  if (fields.length > 0 && how < 0.6) {
    const gone = random.pick(fields);
    return Object.fromEntries(Object.entries(input).filter(([field]) => field !== gone));
  }
  if (how < 0.85) return added(input, hostileText(random), hostileValue(random));
  return hostileValue(random);
}

/** Adds a field also where its name is `__proto__`, which an assignment would take for the prototype. */
export function added(input: Record<string, unknown>, field: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([...Object.entries(input), [field, value]]);
}

/** A text that is nearly JSON, or is JSON of a size or depth that is meant to hurt. */
export function brokenJson(random: Random, good: string): string | Buffer {
  const levels = random.pick([1_000, 10_000, 30_000]);
  return random.pick<() => string | Buffer>([
    () => good.slice(0, Math.max(1, random.below(good.length))),
    () => `${good}}`,
    () => good.replaceAll('"', "'"),
    () => `\ufeff${good}`,
    () => good.replace('{', '{,'),
    () => '{"a":NaN}',
    () => '{"a":1e999,}',
    () => 'undefined',
    () => '\u0000',
    () => Buffer.from([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]),
    () => Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
    () => '['.repeat(levels),
    () => '{"a":'.repeat(levels),
    // A mark of byte order alone would be an empty body, which some operations take.
    () => `x${hostileText(random)}`,
  ])();
}

/** JSON that is whole and so deep, or so large, that reading it carelessly would end the process. */
export function heavyJson(random: Random): string {
  const levels = random.pick([1_000, 10_000, 30_000]);
  const size = random.pick([70_000, 70_000, 70_000, 1_100_000, 2_000_000]);
  return random.pick<() => string>([
    () => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`,
    () => `{"items":${'{"a":'.repeat(Math.min(levels, 10_000))}1${'}'.repeat(Math.min(levels, 10_000))}}`,
    () => JSON.stringify({ displayName: 'x'.repeat(size) }),
    () => JSON.stringify({ items: Array.from({ length: size / 20 }, () => ({ productId: 'a' })) }),
    () => JSON.stringify(Object.fromEntries(Array.from({ length: 4_000 }, (_, n) => [`field${String(n)}`, n]))),
  ])();
}
