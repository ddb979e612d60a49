import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { ClipFailureKind } from './clip-failure.ts';
import type { SoundElement, ClipSource } from './deck.ts';
import type { ClipAudio } from './message.ts';
import type { Report } from './report-outbox.ts';

/**
 * idle: there is no message. paused: it waits for the listener. asking: it would cost data on a device that saves it. loading: the clip is
 * on its way to this device. waiting: the clip is being made, or there will be none and its text is to be read. playing: it sounds. ended: its
 * last word was said.
 */
export type Phase = 'idle' | 'paused' | 'asking' | 'loading' | 'waiting' | 'playing' | 'ended';

export interface PlayerState {
  message: VoiceMessage | null;
  phase: Phase;
  /** Index of the segment that sounds, or would. */
  segment: number;
  rate: number;
  /** Why there is no sound although there should be; null when all is well. */
  failure: ClipFailureKind | null;
  /** Whether anything of this message sounded since it was opened. */
  started: boolean;
  /** Segments that were heard, ever. */
  heard: readonly number[];
  /** Silence of the last hand-over between two clips, in milliseconds; below zero they overlapped by that much. */
  gapMs: number | null;
}

/** The state while no message is open. */
export const noMessage: PlayerState = {
  message: null,
  phase: 'idle',
  segment: 0,
  rate: 1,
  failure: null,
  started: false,
  heard: [],
  gapMs: null,
};

/** Speeds that are offered. */
export const rates = [0.75, 1, 1.25, 1.5] as const;

/** What the player needs from its surroundings; tests pass their own. */
export interface PlayerWorld {
  /** The two elements that take turns. */
  sounds: readonly [SoundElement, SoundElement];
  clips: ClipSource & {
    /** Whether all of these are on this device already. */
    areKept: (audios: readonly ClipAudio[]) => Promise<boolean>;
    /** Brings a clip to this device, for later. */
    keep: (audio: ClipAudio) => void;
    /** Throws a clip away whose bytes are no sound. */
    forget: (audio: ClipAudio) => Promise<void>;
  };
  /** Wakes the browser's sound. Called in the listener's first tap, before anything else: later would be too late. */
  unlock: () => void;
  /** Whether this device asks to save data. */
  savesData: () => boolean;
  report: (report: Report, urgent: boolean) => void;
  /** What was reported from here and is not confirmed yet: the server may say an older place. */
  unconfirmed: (messageId: Report['messageId'], textVersion: number) => Report | null;
  /** A clip is not there any more under its id: somebody should ask for the message again. */
  onMissing: () => void;
  /** Sound is about to begin: other tabs fall silent. */
  onStart: () => void;
  now: () => number;
  setTimer: (run: () => void, ms: number) => number;
  clearTimer: (timer: number) => void;
}
