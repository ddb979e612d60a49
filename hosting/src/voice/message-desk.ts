import type { VoiceMessage } from '../../../functions/src/shared/api/voice.ts';
import type { Wish } from './kept-messages.ts';
import type { Player } from './player.ts';

/** What the desk needs from its surroundings; tests pass their own. */
export interface DeskWorld {
  player: Player;
  /** Asks the server for a message, which also makes its language and voice the member's choice. */
  generate: (wish: Wish) => Promise<VoiceMessage>;
  /** Whether a failure is only the network's. */
  passes: (error: unknown) => boolean;
  kept: (wish: Wish) => Promise<VoiceMessage | null>;
  keep: (message: VoiceMessage) => void;
  setTimer: (run: () => void, ms: number) => number;
  clearTimer: (timer: number) => void;
}

export interface DeskState {
  /** What was asked for last; null before anything was. */
  wish: Wish | null;
  /** Whether its text is on its way. */
  busy: boolean;
  error: unknown;
}

/** While a voice is being made it is asked for after these pauses, should the live update not come: most are made within seconds. */
const pollsMs = [1000, 1500, 2000, 3000];

/** Only what is asked for: a message is a wish too, with much that the server did not ask to be told. */
function wishOf({ messageId, language, voice }: Wish): Wish {
  return { messageId, language, voice };
}

function isSameWish(one: Wish, other: Wish): boolean {
  return one.messageId === other.messageId && one.language === other.language && one.voice === other.voice;
}

/**
 * Brings messages to the player. What this device has kept is shown at once, with or without network; the server is asked all the same, since
 * asking is choosing, and a kept message may have been recorded anew. Only the last wish counts.
 */
export class MessageDesk {
  private readonly world: DeskWorld;
  private readonly listeners = new Set<() => void>();
  private state: DeskState = { wish: null, busy: false, error: null };
  private timer: number | null = null;
  private looks = 0;
  private playsWhenThere = false;

  constructor(world: DeskWorld) {
    this.world = world;
  }

  getState = (): DeskState => this.state;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Asks for a message in a language and voice. `play`: has to be called in a tap, and it sounds when it is there. */
  ask(wish: Wish, play = false): void {
    if (play) this.world.player.unlock();
    this.playsWhenThere = play;
    this.looks = 0;
    this.set({ wish, busy: true, error: null });
    void this.fetch(wish, this.showKept(wish));
  }

  /** Takes a message that came by itself (the live projection, the current message): only a later state of the open one. */
  receive(message: VoiceMessage): void {
    const open = this.world.player.getState().message;
    if (message.ready) this.world.keep(message);
    if (open && isSameWish(open, message)) this.show(message);
  }

  /**
   * Opens a message that nobody asked for, where none is open and none is on its way. One that was opened so and never played makes room: the
   * member has heard it elsewhere, or chose another language there.
   */
  offer(message: VoiceMessage): void {
    const { message: open, started } = this.world.player.getState();
    const { wish, busy } = this.state;
    const isFree = open === null || (wish === null && !started && !isSameWish(open, message));
    if (isFree && !busy) this.open(message);
    else this.receive(message);
  }

  /** Opens a message that is there already, in the place of whatever was asked for. `play`: has to be called in a tap. */
  open(message: VoiceMessage, play = false): void {
    if (message.ready) this.world.keep(message);
    if (play) this.world.player.unlock();
    this.playsWhenThere = play;
    this.looks = 0;
    this.set({ wish: null, busy: false, error: null });
    this.show(message);
  }

  /** Asks once more for what is open: a clip was missing, or the last attempt failed. Answers whether it came. */
  async askAgain(): Promise<boolean> {
    const wish = this.state.wish ?? this.world.player.getState().message;
    return wish === null ? false : this.fetch(wish);
  }

  private set(change: Partial<DeskState>): void {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((listener) => listener());
  }

  private isWished(wish: Wish): boolean {
    return this.state.wish === null || isSameWish(this.state.wish, wish);
  }

  private async showKept(wish: Wish): Promise<void> {
    const kept = await this.world.kept(wish);
    // The server may have been faster, and it knows better.
    if (kept && this.state.busy && this.isWished(wish)) this.show(kept);
  }

  private async fetch(wish: Wish, shown: Promise<void> = Promise.resolve()): Promise<boolean> {
    try {
      const message = await this.world.generate(wishOf(wish));
      if (!this.isWished(wish)) return true;
      if (message.ready) this.world.keep(message);
      this.set({ busy: false, error: null });
      this.show(message);
      return true;
    } catch (error) {
      // Without network the refusal comes at once, and the disk may be slower.
      await shown;
      if (!this.isWished(wish)) return false;
      const open = this.world.player.getState().message;
      // Without network what this device has kept is all there is, and it is enough.
      const served = this.world.passes(error) && open !== null && open.ready && isSameWish(open, wish);
      this.set({ busy: false, error: served ? null : error });
      return served;
    }
  }

  private show(message: VoiceMessage): void {
    const { player } = this.world;
    player.show(message);
    if (this.playsWhenThere) {
      this.playsWhenThere = false;
      player.play();
    }
    if (this.timer !== null) this.world.clearTimer(this.timer);
    this.timer = null;
    if (!message.ready) this.planLook(message);
  }

  private async lookAgain(message: VoiceMessage): Promise<void> {
    this.timer = null;
    const { player } = this.world;
    const isOpen = () => {
      const open = player.getState().message;
      return open !== null && isSameWish(open, message) && !open.ready;
    };
    if (!isOpen() || !this.isWished(message)) return;
    await this.fetch(message);
    // A failed look is not the last one.
    if (isOpen() && this.timer === null) this.planLook(message);
  }

  private planLook(message: VoiceMessage): void {
    const pause = pollsMs[Math.min(this.looks, pollsMs.length - 1)] ?? 0;
    this.looks += 1;
    this.timer = this.world.setTimer(() => void this.lookAgain(message), pause);
  }
}
