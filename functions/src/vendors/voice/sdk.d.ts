/** The part of ElevenLabs' SDK that the client uses, in the SDK's own words. Source: @elevenlabs/elevenlabs-js 2.73.0. */

export interface CharacterAlignmentResponseModel {
  characters: string[];
  characterStartTimesSeconds: number[];
  characterEndTimesSeconds: number[];
}

export interface SpeechHistoryItemResponse {
  historyItemId: string;
  voiceId?: string;
  modelId?: string;
  text?: string;
  characterCountChangeFrom: number;
  characterCountChangeTo: number;
  alignments?: { alignment: CharacterAlignmentResponseModel };
}

interface TextToSpeechRequest {
  text: string;
  modelId: string;
  outputFormat: 'mp3_44100_128';
  languageCode?: string;
  voiceSettings: { stability: number; similarityBoost: number; style: number };
}

interface HistoryListRequest {
  pageSize: number;
  voiceId: string;
  modelId: string;
  dateAfterUnix: number;
  source: 'TTS';
  startAfterHistoryItemId?: string;
}

interface HttpResponsePromise<T> extends Promise<T> {
  withRawResponse(): Promise<{ data: T; rawResponse: { headers: Headers } }>;
}

export declare class ElevenLabsClient {
  constructor(options: {
    apiKey: string;
    baseUrl: string;
    maxRetries: number;
    timeoutInSeconds: number;
    fetch: typeof fetch;
  });
  textToSpeech: {
    convertWithTimestamps(
      voiceId: string,
      request: TextToSpeechRequest,
    ): HttpResponsePromise<{ audioBase64: string; alignment?: CharacterAlignmentResponseModel }>;
  };
  history: {
    list(request: HistoryListRequest): Promise<{
      history: SpeechHistoryItemResponse[];
      hasMore: boolean;
      lastHistoryItemId?: string;
    }>;
    getAudio(historyItemId: string): Promise<ReadableStream<Uint8Array>>;
  };
  voices: { getAll(): Promise<{ voices: { voiceId: string; name?: string }[] }> };
}
