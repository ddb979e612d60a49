import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { topics } from '../../../src/topics.ts';
import { deploy, type Deployment } from '../../proof/gates/deployment.ts';
import { need, shopper, type Shopper } from '../../support/shopping.ts';
import { drain } from '../../support/services.ts';
import { startStorage, voiceWorld, type TestStorage, type VoiceWorld } from '../../support/voice-world.ts';

/** The function `voiceAudio` as it is deployed, over HTTP, with real sound in the official Storage emulator. */
let storage: TestStorage;
let t: VoiceWorld;
let deployed: Deployment;
let anna: Shopper;
let sentence: string;
let greeting: string;
let sound: Buffer;

beforeAll(async () => {
  storage = await startStorage();
  t = await voiceWorld(storage, { seeded: true });
  deployed = await deploy(t, { ...storage.settings });
  anna = await named('Anna');
  sentence = await clipOf(anna, 1);
  greeting = await clipOf(anna, 0);
  sound = await contentOf(sentence);
}, 180_000);
afterAll(async () => {
  await deployed?.stop();
  await t?.stop();
  await storage?.stop();
});

async function named(displayName: string): Promise<Shopper> {
  const who = shopper(t, 'listener');
  deployed.google.put({ uid: who.uid, email: who.email });
  await who.call('updateAccount', { displayName });
  await who.call('getCurrentMessage', {});
  await drain(t, { 'voice.make': topics['voice.make'] }, { forSeconds: 60 });
  return who;
}

async function clipOf(who: Shopper, segment: number): Promise<string> {
  return need((await who.call('getCurrentMessage', {})).message.segments[segment]?.audio).id;
}

async function contentOf(clip: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of t.storage.read(`voice/${clip}.mp3`)) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Asks as a browser does. `as` signs the request. */
async function get(clip: string, headers: Record<string, string> = {}, as?: Shopper, method = 'GET') {
  const { google } = deployed;
  const bearer = as ? { authorization: `Bearer ${google.token(google.claimsOf(as.uid))}` } : {};
  const url = `${deployed.urlOf('voiceAudio')}/api/welcome-audio/${clip}`;
  const response = await fetch(url, { method, headers: { ...bearer, ...headers } });
  return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
}

