import { html } from 'hono/html';
import type { Core } from '../core/vendor.ts';
import { lineV3 } from '../oxio/line-views.ts';
import type { LineV3 } from '../oxio/line-views.ts';
import { listLines } from '../oxio/lines.ts';
import { readSettings } from '../oxio/settings.ts';
import { listSubscriptions } from '../oxio/subscriptions.ts';
import type { Markup } from './layout.ts';

const SHOWN = 100;

type NumberSetting = 'numberDelaySeconds' | 'activationDelaySeconds' | 'activationCodeDelaySeconds' | 'latencyMs';

/** Shows how the carrier behaves, with a form to change it, and its lines. */
export function carrierPage(core: Core): Markup {
  const settings = readSettings(core.store);
  const now = core.clock.now();
  const lines = listLines(core).reverse().slice(0, SHOWN);
  const number = (name: NumberSetting, label: string) =>
    html`<label>${label} <input type="number" min="0" name="${name}" value="${settings[name]}" /></label>`;
  const check = (name: string, label: string, on: boolean) =>
    html`<label class="check"><input type="checkbox" name="${name}" ${on ? html`checked` : ''} /> ${label}</label>`;
  return html`<h1>Carrier</h1>
    <p class="lead">
      How OXIO's stand-in behaves. Delays count on the sandbox clock and hold for lines made from now on.
    </p>
    <form class="card" method="post" action="/carrier">
      <div class="fields">
        ${number('numberDelaySeconds', 'Number after (s)')} ${number('activationDelaySeconds', 'Active after (s)')}
        ${number('activationCodeDelaySeconds', 'Activation code after (s)')}
        ${number('latencyMs', 'Each answer takes (ms)')} ${check('stockEmpty', 'No SIM in stock', settings.stockEmpty)}
        ${check('refuseLines', 'Refuse every line, code 3', settings.refuseLines !== null)}
        ${check('refuseSubscriptions', 'Refuse every plan, code 3', settings.refuseSubscriptions !== null)}
      </div>
      <p><button class="main">Set</button></p>
    </form>
    <h2>Lines</h2>
    <div id="lines" data-live class="list">
      ${lines.length > 0 ? lines.map((line) => lineRow(core, lineV3(line, now))) : html`<p class="empty">No lines yet.</p>`}
    </div>`;
}

function lineRow(core: Core, line: LineV3): Markup {
  const plans = listSubscriptions(core, line.lineId);
  return html`<details id="${line.lineId}">
    <summary>
      <span class="mono grow">${line.sim.iccid}</span>
      <span class="small soft">${plans.map(({ plan }) => plan.displayName).join(', ') || 'no plan'}</span>
      <span class="mono">${line.phoneNumbers[0]?.phoneNumber ?? 'number pending'}</span>
      <span class="pill ${line.status === 'ACTIVE' ? 'good' : 'warn'}">${line.status}</span>
    </summary>
    <div class="body"><pre>${JSON.stringify(line, null, 2)}</pre></div>
  </details>`;
}
