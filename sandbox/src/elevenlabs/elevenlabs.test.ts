import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { startTestSandbox } from '../testing/sandbox.ts';
import type { RunningSandbox } from '../start.ts';

const bella = 'EXAVITQu4vr4xnSDxMaL';
let sandbox: RunningSandbox;

beforeEach(async () => {
  sandbox = await startTestSandbox();
});
afterEach(() => sandbox.stop());

function say(body: object, path = '', key: string = SANDBOX_CREDENTIALS.elevenLabsApiKey): Promise<Response> {
  return fetch(`${sandbox.urls.elevenlabs}/v1/text-to-speech/${bella}${path}?output_format=mp3_44100_128`, {
    method: 'POST',
    headers: { 'xi-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function set(settings: object): Promise<void> {
  const url = `${sandbox.urls.console}/control/elevenlabs/settings`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(settings) });
  expect(response.status).toBe(200);
}

interface Timed {
  audio_base64: string;
  alignment: { characters: string[]; character_end_times_seconds: number[] };
}

/** Plays the frames of an MP3 (128 kbit/s, 44.1 kHz) and gives its length. */
function secondsOf(mp3: Buffer): number {
  let frames = 0;
  for (let at = 0; at + 4 <= mp3.length; frames += 1) {
    expect(mp3.readUInt16BE(at) & 0xfffe, `frame ${String(frames)}`).toBe(0xfffa);
    const padding = (mp3.readUInt8(at + 2) >> 1) & 1;
    at += 417 + padding;
  }
  return (frames * 1152) / 44_100;
}

describe('ElevenLabs in the sandbox', () => {
  it('answers with a real MP3 that is as long as its alignment says', async () => {
    const text = 'Welcome to DOTM, and thank you for travelling with us.';
    const response = await say({ text, model_id: 'eleven_multilingual_v2' }, '/with-timestamps');
    expect(response.status).toBe(200);
    const { audio_base64, alignment } = (await response.json()) as Timed;
    expect(alignment.characters.join('')).toBe(text);
    const seconds = secondsOf(Buffer.from(audio_base64, 'base64'));
    const aligned = alignment.character_end_times_seconds.at(-1) ?? 0;
    // An encoder fills up its last frames.
    expect(seconds - aligned).toBeGreaterThan(-0.03);
    expect(seconds - aligned).toBeLessThan(0.12);
    expect(response.headers.get('character-cost')).toBe(String(text.length));
  });

  it('gives the same bytes as a stream, and without times', async () => {
    const body = { text: 'Good trip!', model_id: 'eleven_flash_v2_5', language_code: 'hu' };
    const [plain, stream] = await Promise.all([say(body), say(body, '/stream')]);
    expect(plain.headers.get('content-type')).toBe('audio/mpeg');
    expect(Buffer.from(await plain.arrayBuffer())).toEqual(Buffer.from(await stream.arrayBuffer()));
  });

  it('charges each synthesis, also the same one twice, and flash half', async () => {
    await say({ text: 'abcdefghij' });
    await say({ text: 'abcdefghij' });
    await say({ text: 'abcdefghij', model_id: 'eleven_flash_v2_5' });
    const response = await fetch(`${sandbox.urls.elevenlabs}/v1/user/subscription`, {
      headers: { 'xi-api-key': SANDBOX_CREDENTIALS.elevenLabsApiKey },
    });
    expect(((await response.json()) as { character_count: number }).character_count).toBe(25);
  });

  it('refuses as the real one: key, body, voice, model, language, format, quota', async () => {
    const refusal = async (response: Response) => [response.status, JSON.stringify(await response.json())] as const;
    expect(await refusal(await say({ text: 'a' }, '', 'wrong'))).toEqual([
      401,
      expect.stringContaining('invalid_api_key'),
    ]);
    expect(await refusal(await say({ text: '' }))).toEqual([422, expect.stringContaining('"body","text"')]);
    expect(await refusal(await say({ text: 'a', model_id: 'x' }))).toEqual([
      400,
      expect.stringContaining('model_not_found'),
    ]);
    const thai = { text: 'a', model_id: 'eleven_flash_v2_5', language_code: 'th' };
    expect(await refusal(await say(thai))).toEqual([400, expect.stringContaining('unsupported_language')]);
    const guessed = { text: 'a', model_id: 'eleven_multilingual_v2', language_code: 'fr' };
    expect(await refusal(await say(guessed))).toEqual([400, expect.stringContaining('unsupported_language')]);
    await set({ characterLimit: 3 });
    expect(await refusal(await say({ text: 'abcd' }))).toEqual([401, expect.stringContaining('quota_exceeded')]);
    await set({ missingVoices: [bella] });
    expect(await refusal(await say({ text: 'a' }))).toEqual([404, expect.stringContaining('voice_not_found')]);
  });

  it('runs as many at once as the account may, and refuses one more without charging it', async () => {
    await set({ concurrency: 2, latencyMs: 300 });
    const statuses = await Promise.all([1, 2, 3].map(async () => (await say({ text: 'abcd' })).status));
    expect(statuses.toSorted()).toEqual([200, 200, 429]);
    const usage = await fetch(`${sandbox.urls.console}/control/elevenlabs/usage`);
    expect(await usage.json()).toEqual({ credits: 8 });
  });

  it('remembers what was paid for, with its sound and times, until it is told to forget, or to keep nothing', async () => {
    const headers = { 'xi-api-key': SANDBOX_CREDENTIALS.elevenLabsApiKey };
    const url = `${sandbox.urls.elevenlabs}/v1/history`;
    const listed = async (query = ''): Promise<{ history_item_id: string; text: string; alignments: object }[]> => {
      const response = await fetch(`${url}${query}`, { headers });
      return ((await response.json()) as { history: { history_item_id: string; text: string; alignments: object }[] })
        .history;
    };
    const said = (await (await say({ text: 'abcd' }, '/with-timestamps')).json()) as Timed;
    await say({ text: 'ef' });
    const items = await listed(`?voice_id=${bella}&model_id=eleven_multilingual_v2&page_size=10&source=TTS`);
    expect(items.map(({ text }) => text)).toEqual(['ef', 'abcd']);
    expect(items[1]?.alignments).toMatchObject({ alignment: said.alignment });
    const id = items[1]?.history_item_id ?? '';
    const audio = await fetch(`${url}/${id}/audio`, { headers });
    expect(Buffer.from(await audio.arrayBuffer()).toString('base64')).toBe(said.audio_base64);
    expect(await listed('?voice_id=pNInz6obpgDQGcFmaJgB')).toEqual([]);
    expect(await listed(`?date_after_unix=${String(Math.floor(Date.now() / 1000) + 60)}`)).toEqual([]);
    expect((await fetch(`${url}/${id}`, { method: 'DELETE', headers })).status).toBe(200);
    expect((await fetch(`${url}/${id}/audio`, { headers })).status).toBe(404);
    await set({ history: false });
    await say({ text: 'gh' });
    expect((await listed()).map(({ text }) => text)).toEqual(['ef']);
  });
});
