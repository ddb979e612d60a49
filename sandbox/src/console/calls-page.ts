import { html } from 'hono/html';
import type { CallRecord } from '../core/calls.ts';
import type { Core } from '../core/vendor.ts';
import { chips, href, pretty, statusPill, timeOfDay } from './layout.ts';
import type { Markup } from './layout.ts';

/** What the list of calls is narrowed to; empty text is no filter. */
export interface CallFilter {
  vendor: string;
  show: string;
  text: string;
}

const SHOWN = 200;
/** The page is drawn anew every 1.5 s: it searches the newest only. The control API lists all. */
const SEARCHED = 1_000;

/** Shows the journal of calls, live and filterable; each opens to its bodies. */
export function callsPage(core: Core, vendors: string[], filter: CallFilter): Markup {
  const calls = core.calls.list({ vendor: filter.vendor || undefined, limit: SEARCHED });
  const shown = calls.filter((call) => fits(call, filter)).slice(0, SHOWN);
  const link = (change: Partial<CallFilter>) => href('/calls', { ...filter, ...change });
  return html`<h1>Calls</h1>
    <p class="lead">Every request that reached a stand-in, newest first. Secrets and card numbers are masked.</p>
    <div class="tools">
      ${chips(
        'Vendor',
        [{ value: '', label: 'All', href: link({ vendor: '' }) }].concat(
          vendors.map((name) => ({ value: name, label: name, href: link({ vendor: name }) })),
        ),
        filter.vendor,
      )}
      ${chips(
        'Result',
        [
          { value: '', label: 'Any result', href: link({ show: '' }) },
          { value: 'errors', label: 'Errors', href: link({ show: 'errors' }) },
          { value: 'faults', label: 'Faults played', href: link({ show: 'faults' }) },
        ],
        filter.show,
      )}
    </div>
    <form class="line" method="get" action="/calls">
      <input type="hidden" name="vendor" value="${filter.vendor}" />
      <input type="hidden" name="show" value="${filter.show}" />
      <input
        type="search"
        name="text"
        value="${filter.text}"
        placeholder="Path, id or body"
        aria-label="Search calls"
      />
      <button>Search</button>
    </form>
    <div id="calls" data-live class="list">${shown.length > 0 ? shown.map(callRow) : nothing()}</div>`;
}

/** Shows the last few calls, for the overview. */
export function recentCalls(core: Core): Markup {
  const calls = core.calls.list({ limit: 8 });
  return html`<div id="recent" data-live class="list">${calls.length > 0 ? calls.map(callRow) : nothing()}</div>`;
}

function nothing(): Markup {
  return html`<p class="empty">No calls yet. They appear here by themselves.</p>`;
}

function fits(call: CallRecord, filter: CallFilter): boolean {
  if (filter.show === 'errors' && call.status > 0 && call.status < 400) return false;
  if (filter.show === 'faults' && !call.fault) return false;
  const text = filter.text.toLowerCase();
  return !text || [call.path, call.query, call.requestBody, call.responseBody].join('\n').toLowerCase().includes(text);
}

function callRow(call: CallRecord): Markup {
  const again = href('/faults', { vendor: call.vendor, method: call.method, path: call.path });
  return html`<details id="${call.id}">
    <summary>
      <span class="mono soft">${timeOfDay(call.at)}</span>
      <span class="pill info">${call.vendor}</span>
      <span class="mono grow"><b>${call.method}</b> ${call.path}${call.query}</span>
      ${call.fault ? html`<span class="pill warn">${call.fault}</span>` : ''}
      <span class="mono soft">${call.ms} ms</span>
      ${statusPill(call.status)}
    </summary>
    <div class="body">
      ${Object.entries(call.requestHeaders).map(
        ([name, value]) => html`<div class="mono small"><span class="soft">${name}:</span> ${value}</div>`,
      )}
      ${
        call.requestBody
          ? html`<div class="small soft">Request</div>
              <pre>${pretty(call.requestBody)}</pre>`
          : ''
      }
      <div class="small soft">Answer</div>
      <pre>${pretty(call.responseBody) || '(empty)'}</pre>
      <a class="small" href="${again}">Make the next call like this fail</a>
    </div>
  </details>`;
}
