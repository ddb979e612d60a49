import { z } from 'zod';
import { ClipFailure } from './clip-failure.ts';
import type { ClipAudio } from './message.ts';

/** Clips that everybody hears alike. */
export const sharedClips = 'dotm-voice';
/** Clips with the member's name, and messages as they were last seen: wiped when the member leaves. */
export const personalClips = 'dotm-voice-personal';

/** What the store needs from its surroundings; tests pass their own. */
export interface ClipWorld {
  fetch: typeof fetch;
  /** Opens a box of the browser's Cache API; null where nothing may be kept (private windows, somebody who leaves). */
  openBox: (name: string) => Promise<Cache | null>;
  /** Headers that let the member's own clips through. */
  credentials: () => Promise<Record<string, string>>;
  online: () => boolean;
  now: () => number;
  /** Which clips this device keeps, how large each is and when it was last used. */
  readIndex: () => unknown;
  writeIndex: (index: ClipIndex) => void;
  /** The most that shared clips may take on this device, in bytes. */
  maxBytes: number;
}

const indexSchema = z.record(z.string(), z.tuple([z.number(), z.number()]));
export type ClipIndex = z.infer<typeof indexSchema>;

/** Some hundred clips: a traveller's whole set of messages in two languages. */
export const maxClipBytes = 48_000_000;
/** A clip is a sentence; the smallest MP3 that ElevenLabs makes is larger than this. */
const smallestClipBytes = 200;
/** Longer than a phone on a bad network needs for a hundred kilobytes. */
const timeoutMs = 30_000;
/** Clips held in memory for where nothing may be kept: the one that sounds, the next, and some to go back to. */
const inMemory = 8;

/** Fetches clips once and keeps them on this device; the least recently heard go first when there are too many. */
export class ClipStore {
  private readonly world: ClipWorld;
  private readonly memory = new Map<string, Blob>();
  private readonly fetching = new Map<string, Promise<Blob>>();

  constructor(world: ClipWorld) {
    this.world = world;
  }

  /** The bytes of a clip, from this device or from the server. Rejects with ClipFailure. */
  async open(audio: ClipAudio): Promise<Blob> {
    const held = this.memory.get(audio.id) ?? (await this.find(audio));
    if (held) return this.remember(audio.id, held);
    // The player and the preloader may want the same clip at once.
    const running = this.fetching.get(audio.id);
    if (running) return running;
    const fetching = this.download(audio).finally(() => this.fetching.delete(audio.id));
    this.fetching.set(audio.id, fetching);
    return fetching;
  }

  /** Whether all of these are on this device. */
  async areKept(audios: readonly ClipAudio[]): Promise<boolean> {
    const found = await Promise.all(
      audios.map(async (audio) => this.memory.has(audio.id) || (await this.find(audio)) !== null),
    );
    return found.every(Boolean);
  }

  /** Throws a clip away, here and in memory. */
  async forget(audio: ClipAudio): Promise<void> {
    this.memory.delete(audio.id);
    const cache = await this.cacheOf(audio);
    await cache?.delete(audio.url).catch(() => false);
  }

  private async find(audio: ClipAudio): Promise<Blob | null> {
    const cache = await this.cacheOf(audio);
    const kept = await cache?.match(audio.url).catch(() => undefined);
    if (!kept) return null;
    if (!audio.personal) this.touch(audio, null);
    return kept.blob();
  }

  private async download(audio: ClipAudio): Promise<Blob> {
    const response = await this.ask(audio);
    if (!response.ok) throw failureOf(response.status);
    const blob = await response.blob().catch((cause: unknown) => {
      throw new ClipFailure('network', cause);
    });
    const type = response.headers.get('content-type') ?? '';
    // A captive portal answers everything with its own page.
    if (!type.startsWith('audio/') || blob.size < smallestClipBytes) throw new ClipFailure('network');
    await this.keep(audio, blob, type);
    return this.remember(audio.id, blob);
  }

  private async ask(audio: ClipAudio): Promise<Response> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      // A shared clip is asked for without any token, so that it may come from a cache on the way.
      const headers = audio.personal ? await this.world.credentials() : {};
      return await this.world.fetch(audio.url, { headers, signal });
    } catch (cause) {
      throw new ClipFailure(this.world.online() ? 'network' : 'offline', cause);
    }
  }

  private async keep(audio: ClipAudio, blob: Blob, type: string): Promise<void> {
    const cache = await this.cacheOf(audio);
    // A full disk is no reason not to play.
    const kept = await cache?.put(audio.url, new Response(blob, { headers: { 'content-type': type } })).then(
      () => true,
      () => false,
    );
    if (!kept || audio.personal) return;
    this.touch(audio, blob.size);
    await this.makeRoom(cache);
  }

  private async makeRoom(cache: Cache | null): Promise<void> {
    const index = this.index();
    const oldest = Object.entries(index).sort(([, one], [, other]) => one[1] - other[1]);
    let bytes = oldest.reduce((sum, [, [size]]) => sum + size, 0);
    for (const [url, [size]] of oldest) {
      if (bytes <= this.world.maxBytes) break;
      delete index[url];
      await cache?.delete(url).catch(() => false);
      bytes -= size;
    }
    this.world.writeIndex(index);
  }

  private touch(audio: ClipAudio, bytes: number | null): void {
    const index = this.index();
    const size = bytes ?? index[audio.url]?.[0];
    if (size !== undefined) this.world.writeIndex({ ...index, [audio.url]: [size, this.world.now()] });
  }

  private index(): ClipIndex {
    return indexSchema.safeParse(this.world.readIndex()).data ?? {};
  }

  private remember(id: string, blob: Blob): Blob {
    this.memory.delete(id);
    this.memory.set(id, blob);
    for (const oldest of [...this.memory.keys()].slice(0, -inMemory)) this.memory.delete(oldest);
    return blob;
  }

  private async cacheOf(audio: ClipAudio): Promise<Cache | null> {
    // Firefox rejects in private windows, where `caches` exists all the same.
    return this.world.openBox(audio.personal ? personalClips : sharedClips).catch(() => null);
  }
}

function failureOf(status: number): ClipFailure {
  if (status === 404 || status === 410) return new ClipFailure('missing');
  if (status === 401 || status === 403) return new ClipFailure('denied');
  return new ClipFailure('network');
}
