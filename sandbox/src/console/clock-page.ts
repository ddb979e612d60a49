import { html } from 'hono/html';
import type { Core } from '../core/vendor.ts';
import { utc } from './layout.ts';
import type { Markup } from './layout.ts';

const MINUTE = 60;
const DAY = 86_400;
const STEPS: [string, number][] = [
  ['+ 10 s', 10],
  ['+ 1 min', MINUTE],
  ['+ 30 min', 30 * MINUTE],
  ['+ 1 hour', 60 * MINUTE],
  ['+ 1 day', DAY],
  ['+ 14 days', 14 * DAY],
  ['+ 31 days', 31 * DAY],
  ['+ 366 days', 366 * DAY],
];

/** Shows the sandbox's clock and moves it. */
export function clockPage(core: Core): Markup {
  const seconds = Math.round(core.clock.offsetMs / 1000);
  return html`<h1>Clock</h1>
    <p class="lead">
      Numbers arrive, checkout sessions expire and subscriptions renew by this clock. Moving it does what became due at
      once. It is the vendors' clock only: DOTM's own runs on.
    </p>
    <section class="card">
      <div class="big" id="clock" data-live>${utc(core.clock.now())}</div>
      <p class="soft">
        ${seconds === 0 ? 'Same as real time.' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} real time.`}
      </p>
      <form class="tools" method="post" action="/clock">
        ${STEPS.map(([label, step]) => html`<button name="advanceSeconds" value="${step}">${label}</button>`)}
      </form>
      <form class="line" method="post" action="/clock">
        <label>Set to (UTC) <input type="datetime-local" step="1" name="set" required /></label>
        <button>Set</button>
      </form>
      <form method="post" action="/clock"><button name="real" value="1">Back to real time</button></form>
    </section>`;
}
