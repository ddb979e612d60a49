import type { VoiceSegment } from '../../../functions/src/shared/api/voice.ts';
import { ClipFailure } from './clip-failure.ts';
import { Deck, Superseded } from './deck.ts';
import { lengthOf } from './message.ts';
import type { ClipAudio, Place } from './message.ts';
import { noMessage } from './player-state.ts';
import type { PlayerState, PlayerWorld } from './player-state.ts';
import { Sounded } from './sounded.ts';

/** How often the position is looked at: often enough that a pause loses no word of what was heard. */
const tickMs = 200;
/** While something sounds it is reported this often; what is urgent is reported at once. */
const reportMs = 5000;
/** How long the old voice goes on while the new one is being fetched. Longer, and it would speak under another text. */
const lingerMs = 400;
/** A hand-over that fires this early is as good as on time: timers are no finer. */
const timerMs = 8;
/** By how much a clip is started early, because an element takes a moment to sound; each hand-over teaches the next. */
const firstLeadMs = 25;
/** The most of it: a clip ends in the pause of its full stop, and beyond this the next word would be heard in it. */
const longestLeadMs = 100;
/** After a failed download; a network that comes back does not wait for it. */
const retriesMs = [1000, 2000, 4000, 8000, 16_000, 30_000];
/**
 * Makes a message sound, clip after clip. Two elements take turns: while one sounds the other holds the next clip, and is started as the last
 * word of the first ends. What the listener wants is decided above it, in `Player`.
 *
 * Every change of mind (a pause, a seek, another language) begins a new turn; what an earlier turn still has under way changes nothing.
 */
export abstract class SoundPath {
  protected readonly world: PlayerWorld;
  protected readonly decks: readonly [Deck, Deck];
  protected readonly listeners = new Set<() => void>();
  protected state: PlayerState = noMessage;
  protected front: Deck;
  protected wants = false;
  protected turn = 0;
  /** The place where sound stopped or will begin, while the front deck does not say. */
  protected restAt = 0;
  protected sounded = new Sounded([]);
  protected sounding = false;
  protected dueAtMs: number | null = null;
  protected leadMs = firstLeadMs;
  protected failures = 0;
  protected reportedAtMs = 0;
  protected endTimer: number | null = null;
  protected tickTimer: number | null = null;
  protected otherTimer: number | null = null;

  constructor(world: PlayerWorld, rate: number) {
    this.world = world;
    this.state = { ...noMessage, rate };
    const events = {
      onEnded: (deck: Deck) => {
        if (deck === this.front && this.sounding) this.advance();
      },
      // A headset was unplugged, or a call came in.
      onStoppedByOthers: (deck: Deck) => {
        if (deck === this.front && this.sounding) this.pause();
      },
    };
    this.decks = [new Deck(world.sounds[0], world.clips, events), new Deck(world.sounds[1], world.clips, events)];
    this.front = this.decks[0];
  }

  /** What the player shows. The same object until something changes. */
  getState = (): PlayerState => this.state;

  /** Follows changes of the state; the position moves without telling (see `place`). */
  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Where it is right now. */
  place(): Place {
    const current = this.current();
    if (!current?.audio || this.front.clipId !== current.audio.id || !this.sounding) {
      return { segment: this.state.segment, seconds: this.restAt };
    }
    return { segment: this.state.segment, seconds: Math.min(this.front.seconds, lengthOf(current)) };
  }

  /** Falls silent where it is: asked for by the listener, or by the device. */
  abstract pause(): void;

  /** Says how far the listener is. */
  protected abstract report(urgent: boolean): void;

  protected current(): VoiceSegment | undefined {
    return this.state.message?.segments[this.state.segment];
  }

  protected set(change: Partial<PlayerState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }

  /** Stops wanting, and sounding. */
  protected halt(): void {
    this.noteSounded();
    this.restAt = this.place().seconds;
    this.beginTurn();
    this.wants = false;
    this.sounding = false;
    this.dueAtMs = null;
    this.sounded.end();
    this.decks.forEach((deck) => deck.stop());
  }

