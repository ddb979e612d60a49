import { readdirSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import {
  directionOf,
  isVoiceLanguage,
  speechOf,
  voiceLanguages,
  type Speech,
  type VoiceLanguage,
} from './languages.ts';
import { isMessageId, kindOf, messageIds, textsOf, type VoiceTexts } from './texts.ts';
import { isVoiceProfile, voiceOf, voiceProfiles } from './voices.ts';

/** Longer than this nobody says in one breath. */
const maxLetters = 220;

/** Names that stay as they are in every language. */
const keptNames = /DOTM|eSIM|Bitchat|VPN/g;
const latinNames = /DOTM|eSIM|Bitchat|VPN|Wi-Fi|Bluetooth/g;
/** How people write the other two, where they don't keep the English form. */
const localNames: Partial<Record<VoiceLanguage, { readonly wifi?: RegExp; readonly bluetooth?: RegExp }>> = {
  ar: { wifi: /واي فاي/, bluetooth: /البلوتوث/ },
  de: { wifi: /WLAN/ },
  hi: { wifi: /वाई-फ़ाई/, bluetooth: /ब्लूटूथ/ },
  ko: { wifi: /와이파이/, bluetooth: /블루투스/ },
  nl: { wifi: /\bwifi\b/ },
  sv: { wifi: /\bwifi\b/ },
  th: { bluetooth: /บลูทูธ/ },
  zh: { bluetooth: /蓝牙/ },
};

/** Letters besides a to z, in small form. A letter of the neighbour's alphabet is a slip that no reader sees and every listener hears. */
const extraLetters: Partial<Record<VoiceLanguage, string>> = {
  en: 'é',
  fr: 'àâæçéèêëîïôœùûüÿ',
  es: 'áéíñóúü',
  pt: 'áâãàçéêíóôõúü',
  de: 'äöüßé',
  it: 'àèéìòù',
  nl: 'éëïóöü',
  tr: 'çğıİöşüâîû',
  pl: 'ąćęłńóśźż',
  sv: 'åäöé',
  fil: 'ñ',
  cs: 'áčďéěíňóřšťúůýž',
  fi: 'äöå',
  ro: 'ăâîșț',
  vi: 'àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ',
  hu: 'áéíóöőúüű',
  no: 'æøåéòôó',
  id: '',
  da: 'æøåé',
  ms: '',
};

/** What a letter or a mark on one may be in a language with another script. */
const otherScripts: Partial<Record<VoiceLanguage, RegExp>> = {
  // The alphabet and the marks of vowels; not the letters that only Persian or Urdu has.
  ar: /[\u0621-\u063a\u0641-\u0652]/u,
  el: /[\u0370-\u03ff]/u,
  he: /[\u05d0-\u05ea]/u,
  hi: /\p{Script=Devanagari}/u,
  ja: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u,
  ko: /\p{Script=Hangul}/u,
  ru: /[а-яё]/iu,
  th: /\p{Script=Thai}/u,
  uk: /[абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’]/iu,
  zh: /\p{Script=Han}/u,
};

/** Common characters that are written otherwise in mainland China. */
const traditional =
  /[們個這說後開關電話網頁來時間選擇語種會員專鐘號碼設備錢歡謝請將從對過還應該點擊啟動聽聲發現實際國購買費獎勵線裝連無絡護資訊嗎麼樣讓給幾張頭記錄卻場戶東門長車馬鳥魚龍飛機貨幣雙層遠邊進運達適優價質]/u;

/** English words that give away a sentence nobody translated. */
const englishWords = (
  'the and you your is are with of to for it on at in by be not can if as this that when what which we our from there have has ' +
  'was without while before because where every each they their them but never nothing whenever until more message phone'
).split(' ');
/** Those of them that are words or endings of the language, too. */
const homonyms: Partial<Record<VoiceLanguage, string>> = {
  fr: 'message',
  pt: 'as',
  de: 'in was',
  it: 'in',
  nl: 'in is of was we',
  tr: 'at in',
  pl: 'to',
  fil: 'at on',
  cs: 'to',
  fi: 'on',
  hu: 'be is',
  no: 'at for to',
  da: 'at for have to',
};

const sentenceEnds: Partial<Record<VoiceLanguage, string>> = {
  ar: '.!؟',
  el: '.!;',
  hi: '।!?',
  ja: '。！？',
  zh: '。！？',
  th: '',
};

/** Stands where a name or a number will be: a word that every language may have. */
const standIn = 'DOTM';

const pound = 7;
const plural = 6;

interface Element {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Element[] }>>;
}

