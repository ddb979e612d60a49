import { z } from 'zod';
import { idSchema } from '../ids.ts';
import { declareOperation } from '../operation.ts';
import { voiceLanguageCodes, voiceMessageIds, voiceNames } from '../voice.ts';

const count = z.int().min(0);
const clipKeySchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be the key of a clip: 64 hexadecimal digits');
const reason = z.string().trim().min(3).max(500);

export const voiceRunSchema = z.object({
  id: idSchema('voiceRun'),
  state: z.enum(['checking', 'refused', 'running', 'done', 'incomplete']).meta({
    description:
      'checking: its voices are looked up at the vendor. refused: one is missing there, and nothing was recorded. incomplete: nothing is being made any more, and some clips failed.',
  }),
  problem: z.string().nullable().meta({ description: 'Why it was refused, for operators.' }),
  textVersion: z.int(),
  requestedBy: z.string().meta({ description: 'Who began it, as the audit log has it.' }),
  languages: z.array(z.enum(voiceLanguageCodes)),
  total: count.meta({ description: 'Clips that the run wants.' }),
  existing: count.meta({ description: 'Those that were there when it began: they cost nothing.' }),
  ready: count,
  failed: count,
  left: count,
  credits: z.number().min(0).meta({ description: 'What its clips have cost at the vendor.' }),
  startedAt: z.iso.datetime(),
  doneAt: z.iso.datetime().nullable(),
});
export type VoiceRun = z.infer<typeof voiceRunSchema>;

export const publishVoiceTexts = declareOperation({
  name: 'publishVoiceTexts',
  method: 'POST',
  path: '/admin/voice/runs',
  access: ['owner', 'operations'],
  input: z.object({
    languages: z.enum(['recent', 'all']).default('recent').meta({
      description: 'recent: English, French, and the languages that members listened to in the last 30 days.',
    }),
  }),
  output: voiceRunSchema,
  idempotent: true,
  summary: 'Has the sentences of all messages recorded in all voices, in the background.',
  errors: [],
});

export const listVoiceRuns = declareOperation({
  name: 'listVoiceRuns',
  method: 'GET',
  path: '/admin/voice/runs',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({}),
  output: z.object({ runs: z.array(voiceRunSchema) }),
  idempotent: false,
  summary: 'The last 50 runs, newest first.',
  errors: [],
});

export const getVoiceRun = declareOperation({
  name: 'getVoiceRun',
  method: 'GET',
  path: '/admin/voice/runs/{runId}',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({ runId: idSchema('voiceRun') }),
  output: voiceRunSchema.extend({
    parts: z.array(
      z.object({
        language: z.enum(voiceLanguageCodes),
        voice: z.enum(voiceNames),
        ready: count,
        failed: count,
        left: count,
      }),
    ),
  }),
  idempotent: false,
  summary: 'A run with its progress by language and voice.',
  errors: ['not_found'],
});

export const voiceClipSchema = z.object({
  key: clipKeySchema,
  kind: z.enum(['greeting', 'body']),
  language: z.enum(voiceLanguageCodes),
  voice: z.enum(voiceNames),
  messageId: z.enum(voiceMessageIds).nullable(),
  sentence: z.int().nullable().meta({ description: 'Index of the segment in its message.' }),
  text: z.string().nullable().meta({ description: 'Of a sentence; a greeting may hold a name and is not shown.' }),
  state: z.enum(['wanted', 'making', 'ready', 'failed']),
  error: z.string().nullable(),
  attempts: count,
  take: count.meta({ description: 'How often it was recorded again.' }),
  credits: z.number().min(0),
  wantedAt: z.iso.datetime(),
  madeAt: z.iso.datetime().nullable(),
});
export type VoiceClip = z.infer<typeof voiceClipSchema>;

export const listVoiceClips = declareOperation({
  name: 'listVoiceClips',
  method: 'GET',
  path: '/admin/voice/clips',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({
    state: z.enum(['wanted', 'making', 'ready', 'failed']).default('failed'),
    language: z.enum(voiceLanguageCodes).optional(),
    voice: z.enum(voiceNames).optional(),
  }),
  output: z.object({ clips: z.array(voiceClipSchema) }),
  idempotent: false,
  summary: 'Clips in a state, at most 200, the latest first.',
  errors: [],
});

export const recordClipAgain = declareOperation({
  name: 'recordClipAgain',
  method: 'POST',
  path: '/admin/voice/clips/{key}/record-again',
  access: ['owner', 'operations'],
  input: z.object({ key: clipKeySchema, reason }),
  output: voiceClipSchema,
  idempotent: true,
  summary: 'Records a sentence again, or tries one that failed. The old recording is heard until the new one is ready.',
  errors: ['not_found'],
});

export const purgeVoiceClips = declareOperation({
  name: 'purgeVoiceClips',
  method: 'POST',
  path: '/admin/voice/clips/purge',
  access: ['owner', 'operations'],
  input: z.object({
    keys: z.array(clipKeySchema).min(1).max(500).optional(),
    outdated: z.literal(true).optional().meta({ description: 'All clips of texts that are no longer said.' }),
    reason,
  }),
  output: z.object({ purged: count }),
  idempotent: true,
  summary: 'Deletes clips and their files. What is still wanted is recorded anew when somebody asks for it.',
  errors: [],
});

export const getVoiceBudget = declareOperation({
  name: 'getVoiceBudget',
  method: 'GET',
  path: '/admin/voice/budget',
  access: ['owner', 'operations', 'support', 'finance'],
  input: z.object({}),
  output: z.object({
    dailyCredits: count.meta({ description: 'The most that a day (UTC) may cost.' }),
    days: z.array(
      z.object({
        day: z.iso.date(),
        spent: count.meta({ description: 'Credits of clips that were kept.' }),
        reserved: count.meta({ description: 'Credits of clips that are being made.' }),
        lost: count.meta({ description: 'Credits that were paid, as far as is known, for what a crash lost.' }),
        clips: count,
        recovered: count.meta({
          description: 'Clips found again after a crash, in Storage or in the vendor’s history.',
        }),
      }),
    ),
  }),
  idempotent: false,
  summary: 'What speech cost on each of the last 30 days.',
  errors: [],
});
