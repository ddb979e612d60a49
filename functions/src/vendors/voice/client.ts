import { clipFormat, languageHint } from '../../domain/voice/clip-key.ts';
import { voiceError } from './errors.ts';
import type { Recording, Timing, Utterance, VoicePort } from './port.ts';
import { ElevenLabsClient, type CharacterAlignmentResponseModel, type SpeechHistoryItemResponse } from './sdk.js';

/** How to reach ElevenLabs. `timeoutMs` is 30 s unless set, for a whole answer: a sentence takes a few. */
export interface VoiceOptions {
  apiKey: string;
  apiBase: string;
  timeoutMs?: number;
}

/** What is looked for is nearly always among the last few; each comes with its times. */
const historyPage = 100;

/** Clocks differ: what was made a little before we think that we asked counts as ours as well. */
const clockSkewMs = 60_000;

/**
 * Makes the client of ElevenLabs. Its SDK takes seconds and 100 MiB to load: only the voice worker may. The SDK repeats nothing by
 * itself, because a repetition is paid for once more.
 */
export function createVoiceClient({ apiKey, apiBase, timeoutMs = 30_000 }: VoiceOptions): VoicePort {
  const client = new ElevenLabsClient({
    apiKey,
    baseUrl: apiBase,
    maxRetries: 0,
    timeoutInSeconds: timeoutMs / 1000,
    fetch: (input, init) => fetchAlone(input, init, timeoutMs),
  });

  async function findItem(
    { text, voiceId, speech }: Utterance,
    since: Date,
  ): Promise<SpeechHistoryItemResponse | undefined> {
    const asked = {
      pageSize: historyPage,
      voiceId,
      modelId: speech.model,
      dateAfterUnix: Math.floor((since.getTime() - clockSkewMs) / 1000),
      source: 'TTS',
    } as const;
    for (let from: { startAfterHistoryItemId?: string } = {}; ;) {
      const page = await client.history.list({ ...asked, ...from });
      // Asked for once more: an account whose filters are ignored must not give us another text.
      const item = page.history.find(
        (each) => each.text === text && each.voiceId === voiceId && each.modelId === speech.model,
      );
      if (item || !page.hasMore || page.lastHistoryItemId === undefined) return item;
      from = { startAfterHistoryItemId: page.lastHistoryItemId };
    }
  }

  return {
    speak: (utterance) =>
      translated(async () => {
        const { text, voiceId, settings, speech } = utterance;
        const language = languageHint(speech);
        const { data, rawResponse } = await client.textToSpeech
          .convertWithTimestamps(voiceId, {
            text,
            modelId: speech.model,
            outputFormat: clipFormat,
            voiceSettings: {
              stability: settings.stability,
              similarityBoost: settings.similarity,
              style: settings.style,
            },
            ...(language === undefined ? {} : { languageCode: language }),
          })
          .withRawResponse();
        const credits = Number(rawResponse.headers.get('character-cost') ?? Number.NaN);
        return {
          audio: Buffer.from(data.audioBase64, 'base64'),
          timing: timingOf(data.alignment),
          credits: Number.isFinite(credits) ? Math.ceil(credits) : null,
        };
      }),

    findMade: (utterance, since) =>
      translated(async () => {
        const item = await findItem(utterance, since);
        return item ? await download(client, item) : null;
      }),

    listVoices: () =>
      translated(async () => {
        const { voices } = await client.voices.getAll();
        return voices.map(({ voiceId, name }) => ({ voiceId, name: name ?? '' }));
      }),
  };
}

/**
 * A connection for each call: one that lay idle may have been closed by the other side, and a call that fails on it looks as if it had
 * been made and paid for. The SDK's own limit ends with the first byte; ours holds for the whole answer.
 */
function fetchAlone(
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
  timeoutMs: number,
): Promise<Response> {
  const headers = new Headers(init?.headers);
  headers.set('connection', 'close');
  const signals = [AbortSignal.timeout(timeoutMs), ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, headers, signal: AbortSignal.any(signals) });
}

async function download(client: ElevenLabsClient, item: SpeechHistoryItemResponse): Promise<Recording> {
  const stream = await client.history.getAudio(item.historyItemId);
  const audio = Buffer.from(await new Response(stream).arrayBuffer());
  const credits = item.characterCountChangeTo - item.characterCountChangeFrom;
  return { audio, timing: timingOf(item.alignments?.alignment), credits };
}

function timingOf(alignment: CharacterAlignmentResponseModel | undefined): Timing | null {
  if (!alignment) return null;
  const milliseconds = (seconds: readonly number[]): number[] => seconds.map((each) => Math.round(each * 1000));
  return {
    characters: alignment.characters,
    startsMs: milliseconds(alignment.characterStartTimesSeconds),
    endsMs: milliseconds(alignment.characterEndTimesSeconds),
  };
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw voiceError(error);
  }
}
