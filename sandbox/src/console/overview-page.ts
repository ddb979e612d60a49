import { html } from 'hono/html';
import type { Core, Vendor } from '../core/vendor.ts';
import { sandboxState } from '../control/state.ts';
import type { VendorState } from '../control/state.ts';
import { recentCalls } from './calls-page.ts';
import type { Markup } from './layout.ts';

/** Shows every stand-in with its address and state, and the latest calls. */
export function overviewPage(core: Core, vendors: Vendor[]): Markup {
  const state = sandboxState(core, vendors);
  return html`<h1>Overview</h1>
    <p class="lead">
      Stand-ins for the services that DOTM uses. They keep what they are told, check what they are sent, and fail when
      you ask them to. <a href="/mail">Mail</a> of both ways lands in one inbox.
    </p>
    <div id="vendors" data-live class="grid">
      ${state.vendors.map(vendorCard)}
      <section class="card">
        <h2>Mail (SMTP)</h2>
        <code>${state.urls.smtp}</code>
        <dl class="facts">
          <dt>Mails in the inbox</dt>
          <dd>${state.mail}</dd>
          <dt>Login</dt>
          <dd>any or none</dd>
        </dl>
        <a href="/mail">Open the inbox</a>
      </section>
    </div>
    <h2>Latest calls</h2>
    ${recentCalls(core)}
    <h2>Start afresh</h2>
    <form method="post" action="/reset">
      <button class="danger">Empty the sandbox</button>
      <span class="soft small"> Removes all objects, calls, mail and faults, and sets the clock right.</span>
    </form>`;
}

function vendorCard(vendor: VendorState): Markup {
  return html`<section class="card">
    <h2>${vendor.title}</h2>
    <code>${vendor.url}</code>
    <dl class="facts">
      ${vendor.facts.map(
        (fact) =>
          html`<dt>${fact.label}</dt>
            <dd>${fact.value}</dd>`,
      )}
      <dt>Calls</dt>
      <dd><a href="/calls?vendor=${vendor.name}">${vendor.calls}</a></dd>
      ${
        vendor.webhooks
          ? html`<dt>Webhooks</dt>
              <dd>${webhookLine(vendor.webhooks)}</dd>`
          : ''
      }
    </dl>
    ${vendor.faults > 0 ? html`<a class="pill warn" href="/faults">${vendor.faults === 1 ? 'One fault planned' : `${vendor.faults} faults planned`}</a>` : ''}
  </section>`;
}

function webhookLine(webhooks: NonNullable<VendorState['webhooks']>): Markup {
  const waiting = webhooks.held + webhooks.waiting;
  return html`<a href="/webhooks"
    >${webhooks.url ? webhooks.mode : 'no target'}${waiting > 0 ? `, ${waiting} waiting` : ''}</a
  >`;
}
