import { ClipFailure } from './clip-failure.ts';
import type { ClipAudio } from './message.ts';

/** What a deck needs of an `<audio>` element; tests bring their own. */
export interface SoundElement extends EventTarget {
  src: string;
  currentTime: number;
  playbackRate: number;
  readonly readyState: number;
  readonly paused: boolean;
  readonly ended: boolean;
  play(): Promise<void>;
  pause(): void;
  load(): void;
}

/** Where a deck gets its clips: an address that the element can play, given back when another takes its place. */
export interface ClipSource {
  open: (audio: ClipAudio) => Promise<string>;
  release: (url: string) => void;
}

/** HTMLMediaElement.HAVE_FUTURE_DATA: playing may begin. */
const haveFutureData = 3;
/** Some phones fetch nothing before they are told to play and never say that they could: after this long they are told. */
const patienceMs = 600;

/** A load that another one has replaced; nobody is told of it. */
export class Superseded extends Error {}

/** One of the two elements that take turns: holds one clip, ready to sound at once. */
export class Deck {
  private readonly sound: SoundElement;
  private readonly source: ClipSource;
  private wanted: string | null = null;
  private loading: Promise<void> | null = null;
  private url: string | null = null;
  private meansToStop = false;
  /** The clip that can sound at once; null while there is none. */
  clipId: string | null = null;

  constructor(
    sound: SoundElement,
    source: ClipSource,
    events: { onEnded: (deck: Deck) => void; onStoppedByOthers: (deck: Deck) => void },
  ) {
    this.sound = sound;
    this.source = source;
    sound.addEventListener('ended', () => events.onEnded(this));
    sound.addEventListener('pause', () => {
      const ours = this.meansToStop || sound.ended;
      this.meansToStop = false;
      if (!ours) events.onStoppedByOthers(this);
    });
  }

  /** Where the sound is, in seconds of the clip. */
  get seconds(): number {
    return this.sound.currentTime;
  }

  /** Makes a clip ready. Rejects with ClipFailure, or with Superseded when another clip was asked for meanwhile. */
  load(audio: ClipAudio): Promise<void> {
    if (this.wanted === audio.id && this.loading) return this.loading;
    this.wanted = audio.id;
    this.clipId = null;
    const loading = this.fill(audio);
    this.loading = loading;
    loading.catch(() => {
      if (this.loading === loading) this.clear();
    });
    return loading;
  }

  private async fill(audio: ClipAudio): Promise<void> {
    const url = await this.source.open(audio);
    if (this.wanted !== audio.id) {
      this.source.release(url);
      throw new Superseded();
    }
    this.stop();
    this.release();
    this.url = url;
    this.sound.src = url;
    this.sound.load();
    await this.untilPlayable();
    if (this.wanted !== audio.id) throw new Superseded();
    this.clipId = audio.id;
  }

  private untilPlayable(): Promise<void> {
    if (this.sound.readyState >= haveFutureData) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const over = new AbortController();
      const { signal } = over;
      const settle = (then: () => void) => () => {
        over.abort();
        clearTimeout(timer);
        then();
      };
      const timer = setTimeout(settle(resolve), patienceMs);
      this.sound.addEventListener('canplay', settle(resolve), { signal });
      this.sound.addEventListener(
        'error',
        settle(() => reject(new ClipFailure('broken'))),
        { signal },
      );
    });
  }

  /** Sounds from a moment on. Rejects where the browser forbids it, and when it was stopped before it began. */
  async start(seconds: number, rate: number): Promise<void> {
    this.meansToStop = false;
    this.sound.playbackRate = rate;
    // Setting the same moment again would make the element look for it anew, which is heard.
    if (Math.abs(this.sound.currentTime - seconds) > 0.01) this.sound.currentTime = seconds;
    await this.sound.play();
  }

  setRate(rate: number): void {
    this.sound.playbackRate = rate;
  }

  /** Falls silent and stays where it is. */
  stop(): void {
    if (this.sound.paused) return;
    this.meansToStop = true;
    this.sound.pause();
  }

  /** Forgets its clip. */
  clear(): void {
    this.wanted = null;
    this.loading = null;
    this.clipId = null;
  }

  private release(): void {
    if (this.url !== null) this.source.release(this.url);
    this.url = null;
  }
}
