import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatMoney } from '../money.ts';
import { idOf } from '../tables.ts';
import type { World } from '../world.ts';
import { formatDate, layout, notice } from './layout.ts';
import { describeCard } from './payment-view.ts';
import { languageOf, textsOf } from './texts.ts';

/** Serves receipts (`/receipts/:charge`, a charge's `receipt_url`) and invoices (`/i/:invoice`, their `hosted_invoice_url`). */
export function createPaperPages(world: World): Hono {
  const app = new Hono();
  app.get('/receipts/:id', (c) => {
    const charge = world.tables.charges.get(c.req.param('id'));
    const language = languageOf(null, c.req.header('accept-language'));
    const texts = textsOf(language);
    if (!charge || charge.status === 'failed') {
      return c.html(notice(language, { title: texts.missingTitle, text: texts.missingText }, null), 404);
    }
    const money = (amount: number) => formatMoney(amount, charge.currency, language);
    const method = world.tables.paymentMethods.get(charge.payment_method ?? '');
    const rows: [string, string][] = [
      [texts.amountPaid, money(charge.amount)],
      [texts.status, texts.statuses[charge.status] ?? charge.status],
      [texts.date, formatDate(charge.created, language)],
      [texts.paidWith, method ? describeCard(method, texts) : (charge.payment_method_details?.type ?? '')],
      [texts.number, charge.id],
    ];
    if (charge.amount_refunded > 0) rows.splice(1, 0, [texts.refunded, money(charge.amount_refunded)]);
    return c.html(
      layout(
        language,
        texts.receipt,
        html`<main class="wrap narrow">
          <div class="panel">
            <h1 class="big">${texts.receipt} · ${texts.merchant}</h1>
            ${charge.description ? html`<p>${charge.description}</p>` : ''} ${table(rows)}
          </div>
        </main>`,
      ),
    );
  });
  app.get('/i/:id', (c) => {
    const invoice = world.tables.invoices.get(c.req.param('id'));
    const customer = world.tables.customers.get(idOf(invoice?.customer) ?? '');
    const language = languageOf(customer?.preferred_locales?.[0], c.req.header('accept-language'));
    const texts = textsOf(language);
    if (!invoice) return c.html(notice(language, { title: texts.missingTitle, text: texts.missingText }, null), 404);
    const money = (amount: number) => formatMoney(amount, invoice.currency, language);
    const paid = invoice.status === 'paid';
    return c.html(
      layout(
        language,
        `${texts.invoice} ${invoice.number ?? ''}`,
        html`<main class="wrap narrow">
          <div class="panel">
            <h1 class="big">${texts.invoice} ${invoice.number}</h1>
            ${table([
              [texts.status, texts.statuses[invoice.status ?? ''] ?? ''],
              [texts.date, formatDate(invoice.created, language)],
              [texts.billedTo, invoice.customer_email ?? invoice.customer_name ?? ''],
            ])}
            <h2>${texts.merchant}</h2>
            <ul class="items">
              ${invoice.lines.data.map(
                (line) => html`<li><span>${line.description}</span><span>${money(line.amount)}</span></li>`,
              )}
              ${invoice.total_discount_amounts?.map(
                ({ amount }) => html`<li><span>${texts.discount}</span><span>${money(-amount)}</span></li>`,
              )}
              ${invoice.total_taxes?.map(
                ({ amount }) => html`<li><span>${texts.tax}</span><span>${money(amount)}</span></li>`,
              )}
            </ul>
            <p class="sum">
              <span>${paid ? texts.amountPaid : texts.due}</span>
              <span>${money(paid ? invoice.amount_paid : invoice.amount_remaining)}</span>
            </p>
          </div>
        </main>`,
      ),
    );
  });
  return app;
}

function table(rows: [string, string][]) {
  return html`<dl>
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
