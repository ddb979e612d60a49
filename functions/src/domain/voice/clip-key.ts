import type { Speech, VoiceLanguage } from './languages.ts';
import type { VoiceSettings } from './voices.ts';

/** The only format that we ask for: every browser plays it. */
export const clipFormat = 'mp3_44100_128';

/** Everything that a recording depends on, and nothing else: never for whom it is. */
export interface ClipContent {
  readonly text: string;
  readonly voiceId: string;
  readonly settings: VoiceSettings;
  readonly speech: Speech;
  readonly textVersion: number;
}

/** Gives a text as it is spoken, shown and hashed: one form of each character, no blanks around it. */
export function spokenText(text: string): string {
  return text.normalize('NFC').trim();
}

/** Writes down what a clip is, in one way only: its hash is the clip's key. */
export function clipKeyText({ text, voiceId, settings, speech, textVersion }: ClipContent): string {
  return JSON.stringify({
    text: spokenText(text),
    voiceId,
    model: speech.model,
    settings: { stability: settings.stability, similarity: settings.similarity, style: settings.style },
    language: speech.language,
    format: clipFormat,
    textVersion,
  });
}

/** What a character costs at the vendor, in credits. Source: ElevenLabs' prices; flash costs half. */
const creditsPerCharacter: Record<Speech['model'], number> = {
  eleven_multilingual_v2: 1,
  eleven_flash_v2_5: 0.5,
  eleven_v3: 1,
};

/** The most that a clip costs, in whole credits: what is reserved of the day's budget before it is made. */
export function creditsOf(text: string, speech: Speech): number {
  return Math.ceil(Array.from(spokenText(text)).length * creditsPerCharacter[speech.model]);
}

/** The part of a clip's public id: its key, and the number of the recording where it was recorded again. */
export function clipId(key: string, take: number): string {
  return take === 0 ? key : `${key}.${String(take)}`;
}

/** Takes a clip's public id apart; null when it is none. */
export function parseClipId(id: string): { key: string; take: number } | null {
  const match = /^([0-9a-f]{64})(?:\.([1-9][0-9]{0,4}))?$/.exec(id);
  return match ? { key: match[1]!, take: Number(match[2] ?? 0) } : null;
}

/** A language's model takes its code as a hint, or guesses from the text and refuses one. */
export function languageHint(speech: Speech): VoiceLanguage | undefined {
  return speech.model === 'eleven_multilingual_v2' ? undefined : speech.language;
}
