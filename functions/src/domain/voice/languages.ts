/** The models of ElevenLabs that speak here. */
export type VoiceModel = 'eleven_multilingual_v2' | 'eleven_flash_v2_5' | 'eleven_v3';

/** Only v3 speaks these. */
type SpokenByV3 = 'th' | 'he';
/** Flash speaks these as well as v3 does, and costs half as much; multilingual v2 speaks neither these nor those above. */
type SpokenByFlash = 'vi' | 'hu' | 'no';
type SpokenByAll =
  | ('en' | 'fr' | 'es' | 'zh' | 'ja' | 'ar' | 'pt' | 'de' | 'hi' | 'ko' | 'it' | 'ru' | 'nl' | 'tr' | 'pl')
  | ('sv' | 'fil' | 'uk' | 'el' | 'cs' | 'fi' | 'ro' | 'id' | 'da' | 'ms');

/** A language of our voice messages: an ISO 639 code, in the form that ElevenLabs and Intl take. */
export type VoiceLanguage = SpokenByAll | SpokenByFlash | SpokenByV3;

/** Which model speaks a language. One that doesn't speak it fails the type check. */
type ModelByLanguage = { readonly [Language in SpokenByAll]: VoiceModel } & {
  readonly [Language in SpokenByFlash]: 'eleven_flash_v2_5' | 'eleven_v3';
} & { readonly [Language in SpokenByV3]: 'eleven_v3' };

const models = {
  en: 'eleven_multilingual_v2',
  fr: 'eleven_multilingual_v2',
  es: 'eleven_multilingual_v2',
  zh: 'eleven_multilingual_v2',
  ja: 'eleven_multilingual_v2',
  ar: 'eleven_multilingual_v2',
  pt: 'eleven_multilingual_v2',
  de: 'eleven_multilingual_v2',
  hi: 'eleven_multilingual_v2',
  ko: 'eleven_multilingual_v2',
  it: 'eleven_multilingual_v2',
  ru: 'eleven_multilingual_v2',
  nl: 'eleven_multilingual_v2',
  tr: 'eleven_multilingual_v2',
  pl: 'eleven_multilingual_v2',
  sv: 'eleven_multilingual_v2',
  fil: 'eleven_multilingual_v2',
  uk: 'eleven_multilingual_v2',
  el: 'eleven_multilingual_v2',
  cs: 'eleven_multilingual_v2',
  fi: 'eleven_multilingual_v2',
  ro: 'eleven_multilingual_v2',
  vi: 'eleven_flash_v2_5',
  hu: 'eleven_flash_v2_5',
  no: 'eleven_flash_v2_5',
  th: 'eleven_v3',
  id: 'eleven_multilingual_v2',
  da: 'eleven_multilingual_v2',
  he: 'eleven_v3',
  ms: 'eleven_multilingual_v2',
} as const satisfies ModelByLanguage;

/** A language with the model that speaks it. A pair that isn't in the table is no `Speech`: asking a model for it would be a bug. */
export type Speech = {
  readonly [Language in VoiceLanguage]: { readonly language: Language; readonly model: (typeof models)[Language] };
}[VoiceLanguage];

/** The languages in the order in which they are offered. */
export const voiceLanguages = Object.keys(models) as readonly VoiceLanguage[];

/** Says whether a text is the code of one of our voice languages. */
export function isVoiceLanguage(text: string): text is VoiceLanguage {
  return Object.hasOwn(models, text);
}

/** Gives a language with the model that speaks it. */
export function speechOf<Language extends VoiceLanguage>(language: Language): Extract<Speech, { language: Language }> {
  // The table pairs them; TypeScript can't follow that through a type parameter.
  return { language, model: models[language] } as Extract<Speech, { language: Language }>;
}

/** Says in which direction a language is written. */
export function directionOf(language: VoiceLanguage): 'ltr' | 'rtl' {
  return language === 'ar' || language === 'he' ? 'rtl' : 'ltr';
}
