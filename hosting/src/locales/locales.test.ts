import { createIntl } from 'react-intl';
import type { MessageFormatElement } from 'react-intl';
import { describe, expect, test } from 'vitest';
import { errorTable } from '../../../functions/src/shared/errors.ts';
import { orderEventKinds, orderStates } from '../../../functions/src/shared/order.ts';
import { pseudoMessages } from '../i18n/pseudo.ts';
import en from './en.json' with { type: 'json' };
import fr from './fr.json' with { type: 'json' };

const languages: Record<string, Record<string, string>> = { en, fr };

/** ICU's number for an element that is plain text. */
const literal = 0;

const intl = createIntl({ locale: 'en', messages: {} });

/** The placeholders and tags of a message, with their kinds: what the code passes in must fit every language. */
function placeholders(elements: MessageFormatElement[]): string[] {
  return elements.flatMap((element) => {
    // Plain text and the # of a plural take nothing from the code.
    if (!('value' in element) || Number(element.type) === literal) return [];
    const own = `${element.value}:${element.type}`;
    if ('options' in element) {
      return [own, ...Object.values(element.options).flatMap((option) => placeholders(option.value))];
    }
    return 'children' in element ? [own, ...placeholders(element.children)] : [own];
  });
}

/** Throws where the message is no valid ICU message. */
function placeholdersOf(message: string): string[] {
  return [...new Set(placeholders(intl.formatters.getMessageFormat(message, 'en').getAst()))].sort();
}

/** Names, symbols and words that are the same in both languages. */
const sameInFrench = new Set([
  'token.column.transaction',
  'nav.esim',
  'nav.messages',
  'voice.title',
  'voice.pause',
  'voice.voices.CanadianRockstar',
  'foot.api',
  'plans.noPrice',
  'esim.device.iphone',
  'esim.device.android',
  'order.total',
  'operations.column.cause',
  'operations.part.catalogue',
  'order.chip.active',
  'esim.state.active',
  'apiDocs.title',
  'payments.ether',
  'payments.column.total',
  'payments.total',
  'payments.column.transaction',
  'wallet.network.1',
  'wallet.signature',
  'evidence.creditWei',
  'rewards.why.sum',
  'rewards.explain.transaction',
]);

describe.each(Object.keys(languages))('texts in %s', (language) => {
  const messages = languages[language] ?? {};

  test('there is a text for every id and none too many', () => {
    expect(Object.keys(messages).sort()).toEqual(Object.keys(en).sort());
  });

  test('no text is empty or starts or ends with a space', () => {
    expect(Object.entries(messages).filter(([, text]) => text === '' || text !== text.trim())).toEqual([]);
  });

  test('every message can be parsed and asks for the same values as the English one', () => {
    for (const [id, text] of Object.entries(messages)) {
      expect([id, placeholdersOf(text)]).toEqual([id, placeholdersOf((en as Record<string, string>)[id] ?? '')]);
    }
  });

  test('every error code has a text', () => {
    const missing = [...Object.keys(errorTable), 'client.network', 'client.outdated'].filter(
      (code) => !(`errors.${code}` in messages),
    );
    expect(missing).toEqual([]);
  });

  test('every state and every step of an order has its words', () => {
    const ids = [
      ...orderEventKinds.map((kind) => `timeline.${kind}`),
      ...orderStates.flatMap((state) => [
        `order.chip.${state}`,
        `order.face.${state}.title`,
        `order.face.${state}.text`,
      ]),
    ];
    expect(ids.filter((id) => !(id in messages))).toEqual([]);
  });

  test('typographic apostrophes only: a straight one would also start ICU quoting', () => {
    expect(Object.entries(messages).filter(([, text]) => text.includes("'"))).toEqual([]);
  });
});

test('nothing was left untranslated in French', () => {
  const left = Object.entries(fr as Record<string, string>).filter(
    ([id, text]) => text === (en as Record<string, string>)[id] && !sameInFrench.has(id),
  );
  expect(left).toEqual([]);
});

test('French keeps its signs with their words: no breakable space before : ; ! ? or inside « »', () => {
  expect(Object.entries(fr).filter(([, text]) => / [:;!?»]|« /.test(text))).toEqual([]);
});

test('the pseudo-language changes every text and still fits the code', () => {
  const pseudo: Record<string, string> = pseudoMessages(en);
  for (const [id, text] of Object.entries(en)) {
    expect(pseudo[id]).not.toBe(text);
    expect([id, placeholdersOf(pseudo[id] ?? '')]).toEqual([id, placeholdersOf(text)]);
  }
});
