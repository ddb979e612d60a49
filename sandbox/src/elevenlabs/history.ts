import { Hono } from 'hono';
import type { Core } from '../core/vendor.ts';
import { encodeMp3 } from './encode.ts';
import { ElevenLabsError } from './errors.ts';
import { readSettings, usedCredits } from './settings.ts';
import { speak } from './speak.ts';
import { accountVoices } from './voices.ts';

const kind = 'elevenlabs-history';

/** The account remembers so many; the real one more. */
const kept = 5_000;

/** What ElevenLabs asks for at most in one page. */
const maxPage = 1_000;

/** A synthesis that was paid for. Its sound is made anew when it is asked for: the same text and voice sound the same here. */
interface HistoryItem {
  readonly id: string;
  readonly requestId: string;
  readonly voiceId: string;
  readonly modelId: string;
  readonly text: string;
  readonly dateUnix: number;
  readonly from: number;
  readonly to: number;
  readonly settings: object | null;
  readonly speed: number;
}

/** Remembers a synthesis, unless the account keeps no history. Call it once it is charged. */
export function remember(
  core: Core,
  made: Pick<HistoryItem, 'requestId' | 'voiceId' | 'modelId' | 'text' | 'settings' | 'speed'> & { credits: number },
): void {
  if (!readSettings(core.store).history) return;
  const { credits, ...item } = made;
  const to = Math.ceil(usedCredits(core.store));
  const id = `hst_${String(core.store.nextNumber(kind)).padStart(12, '0')}`;
  const dateUnix = Math.floor(core.clock.now().getTime() / 1000);
  core.store.put(kind, id, { ...item, id, dateUnix, from: to - credits, to }, { voiceId: item.voiceId });
  core.store.prune(kind, kept);
}

/** Makes the part of the API that tells what was synthesised before. */
export function historyApi(core: Core): Hono {
  const app = new Hono();
  app.get('/', (c) => {
    const query = (name: string): string | undefined => c.req.query(name) ?? undefined;
    const voiceId = query('voice_id');
    const after = Number(query('date_after_unix') ?? 0);
    const size = Math.min(maxPage, Number(query('page_size') ?? 100));
    const all = core.store
      .list<HistoryItem>(kind, voiceId === undefined ? {} : { voiceId }, { order: 'desc' })
      .filter(({ modelId, dateUnix }) => (query('model_id') ?? modelId) === modelId && dateUnix >= after);
    const start = query('start_after_history_item_id');
    const found = all.slice(start === undefined ? 0 : all.findIndex(({ id }) => id === start) + 1);
    const page = found.slice(0, size);
    return c.json({
      history: page.map(view),
      has_more: found.length > page.length,
      last_history_item_id: page.at(-1)?.id ?? null,
      scanned_until: null,
    });
  });
  app.get('/:id', (c) => c.json(view(find(core, c.req.param('id')))));
  app.get('/:id/audio', async (c) => {
    const mp3 = await encodeMp3(spoken(find(core, c.req.param('id'))).samples);
    return c.body(Uint8Array.from(mp3), 200, { 'content-type': 'audio/mpeg' });
  });
  app.delete('/:id', (c) => {
    const { id } = find(core, c.req.param('id'));
    core.store.delete(kind, id);
    return c.json({ status: 'ok' });
  });
  return app;
}

function find(core: Core, id: string): HistoryItem {
  const item = core.store.get<HistoryItem>(kind, id);
  if (!item) throw new ElevenLabsError(404, 'history_item_not_found', `History item with ID ${id} not found.`);
  return item;
}

function spoken({ text, voiceId, speed }: HistoryItem) {
  const voice = accountVoices.find(({ voice_id }) => voice_id === voiceId);
  if (!voice) throw new ElevenLabsError(404, 'voice_not_found', `A voice with the voice_id ${voiceId} was not found.`);
  return speak(text, voice.throat, speed);
}

function view(item: HistoryItem): object {
  const { characters, startSeconds, endSeconds } = spoken(item);
  const alignment = {
    characters,
    character_start_times_seconds: startSeconds,
    character_end_times_seconds: endSeconds,
  };
  return {
    history_item_id: item.id,
    request_id: item.requestId,
    voice_id: item.voiceId,
    model_id: item.modelId,
    voice_name: accountVoices.find(({ voice_id }) => voice_id === item.voiceId)?.name ?? null,
    voice_category: 'premade',
    text: item.text,
    date_unix: item.dateUnix,
    character_count_change_from: item.from,
    character_count_change_to: item.to,
    content_type: 'audio/mpeg',
    state: null,
    settings: item.settings,
    source: 'TTS',
    alignments: { alignment, normalized_alignment: alignment },
  };
}
