import type { Speech } from '../../domain/voice/languages.ts';
import type { VoiceSettings } from '../../domain/voice/voices.ts';

/** What is to be said, and how. */
export interface Utterance {
  readonly text: string;
  readonly voiceId: string;
  readonly settings: VoiceSettings;
  /** Language and model, which are a pair. */
  readonly speech: Speech;
}

/** When each character begins and ends, in milliseconds of the recording. */
export interface Timing {
  /** The characters as the vendor counted them. */
  readonly characters: readonly string[];
  readonly startsMs: readonly number[];
  readonly endsMs: readonly number[];
}

/** A recording as the vendor gives it. */
export interface Recording {
  /** MP3, 44.1 kHz, 128 kbit/s. */
  readonly audio: Uint8Array;
  /** null where the vendor has none of it. */
  readonly timing: Timing | null;
  /** What it cost; null where the vendor does not say. */
  readonly credits: number | null;
}

/** A voice of the vendor's account. */
export interface AccountVoice {
  readonly voiceId: string;
  readonly name: string;
}

/** What we need of who makes speech. Every call fails with a VoiceError, whose `kind` says what to do. */
export interface VoicePort {
  /** Makes a recording, and pays for it: also when nobody hears the answer. Never sent twice within a call. */
  speak(utterance: Utterance): Promise<Recording>;
  /**
   * Looks for a recording of exactly this utterance that was made since `since` and paid for already. null when the vendor knows of none,
   * or keeps no history.
   */
  findMade(utterance: Utterance, since: Date): Promise<Recording | null>;
  /** Voices that the account has. */
  listVoices(): Promise<AccountVoice[]>;
}
