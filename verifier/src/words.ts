import type { Check, CheckId } from '../../functions/src/shared/proofs/check-proof.ts';
import { en } from './words.en.ts';
import { fr } from './words.fr.ts';

/** Languages of the verifier. */
export const languages = ['en', 'fr'] as const;
export type Language = (typeof languages)[number];

/** All texts of a language: names of checks, and why each ended as it did by `check.reason`, or by `any.reason` for all checks. */
export interface Words {
  readonly names: Readonly<Record<CheckId, string>>;
  readonly outcomes: Readonly<Record<Check['outcome'], string>>;
  readonly reasons: Readonly<Record<string, string>>;
  readonly page: Readonly<Record<PageWord, string>>;
}

/** Texts of the page that are no check. */
export type PageWord =
  | 'title'
  | 'intro'
  | 'language'
  | 'file'
  | 'drop'
  | 'paste'
  | 'pasteHint'
  | 'member'
  | 'memberHint'
  | 'node'
  | 'nodeHint'
  | 'nodeBad'
  | 'check'
  | 'checking'
  | 'nothing'
  | 'unreadable'
  | 'result'
  | 'passed'
  | 'passedOffline'
  | 'incomplete'
  | 'failed'
  | 'facts'
  | 'day'
  | 'yours'
  | 'pending'
  | 'vested'
  | 'reserved'
  | 'owed'
  | 'mayStillBeMinted'
  | 'members'
  | 'token'
  | 'distributor'
  | 'signer'
  | 'compare'
  | 'private'
  | 'noScript';

const all: Readonly<Record<Language, Words>> = { en, fr };

/** The texts of a language. */
export function wordsOf(language: Language): Words {
  return all[language];
}

/** Values that are amounts of wei and are shown as DOTM. */
const amounts = new Set([
  ...['owed', 'sum', 'mayStillBeMinted', 'room', 'supply', 'foundSupply', 'cap', 'foundCap'],
  ...['pending', 'vested', 'reserved'],
]);

const separators: Readonly<Record<Language, { point: string; group: string }>> = {
  en: { point: '.', group: ',' },
  fr: { point: ',', group: '\u202f' },
};

/** Writes wei as DOTM with all decimals that are not zero: nothing is rounded where somebody checks. */
export function showDotm(wei: string, language: Language): string {
  const { point, group } = separators[language];
  const negative = wei.startsWith('-');
  const digits = wei.replace('-', '').padStart(19, '0');
  const whole = digits.slice(0, -18).replaceAll(/\B(?=(?:\d{3})+$)/g, group);
  const fraction = digits.slice(-18).replace(/0+$/, '');
  return `${negative ? '−' : ''}${whole}${fraction === '' ? '' : point + fraction}\u00a0DOTM`;
}

/** Says why a check ended as it did. */
export function explain(check: Check, language: Language): string {
  const { reasons } = wordsOf(language);
  const text = reasons[`${check.id}.${check.reason}`] ?? reasons[`any.${check.reason}`] ?? check.reason;
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = check.values[name] ?? '';
    return amounts.has(name) && /^-?\d+$/.test(value) ? showDotm(value, language) : value;
  });
}
