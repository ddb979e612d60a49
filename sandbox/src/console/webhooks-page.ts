import { html } from 'hono/html';
import type { Core } from '../core/vendor.ts';
import { WEBHOOK_MODES } from '../core/webhooks.ts';
import type { WebhookDelivery, WebhookMode, WebhookSender } from '../core/webhooks.ts';
import { chips, href, pretty, statusPill, timeOfDay } from './layout.ts';
import type { Markup } from './layout.ts';

const MODE_TEXT: Record<WebhookMode, string> = {
  normal: 'normal: sent at once',
  duplicate: 'duplicate: each sent twice',
  hold: 'hold: kept until released, in order',
  shuffle: 'shuffle: kept, released in random order',
  drop: 'drop: never sent',
};
const STATES = ['', 'waiting', 'held', 'delivered', 'failed', 'dropped'];
const SHOWN = 200;
/** The page is drawn anew every 1.5 s: it searches the newest only. The control API lists all. */
const SEARCHED = 1_000;

/** Shows who sends events where, how, and each delivery with its attempts. */
export function webhooksPage(core: Core, filter: { state: string; text: string }): Markup {
  const senders = core.webhooks.all();
  const text = filter.text.toLowerCase();
  const deliveries = senders
    .flatMap((sender) => sender.list({}, { order: 'desc', limit: SEARCHED }))
    .filter((one) => !filter.state || one.state === filter.state)
    .filter((one) => !text || `${one.eventId} ${one.eventType ?? ''} ${one.body}`.toLowerCase().includes(text))
    .slice(0, SHOWN);
  return html`<h1>Webhooks</h1>
    <p class="lead">
      Events on their way to DOTM, newest first. An event is tried again until it is answered with 2xx.
    </p>
    <div class="grid">${senders.map(senderCard)}</div>
    <h2>Deliveries</h2>
    <div class="tools">
      ${chips(
        'State',
        STATES.map((state) => ({ value: state, label: state || 'All', href: href('/webhooks', { ...filter, state }) })),
        filter.state,
      )}
    </div>
    <form class="line" method="get" action="/webhooks">
      <input type="hidden" name="state" value="${filter.state}" />
      <input
        type="search"
        name="text"
        value="${filter.text}"
        placeholder="Event, id or body"
        aria-label="Search events"
      />
      <button>Search</button>
    </form>
    <div id="deliveries" data-live class="list">
      ${deliveries.length > 0 ? deliveries.map(deliveryRow) : html`<p class="empty">No events.</p>`}
    </div>`;
}

function senderCard(sender: WebhookSender): Markup {
  const held = sender.count('held');
  return html`<section class="card">
    <h2>${sender.vendor}</h2>
    <form class="line" method="post" action="/webhooks/${sender.vendor}/mode">
      <label
        >How events leave
        <select name="mode">
          ${WEBHOOK_MODES.map(
            (mode) =>
              html`<option value="${mode}" ${mode === sender.mode ? html`selected` : ''}>${MODE_TEXT[mode]}</option>`,
          )}
        </select>
      </label>
      <button>Set</button>
    </form>
    <form class="line" method="post" action="/webhooks/${sender.vendor}/target">
      <label class="grow">Target <input type="url" name="url" value="${sender.url ?? ''}" required /></label>
      <button>Set</button>
    </form>
    <form method="post" action="/webhooks/${sender.vendor}/release">
      <button class="${held > 0 ? 'main' : ''}">Release ${held} held</button>
    </form>
  </section>`;
}

function statePill(delivery: WebhookDelivery): Markup {
  const tones = { waiting: 'info', held: 'warn', delivered: 'good', failed: 'bad', dropped: 'warn' };
  return html`<span class="pill ${tones[delivery.state]}">${delivery.state}</span>`;
}

function deliveryRow(delivery: WebhookDelivery): Markup {
  const { attempts } = delivery;
  return html`<details id="${delivery.id}">
    <summary>
      <span class="mono soft">${timeOfDay(delivery.createdAt)}</span>
      <span class="grow"
        ><b>${delivery.eventType ?? delivery.vendor}</b> <span class="mono soft">${delivery.eventId}</span></span
      >
      ${attempts.length > 1 ? html`<span class="small soft">${attempts.length} attempts</span>` : ''}
      ${statePill(delivery)}
    </summary>
    <div class="body">
      <form method="post" action="/webhooks/deliveries/${delivery.id}/resend">
        <button class="mini">Send again</button>
      </form>
      ${attempts.map(
        (attempt) =>
          html`<p class="small">
            <span class="mono soft">${timeOfDay(attempt.at)}</span> ${statusPill(attempt.status)}
            <span class="soft">${attempt.ms} ms</span> ${attempt.error ?? attempt.answer}
          </p>`,
      )}
      ${delivery.nextAttemptAt ? html`<p class="small soft">Next attempt at ${timeOfDay(delivery.nextAttemptAt)} UTC</p>` : ''}
      <pre>${pretty(delivery.body)}</pre>
    </div>
  </details>`;
}
