import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import { isSameRendering, placeInOther, placeToGoOn, saySame } from './message.ts';
import type { Place } from './message.ts';
import { noMessage } from './player-state.ts';
import { SoundPath } from './sound-path.ts';
import { Sounded } from './sounded.ts';

/** "Previous" within this time of a sentence goes to the one before, later to its own beginning: as music players do. */
const againSeconds = 2;

/**
 * Plays a message that is cut into clips as if it were one, and knows what the listener wants. It never plays before `play` was called, which
 * has to be in a tap or a key.
 */
export class Player extends SoundPath {
  private consented = false;
  /** Whether the listener has played or moved what is open: from then on its place is theirs. */
  private touched = false;

  /**
   * Opens a message, silently. The same in another language or voice goes on at the same sentence, and goes on sounding if it did; a later
   * state of the open one brings the clips that were missing.
   */
  show(message: VoiceMessage): void {
    const held = this.state.message;
    if (held && isSameRendering(held, message)) return this.renew(held, message);
    if (held && saySame(held, message)) return this.exchange(held, message);
    this.halt();
    this.touched = false;
    const unconfirmed = this.world.unconfirmed(message.messageId, message.textVersion);
    this.sounded = new Sounded([...message.heard, ...(unconfirmed?.heard ?? [])]);
    const place = placeToGoOn(message, unconfirmed ?? message.position);
    const heard = this.sounded.heard.segments;
    this.set({ message, phase: 'paused', failure: null, started: false, heard, gapMs: null });
    this.go(place);
  }

  private renew(held: VoiceMessage, message: VoiceMessage): void {
    const { segment: index } = this.state;
    const had = held.segments[index];
    // What sounds now keeps its clip, even where it was recorded again meanwhile.
    const keep = this.sounding && had?.audio ? had : null;
    const segments = message.segments.map((segment) => (keep && segment.index === index ? keep : segment));
    this.sounded.heard.include(message.heard);
    this.set({ message: { ...message, segments }, heard: this.sounded.heard.segments });
    // What this device remembered came first: the server knows how far the listener is by now, here or elsewhere.
    if (!this.touched && message.revision >= held.revision) {
      const unconfirmed = this.world.unconfirmed(message.messageId, message.textVersion);
      return this.go(placeToGoOn(message, unconfirmed ?? message.position));
    }
    const { phase, failure } = this.state;
    // Who reads a sentence that has no recording is not put back to its beginning.
    const isOver = phase === 'waiting' && (segments[index]?.audio || message.ready !== held.ready);
    if (isOver || failure === 'missing') this.go(this.place());
    else if (this.sounding) this.prepareNext();
  }

  private exchange(held: VoiceMessage, message: VoiceMessage): void {
    const over = this.state.phase === 'ended';
    this.noteSounded();
    this.sounded.heard.include(message.heard);
    // Half a sentence in one language and half in another are no sentence.
    if (held.language !== message.language) this.sounded.heard.forgetParts();
    const place = over ? { segment: 0, seconds: 0 } : placeInOther(held, message, this.place());
    this.set({ message, phase: over ? 'paused' : this.state.phase, failure: null });
    this.go(place, true);
  }

  /** Wakes the browser's sound for what is to be played soon. Has to be called in a tap or a key. */
  unlock(): void {
    this.world.unlock();
  }

  /** Plays on. Has to be called in a tap or a key. `consented`: the listener agreed to use data on a device that saves it. */
  play(consented = false): void {
    const { message, phase, segment } = this.state;
    if (!message) return;
    this.touched = true;
    this.world.unlock();
    if (consented) this.consented = true;
    if (phase === 'ended') this.moveTo({ segment: 0, seconds: 0 });
    if (this.wants) return this.retryNow();
    if (!this.consented && this.world.savesData()) return void this.playWhatIsKept(message, segment);
    this.begin();
  }

  private begin(): void {
    this.wants = true;
    this.failures = 0;
    this.world.onStart();
    this.go(this.place());
  }

  private async playWhatIsKept(message: VoiceMessage, from: number): Promise<void> {
    const turn = ++this.turn;
    const audios = message.segments.slice(from).map((segment) => segment.audio);
    const made = audios.filter((audio) => audio !== null);
    // What could not be recorded costs no data.
    const kept = (message.ready || made.length === audios.length) && (await this.world.clips.areKept(made));
    if (turn !== this.turn) return;
    if (kept) this.begin();
    else this.set({ phase: 'asking' });
  }

  /** Falls silent where it is. */
  pause(): void {
    if (!this.state.message || this.state.phase === 'ended') return;
    this.halt();
    this.set({ phase: 'paused', failure: null });
    this.report(true);
  }

  toggle(): void {
    if (this.wants) this.pause();
    else this.play();
  }

  /** Goes to the beginning of a sentence; sounds there if it sounded before. */
  seek(segment: number): void {
    const { message } = this.state;
    if (!message) return;
    const last = message.segments.length - 1;
    this.moveTo({ segment: Math.max(0, Math.min(segment, last)), seconds: 0 });
  }

  /** Sounds from the beginning of a sentence, or from a moment in it. Has to be called in a tap or a key. */
  playFrom(segment: number, seconds = 0): void {
    this.moveTo({ segment, seconds });
    this.play();
  }

  next(): void {
    const { message, segment } = this.state;
    if (message && segment < message.segments.length - 1) this.seek(segment + 1);
  }

  previous(): void {
    const { segment, seconds } = this.place();
    this.seek(seconds > againSeconds ? segment : segment - 1);
  }

  setRate(rate: number): void {
    this.noteSounded();
    this.decks.forEach((deck) => deck.setRate(rate));
    this.set({ rate });
    if (this.sounding) this.planEnd();
  }

  /** Tries again what failed: the network is back, or the listener asks. */
  retryNow(): void {
    if (!this.wants || this.sounding) return;
    this.failures = 0;
    this.go(this.place());
  }

  /** Reports where it is, at once: the page may be about to go. */
  reportNow(): void {
    // A pause was reported when it began; saying it again might overrule a place that another device has reached since.
    if (!this.sounding) return;
    this.noteSounded();
    this.report(true);
  }

  /** Closes the message. */
  close(): void {
    this.pause();
    this.halt();
    this.decks.forEach((deck) => deck.clear());
    this.set({ ...noMessage, rate: this.state.rate });
  }

  private moveTo(place: Place): void {
    this.touched = true;
    this.noteSounded();
    this.decks.forEach((deck) => deck.stop());
    this.sounding = false;
    this.dueAtMs = null;
    if (this.state.phase === 'ended' || this.state.phase === 'asking') this.set({ phase: 'paused' });
    this.go(place);
    this.report(true);
  }

  protected report(urgent: boolean): void {
    const { message, started } = this.state;
    if (!message || !started) return;
    this.reportedAtMs = this.world.now();
    const { messageId, textVersion, language, voice } = message;
    const { segment, seconds } = this.place();
    const offsetMs = Math.min(120_000, Math.max(0, Math.round(seconds * 1000)));
    const heard = this.sounded.heard.segments;
    this.world.report({ messageId, textVersion, language, voice, sentence: segment, offsetMs, heard }, urgent);
  }
}
