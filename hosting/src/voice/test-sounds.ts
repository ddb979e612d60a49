import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { VoiceLanguageCode, VoiceName } from '../../../functions/src/shared/voice.ts';
import { ClipFailure } from './clip-failure.ts';
import type { ClipFailureKind } from './clip-failure.ts';
import type { SoundElement } from './deck.ts';
import { Player } from './player.ts';
import type { Report } from './report-outbox.ts';

/** A clock that tests move by hand, with timers that fire as it passes them. */
export class FakeClock {
  nowMs = 0;
  private timers: { id: number; at: number; run: () => void }[] = [];
  private lastId = 0;

  setTimer = (run: () => void, ms: number): number => {
    this.lastId += 1;
    this.timers.push({ id: this.lastId, at: this.nowMs + ms, run });
    return this.lastId;
  };

  clearTimer = (id: number): void => {
    this.timers = this.timers.filter((timer) => timer.id !== id);
  };

  /** Lets time pass. Promises settle after each timer, as they do between a browser's tasks. */
  async pass(ms: number): Promise<void> {
    const until = this.nowMs + ms;
    await settle();
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= until).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.nowMs = Math.max(this.nowMs, due.at);
      this.clearTimer(due.id);
      due.run();
      await settle();
    }
    this.nowMs = until;
    await settle();
  }
}

/** Lets everything that is only waiting for its turn happen. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await Promise.resolve();
}

/** An `<audio>` element whose sound is a clock. */
export class FakeSound extends EventTarget implements SoundElement {
  playbackRate = 1;
  readyState = 0;
  ended = false;
  /** How long the element takes to begin. */
  latencyMs = 6;
  /** Set where no tap came before. */
  forbidden = false;
  private readonly clock: FakeClock;
  private readonly lengths: ReadonlyMap<string, number>;
  private address = '';
  private base = 0;
  private sinceMs: number | null = null;
  private endTimer: number | null = null;
  private starting: { reject: (error: unknown) => void; timer: number } | null = null;
  wasAskedToPlay = 0;

  constructor(clock: FakeClock, lengths: ReadonlyMap<string, number>) {
    super();
    this.clock = clock;
    this.lengths = lengths;
  }

  get src(): string {
    return this.address;
  }

  set src(address: string) {
    this.pause();
    this.address = address;
    this.readyState = 0;
    this.base = 0;
    this.ended = false;
  }

  load(): void {
    this.readyState = 4;
    this.dispatchEvent(new Event('canplay'));
  }

  get length(): number {
    return this.lengths.get(this.address) ?? 0;
  }

  get paused(): boolean {
    return this.sinceMs === null && this.starting === null;
  }

  get sounds(): boolean {
    return this.sinceMs !== null;
  }

  get currentTime(): number {
    if (this.sinceMs === null) return this.base;
    return Math.min(this.length, this.base + ((this.clock.nowMs - this.sinceMs) / 1000) * this.playbackRate);
  }

  set currentTime(seconds: number) {
    this.base = seconds;
    this.ended = false;
    if (this.sinceMs !== null) this.sinceMs = this.clock.nowMs;
  }

  play(): Promise<void> {
    this.wasAskedToPlay += 1;
    if (this.forbidden) return Promise.reject(new DOMException('no tap', 'NotAllowedError'));
    return new Promise((resolve, reject) => {
      const timer = this.clock.setTimer(() => {
        this.starting = null;
        this.sinceMs = this.clock.nowMs;
        const leftMs = ((this.length - this.base) / this.playbackRate) * 1000;
        this.endTimer = this.clock.setTimer(() => this.reachEnd(), leftMs);
        resolve();
      }, this.latencyMs);
      this.starting = { reject, timer };
    });
  }

  private reachEnd(): void {
    this.base = this.length;
    this.sinceMs = null;
    this.ended = true;
    this.dispatchEvent(new Event('ended'));
  }

  pause(): void {
    const was = !this.paused;
    if (this.starting) {
      this.clock.clearTimer(this.starting.timer);
      this.starting.reject(new DOMException('stopped', 'AbortError'));
      this.starting = null;
    }
    this.base = this.currentTime;
    this.sinceMs = null;
    if (this.endTimer !== null) this.clock.clearTimer(this.endTimer);
    if (was) this.dispatchEvent(new Event('pause'));
  }
}

/** How long the file goes on after its last word. */
const breathSeconds = 0.3;

