import { heardPercent } from '../../shared/voice.ts';
import { bodyOf } from './segments.ts';
import type { VoiceLanguage } from './languages.ts';
import { messageIds, type MessageId } from './texts.ts';

/** How far a member has come with a message. */
export interface Listened {
  readonly messageId: MessageId;
  readonly completed: boolean;
  /** When it was listened to last, in milliseconds. */
  readonly at: number;
}

/**
 * Says which share of a message was really played, in whole per cent, rounded down: by the characters of its sentences in the language
 * that was listened to. The greeting is no part of it, and an index that the message does not have counts for nothing.
 */
export function percentHeard(language: VoiceLanguage, messageId: MessageId, heard: Iterable<number>): number {
  const played = new Set(heard);
  const body = bodyOf(language, messageId).map(({ index, text }) => ({ index, length: Array.from(text).length }));
  const all = body.reduce((sum, { length }) => sum + length, 0);
  const part = body.reduce((sum, { index, length }) => sum + (played.has(index) ? length : 0), 0);
  return Math.floor((part * 100) / all);
}

/** Says whether a message counts as heard. */
export function isHeard(language: VoiceLanguage, messageId: MessageId, heard: Iterable<number>): boolean {
  return percentHeard(language, messageId, heard) >= heardPercent;
}

/** Messages that wait, in the order in which they come: the welcome, then tips, then updates, without those that were heard. */
export function waitingMessages(listened: readonly Listened[]): MessageId[] {
  const done = new Set(listened.filter(({ completed }) => completed).map(({ messageId }) => messageId));
  return messageIds.filter((id) => !done.has(id));
}

/** The message that a member hears next; when all were heard, the one that was listened to last, as a replay. */
export function nextMessage(listened: readonly Listened[]): { messageId: MessageId; state: 'new' | 'replay' } {
  const [next] = waitingMessages(listened);
  if (next !== undefined) return { messageId: next, state: 'new' };
  const latest = listened.reduce((last, one) => (one.at > last.at ? one : last));
  return { messageId: latest.messageId, state: 'replay' };
}