/** Says everything that is wrong with the texts of a language; empty where nothing is. */
function faultsOf(language: VoiceLanguage, texts: VoiceTexts): string[] {
  const english = textsOf('en');
  const more = moreOf(language, texts.more);
  const faults = [...shapeFaults(texts, english), ...more.faults];
  const sentences = Object.entries(texts.messages).flatMap(([id, said]) =>
    said.map((text, at) => ({ where: `${id} ${at + 1}`, text })),
  );
  const spoken = [
    { where: 'greeting named', text: texts.greeting.named.replace('{name}', standIn) },
    { where: 'greeting plain', text: texts.greeting.plain },
    ...more.bodies,
    ...sentences,
  ];
  const find = (where: string, problems: readonly string[]): void => {
    faults.push(...problems.map((problem) => `${where}: ${problem}`));
  };
  if (texts.greeting.named.split('{name}').length !== 2) find('greeting named', ['{name} is not there once']);
  const englishSentences = new Set(Object.values(english.messages).flat());
  for (const { where, text } of spoken) {
    find(where, [...letterFaults(language, text), ...readingFaults(language, text), ...englishFaults(language, text)]);
    if (language !== 'en' && englishSentences.has(text)) find(where, ['is the English sentence']);
  }
  for (const { where, text } of sentences) find(where, sentenceFaults(language, text));
  for (const id of messageIds) find(id, nameFaults(language, texts.messages[id] ?? [], english.messages[id]));
  const all = sentences.map(({ text }) => text);
  find(
    'all',
    [...new Set(all.filter((text, at) => all.indexOf(text) !== at))].map((text) => `says twice ${text}`),
  );
  return faults;
}

function shapeFaults(texts: VoiceTexts, english: VoiceTexts): string[] {
  const shape = (from: VoiceTexts): string[] => [
    ...Object.keys(from),
    ...Object.keys(from.greeting).map((key) => `greeting ${key}`),
    ...Object.entries(from.messages).flatMap(([id, said]) => said.map((_, at) => `${id} ${at + 1}`)),
  ];
  const own = shape(texts);
  const wanted = shape(english);
  const missing = wanted.filter((key) => !own.includes(key)).map((key) => `${key}: missing`);
  const extra = own.filter((key) => !wanted.includes(key)).map((key) => `${key}: not in English`);
  const inOrder = own.join() === wanted.join() || missing.length + extra.length > 0;
  const sameVersion = texts.version === english.version;
  return [
    ...missing,
    ...extra,
    ...(inOrder ? [] : ['in another order than English']),
    ...(sameVersion ? [] : ['version: not that of English']),
  ];
}

/** Takes the text about further messages apart: what each category says, and what is wrong with the categories. */
function moreOf(
  language: VoiceLanguage,
  more: string,
): { bodies: { where: string; text: string }[]; faults: string[] } {
  let elements: readonly Element[];
  try {
    elements = new IntlMessageFormat(more, language).getAst();
  } catch (error) {
    return { bodies: [], faults: [`more: is no ICU message: ${String(error)}`] };
  }
  const [only] = elements;
  if (elements.length !== 1 || only?.type !== plural || only.value !== 'count' || !only.options)
    return { bodies: [], faults: ['more: is not one plural of count'] };
  const faults: string[] = [];
  const rules = new Intl.PluralRules(language);
  const wanted = ['=0', ...rules.resolvedOptions().pluralCategories].sort();
  const own = Object.keys(only.options).sort();
  if (own.join() !== wanted.join()) faults.push(`more: has ${own.join()} and not ${wanted.join()}`);
  const bodies = Object.entries(only.options).map(([category, { value }]) => {
    if (value.some(({ type }) => type !== 0 && type !== pound)) faults.push(`more ${category}: asks for more than #`);
    const pounds = value.filter(({ type }) => type === pound).length;
    const counts = [...Array.from({ length: 300 }, (_, at) => at + 1), 1_000_000, 2_000_000];
    const meant = category === '=0' ? 0 : counts.filter((count) => rules.select(count) === category).length;
    // Russian says "one" of 21 as well; English says it of 1 only, and then the number may be a word.
    if (pounds > 1 || (meant > 1 && pounds === 0)) faults.push(`more ${category}: does not show the number once`);
    if (category === '=0' && pounds > 0) faults.push('more =0: shows the number');
    return { where: `more ${category}`, text: value.map((part) => (part.type === 0 ? part.value : standIn)).join('') };
  });
  return { bodies, faults };
}

