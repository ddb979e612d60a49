import type { VoiceLanguage } from './languages.ts';
import { spokenText } from './clip-key.ts';
import { spokenName } from './safe-name.ts';
import { textsOf, type MessageId } from './texts.ts';

/** A piece of a message that is one recording. */
export interface Segment {
  /** 0 is the greeting, n the nth sentence: the same in every language. */
  readonly index: number;
  readonly kind: 'greeting' | 'body';
  readonly text: string;
  /** It says somebody's name: only who has that name may hear it. */
  readonly personal: boolean;
}

/** Gives the greeting of a member: with the name where it can be said, without it otherwise. */
export function greetingOf(language: VoiceLanguage, displayName: string | null): Segment {
  const { greeting } = textsOf(language);
  const name = spokenName(displayName, language);
  // A function, because a name may hold what replace takes for a pattern.
  const text = name === null ? greeting.plain : greeting.named.replace('{name}', () => name);
  return { index: 0, kind: 'greeting', text: spokenText(text), personal: name !== null };
}

/** Gives the sentences of a message, which are the same for everybody. */
export function bodyOf(language: VoiceLanguage, messageId: MessageId): Segment[] {
  return textsOf(language).messages[messageId].map((text, at) => ({
    index: at + 1,
    kind: 'body',
    text: spokenText(text),
    personal: false,
  }));
}

/** Gives a message as it is heard: the greeting, then its sentences. */
export function segmentsOf(language: VoiceLanguage, messageId: MessageId, displayName: string | null): Segment[] {
  return [greetingOf(language, displayName), ...bodyOf(language, messageId)];
}
