import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { noteChoice, notePlace } from './note-current.ts';
import { fakeMessage } from './test-sounds.ts';
import { voiceKeys } from './voice-keys.ts';

function pages(current: VoiceMessage | undefined) {
  const queries = new QueryClient();
  if (current) queries.setQueryData(voiceKeys.current, current);
  return {
    queries,
    current: () => queries.getQueryData<VoiceMessage>(voiceKeys.current),
    isToBeAsked: () => queries.getQueryState(voiceKeys.current)?.isInvalidated,
  };
}

test('a chosen language is the one that is offered from then on, before any live update', () => {
  const { queries, current } = pages(fakeMessage({}));
  noteChoice(queries, fakeMessage({ language: 'he' }));
  expect(current()?.language).toBe('he');
});

test('a language chosen with another message has the next one asked for anew, the same language does not', () => {
  const { queries, current, isToBeAsked } = pages(fakeMessage({}));
  noteChoice(queries, fakeMessage({ messageId: 'tip-esims' }));
  expect(isToBeAsked()).toBe(false);
  noteChoice(queries, fakeMessage({ messageId: 'tip-esims', language: 'he' }));
  expect(isToBeAsked()).toBe(true);
  expect(current()?.messageId).toBe('welcome');
});

test('who closes a message and comes back goes on where they were', () => {
  const { queries, current } = pages(fakeMessage({ heard: [0] }));
  const { messageId, textVersion, language, voice } = fakeMessage({});
  const report = { messageId, textVersion, language, voice, sentence: 2, offsetMs: 700, heard: [1] };
  notePlace(queries, { ...report, messageId: 'tip-esims' });
  expect(current()?.position).toEqual({ sentence: 0, offsetMs: 0 });
  notePlace(queries, report);
  expect(current()).toMatchObject({ position: { sentence: 2, offsetMs: 700 }, heard: [0, 1] });
});

test('nothing is made up where nothing is known yet', () => {
  const { queries, current } = pages(undefined);
  noteChoice(queries, fakeMessage({}));
  expect(current()).toBe(undefined);
});