/** Finds letters that the language does not have. */
function letterFaults(language: VoiceLanguage, text: string): string[] {
  const script = otherScripts[language];
  const extra = extraLetters[language];
  const letters = [...(script ? text.replace(latinNames, '') : text)].filter((sign) => /[\p{L}\p{M}]/u.test(sign));
  const isOwn = (letter: string): boolean =>
    script ? script.test(letter) : /[a-z]/i.test(letter) || (extra ?? '').includes(letter.toLowerCase());
  const foreign = letters.filter((letter) => !isOwn(letter) && !(language === 'tr' && letter === 'İ'));
  const faults = foreign.length > 0 ? [`has foreign letters ${[...new Set(foreign)].join('')}`] : [];
  if (letters.length === 0) faults.push('says nothing');
  if (language === 'zh' && traditional.test(text)) faults.push('has traditional characters');
  if (language === 'ja' && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) faults.push('has no kana');
  if (text !== text.normalize('NFC')) faults.push('is not in NFC');
  return faults;
}

/** Finds what can't be read aloud, or what nobody sees. */
function readingFaults(language: VoiceLanguage, text: string): string[] {
  const signs: readonly (readonly [string, RegExp])[] = [
    ['digits', /\p{N}/u],
    ['brackets', /[()[\]{}<>（）［］｛｝〈〉《》【】]/],
    ['a placeholder', /[{}#%]|\$\w/],
    ['doubled blanks', /\s{2}/],
    ['a blank at an end', /^\s|\s$/],
    // French alone sets a narrow blank before some marks.
    ['a blank before a mark', /[ \t\n][.,!?;:…。，！？；：।؟،؛]/],
    ['a straight quote', /"/],
    // The English source was typed with straight ones.
    ...(language === 'en' ? [] : [['a straight apostrophe', /'/] as const]),
    ['a slash', /[/\\|_*&@+=]/],
    ['an emoji', /\p{Extended_Pictographic}/u],
    ['an invisible sign', /[\p{Cc}\p{Cf}]/u],
    ['a mark twice', /[.,!?;:。，！？]{2}|…/],
  ];
  const faults = signs.filter(([, sign]) => sign.test(text)).map(([name]) => `has ${name}`);
  if ([...text].length > maxLetters) faults.push(`is longer than ${maxLetters}`);
  return faults;
}

function englishFaults(language: VoiceLanguage, text: string): string[] {
  if (language === 'en') return [];
  const own = new Set(homonyms[language]?.split(' '));
  const words: readonly string[] =
    text
      .replace(latinNames, '')
      .toLowerCase()
      .match(/[\p{L}\p{M}]+/gu) ?? [];
  return englishWords.filter((word) => !own.has(word) && words.includes(word)).map((word) => `has English "${word}"`);
}

/** A string is one sentence: the player goes on at the same one in another language. */
function sentenceFaults(language: VoiceLanguage, text: string): string[] {
  const ends = sentenceEnds[language] ?? '.!?';
  const last = text.at(-1) ?? '';
  const faults: string[] = [];
  if (ends === '' ? /[.!?。]/.test(text) : !ends.includes(last)) faults.push('does not end as a sentence does');
  if ([...text.slice(0, -1)].some((sign) => ends.includes(sign))) faults.push('is more than one sentence');
  return faults;
}

/** A message keeps the names that the English one has: what lacks one is another message. */
function nameFaults(language: VoiceLanguage, said: readonly string[], english: readonly string[]): string[] {
  const own = said.join(' ');
  const source = english.join(' ');
  const names = [...new Set(source.match(keptNames))].map((name) => ({ name, form: new RegExp(name) }));
  const { wifi = /Wi-Fi/, bluetooth = /Bluetooth/ } = localNames[language] ?? {};
  if (source.includes('Wi-Fi')) names.push({ name: 'Wi-Fi', form: wifi });
  if (source.includes('Bluetooth')) names.push({ name: 'Bluetooth', form: bluetooth });
  return names.filter(({ form }) => !form.test(own)).map(({ name }) => `does not say ${name}`);
}

describe('languages', () => {
  test('are thirty, each with the model that speaks it', () => {
    const notMultilingual: Partial<Record<VoiceLanguage, string>> = {
      vi: 'eleven_flash_v2_5',
      hu: 'eleven_flash_v2_5',
      no: 'eleven_flash_v2_5',
      th: 'eleven_v3',
      he: 'eleven_v3',
    };
    expect(voiceLanguages).toHaveLength(30);
    for (const language of voiceLanguages) {
      const model = notMultilingual[language] ?? 'eleven_multilingual_v2';
      expect(speechOf(language)).toEqual({ language, model });
    }
  });

  test('never go with the model of another', () => {
    const right: Speech = { language: 'hu', model: 'eleven_flash_v2_5' };
    // @ts-expect-error multilingual v2 does not speak Hungarian
    const wrong: Speech = { language: 'hu', model: 'eleven_multilingual_v2' };
    expect(speechOf('hu')).toEqual(right);
    expect(speechOf('hu')).not.toEqual(wrong);
  });

  test('are known by their codes', () => {
    expect(['fil', 'no', 'zh', 'nb', 'FR', '', 'toString'].filter(isVoiceLanguage)).toEqual(['fil', 'no', 'zh']);
    expect(voiceLanguages.filter((language) => directionOf(language) === 'rtl')).toEqual(['ar', 'he']);
  });
});

describe('voices', () => {
  test('are three, each with its own id and settings within their bounds', () => {
    expect(voiceProfiles).toEqual(['CanadianRockstar', 'ScienceTeacher', 'BuddyFriend']);
    expect(new Set(voiceProfiles.map((profile) => voiceOf(profile).voiceId)).size).toBe(3);
    for (const profile of voiceProfiles) {
      for (const setting of Object.values(voiceOf(profile).settings)) {
        expect(setting).toBeGreaterThanOrEqual(0);
        expect(setting).toBeLessThanOrEqual(1);
      }
    }
    expect(['BuddyFriend', 'Adam', 'constructor'].filter(isVoiceProfile)).toEqual(['BuddyFriend']);
  });
});

describe('messages', () => {
  test('come in their order: the welcome, the tips, the updates', () => {
    expect(messageIds.map((id) => `${kindOf(id)} ${id}`)).toEqual([
      'welcome welcome',
      'tip tip-rewards',
      'tip tip-esims',
      'tip tip-network-features',
      'tip tip-wifi-calling',
      'tip tip-bitchat',
      'update update-languages',
      'update update-messages',
      'update update-marketplace',
    ]);
    expect(['welcome', 'tip-bitchat', 'tip', 'valueOf'].filter(isMessageId)).toEqual(['welcome', 'tip-bitchat']);
  });
});

describe('texts', () => {
  test('there is one file for each language, and no other', () => {
    const files = readdirSync(new URL('texts/', import.meta.url));
    expect(files.sort()).toEqual(voiceLanguages.map((language) => `${language}.json`).sort());
  });

  test.each(voiceLanguages)('%s can be read aloud, sentence by sentence as in English', (language) => {
    expect(faultsOf(language, textsOf(language))).toEqual([]);
  });

  test.each(voiceLanguages)('%s says how many messages wait, for every number', (language) => {
    const more = new IntlMessageFormat(textsOf(language).more, language);
    for (let count = 0; count <= 120; count += 1) expect(String(more.format({ count }))).not.toMatch(/[{}#]/);
  });

  test('no two languages say the same, but for a few short sentences', () => {
    const known = new Map<string, VoiceLanguage>();
    const same = voiceLanguages.flatMap((language) =>
      Object.values(textsOf(language).messages)
        .flat()
        .flatMap((text) => {
          const first = known.get(text);
          known.set(text, language);
          return first !== undefined && text.length > 20 ? [`${first} ${language}: ${text}`] : [];
        }),
    );
    expect(same).toEqual([]);
  });
});

describe('a fault is found', () => {
  /** The texts of a language with one sentence of the welcome replaced. */
  const saying = (language: VoiceLanguage, text: string, at = 5): VoiceTexts => {
    const texts = textsOf(language);
    const { welcome } = texts.messages;
    return {
      ...texts,
      messages: { ...texts.messages, welcome: [...welcome.slice(0, at), text, ...welcome.slice(at + 1)] },
    };
  };

  test.each<[string, VoiceLanguage, VoiceTexts, string]>([
    ['the English sentence', 'fr', saying('fr', 'Have a good trip!'), 'welcome 6: is the English sentence'],
    ['an English word', 'de', saying('de', 'Gute Reise and Glück!'), 'welcome 6: has English "and"'],
    ['Cyrillic that looks Latin', 'pl', saying('pl', 'Udanej p\u043edróży!'), 'welcome 6: has foreign letters \u043e'],
    ['a letter of the neighbour', 'da', saying('da', 'God räjse!'), 'welcome 6: has foreign letters ä'],
    ['a cedilla for a comma', 'ro', saying('ro', 'Drum bun \u015fi bine!'), 'welcome 6: has foreign letters \u015f'],
    ['Latin in Greek', 'el', saying('el', 'Καλό trip!'), 'welcome 6: has foreign letters trip'],
    ['Russian in Ukrainian', 'uk', saying('uk', 'Гарный путь!'), 'welcome 6: has foreign letters ы'],
    ['Ukrainian in Russian', 'ru', saying('ru', 'Щасливої дороги!'), 'welcome 6: has foreign letters ї'],
    ['kana in Chinese', 'zh', saying('zh', '祝你旅途の愉快！'), 'welcome 6: has foreign letters の'],
    ['traditional characters', 'zh', saying('zh', '祝你們旅途愉快！'), 'welcome 6: has traditional characters'],
    ['Persian in Arabic', 'ar', saying('ar', 'رحلة پسعيدة!'), 'welcome 6: has foreign letters پ'],
    ['digits', 'es', saying('es', '¡Buen viaje en 2 minutos!'), 'welcome 6: has digits'],
    ['digits of another script', 'hi', saying('hi', 'आपका सफ़र २ दिन अच्छा रहे!'), 'welcome 6: has digits'],
    ['brackets', 'fi', saying('fi', 'Hyvää (pitkää) matkaa!'), 'welcome 6: has brackets'],
    ['doubled blanks', 'it', saying('it', 'Buon  viaggio!'), 'welcome 6: has doubled blanks'],
    ['straight quotes', 'nl', saying('nl', 'Goede "reis"!'), 'welcome 6: has a straight quote'],
    ['a placeholder', 'sv', saying('sv', 'Trevlig resa, {name}!'), 'welcome 6: has a placeholder'],
    ['two sentences', 'hu', saying('hu', 'Jó utat! Szia!'), 'welcome 6: is more than one sentence'],
    ['no end', 'tr', saying('tr', 'İyi yolculuklar'), 'welcome 6: does not end as a sentence does'],
    ['too long a sentence', 'pt', saying('pt', `Boa ${'e boa '.repeat(40)}viagem!`), 'welcome 6: is longer than 220'],
    ['a lost name', 'no', saying('no', 'Velkommen.', 0), 'welcome: does not say DOTM'],
    ['a sentence too many', 'th', saying('th', 'สวัสดี', 6), 'welcome 7: not in English'],
  ])('%s', (_, language, texts, fault) => {
    expect(faultsOf(language, texts)).toContain(fault);
  });

  test('in the greeting, the plural and the shape', () => {
    const russian = textsOf('ru');
    const faults = (change: Partial<VoiceTexts>): string[] => faultsOf('ru', { ...russian, ...change });
    expect(faults({ greeting: { named: 'Здравствуйте!', plain: 'Здравствуйте, {name}!' } })).toEqual([
      'greeting named: {name} is not there once',
      'greeting plain: has foreign letters name',
      'greeting plain: has brackets',
      'greeting plain: has a placeholder',
    ]);
    expect(faults({ more: '{count, plural, =0 {Всё.} one {Ещё #.} other {Ещё #.}}' })).toEqual([
      'more: has =0,one,other and not =0,few,many,one,other',
    ]);
    expect(faults({ more: russian.more.replace('ещё # сообщение.', 'ещё одно сообщение.') })).toEqual([
      'more one: does not show the number once',
    ]);
    expect(faults({ more: russian.more.slice(0, -1) })[0]).toMatch(/^more: is no ICU message/);
    expect(faults({ version: 2 })).toEqual(['version: not that of English']);
    const { welcome, ...others } = russian.messages;
    expect(faults({ messages: { ...others, welcome } })).toEqual(['in another order than English']);
    expect(faults({ messages: { ...russian.messages, welcome: welcome.slice(0, 5) } })).toEqual(['welcome 6: missing']);
  });
});
