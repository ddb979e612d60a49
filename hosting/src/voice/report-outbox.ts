import { z } from 'zod';
import { trackListen } from '../../../functions/src/shared/api/voice.ts';

const reportSchema = trackListen.input;

/** How far somebody has listened to one message. */
export type Report = z.infer<typeof reportSchema>;

/** What the server answers to a report. */
export type ReportAnswer = z.infer<typeof trackListen.output>;

/** What reports need from their surroundings; tests pass their own. */
export interface ReportWorld {
  /** Sends one; rejects with whether the same may be sent again. */
  send: (report: Report) => Promise<ReportAnswer>;
  /** Whether a failed report is worth another attempt: a refused one would be refused for ever. */
  mayRetry: (error: unknown) => boolean;
  /** What this device kept of reports that nobody has confirmed yet. */
  read: () => unknown;
  keep: (reports: Report[] | undefined) => void;
  /** Tells what the server said: the next message may be another one now. */
  onAnswer: (report: Report, answer: ReportAnswer) => void;
  now: () => number;
  setTimer: (run: () => void, ms: number) => number;
  clearTimer: (timer: number) => void;
}

/** Reports that nobody waits for go out this far apart: a sentence lasts about as long. */
const spacingMs = 5000;
/** After a failure; a new report or a network that comes back does not wait for it. */
const retryMs = 20_000;

const reportsSchema = z.array(reportSchema);

/** One report that says what two said: the later place, and everything that was heard. */
export function mergeReports(held: Report, later: Report): Report {
  const heard = [...new Set([...held.heard, ...later.heard])].sort((one, other) => one - other);
  return { ...later, heard };
}

function areOfSameMessage(one: Report, other: Report): boolean {
  return one.messageId === other.messageId && one.textVersion === other.textVersion;
}

/** Whether who has been told the first has nothing more to learn from the second. */
function covers(told: Report, held: Report): boolean {
  return areOfSameMessage(told, held) && held.heard.every((segment) => told.heard.includes(segment));
}

/**
 * Keeps reports on this device until the server has confirmed them: a closed tab, a flight or a crash loses none. There is one per message,
 * and it says all that earlier ones said, so that their order and number do not matter. Tabs share what is kept, and none wipes out what
 * another has noted.
 */
export class ReportOutbox {
  private readonly world: ReportWorld;
  private reports: Report[];
  private timer: number | null = null;
  private sending = false;
  private lastSentAt = -Infinity;

  constructor(world: ReportWorld) {
    this.world = world;
    this.reports = this.kept();
    if (this.reports.length > 0) this.plan(0);
  }

  /** Notes a report; `urgent` sends it without waiting for company. */
  add(report: Report, urgent: boolean): void {
    const same = (held: Report) => areOfSameMessage(held, report);
    const earlier = [...this.kept(), ...this.reports].filter(same);
    const merged = [...earlier, report].reduce((held, later) => mergeReports(held, later));
    this.reports = [...this.reports.filter((held) => !same(held)), merged];
    this.keep();
    this.plan(urgent ? 0 : Math.max(0, this.lastSentAt + spacingMs - this.world.now()));
  }

  /** What is still to be confirmed about a message: newer than what the server says of it. */
  pending(messageId: Report['messageId'], textVersion: number): Report | null {
    return this.reports.find((held) => held.messageId === messageId && held.textVersion === textVersion) ?? null;
  }

  /** Sends what waits, at once. */
  flush(): void {
    if (this.reports.length > 0) this.plan(0);
  }

  private plan(ms: number): void {
    if (this.sending) return;
    if (this.timer !== null) this.world.clearTimer(this.timer);
    this.timer = this.world.setTimer(() => void this.sendNext(), ms);
  }

  private async sendNext(): Promise<void> {
    this.timer = null;
    const report = this.reports[0];
    if (this.sending || !report) return;
    this.sending = true;
    this.lastSentAt = this.world.now();
    let again: number | null = 0;
    try {
      const answer = await this.world.send(report);
      this.done(report);
      this.world.onAnswer(report, answer);
    } catch (error) {
      if (this.world.mayRetry(error)) again = retryMs;
      else this.done(report);
    } finally {
      this.sending = false;
    }
    if (again === 0) again = Math.max(0, this.lastSentAt + spacingMs - this.world.now());
    if (this.reports.length > 0) this.plan(again);
  }

  /** Forgets a report, unless it has grown while it was on its way. */
  private done(sent: Report): void {
    this.reports = this.reports.filter((held) => held !== sent);
    this.keep(sent);
  }

  private kept(): Report[] {
    return reportsSchema.safeParse(this.world.read()).data ?? [];
  }

  private keep(sent?: Report): void {
    const ofOthers = this.kept().filter(
      (held) => !this.reports.some((own) => areOfSameMessage(own, held)) && !(sent && covers(sent, held)),
    );
    const all = [...ofOthers, ...this.reports];
    this.world.keep(all.length === 0 ? undefined : all);
  }
}