  protected beginTurn(): number {
    for (const timer of [this.endTimer, this.tickTimer, this.otherTimer]) {
      if (timer !== null) this.world.clearTimer(timer);
    }
    this.endTimer = this.tickTimer = this.otherTimer = null;
    this.turn += 1;
    return this.turn;
  }

  /** Goes to a place and sounds there, if sound is wanted and to be had. `linger`: what sounds now goes on until the new can. */
  protected go(place: Place, linger = false): void {
    const turn = this.beginTurn();
    this.restAt = place.seconds;
    this.sounded.end();
    this.sounding = false;
    if (place.segment !== this.state.segment) this.set({ segment: place.segment });
    const audio = this.current()?.audio ?? null;
    if (!this.wants) {
      this.decks.forEach((deck) => deck.stop());
      // What the listener will most likely want next is ready when they tap.
      if (audio && this.front.clipId !== audio.id && !this.world.savesData())
        void this.back()
          .load(audio)
          .catch(() => undefined);
      return;
    }
    if (!audio) {
      this.decks.forEach((deck) => linger && deck.stop());
      this.set({ phase: 'waiting' });
      if (this.state.message?.ready) this.showUnrecorded();
      return;
    }
    const ready = [this.back(), this.front].find((deck) => deck.clipId === audio.id);
    if (ready) return void this.start(ready, turn);
    const old = this.front;
    if (linger) this.otherTimer = this.world.setTimer(() => old.stop(), lingerMs);
    this.set({ phase: 'loading' });
    void this.fetchAndStart(audio, turn);
  }

  /**
   * A sentence that could not be recorded stands there as text for as long as it would be said. Then it counts as heard, or a recording that
   * failed would keep every later message from the member, and the message goes on.
   */
  protected showUnrecorded(): void {
    const current = this.current();
    if (!current) return;
    const ms = (Math.max(0, lengthOf(current) - this.restAt) / this.state.rate) * 1000;
    this.otherTimer = this.world.setTimer(() => {
      this.sounded.heard.include([this.state.segment]);
      this.set({ heard: this.sounded.heard.segments });
      this.advance();
    }, ms);
    this.prepareNext();
  }

  protected back(): Deck {
    return this.front === this.decks[0] ? this.decks[1] : this.decks[0];
  }

  protected async fetchAndStart(audio: ClipAudio, turn: number): Promise<void> {
    const deck = this.back();
    try {
      await deck.load(audio);
    } catch (error) {
      if (turn === this.turn && !(error instanceof Superseded)) this.fail(error, audio);
      return;
    }
    if (turn === this.turn) await this.start(deck, turn);
  }

  protected async start(deck: Deck, turn: number): Promise<void> {
    const other = deck === this.decks[0] ? this.decks[1] : this.decks[0];
    this.front = deck;
    const askedAtMs = this.world.now();
    try {
      await deck.start(this.restAt, this.state.rate);
    } catch (error) {
      if (turn === this.turn) this.refuse(error);
      return;
    }
    if (turn !== this.turn) return;
    const nowMs = this.world.now();
    other.stop();
    const gapMs = this.dueAtMs === null ? this.state.gapMs : Math.round(nowMs - this.dueAtMs);
    // One hand-over on a busy device is no rule: half of what it was off by is made up for.
    if (this.dueAtMs !== null)
      this.leadMs = Math.max(0, Math.min(longestLeadMs, this.leadMs + (nowMs - this.dueAtMs) / 2));
    this.dueAtMs = null;
    this.failures = 0;
    this.sounding = true;
    const current = this.current();
    if (current) this.sounded.begin(current.index, this.restAt, lengthOf(current), askedAtMs);
    this.set({ phase: 'playing', failure: null, started: true, gapMs });
    this.planEnd();
    this.planTick();
    this.prepareNext();
  }

