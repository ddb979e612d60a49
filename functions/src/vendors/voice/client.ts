import { clipFormat, languageHint } from '../../domain/voice/clip-key.ts';
import { voiceError } from './errors.ts';
import type { Recording, Timing, Utterance, VoicePort } from './port.ts';
import { ElevenLabsClient, type CharacterAlignmentResponseModel, type SpeechHistoryItemResponse } from './sdk.js';

/** How to reach ElevenLabs. `timeoutMs` is 30 s unless set: a sentence takes a few. */
export interface VoiceOptions {
  apiKey: string;
  apiBase: string;
  timeoutMs?: number;
}

/** As many as one page holds. More were not made in one voice between an attempt and the next. */
const historyPage = 100;

/** Clocks differ: what was made a little before we think that we asked counts as ours as well. */
const clockSkewMs = 60_000;

/**
 * Makes the client of ElevenLabs. Its SDK takes seconds and 100 MiB to load: only the voice worker may. The SDK repeats nothing by
 * itself, because a repetition is paid for once more.
 */
export function createVoiceClient({ apiKey, apiBase, timeoutMs = 30_000 }: VoiceOptions): VoicePort {
  const client = new ElevenLabsClient({ apiKey, baseUrl: apiBase, maxRetries: 0, timeoutInSeconds: timeoutMs / 1000 });

  async function listMade({ text, voiceId, speech }: Utterance, since: Date): Promise<SpeechHistoryItemResponse[]> {
    const { history } = await client.history.list({
      pageSize: historyPage,
      voiceId,
      modelId: speech.model,
      dateAfterUnix: Math.floor((since.getTime() - clockSkewMs) / 1000),
      source: 'TTS',
    });
    // Asked for once more: an account whose filters are ignored must not give us another text.
    return history.filter((item) => item.text === text && item.voiceId === voiceId && item.modelId === speech.model);
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
        const [item] = await listMade(utterance, since);
        return item ? await download(client, item) : null;
      }),

    listVoices: () =>
      translated(async () => {
        const { voices } = await client.voices.getAll();
        return voices.map(({ voiceId, name }) => ({ voiceId, name: name ?? '' }));
      }),
  };
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