describe('a sentence', () => {
  test('is served whole to anybody, to be kept for ever by browsers and by the CDN', async () => {
    const { status, headers, body } = await get(sentence);
    expect(status).toBe(200);
    expect(body.equals(sound)).toBe(true);
    // An MP3: the first frame of 128 kbit/s and 44.1 kHz.
    expect(body.readUInt16BE(0) & 0xfffe).toBe(0xfffa);
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'audio/mpeg',
      'content-length': String(sound.length),
      'accept-ranges': 'bytes',
      etag: `"${sentence}"`,
      'x-content-type-options': 'nosniff',
    });
    // One copy for everybody: nothing may split the cache, and nobody gets a cookie along.
    expect(headers.get('vary')).toBeNull();
    expect(headers.get('set-cookie')).toBeNull();
  });

  test.each([
    ['bytes=0-99', 0, 99],
    ['bytes=100-', 100, -1],
    ['bytes=-50', -50, -1],
    ['bytes=0-99999999', 0, -1],
  ])('is served in part: %s', async (range, from, to) => {
    const { status, headers, body } = await get(sentence, { range });
    const start = from < 0 ? sound.length + from : from;
    const end = to < 0 ? sound.length - 1 : to;
    expect(status).toBe(206);
    expect(headers.get('content-range')).toBe(`bytes ${String(start)}-${String(end)}/${String(sound.length)}`);
    expect(headers.get('content-length')).toBe(String(end - start + 1));
    expect(body.equals(sound.subarray(start, end + 1))).toBe(true);
  });

  test.each(['bytes=99999999-', 'bytes=-0'])(
    'has nothing at %s, says how long it is, and that is not kept',
    async (range) => {
      const { status, headers, body } = await get(sentence, { range });
      expect(status).toBe(416);
      expect(headers.get('content-range')).toBe(`bytes */${String(sound.length)}`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body).toHaveLength(0);
    },
  );

  test('is served whole where several parts are asked for, or a part of another recording', async () => {
    for (const headers of [{ range: 'bytes=0-1,5-6' }, { range: 'bytes=0-1', 'if-range': '"another"' }]) {
      const { status, body } = await get(sentence, headers);
      expect(status).toBe(200);
      expect(body.equals(sound)).toBe(true);
    }
    expect((await get(sentence, { range: 'bytes=0-1', 'if-range': `"${sentence}"` })).status).toBe(206);
  });

  test('is not sent to who has it', async () => {
    const { status, headers, body } = await get(sentence, { 'if-none-match': `"x", W/"${sentence}"` });
    expect(status).toBe(304);
    expect(headers.get('etag')).toBe(`"${sentence}"`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(body).toHaveLength(0);
    expect((await get(sentence, { 'if-none-match': '"another"' })).status).toBe(200);
  });

  test('answers HEAD with the same headers and nothing more, and no other method', async () => {
    const { status, headers, body } = await get(sentence, {}, undefined, 'HEAD');
    expect(status).toBe(200);
    expect(headers.get('content-length')).toBe(String(sound.length));
    expect(body).toHaveLength(0);
    const other = await get(sentence, {}, undefined, 'POST');
    expect(other.status).toBe(405);
    expect(other.headers.get('allow')).toBe('GET, HEAD');
  });

  test('whose file is gone is an error that nobody keeps, not half an answer', async () => {
    const lost = await clipOf(anna, 2);
    await t.storage.remove(`voice/${lost}.mp3`);
    for (const headers of [{}, { range: 'bytes=0-99' }] as Record<string, string>[]) {
      const answer = await get(lost, headers);
      expect(answer.status).toBe(500);
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
      expect(answer.headers.get('etag')).not.toBe(`"${lost}"`);
      expect(JSON.parse(answer.body.toString())).toMatchObject({ error: { code: 'internal' } });
    }
  });
});

describe('a greeting', () => {
  test('is for its member, for a browser of theirs to keep and for no cache between', async () => {
    const { status, headers, body } = await get(greeting, {}, anna);
    expect(status).toBe(200);
    expect(body.equals(await contentOf(greeting))).toBe(true);
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable');
    expect(headers.get('vary')).toBe('Authorization');
    const part = await get(greeting, { range: 'bytes=0-9' }, anna);
    expect([part.status, part.headers.get('cache-control')]).toEqual([206, 'private, max-age=31536000, immutable']);
  });

  test('of another member does not exist, however it is asked for, and that is not kept either', async () => {
    const bob = await named('Bob');
    const unknown = await get('f'.repeat(64), {}, bob);
    const ways: [Record<string, string>, Shopper | undefined, string?][] = [
      [{}, undefined],
      [{}, bob],
      [{}, bob, 'HEAD'],
      [{}, undefined, 'HEAD'],
      [{ range: 'bytes=0-9' }, bob],
      [{ range: 'bytes=99999999-' }, bob],
      [{ 'if-none-match': `"${greeting}"` }, bob],
      [{ 'if-none-match': '*' }, undefined],
      [{ authorization: 'Bearer forged' }, undefined],
    ];
    for (const [headers, as, method] of ways) {
      const answer = await get(greeting, headers, as, method);
      expect([answer.status, answer.headers.get('cache-control')], JSON.stringify(headers)).toEqual([
        404,
        'private, no-store',
      ]);
      expect(answer.headers.get('etag')).not.toBe(`"${greeting}"`);
      expect(answer.headers.get('content-range')).toBeNull();
    }
    const { error } = JSON.parse((await get(greeting, {}, bob)).body.toString()) as { error: { message: string } };
    const { error: none } = JSON.parse(unknown.body.toString()) as { error: { message: string } };
    expect(error.message).toBe(none.message);
  });
});
