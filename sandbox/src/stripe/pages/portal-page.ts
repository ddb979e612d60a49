import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Stripe } from 'stripe';
import { PORTAL_LIFE_SECONDS } from '../billing-portal.ts';
import { formatMoney } from '../money.ts';
import { detachMethod } from '../payment-methods.ts';
import { periodEndOf, setCancelAtPeriodEnd } from '../subscriptions.ts';
import { idOf } from '../tables.ts';
import type { World } from '../world.ts';
import { formatDate, layout, notice } from './layout.ts';
import type { Markup } from './layout.ts';
import { describeCard } from './payment-view.ts';
import { languageOf, textsOf } from './texts.ts';
import type { PageLanguage } from './texts.ts';

interface Visit {
  session: Stripe.BillingPortal.Session;
  customer: Stripe.Customer;
  language: PageLanguage;
}

/** Serves the customer portal (`/p/session/…`): subscriptions, saved cards, invoices. Its buttons are plain forms. */
export function createPortalPages(world: World): Hono {
  const app = new Hono();
  app.get('/p/session/:token', (c) => withVisit(c, world, (visit) => c.html(portalPage(world, visit))));
  app.post('/p/session/:token/subscriptions/:id/:action', (c) =>
    withVisit(c, world, (visit) => {
      const subscription = world.tables.subscriptions.get(c.req.param('id'));
      const own = subscription && idOf(subscription.customer) === visit.customer.id;
      if (own && subscription.status !== 'canceled') {
        world.run(() => setCancelAtPeriodEnd(world, subscription, c.req.param('action') === 'cancel'));
      }
      return c.redirect(visit.session.url, 303);
    }),
  );
  app.post('/p/session/:token/methods/:id/:action', (c) =>
    withVisit(c, world, (visit) => {
      const method = world.tables.paymentMethods.get(c.req.param('id'));
      if (method && idOf(method.customer) === visit.customer.id) {
        if (c.req.param('action') === 'remove') world.run(() => detachMethod(world, method.id));
        else world.run(() => makeDefault(world, visit.customer, method.id));
      }
      return c.redirect(visit.session.url, 303);
    }),
  );
  return app;
}

/** Makes a card the one that renewals are charged to. */
function makeDefault(world: World, customer: Stripe.Customer, methodId: string): void {
  const settings = { ...customer.invoice_settings, default_payment_method: methodId };
  world.emit('customer.updated', world.tables.customers.put({ ...customer, invoice_settings: settings }), {
    invoice_settings: customer.invoice_settings,
  });
  for (const subscription of world.tables.subscriptions.list({ customer: customer.id })) {
    if (subscription.status === 'canceled') continue;
    const previous = { default_payment_method: idOf(subscription.default_payment_method) };
    world.emit(
      'customer.subscription.updated',
      world.tables.subscriptions.put({ ...subscription, default_payment_method: methodId }),
      previous,
    );
  }
}

function withVisit(
  c: Context,
  world: World,
  show: (visit: Visit) => Response | Promise<Response>,
): Response | Promise<Response> {
  const session = world.tables.portalSessions.list({
    url: `${world.origin}/p/session/${c.req.param('token') ?? ''}`,
  })[0];
  const customer = world.tables.customers.get(session?.customer ?? '');
  const language = languageOf(session?.locale ?? customer?.preferred_locales?.[0], c.req.header('accept-language'));
  const texts = textsOf(language);
  if (!session || !customer || session.created + PORTAL_LIFE_SECONDS < world.now()) {
    const link = session?.return_url ? { href: session.return_url, label: texts.back } : null;
    return c.html(notice(language, { title: texts.portalExpiredTitle, text: texts.portalExpiredText }, link), 410);
  }
  return show({ session, customer, language });
}

