import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { speechOf } from '../../../src/domain/voice/languages.ts';
import { voiceOf } from '../../../src/domain/voice/voices.ts';
import { createVoiceClient } from '../../../src/vendors/voice/client.ts';
import type { Utterance, VoicePort } from '../../../src/vendors/voice/port.ts';

const utterance: Utterance = { text: 'Hi Ada!', ...voiceOf('BuddyFriend'), speech: speechOf('en') };
const said = {
  audio_base64: Buffer.from('sound').toString('base64'),
  alignment: null,
  normalized_alignment: null,
};

let stop: (() => Promise<void>) | undefined;
afterEach(() => stop?.());

/** A vendor that answers as it is told. */
async function vendor(
  answer: (req: IncomingMessage, res: ServerResponse) => void,
  timeoutMs = 20_000,
): Promise<VoicePort> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const apiBase = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return createVoiceClient({ apiKey: 'key', apiBase, timeoutMs });
}

function json(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

describe('ElevenLabs', () => {
  test('is asked on a connection of its own each time: one that was closed while it lay idle looks like a synthesis that is lost', async () => {
    const used = new Set<unknown>();
    const port = await vendor((req, res) => {
      // It has closed what lay idle, and the caller did not notice yet.
      if (used.has(req.socket)) return void req.socket.destroy();
      used.add(req.socket);
      json(res, 200, said);
    });
    for (let call = 0; call < 3; call += 1) expect(Buffer.from((await port.speak(utterance)).audio)).toHaveLength(5);
  });

  test('that begins an answer and does not end it is given up within the time for a call', async () => {
    const port = await vendor((_req, res) => void res.writeHead(200).write('{"audio_base64":"'), 1_000);
    const startedAt = Date.now();
    await expect(port.speak(utterance)).rejects.toMatchObject({ kind: 'unavailable', madeNothing: false });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
  });

  test('is asked once, whatever it answers: a repetition would be paid for', async () => {
    let asked = 0;
    const port = await vendor((_req, res) => {
      asked += 1;
      json(res, 503, {});
    });
    await expect(port.speak(utterance)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toBe(1);
  });

  test.each([
    [401, 'invalid_api_key', 'key', true],
    [403, 'missing_permissions', 'key', true],
    [401, 'quota_exceeded', 'quota', true],
    [402, 'payment_required', 'quota', true],
    [404, 'voice_not_found', 'voice', true],
    [429, 'too_many_concurrent_requests', 'busy', true],
    [429, 'quota_exceeded', 'quota', true],
    [422, '', 'refused', true],
    [400, 'text_too_long', 'refused', true],
    [500, 'internal_server_error', 'unavailable', false],
  ])('answering %i (%s) is told as %s', async (status, word, kind, madeNothing) => {
    const port = await vendor((_req, res) =>
      json(res, status, { detail: { status: word, message: 'the text was Hi Ada!' } }),
    );
    const failure: unknown = await port.speak(utterance).catch((error: unknown) => error);
    expect(failure).toMatchObject({ kind, madeNothing });
    expect(String(failure)).not.toContain('Ada');
  });

  test('is asked for the whole of its history since then, not only for its last page', async () => {
    const item = (id: number, text: string) => ({
      ...{ history_item_id: `item-${String(id)}`, text, voice_id: utterance.voiceId, model_id: utterance.speech.model },
      ...{ character_count_change_from: 0, character_count_change_to: 7, content_type: 'audio/mpeg', date_unix: 1 },
    });
    const port = await vendor((req, res) => {
      const { pathname, searchParams } = new URL(req.url ?? '', 'http://vendor');
      if (pathname.endsWith('/audio')) return void res.end('sound');
      const first = Number(searchParams.get('start_after_history_item_id')?.slice(5) ?? -1) + 1;
      const history = [first, first + 1].map((id) => item(id, id === 5 ? utterance.text : 'something else'));
      json(res, 200, { history, has_more: first < 8, last_history_item_id: `item-${String(first + 1)}` });
    });
    const found = await port.findMade(utterance, new Date(0));
    expect(found).toMatchObject({ credits: 7, timing: null });
    expect(await port.findMade({ ...utterance, text: 'Hi Bob!' }, new Date(0))).toBeNull();
  });
});
