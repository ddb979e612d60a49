import { Heard } from './heard.ts';

/** A segment while it sounds. */
interface Sounding {
  segment: number;
  length: number;
  /** Up to where it has been noted, in seconds of the clip, and when that was. */
  noted: number;
  atMs: number;
}

/** A jump of the position by more than time can explain is no listening. */
const slackSeconds = 0.35;

/** Follows the position of what sounds and notes what was really played. */
export class Sounded {
  private now: Sounding | null = null;
  readonly heard: Heard;

  constructor(heard: readonly number[]) {
    this.heard = new Heard(heard);
  }

  /** A segment has begun to sound at a place. */
  begin(segment: number, seconds: number, length: number, nowMs: number): void {
    this.now = { segment, length, noted: seconds, atMs: nowMs };
  }

  /** The sound is at a place now. True when its segment counts as heard from now on. */
  note(seconds: number, rate: number, nowMs: number): boolean {
    const { now } = this;
    if (!now) return false;
    const possible = ((nowMs - now.atMs) / 1000) * rate * 1.2 + slackSeconds;
    const from = now.noted;
    now.noted = seconds;
    now.atMs = nowMs;
    if (seconds <= from || seconds - from > possible) return false;
    return this.heard.add(now.segment, from, seconds, now.length);
  }

  /** Nothing sounds any more. */
  end(): void {
    this.now = null;
  }
}
