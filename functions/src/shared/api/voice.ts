import { z } from 'zod';
import { declareOperation } from '../operation.ts';
import { maxVoiceSegments, voiceLanguageCodes, voiceMessageIds, voiceNames } from '../voice.ts';

const languageSchema = z.enum(voiceLanguageCodes).meta({ description: 'Language that is spoken.' });
const voiceSchema = z.enum(voiceNames).meta({ description: 'Voice that speaks.' });
const messageIdSchema = z.enum(voiceMessageIds);
const segmentIndexSchema = z
  .int()
  .min(0)
  .max(maxVoiceSegments - 1);

/** Id of a clip: the hash of what is said and how, and the number of the recording where it was recorded again. */
export const voiceClipIdPattern = /^[0-9a-f]{64}(\.[1-9][0-9]{0,4})?$/;

export const voicePositionSchema = z.object({
  sentence: segmentIndexSchema.meta({ description: 'Index of the segment; 0 is the greeting.' }),
  offsetMs: z.int().min(0).max(120_000).meta({ description: 'Milliseconds from the beginning of that segment.' }),
});
export type VoicePosition = z.infer<typeof voicePositionSchema>;

const secondsSchema = z.array(z.number().min(0));

export const voiceSegmentSchema = z.object({
  index: segmentIndexSchema,
  kind: z.enum(['greeting', 'body']),
  text: z.string(),
  seconds: z.number().nullable().meta({
    description:
      'When its last character has been said; the file may go on for a breath. null while the clip is not ready.',
  }),
  audio: z
    .object({
      id: z.string().regex(voiceClipIdPattern),
      url: z.string().meta({
        description: 'Path of the MP3 on this host. It never changes what it says: keep it for ever.',
      }),
      personal: z
        .boolean()
        .meta({ description: 'Only its member gets it, and only with the ID token in Authorization.' }),
    })
    .nullable()
    .meta({ description: 'null while the clip is being made.' }),
  characters: z.object({ starts: secondsSchema, ends: secondsSchema }).nullable().meta({
    description:
      'When each character of `text` (each code point, as Array.from gives them) begins and ends, in seconds of the clip. null while the clip is being made, or where the times do not fit the text: highlight the whole sentence then.',
  }),
});
export type VoiceSegment = z.infer<typeof voiceSegmentSchema>;

export const voiceMessageSchema = z.object({
  messageId: messageIdSchema,
  kind: z.enum(['welcome', 'tip', 'update']),
  state: z.enum(['new', 'replay']).meta({ description: 'new: not heard yet. replay: heard before.' }),
  language: languageSchema,
  voice: voiceSchema,
  direction: z.enum(['ltr', 'rtl']),
  textVersion: z.int(),
  ready: z.boolean().meta({
    description:
      'Whether nothing of it is being made any more. A segment that has no audio even so could not be recorded: show its text and go on.',
  }),
  segments: z.array(voiceSegmentSchema).meta({
    description: 'The greeting, then the sentences. Segment n says the same in every language and voice.',
  }),
  position: voicePositionSchema.meta({ description: 'Where to go on, wherever the member listened last.' }),
  heard: z.array(segmentIndexSchema).meta({ description: 'Segments that were played to their end before, in order.' }),
  more: z.string().meta({ description: 'How many messages wait after this one, in its language, to be shown.' }),
  waiting: z.int().min(0).meta({ description: 'The same as a number.' }),
  revision: z.int().min(0).meta({
    description: 'Rises with every choice, report and clip of the member: of two answers the higher is newer.',
  }),
});
/** A message as it is played; `members/{uid}/voice/current` shows the same, as JSON has it. */
export type VoiceMessage = z.infer<typeof voiceMessageSchema>;