  /** The browser did not play: most often because no tap came before. */
  protected refuse(error: unknown): void {
    // An element that was stopped in the same breath: whoever stopped it has the word.
    if (error instanceof DOMException && error.name === 'AbortError') return;
    const broken = !(error instanceof DOMException && error.name === 'NotAllowedError');
    this.halt();
    this.set({ phase: 'paused', failure: broken ? 'broken' : null });
  }

  protected fail(error: unknown, audio: ClipAudio): void {
    const kind = error instanceof ClipFailure ? error.kind : 'network';
    const count = this.failures;
    this.failures += 1;
    if (kind === 'broken' && count === 0) {
      const { turn } = this;
      void this.world.clips.forget(audio).then(() => turn === this.turn && this.go(this.place()));
      return;
    }
    if (kind === 'missing' && count === 0) {
      this.set({ phase: 'loading', failure: kind });
      return this.world.onMissing();
    }
    if (kind === 'offline' || kind === 'network') {
      this.set({ phase: 'loading', failure: kind });
      const pause = retriesMs[Math.min(count, retriesMs.length - 1)] ?? 0;
      this.otherTimer = this.world.setTimer(() => this.go(this.place()), pause);
      return;
    }
    this.halt();
    this.set({ phase: 'paused', failure: kind });
  }

  protected leftMs(): number {
    const current = this.current();
    return current ? ((lengthOf(current) - this.front.seconds) / this.state.rate) * 1000 : 0;
  }

  protected planEnd(): void {
    if (this.endTimer !== null) this.world.clearTimer(this.endTimer);
    const ms = Math.max(0, this.leftMs() - this.leadMs);
    this.endTimer = this.world.setTimer(() => {
      // A slow device is behind its clock: what counts is where the sound is.
      if (this.leftMs() - this.leadMs > timerMs) this.planEnd();
      else this.advance();
    }, ms);
  }

  protected planTick(): void {
    this.tickTimer = this.world.setTimer(() => {
      this.noteSounded();
      if (this.world.now() - this.reportedAtMs >= reportMs) this.report(false);
      this.planTick();
    }, tickMs);
  }

  protected prepareNext(): void {
    const { message, segment } = this.state;
    if (!message || this.world.savesData()) return;
    const [next, later] = message.segments.slice(segment + 1, segment + 3);
    if (next?.audio && this.back().clipId !== next.audio.id) {
      void this.back()
        .load(next.audio)
        // When its turn comes it is fetched once more, and then a failure is shown.
        .catch(() => undefined);
    }
    if (later?.audio) this.world.clips.keep(later.audio);
  }

  protected noteSounded(): void {
    const current = this.current();
    if (!this.sounding || !current) return;
    const seconds = Math.min(this.front.seconds, lengthOf(current));
    if (this.sounded.note(seconds, this.state.rate, this.world.now())) {
      this.set({ heard: this.sounded.heard.segments });
    }
  }

  /** The last word of a segment has been said, or is about to be; or the time to read one without a recording is over. */
  protected advance(): void {
    const { message, segment } = this.state;
    const current = this.current();
    if (!message || !current) return;
    if (this.sounding) this.noteEnd(current);
    if (segment < message.segments.length - 1) {
      this.go({ segment: segment + 1, seconds: 0 });
      return this.report(false);
    }
    this.beginTurn();
    this.wants = false;
    this.sounding = false;
    this.sounded.end();
    this.restAt = lengthOf(current);
    this.dueAtMs = null;
    this.set({ phase: 'ended' });
    this.report(true);
  }

  private noteEnd(current: VoiceSegment): void {
    // Below zero where the browser was late: what is measured is the silence that is heard.
    const endsAtMs = this.world.now() + this.leftMs();
    this.dueAtMs = endsAtMs;
    this.sounded.note(lengthOf(current), this.state.rate, Math.max(endsAtMs, this.world.now()));
    this.set({ heard: this.sounded.heard.segments });
  }
}
