import type { SandboxState } from './control/state.ts';
import type { CallRecord } from './core/calls.ts';
import type { Fault, FaultInput } from './core/faults.ts';
import type { WebhookDelivery, WebhookMode } from './core/webhooks.ts';
import type { Mail, MailSummary } from './mail/inbox.ts';
import type { LineV3 } from './oxio/line-views.ts';
import type { EndUser } from './oxio/people.ts';
import type { OxioSettings, OxioSettingsChange } from './oxio/settings.ts';
import type { Subscription } from './oxio/subscriptions.ts';

/** A control call that was refused; `field` names the bad input when there is one. */
export class ControlError extends Error {
  readonly status: number;
  readonly field: string | undefined;

  constructor(status: number, message: string, field?: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

/** The sandbox clock: `now` is ISO-8601. */
export interface ClockReading {
  now: string;
  offsetSeconds: number;
}

/** A change of one line at the carrier; `status: null` gives the line back to time. */
export interface LineChange {
  status?: string | null;
  phoneNumber?: string;
  numberReady?: boolean;
  activationCodeReady?: boolean;
}

/**
 * Steers a running sandbox: `new ControlClient('http://127.0.0.1:4700')`. For tests and the demo; each method is one control
 * route and throws ControlError when it is refused.
 */
export class ControlClient {
  readonly #base: string;

  constructor(consoleUrl: string) {
    this.#base = `${consoleUrl.replace(/\/$/, '')}/control`;
  }

  /** Calls any control route, such as a vendor's own that has no method here. */
  async call<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.#base}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as T & { error?: { message: string; field?: string } };
    if (response.ok) return answer;
    throw new ControlError(response.status, answer.error?.message ?? response.statusText, answer.error?.field);
  }

  /** Tells the whole state at a glance. */
  state(): Promise<SandboxState> {
    return this.call('GET', '/state');
  }

  /** Empties the sandbox; webhook targets stay. */
  async reset(): Promise<void> {
    await this.call('POST', '/reset');
  }

  /** Plans a fault. */
  addFault(fault: FaultInput): Promise<Fault> {
    return this.call('POST', '/faults', fault);
  }

  /** Lists the faults that still have calls to hit. */
  async faults(): Promise<Fault[]> {
    return (await this.call<{ faults: Fault[] }>('GET', '/faults')).faults;
  }

  /** Forgets all faults. */
  async clearFaults(): Promise<void> {
    await this.call('DELETE', '/faults');
  }

  /** Changes how a vendor's events leave. */
  async setWebhookMode(vendor: string, mode: WebhookMode): Promise<void> {
    await this.call('POST', `/webhooks/${vendor}/mode`, { mode });
  }

  /** Changes where a vendor's events go. */
  async setWebhookTarget(vendor: string, url: string): Promise<void> {
    await this.call('POST', `/webhooks/${vendor}/target`, { url });
  }

  /** Sends what is held and waits for the answers; tells how many there were. */
  async releaseWebhooks(vendor: string): Promise<number> {
    return (await this.call<{ released: number }>('POST', `/webhooks/${vendor}/release`)).released;
  }

  /** Lists deliveries, newest first. */
  async webhooks(vendor?: string): Promise<WebhookDelivery[]> {
    const path = `/webhooks?limit=5000${vendor ? `&vendor=${vendor}` : ''}`;
    return (await this.call<{ webhooks: WebhookDelivery[] }>('GET', path)).webhooks;
  }

  /** Sends one delivery again, waits for the answer. */
  resendWebhook(id: string): Promise<WebhookDelivery> {
    return this.call('POST', `/webhooks/${id}/resend`);
  }

  /** Reads the sandbox clock. */
  clock(): Promise<ClockReading> {
    return this.call('GET', '/clock');
  }

  /** Moves the clock and waits until what became due is done. */
  advanceClock(advanceSeconds: number): Promise<ClockReading> {
    return this.call('POST', '/clock', { advanceSeconds });
  }

  /** Lists calls, newest first. */
  async calls(filter: { vendor?: string; limit?: number } = {}): Promise<CallRecord[]> {
    const query = new URLSearchParams({ limit: String(filter.limit ?? 5_000) });
    if (filter.vendor) query.set('vendor', filter.vendor);
    return (await this.call<{ calls: CallRecord[] }>('GET', `/calls?${query.toString()}`)).calls;
  }

  /** Lists mail, newest first; `to` finds one recipient's. */
  async mail(filter: { to?: string } = {}): Promise<MailSummary[]> {
    const query = new URLSearchParams({ limit: '2000', ...(filter.to ? { to: filter.to } : {}) });
    return (await this.call<{ mail: MailSummary[] }>('GET', `/mail?${query.toString()}`)).mail;
  }

  /** Reads one message whole. */
  readMail(id: string): Promise<Mail> {
    return this.call('GET', `/mail/${id}`);
  }

  /** Changes how the carrier behaves; tells all settings. */
  setOxio(change: OxioSettingsChange): Promise<OxioSettings> {
    return this.call('POST', '/oxio/settings', change);
  }

  /** Lists the carrier's lines, oldest first, with the plans on each. */
  async oxioLines(endUserId?: string): Promise<(LineV3 & { subscriptions: Subscription[] })[]> {
    const path = endUserId ? `/oxio/lines?endUserId=${endUserId}` : '/oxio/lines';
    return (await this.call<{ lines: (LineV3 & { subscriptions: Subscription[] })[] }>('GET', path)).lines;
  }

  /** Changes one line of the carrier. */
  changeOxioLine(lineId: string, change: LineChange): Promise<LineV3> {
    return this.call('POST', `/oxio/lines/${lineId}`, change);
  }

  /** Lists the carrier's end users, oldest first. */
  async oxioEndUsers(): Promise<EndUser[]> {
    return (await this.call<{ endUsers: EndUser[] }>('GET', '/oxio/end-users')).endUsers;
  }
}
