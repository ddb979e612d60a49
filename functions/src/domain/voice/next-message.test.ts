import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heardPercent, maxVoiceSegments, voiceLanguageCodes, voiceMessageIds, voiceNames } from '../../shared/voice.ts';
import { clipId, clipKeyText, creditsOf, parseClipId } from './clip-key.ts';
import { speechOf, voiceLanguages } from './languages.ts';
import { isHeard, nextMessage, percentHeard, waitingMessages, type Listened } from './next-message.ts';
import { bodyOf, segmentsOf } from './segments.ts';
import { kindOf, messageIds } from './texts.ts';
import { voiceOf, voiceProfiles } from './voices.ts';

const ids = fc.constantFrom(...messageIds);
const languages = fc.constantFrom(...voiceLanguages);
const listened = fc.uniqueArray(
  fc.record<Listened>({ messageId: ids, completed: fc.boolean(), at: fc.nat({ max: 1_000_000 }) }),
  { selector: ({ messageId }) => messageId },
);

test('what clients are told of languages, voices and messages is what the texts have', () => {
  expect(voiceLanguageCodes).toEqual(voiceLanguages);
  expect(voiceNames).toEqual(voiceProfiles);
  expect(voiceMessageIds).toEqual(messageIds);
  for (const language of voiceLanguages) {
    for (const id of messageIds) expect(segmentsOf(language, id, 'Anna').length).toBeLessThanOrEqual(maxVoiceSegments);
  }
});

describe('the order of messages', () => {
  test('a new member hears the welcome, and each message once in a fixed order: welcome, tips, updates', () => {
    const heard: Listened[] = [];
    const order: string[] = [];
    for (let at = 1; ; at += 1) {
      const { messageId, state } = nextMessage(heard);
      if (state === 'replay') break;
      order.push(kindOf(messageId));
      heard.push({ messageId, completed: true, at });
    }
    expect(order).toEqual(['welcome', ...Array<string>(5).fill('tip'), ...Array<string>(3).fill('update')]);
  });

  test('what was begun and not heard comes again; nothing that was heard comes as new', () => {
    fc.assert(
      fc.property(listened, (history) => {
        const next = nextMessage(history);
        const known = history.find(({ messageId }) => messageId === next.messageId);
        if (next.state === 'new') expect(known?.completed ?? false).toBe(false);
        else {
          expect(waitingMessages(history)).toEqual([]);
          expect(known?.at).toBe(Math.max(...history.map(({ at }) => at)));
        }
      }),
    );
  });

  test('hearing more never brings back a message, and what waits gets less one by one', () => {
    fc.assert(
      fc.property(listened, (history) => {
        const { messageId, state } = nextMessage(history);
        if (state === 'replay') return;
        const others = history.filter((one) => one.messageId !== messageId);
        const after = waitingMessages([...others, { messageId, completed: true, at: 1 }]);
        expect(after).toEqual(waitingMessages(history).filter((id) => id !== messageId));
      }),
    );
  });
});

describe('what counts as heard', () => {
  test('all of it is 100 per cent, nothing is 0, the greeting alone is nothing, and more is never less', () => {
    const indexes = fc.array(fc.integer({ min: -2, max: 40 }));
    fc.assert(
      fc.property(languages, ids, indexes, indexes, (language, id, some, more) => {
        const percent = percentHeard(language, id, some);
        expect(percentHeard(language, id, [...some, ...more])).toBeGreaterThanOrEqual(percent);
        expect(percentHeard(language, id, [...some, ...some, 0, 99])).toBe(percent);
        expect(isHeard(language, id, some)).toBe(percent >= heardPercent);
      }),
    );
    for (const language of voiceLanguages) {
      for (const id of messageIds) {
        expect(percentHeard(language, id, [0])).toBe(0);
        expect(
          percentHeard(
            language,
            id,
            bodyOf(language, id).map(({ index }) => index),
          ),
        ).toBe(100);
      }
    }
  });
});

describe('a clip', () => {
  const content = {
    text: 'Hi Zoë!',
    voiceId: voiceOf('BuddyFriend').voiceId,
    settings: voiceOf('BuddyFriend').settings,
    speech: speechOf('en'),
    textVersion: 1,
  };

  test('is the same however its text was typed, and another one when anything changes that can be heard', () => {
    const key = clipKeyText(content);
    expect(clipKeyText({ ...content, text: ' Hi Zoe\u0308! ' })).toBe(key);
    const others = [
      { ...content, text: 'Hi Zoe!' },
      { ...content, voiceId: voiceOf('ScienceTeacher').voiceId },
      { ...content, settings: { ...content.settings, style: 0.5 } },
      { ...content, speech: speechOf('fr') },
      { ...content, textVersion: 2 },
    ];
    expect(new Set([key, ...others.map(clipKeyText)]).size).toBe(others.length + 1);
  });

  test('has an id that can be read back, and nothing else can', () => {
    const key = 'a1'.repeat(32);
    fc.assert(
      fc.property(fc.nat({ max: 99_999 }), (take) => {
        expect(parseClipId(clipId(key, take))).toEqual({ key, take });
      }),
    );
    for (const id of [
      '',
      key.toUpperCase(),
      `${key}.0`,
      `${key}.01`,
      `${key}.1.2`,
      `${key}.mp3`,
      `../${key}`,
      ` ${key}`,
    ]) {
      expect(parseClipId(id)).toBeNull();
    }
  });

  test('costs a credit for each character, and half with the flash model', () => {
    expect(creditsOf('Hi Zoe\u0308!', speechOf('en'))).toBe(7);
    expect(creditsOf('Szia Zoé', speechOf('hu'))).toBe(4);
    expect(creditsOf('Sziaa Zoé', speechOf('hu'))).toBe(5);
  });
});
