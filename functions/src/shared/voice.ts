/** Codes of the languages that voice messages are spoken in, in the order in which they are offered. Held against the texts by a test. */
export const voiceLanguageCodes = [
  'en',
  'fr',
  'es',
  'zh',
  'ja',
  'ar',
  'pt',
  'de',
  'hi',
  'ko',
  'it',
  'ru',
  'nl',
  'tr',
  'pl',
  'sv',
  'fil',
  'uk',
  'el',
  'cs',
  'fi',
  'ro',
  'vi',
  'hu',
  'no',
  'th',
  'id',
  'da',
  'he',
  'ms',
] as const;
export type VoiceLanguageCode = (typeof voiceLanguageCodes)[number];

/** Names by which voices are chosen; the web app has their words under `voice.voices.<name>`. */
export const voiceNames = ['CanadianRockstar', 'ScienceTeacher', 'BuddyFriend'] as const;
export type VoiceName = (typeof voiceNames)[number];

/** Ids of the messages in the order in which they are heard; the web app has their titles. */
export const voiceMessageIds = [
  'welcome',
  'tip-rewards',
  'tip-esims',
  'tip-network-features',
  'tip-wifi-calling',
  'tip-bitchat',
  'update-languages',
  'update-messages',
  'update-marketplace',
] as const;
export type VoiceMessageId = (typeof voiceMessageIds)[number];

/** The most segments that a message has, the greeting included: bounds what a client may report. */
export const maxVoiceSegments = 20;

/** The share of a message's characters that must have been played for it to count as heard, in per cent. */
export const heardPercent = 80;
