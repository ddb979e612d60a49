import { html } from 'hono/html';
import type { Fault, FaultInput } from '../core/faults.ts';
import type { Core } from '../core/vendor.ts';
import { href } from './layout.ts';
import type { Markup } from './layout.ts';

const KIND_TEXT: Record<FaultInput['kind'], string> = {
  status: 'answers an error, does no work',
  hang: 'never answers, does no work',
  'works-then-hangs': 'does the work, never answers',
  'works-then-status': 'does the work, answers an error',
  delay: 'answers late',
};

/** Misfortunes that happen in life, one click each to fill the form. */
const EXAMPLES: { label: string; fill: Record<string, string> }[] = [
  {
    label: 'Line made, answer lost',
    fill: { vendor: 'oxio', kind: 'works-then-hangs', method: 'POST', path: '/v3/lines/line' },
  },
  {
    label: 'Carrier down for 5 calls',
    fill: { vendor: 'oxio', kind: 'status', status: '503', html: 'on', times: '5' },
  },
  { label: 'Stripe says 429', fill: { vendor: 'stripe', kind: 'status', status: '429', times: '2' } },
  {
    label: 'Refund made, answer lost',
    fill: { vendor: 'stripe', kind: 'works-then-status', method: 'POST', path: '/v1/refunds' },
  },
  { label: 'Mail refused once', fill: { vendor: 'sendgrid', kind: 'status', status: '500' } },
  { label: 'Key service down', fill: { vendor: 'kms', kind: 'status', status: '503', times: '5' } },
  {
    label: 'Voice made, answer lost',
    fill: { vendor: 'elevenlabs', kind: 'works-then-status', method: 'POST' },
  },
  { label: 'Mail server busy', fill: { vendor: 'smtp', kind: 'status', status: '451' } },
];

/** Shows planned faults and the form for a new one, filled with `fill` (from an example, a call, or a refused try). */
export function faultsPage(core: Core, vendors: string[], fill: Record<string, string>): Markup {
  const faults = core.faults.list();
  return html`<h1>Faults</h1>
    <p class="lead">
      Plan what goes wrong. A fault hits the next calls that fit it, and is gone when it has hit often enough.
    </p>
    <div id="faults" data-live class="list">
      ${faults.length > 0 ? faults.map(faultRow) : html`<p class="empty">Nothing is planned: all calls work.</p>`}
    </div>
    <h2>Plan a fault</h2>
    <div class="tools">
      <div class="chips">
        ${EXAMPLES.map((example) => html`<a href="${href('/faults', example.fill)}">${example.label}</a>`)}
      </div>
    </div>
    ${faultForm(vendors, fill)}`;
}

function faultForm(vendors: string[], fill: Record<string, string>): Markup {
  const value = (name: string, standard = '') => fill[name] ?? standard;
  const options = (list: [string, string][], chosen: string) =>
    list.map(([id, text]) => html`<option value="${id}" ${id === chosen ? html`selected` : ''}>${text}</option>`);
  const kinds = Object.entries(KIND_TEXT).map(([kind, text]): [string, string] => [kind, `${kind}: ${text}`]);
  const methods = ['', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map((name): [string, string] => [name, name || 'any']);
  return html`<form class="card" method="post" action="/faults">
    <div class="fields">
      <label
        >Vendor
        <select name="vendor">
          ${options(
            vendors.map((name) => [name, name]),
            value('vendor'),
          )}
        </select></label
      >
      <label class="half"
        >What happens
        <select name="kind">
          ${options(kinds, value('kind'))}
        </select></label
      >
      <label
        >Method
        <select name="method">
          ${options(methods, value('method'))}
        </select></label
      >
      <label>Path <input name="path" value="${value('path')}" placeholder="any, /v1/*, /v1/**" /></label>
      <label>How many calls <input name="times" type="number" min="1" value="${value('times', '1')}" /></label>
      <label>Let through first <input name="skip" type="number" min="0" value="${value('skip', '0')}" /></label>
      <label>Status <input name="status" type="number" min="200" max="599" value="${value('status', '500')}" /></label>
      <label
        >Delay in ms <input name="delayMs" type="number" min="0" max="120000" value="${value('delayMs', '1000')}"
      /></label>
      <label class="check"
        ><input name="html" type="checkbox" ${value('html') ? html`checked` : ''} /> Answer HTML</label
      >
      <label class="wide">Body of the error (JSON or text) <textarea name="body">${value('body')}</textarea></label>
    </div>
    <p><button class="main">Plan it</button></p>
  </form>`;
}

function faultRow(fault: Fault): Markup {
  const answers = fault.kind.endsWith('status') ? ` ${fault.status}${fault.html ? ' HTML' : ''}` : '';
  const late = fault.kind === 'delay' ? ` ${fault.delayMs} ms` : '';
  return html`<div class="row">
    <span class="pill info">${fault.vendor}</span>
    <span class="pill warn">${fault.kind}${answers}${late}</span>
    <span class="mono grow">${fault.method ?? 'any method'} ${fault.path ?? 'any path'}</span>
    <span class="soft small">${fault.skip > 0 ? `after ${fault.skip}, ` : ''}${fault.times} to go</span>
    <form class="inline" method="post" action="/faults/${fault.id}/remove"><button class="mini">Remove</button></form>
  </div>`;
}

/** Turns the fault form's fields into input for the fault list; empty fields are left out. */
export function faultFromForm(form: Record<string, string>): unknown {
  const { html: asHtml, ...rest } = form;
  const given = Object.entries(rest).filter(([, value]) => value !== '');
  const numbers = ['times', 'skip', 'status', 'delayMs'];
  const fields = given.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]);
  return { ...Object.fromEntries(fields), html: asHtml === 'on' };
}