/** A message with a greeting and sentences of one second per word, each letter of a word as long as the others. */
export function fakeMessage(change: {
  language?: VoiceLanguageCode;
  voice?: VoiceName;
  sentences?: readonly string[];
  missing?: readonly number[];
  /** Segments that could not be recorded: nothing is made for them any more. */
  unrecorded?: readonly number[];
  messageId?: VoiceMessage['messageId'];
  position?: VoiceMessage['position'];
  heard?: number[];
  revision?: number;
}): VoiceMessage {
  const { language = 'en', voice = 'BuddyFriend', messageId = 'welcome', missing = [], unrecorded = [] } = change;
  const sentences = change.sentences ?? ['Hi Ada!', 'One two three.', 'Four five.', 'Six seven eight nine.'];
  return {
    messageId,
    kind: 'welcome',
    state: 'new',
    language,
    voice,
    direction: language === 'ar' || language === 'he' ? 'rtl' : 'ltr',
    textVersion: 1,
    ready: missing.length === 0,
    segments: sentences.map((text, index) => {
      const seconds = text.split(' ').length;
      const letters = Array.from(text).length;
      const times = Array.from({ length: letters + 1 }, (_, letter) => (letter * seconds) / letters);
      const made = !missing.includes(index) && !unrecorded.includes(index);
      const audio = { id: idOf(language, voice, text), url: `/clips/${text}`, personal: index === 0 };
      return {
        index,
        kind: index === 0 ? ('greeting' as const) : ('body' as const),
        text,
        seconds: made ? seconds : null,
        audio: made ? audio : null,
        characters: made ? { starts: times.slice(0, -1), ends: times.slice(1) } : null,
      };
    }),
    position: change.position ?? { sentence: 0, offsetMs: 0 },
    heard: change.heard ?? [],
    more: 'One more message is waiting for you.',
    waiting: 1,
    revision: change.revision ?? 1,
  };
}

function idOf(language: string, voice: string, text: string): string {
  const bytes = new TextEncoder().encode(`${language} ${voice} ${text}`);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);
}

/** A player with its surroundings at hand. */
export interface Rig {
  clock: FakeClock;
  sounds: [FakeSound, FakeSound];
  player: Player;
  reports: { report: Report; urgent: boolean }[];
  /** Ids of clips in the order in which they were fetched. */
  fetched: string[];
  /** Ids that were brought to the device for later. */
  kept: string[];
  world: {
    fetchMs: number;
    failing: ClipFailureKind | null;
    savesData: boolean;
    keptAll: boolean;
    unconfirmed: Report | null;
    unlocked: number;
    asksForMessage: number;
    forgotten: string[];
  };
  /** The text that sounds; null in silence. */
  heardNow: () => string | null;
}

/** Builds a player on two fake elements. */
export function makeRig(): Rig {
  const clock = new FakeClock();
  const lengths = new Map<string, number>();
  const texts = new Map<string, string>();
  const sounds: [FakeSound, FakeSound] = [new FakeSound(clock, lengths), new FakeSound(clock, lengths)];
  const rig = { clock, sounds, reports: [], fetched: [], kept: [] } as unknown as Rig;
  rig.world = {
    fetchMs: 5,
    failing: null,
    savesData: false,
    keptAll: false,
    unconfirmed: null,
    unlocked: 0,
    asksForMessage: 0,
    forgotten: [],
  };
  rig.player = new Player(
    {
      sounds,
      clips: {
        open: async (audio) => {
          rig.fetched.push(audio.id);
          await new Promise<void>((resolve) => void clock.setTimer(resolve, rig.world.fetchMs));
          if (rig.world.failing) throw new ClipFailure(rig.world.failing);
          const text = audio.url.slice('/clips/'.length);
          const url = `blob:${audio.id}:${String(rig.fetched.length)}`;
          lengths.set(url, text.split(' ').length + breathSeconds);
          texts.set(url, text);
          return url;
        },
        release: (url) => void texts.delete(url),
        areKept: () => Promise.resolve(rig.world.keptAll),
        keep: (audio) => void rig.kept.push(audio.id),
        forget: (audio) => {
          rig.world.forgotten.push(audio.id);
          return Promise.resolve();
        },
      },
      unlock: () => void (rig.world.unlocked += 1),
      savesData: () => rig.world.savesData,
      report: (report, urgent) => void rig.reports.push({ report, urgent }),
      unconfirmed: () => rig.world.unconfirmed,
      onMissing: () => void (rig.world.asksForMessage += 1),
      onStart: () => undefined,
      now: () => clock.nowMs,
      setTimer: clock.setTimer,
      clearTimer: clock.clearTimer,
    },
    1,
  );
  rig.heardNow = () => {
    const said = sounds.filter((sound) => sound.sounds).map((sound) => texts.get(sound.src) ?? '?');
    return said.length === 0 ? null : said.join(' + ');
  };
  return rig;
}
