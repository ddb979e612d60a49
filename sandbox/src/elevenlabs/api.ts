import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Core } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { encodeMp3 } from './encode.ts';
import { ElevenLabsError, UnprocessableBody } from './errors.ts';
import { historyApi, remember } from './history.ts';
import { charge, readSettings, usedCredits } from './settings.ts';
import { speak, type Speech } from './speak.ts';
import { accountVoices, models, modelsWithLanguage, type AccountVoice } from './voices.ts';

/** ElevenLabs' bound for one request of its multilingual model. */
const maxCharacters = 10_000;

const share = z.number().min(0).max(1);
const speechInput = z.object({
  text: z.string().min(1, 'String should have at least 1 character'),
  model_id: z.string().default('eleven_multilingual_v2'),
  language_code: z.string().min(2).max(8).nullish(),
  voice_settings: z
    .object({
      stability: share.nullish(),
      similarity_boost: share.nullish(),
      style: share.nullish(),
      speed: z.number().min(0.7).max(1.2).nullish(),
      use_speaker_boost: z.boolean().nullish(),
    })
    .nullish(),
});
type SpeechInput = z.output<typeof speechInput>;

/** Makes the API of ElevenLabs as far as text becomes speech. It speaks: real MP3 of fitting length, and the times of its characters. */
export function createElevenLabsApi(core: Core): Hono {
  const app = new Hono();
  const running = { count: 0 };
  app.onError((error, c) => {
    if (error instanceof ElevenLabsError) return c.json(error.body, error.code);
    if (error instanceof UnprocessableBody) return c.json(error.body, 422);
    process.stderr.write(`sandbox: elevenlabs ${c.req.method} ${c.req.path} failed: ${error.stack ?? error.message}\n`);
    return c.json({ detail: { status: 'internal_server_error', message: 'An unexpected error occurred.' } }, 500);
  });
  app.notFound((c) => c.json({ detail: 'Not Found' }, 404));
  app.use('/v1/*', async (c, next) => {
    if (c.req.header('xi-api-key') !== SANDBOX_CREDENTIALS.elevenLabsApiKey) {
      throw new ElevenLabsError(401, 'invalid_api_key', 'Invalid API key');
    }
    await next();
  });
  app.get('/v1/voices', (c) => c.json({ voices: voicesOf(core).map(viewVoice) }));
  app.get('/v1/voices/:voiceId', (c) => c.json(viewVoice(findVoice(core, c.req.param('voiceId')))));
  app.route('/v1/history', historyApi(core));
  app.get('/v1/models', (c) =>
    c.json(Object.keys(models).map((model_id) => ({ model_id, name: model_id, can_do_text_to_speech: true }))),
  );
  app.get('/v1/user/subscription', (c) => {
    const { characterLimit } = readSettings(core.store);
    return c.json({
      tier: 'creator',
      status: 'active',
      character_count: Math.ceil(usedCredits(core.store)),
      character_limit: characterLimit,
    });
  });
  app.post('/v1/text-to-speech/:voiceId/with-timestamps', async (c) => {
    const said = await synthesise(
      core,
      running,
      c.req.param('voiceId'),
      c.req.query('output_format'),
      await c.req.text(),
    );
    const alignment = alignmentOf(said.speech);
    const audio_base64 = Buffer.from(said.mp3).toString('base64');
    return c.json({ audio_base64, alignment, normalized_alignment: alignment }, 200, said.headers);
  });
  for (const path of ['/v1/text-to-speech/:voiceId', '/v1/text-to-speech/:voiceId/stream'] as const) {
    app.post(path, async (c) => {
      const said = await synthesise(
        core,
        running,
        c.req.param('voiceId'),
        c.req.query('output_format'),
        await c.req.text(),
      );
      return c.body(Uint8Array.from(said.mp3), 200, { ...said.headers, 'content-type': 'audio/mpeg' });
    });
  }
  return app;
}

