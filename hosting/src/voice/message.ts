import type { VoiceMessage, VoicePosition, VoiceSegment } from '../../../functions/src/shared/api/voice.ts';

/** A clip as a message names it. */
export type ClipAudio = NonNullable<VoiceSegment['audio']>;

/** A place in a message: the segment, and seconds from its beginning. */
export interface Place {
  segment: number;
  seconds: number;
}

/** What tells one rendering of a message from another: its words, who says them, in which language. */
export type Rendering = Pick<VoiceMessage, 'messageId' | 'textVersion' | 'language' | 'voice'>;

/** Whether two messages say the same: then what was heard of one was heard of the other, segment by segment. */
export function saySame(one: Rendering, other: Rendering): boolean {
  return one.messageId === other.messageId && one.textVersion === other.textVersion;
}

/** Whether two messages are the same rendering, so that one may only be a later state of the other. */
export function isSameRendering(one: Rendering, other: Rendering): boolean {
  return saySame(one, other) && one.language === other.language && one.voice === other.voice;
}

/** People read about fourteen letters a second aloud: good enough to show a length before there is a recording. */
const lettersPerSecond = 14;

/** How long a segment is said, in seconds; estimated while there is no recording. */
export function lengthOf(segment: VoiceSegment): number {
  return segment.seconds ?? Array.from(segment.text).length / lettersPerSecond;
}

/** How long a message is said, in seconds. */
export function lengthOfMessage(message: VoiceMessage): number {
  return message.segments.reduce((sum, segment) => sum + lengthOf(segment), 0);
}

/** How far into the whole message a place is, in seconds. */
export function secondsInto(message: VoiceMessage, place: Place): number {
  const before = message.segments.slice(0, place.segment).reduce((sum, segment) => sum + lengthOf(segment), 0);
  const current = message.segments[place.segment];
  return before + Math.min(place.seconds, current ? lengthOf(current) : 0);
}

/** Bytes of a second of 128 kbit/s. */
const bytesPerSecond = 16_000;

/** About how much data the clips of a message are. */
export function bytesOf(message: VoiceMessage): number {
  return Math.round(lengthOfMessage(message) * bytesPerSecond);
}

/** This close to the end of a message nothing is left to go on with. */
const restSeconds = 0.5;

/** Where listening begins: where it stopped, on whichever device; from the start where it stopped at the end. */
export function placeToGoOn(message: VoiceMessage, position: VoicePosition): Place {
  const last = message.segments.length - 1;
  const segment = Math.min(position.sentence, Math.max(last, 0));
  const seconds = position.offsetMs / 1000;
  const current = message.segments[segment];
  if (!current || position.sentence > last) return { segment: 0, seconds: 0 };
  // A greeting may be as short as that, and its length only estimated: nobody who stopped at the beginning was at the end.
  const over = seconds > 0 && seconds >= lengthOf(current) - Math.min(restSeconds, lengthOf(current) / 4);
  if (over) return segment === last ? { segment: 0, seconds: 0 } : { segment: segment + 1, seconds: 0 };
  return { segment, seconds };
}

/**
 * Where to go on in another rendering of the same message. Another voice says the same text, so it goes on at the same word; another language
 * orders its words in its own way, so the sentence begins anew.
 */
export function placeInOther(from: VoiceMessage, to: VoiceMessage, place: Place): Place {
  const before = from.segments[place.segment];
  const after = to.segments[place.segment];
  const start = { segment: Math.min(place.segment, Math.max(to.segments.length - 1, 0)), seconds: 0 };
  if (!before || !after || from.language !== to.language || before.text !== after.text) return start;
  if (!before.characters || !after.characters) return start;
  const spoken = before.characters.starts.findLastIndex((at) => at <= place.seconds);
  const letters = Array.from(after.text);
  const isWordStart = (index: number) => index <= spoken && index > 0 && /\s/u.test(letters[index - 1] ?? '');
  const word = letters.findLastIndex((_, index) => isWordStart(index));
  return { segment: place.segment, seconds: after.characters.starts[Math.max(word, 0)] ?? 0 };
}