export const listVoices = declareOperation({
  name: 'listVoices',
  method: 'GET',
  path: '/welcome-message/voices',
  access: 'public',
  input: z.object({}),
  output: z.object({
    languages: z.array(
      z.object({
        code: languageSchema,
        name: z.string().meta({ description: 'What its speakers call it.' }),
        direction: z.enum(['ltr', 'rtl']),
      }),
    ),
    voices: z.array(z.object({ id: voiceSchema })),
  }),
  idempotent: false,
  summary: 'Languages and voices of the messages.',
  errors: [],
});

/** Answers 202 while a clip is being made: the text is there, and `members/{uid}/voice/current` changes once the clip is. */
const pending = ({ message }: { message: { ready: boolean } }): boolean => !message.ready;

export const getCurrentMessage = declareOperation({
  name: 'getCurrentMessage',
  method: 'GET',
  path: '/message/current',
  access: 'member',
  input: z.object({
    language: languageSchema.optional().meta({ description: 'The one chosen last when left out.' }),
    voice: voiceSchema.optional().meta({ description: 'The one chosen last when left out.' }),
  }),
  output: z.object({ message: voiceMessageSchema }),
  idempotent: false,
  pending,
  summary: 'The message that the caller hears next; the most recent one, as a replay, when all were heard.',
  errors: ['request.rate_limited'],
  rateLimit: { calls: 60, windowSeconds: 60 },
});

export const generateMessage = declareOperation({
  name: 'generateMessage',
  method: 'POST',
  path: '/welcome-message/generate',
  access: 'member',
  input: z.object({
    messageId: messageIdSchema
      .optional()
      .meta({ description: 'The one that comes next when left out; any other for a replay.' }),
    language: languageSchema,
    voice: voiceSchema,
  }),
  output: z.object({ message: voiceMessageSchema }),
  idempotent: false,
  pending,
  summary: 'Chooses language and voice, for all devices of the caller, and makes the clips that are missing.',
  errors: ['request.rate_limited'],
  // A member who tries every voice in every language in a row is within it; who makes us pay for speech by the thousand is not.
  rateLimit: { calls: 40, windowSeconds: 60 },
});

export const trackListen = declareOperation({
  name: 'trackListen',
  method: 'POST',
  path: '/welcome-message/track-listen',
  access: 'member',
  input: z.object({
    messageId: messageIdSchema,
    textVersion: z.int().min(1),
    language: languageSchema,
    voice: voiceSchema,
    ...voicePositionSchema.shape,
    heard: z
      .array(segmentIndexSchema)
      .max(maxVoiceSegments)
      .meta({ description: 'Segments that were played to their end; those of earlier reports may be left out.' }),
  }),
  output: z.object({
    completed: z
      .boolean()
      .meta({ description: 'Whether the message counts as heard: 80 % of its characters were played.' }),
    next: messageIdSchema.nullable().meta({ description: 'The message to be heard next; null when all were heard.' }),
    waiting: z.int().min(0).meta({ description: 'How many messages have not been heard yet.' }),
  }),
  idempotent: false,
  summary: 'Says how far the caller has listened. May be repeated, and come late: what was heard stays heard.',
  errors: ['request.rate_limited'],
  rateLimit: { calls: 120, windowSeconds: 60 },
});

export const getMessageHistory = declareOperation({
  name: 'getMessageHistory',
  method: 'GET',
  path: '/message/history',
  access: 'member',
  input: z.object({}),
  output: z.object({
    messages: z.array(
      z.object({
        messageId: messageIdSchema,
        kind: z.enum(['welcome', 'tip', 'update']),
        textVersion: z.int(),
        language: languageSchema,
        voice: voiceSchema,
        position: voicePositionSchema,
        heardPercent: z.int().min(0).max(100),
        completedAt: z.iso.datetime().nullable(),
        firstAt: z.iso.datetime(),
        updatedAt: z.iso.datetime(),
      }),
    ),
    waiting: z.int().min(0),
  }),
  idempotent: false,
  summary: 'What the caller has listened to, most recent first.',
  errors: [],
});