function voicesOf(core: Core): AccountVoice[] {
  const { missingVoices } = readSettings(core.store);
  return accountVoices.filter(({ voice_id }) => !missingVoices.includes(voice_id));
}

function findVoice(core: Core, voiceId: string): AccountVoice {
  const voice = voicesOf(core).find(({ voice_id }) => voice_id === voiceId);
  if (!voice) throw new ElevenLabsError(404, 'voice_not_found', `A voice with the voice_id ${voiceId} was not found.`);
  return voice;
}

function viewVoice({ voice_id, name, category }: AccountVoice): object {
  return { voice_id, name, category, settings: null };
}

function alignmentOf({ characters, startSeconds, endSeconds }: Speech): object {
  return {
    characters,
    character_start_times_seconds: startSeconds,
    character_end_times_seconds: endSeconds,
  };
}

interface Said {
  readonly speech: Speech;
  readonly mp3: Uint8Array;
  readonly headers: Record<string, string>;
}

async function synthesise(
  core: Core,
  running: { count: number },
  voiceId: string,
  format: string | undefined,
  text: string,
): Promise<Said> {
  const voice = findVoice(core, voiceId);
  const input = readInput(text, format);
  const credits = Math.ceil(Array.from(input.text).length * assertSpeaks(input));
  const { concurrency, latencyMs } = readSettings(core.store);
  if (running.count >= concurrency) {
    throw new ElevenLabsError(
      429,
      'too_many_concurrent_requests',
      `Too many concurrent requests. Your current subscription is associated with a maximum of ${String(concurrency)} concurrent requests (running in parallel).`,
    );
  }
  assertQuota(core, credits);
  running.count += 1;
  try {
    charge(core.store, credits);
    const requestId = randomUUID();
    remember(core, {
      ...{ requestId, voiceId, modelId: input.model_id, text: input.text, credits },
      ...{ settings: input.voice_settings ?? null, speed: input.voice_settings?.speed ?? 1 },
    });
    if (latencyMs > 0) await pause(latencyMs);
    const speech = speak(input.text, voice.throat, input.voice_settings?.speed ?? 1);
    const mp3 = await encodeMp3(speech.samples);
    return { speech, mp3, headers: { 'character-cost': String(credits), 'request-id': requestId } };
  } finally {
    running.count -= 1;
  }
}

function readInput(text: string, format: string | undefined): SpeechInput {
  const result = speechInput.safeParse(parseJson(text));
  if (!result.success) throw new UnprocessableBody(result.error.issues);
  if (format !== undefined && format !== 'mp3_44100_128') {
    throw new ElevenLabsError(
      403,
      'output_format_not_allowed',
      `The stand-in gives mp3_44100_128 only, not ${format}.`,
    );
  }
  if (Array.from(result.data.text).length > maxCharacters) {
    throw new ElevenLabsError(
      400,
      'max_character_limit_exceeded',
      `The text is longer than ${String(maxCharacters)} characters.`,
    );
  }
  return result.data;
}

/** Checks model and language as the real one does, and gives what a character costs. */
function assertSpeaks({ model_id, language_code }: SpeechInput): number {
  const model = models[model_id];
  if (!model) throw new ElevenLabsError(400, 'model_not_found', `A model with model ID ${model_id} does not exist.`);
  if (language_code && (!modelsWithLanguage.includes(model_id) || model.silentIn.includes(language_code))) {
    throw new ElevenLabsError(
      400,
      'unsupported_language',
      `Model '${model_id}' does not support the language_code ${language_code}.`,
    );
  }
  return model.credits;
}

function assertQuota(core: Core, credits: number): void {
  const left = readSettings(core.store).characterLimit - usedCredits(core.store);
  if (credits <= left) return;
  throw new ElevenLabsError(
    401,
    'quota_exceeded',
    `This request exceeds your quota. You have ${String(Math.max(0, left))} credits remaining, while ${String(credits)} credits are required for this request.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