function portalPage(world: World, visit: Visit): Markup {
  const texts = textsOf(visit.language);
  return layout(
    visit.language,
    texts.portalTitle,
    html`<main class="wrap narrow">
      <div class="panel">
        <h1 class="big">${texts.portalTitle}</h1>
        <p class="given">${visit.customer.email}</p>
        <h2>${texts.subscriptions}</h2>
        ${subscriptionRows(world, visit)}
        <h2>${texts.methods}</h2>
        ${methodRows(world, visit)}
        <h2>${texts.invoices}</h2>
        ${invoiceRows(world, visit)}
        ${visit.session.return_url ? html`<p class="back"><a href="${visit.session.return_url}">${texts.back}</a></p>` : ''}
      </div>
    </main>`,
  );
}

/** A button of its own form. `about` tells a screen reader which row it belongs to. */
function action(visit: Visit, path: string, label: string, about: string): Markup {
  return html`<form method="post" action="${new URL(visit.session.url).pathname}/${path}">
    <button type="submit" class="quiet small" aria-label="${label}: ${about}">${label}</button>
  </form>`;
}

function subscriptionRows(world: World, visit: Visit): Markup {
  const texts = textsOf(visit.language);
  const found = world.tables.subscriptions.list({ customer: visit.customer.id });
  if (found.length === 0) return html`<p class="hint">${texts.noSubscriptions}</p>`;
  return html`${found.map((subscription) => {
    const item = subscription.items.data[0];
    const name = world.tables.products.get(idOf(item?.price.product) ?? '')?.name ?? '';
    const amount = formatMoney(item?.price.unit_amount ?? 0, subscription.currency, visit.language);
    const ends = formatDate(periodEndOf(subscription), visit.language);
    const leaving = subscription.cancel_at_period_end;
    const running = subscription.status !== 'canceled';
    return html`<div class="row">
      <span>
        ${name} · ${amount} ${texts.per[item?.price.recurring?.interval ?? ''] ?? ''}
        <small class="hint">
          ${texts.statuses[subscription.status] ?? subscription.status}${running ? ` · ${leaving ? texts.endsOn(ends) : texts.renewsOn(ends)}` : ''}
        </small>
      </span>
      ${
        running
          ? action(
              visit,
              `subscriptions/${subscription.id}/${leaving ? 'resume' : 'cancel'}`,
              leaving ? texts.resumePlan : texts.cancelPlan,
              name,
            )
          : ''
      }
    </div>`;
  })}`;
}

function methodRows(world: World, visit: Visit): Markup {
  const texts = textsOf(visit.language);
  const found = world.tables.paymentMethods.list({ customer: visit.customer.id });
  if (found.length === 0) return html`<p class="hint">${texts.noMethods}</p>`;
  const standard = idOf(visit.customer.invoice_settings.default_payment_method);
  return html`${found.map(
    (method) =>
      html`<div class="row">
        <span>
          ${describeCard(method, texts)}
          ${method.id === standard ? html`<span class="tag">${texts.isDefault}</span>` : ''}
          ${method.card ? html`<small class="hint">${texts.expires(method.card.exp_month, method.card.exp_year)}</small>` : ''}
        </span>
        <span>
          ${method.id === standard ? '' : action(visit, `methods/${method.id}/default`, texts.makeDefault, describeCard(method, texts))}
          ${action(visit, `methods/${method.id}/remove`, texts.remove, describeCard(method, texts))}
        </span>
      </div>`,
  )}`;
}

function invoiceRows(world: World, visit: Visit): Markup {
  const texts = textsOf(visit.language);
  const found = world.tables.invoices.list({ customer: visit.customer.id });
  if (found.length === 0) return html`<p class="hint">${texts.noInvoices}</p>`;
  return html`${found.map(
    (invoice) =>
      html`<div class="row">
        <span>
          ${formatDate(invoice.created, visit.language)} ·
          ${formatMoney(invoice.total, invoice.currency, visit.language)}
          <small class="hint">${invoice.number} · ${texts.statuses[invoice.status ?? ''] ?? invoice.status}</small>
        </span>
        <a href="${invoice.hosted_invoice_url}">${texts.view}</a>
      </div>`,
  )}`;
}
