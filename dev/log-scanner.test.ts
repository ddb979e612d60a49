import { expect, it } from 'vitest';
import { scanLog } from './log-scanner.ts';

const planted: [string, string][] = [
  ['a key or secret of the tests', '{"message":"calling","key":"sk_test_sandbox"}'],
  ['a key or secret of the tests', 'x-api-key: dotm_sandbox'],
  ['a key of a vendor', 'with sk_live_51Habcdefg'],
  ['a key of a vendor', 'whsec_abcdef123'],
  ['a key of a vendor', 'SG.abcdefghij.klmnopqrst'],
  ['a bearer token', 'authorization: Bearer abc.def.ghi-jkl'],
  ['a signed token', 'token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl was refused'],
  ['a password in an address', 'connecting to postgres://dotm:secret@10.0.0.3/dotm'],
  ['an activation code', '{"lpa":"LPA:1$smdp.example.com$ABCD-1234"}'],
  ['an activation code', '{"matchingId":"ABCD-1234"}'],
  ['an e-mail address', '{"message":"welcome ada.lovelace+1@mail.example.com"}'],
  ['a telephone number', 'number is +14165550123'],
  ['the number of an eSIM', '"iccid":"8910300000000000017"'],
  ['the number of an eSIM', '"iccid":"8910 6500 0000 0000 013"'],
  ['a card number', 'card 4242 4242 4242 4242 was declined'],
  ['a card number', 'card=5555555555554444'],
];

it.each(planted)('%s is found in a log, and not repeated: %s', (kind, line) => {
  const leaks = scanLog(`{"severity":"INFO"}\n${line}\nend`);
  expect(leaks.map((leak) => leak.kind)).toContain(kind);
  expect(leaks.map((leak) => leak.line)).not.toContain(line);
});

it('what the product may log is no leak', () => {
  const good = [
    '{"severity":"INFO","message":"job done","topic":"mail.send","jobId":"job_01m83199vxj0n0nanttn9kv5pf","ms":1234,"traceId":"0af7651916cd43dd8448eb211c80319c"}',
    '{"severity":"INFO","message":"webhook received","source":"stripe","eventId":"evt_1PabcDEF","type":"charge.refunded"}',
    '    at IncomingMessage.emit (node:events:514:28) at /app/node_modules/@hono/node-server/dist/index.mjs:4:5',
    'i  hosting: 127.0.0.1 - - [23/Nov/2026:01:45:50 +0000] "GET /api/orders/ord_01m83199gqs1w525hnpjbbbvvt HTTP/1.1" 200 1718',
    '1795399733123 1234567890123456 order 4242424242424241',
    'webhook refused: Bearer token missing',
  ];
  expect(scanLog(good.join('\n'))).toEqual([]);
});

it('a quote in a link is a price, and no token that lets somebody in', () => {
  const token = (typ: string): string =>
    `${Buffer.from(JSON.stringify({ alg: 'HS256', typ, kid: 'k1' })).toString('base64url')}.eyJmIjoxLCJ2IjoxfQ.c2lnbmF0dXJl`;
  const line = (typ: string): string => `hosting: "GET /checkout?quote=${token(typ)} HTTP/1.1" 200`;
  expect(scanLog(line('dotm-quote+jwt'))).toEqual([]);
  expect(scanLog(line('JWT')).map(({ kind }) => kind)).toEqual(['a signed token']);
});

it('the links that the Auth emulator prints in place of mails are its purpose', () => {
  const line =
    'i  To verify the email address visitor@example.com, follow this link: http://127.0.0.1:9099/emulator/action?mode=verifyEmail';
  expect(scanLog(line)).toEqual([]);
});
