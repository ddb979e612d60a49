import { html, raw } from 'hono/html';
import type { Stripe } from 'stripe';
import { formatMoney } from '../money.ts';
import { layout } from './layout.ts';
import type { Markup } from './layout.ts';
import { statesOf, TAX_COUNTRIES } from '../taxes.ts';
import { textsOf } from './texts.ts';
import type { PageLanguage, PageTexts } from './texts.ts';

/** What the payment page shows. */
export interface PaymentView {
  language: PageLanguage;
  session: Stripe.Checkout.Session;
  lineItems: Stripe.LineItem[];
  coupon: Stripe.Coupon | null;
  /** Where tax is reckoned for, once the payer has said so. */
  place: { country: string | null; state: string | null } | null;
  savedCards: Stripe.PaymentMethod[];
  /** What was typed before an error; the card itself is never sent back. */
  typed: { email: string; name: string; method: string };
  /** A name of `texts.errors`, or null. */
  error: string | null;
}

// The form works without this. It keeps a second click from posting again (the server would charge once all the same) and
// puts blanks between the digits.
const SCRIPT = `
const form=document.getElementById('pay-form'),button=document.getElementById('pay');
let sent=false;
form.addEventListener('submit',e=>{if(e.submitter?.hasAttribute('formaction'))return;if(sent){e.preventDefault();return}sent=true;button.setAttribute('aria-disabled','true');button.textContent=button.dataset.working});
addEventListener('pageshow',()=>{sent=false;button.removeAttribute('aria-disabled');button.textContent=button.dataset.label});
const card=document.getElementById('card');
card?.addEventListener('input',()=>{if(card.selectionStart===card.value.length)card.value=card.value.replace(/\\D/g,'').slice(0,19).replace(/(.{4})(?=.)/g,'$1 ')});
const exp=document.getElementById('exp');
exp?.addEventListener('input',e=>{if(e.inputType!=='deleteContentBackward'&&/^\\d{2}$/.test(exp.value))exp.value+=' / '});
for(const id of ['country','state'])document.getElementById(id)?.addEventListener('change',()=>form.requestSubmit(form.querySelector('[formaction]')));
document.querySelector('[role=alert]')?.focus();
`;

/** Renders the payment page of an open session. */
export function paymentPage(view: PaymentView): Markup {
  const texts = textsOf(view.language);
  const title = view.session.mode === 'subscription' ? texts.subscribeTo : texts.payTo;
  return layout(
    view.language,
    title,
    html`<main class="wrap two">
        <section aria-labelledby="title">
          <h1 id="title">${title}</h1>
          ${summary(view, texts)}
        </section>
        <section class="panel" aria-label="${texts.method}">${form(view, texts)} ${footer(view, texts)}</section>
      </main>
      <script>
        ${raw(SCRIPT)};
      </script>`,
  );
}

function moneyOf(view: PaymentView, amount: number): string {
  return formatMoney(amount, view.session.currency ?? 'usd', view.language);
}

function rhythm(price: Stripe.Price | null, texts: PageTexts): string {
  const recurring = price?.recurring;
  if (!recurring) return '';
  if (recurring.interval_count === 1) return texts.per[recurring.interval] ?? '';
  return texts.every(recurring.interval_count, recurring.interval);
}

function summary(view: PaymentView, texts: PageTexts): Markup {
  const total = moneyOf(view, view.session.amount_total ?? 0);
  const often = view.lineItems.map((item) => rhythm(item.price, texts)).find((text) => text !== '');
  return html`<p class="total">${total} ${often ? html`<small>${often}</small>` : ''}</p>
    <ul class="items">
      ${view.lineItems.map(
        (item) =>
          html`<li>
            <span>
              ${item.description}
              <small>
                ${texts.quantity(item.quantity ?? 1)}${
                  (item.quantity ?? 1) > 1 ? ` · ${texts.each(moneyOf(view, item.price?.unit_amount ?? 0))}` : ''
                }
                ${rhythm(item.price, texts)}
              </small>
            </span>
            <span>${moneyOf(view, item.amount_subtotal)}</span>
          </li>`,
      )}
    </ul>
    ${deductions(view, texts)}
    <p class="sum"><span>${texts.total}</span><span>${total}</span></p>`;
}

/** What stands between list prices and total; nothing where they are the same. */
function deductions(view: PaymentView, texts: PageTexts): Markup | string {
  const { amount_discount: discount = 0, amount_tax: tax = 0 } = view.session.total_details ?? {};
  const taxed = view.session.automatic_tax.enabled;
  if (!view.coupon && !taxed) return '';
  const row = (label: string, amount: string) => html`<li><span>${label}</span><span>${amount}</span></li>`;
  return html`<ul class="items">
    ${row(texts.subtotal, moneyOf(view, view.session.amount_subtotal ?? 0))}
    ${view.coupon ? row(view.coupon.name ?? texts.discount, moneyOf(view, -discount)) : ''}
    ${taxed ? row(texts.tax, view.place?.country ? moneyOf(view, tax) : texts.taxUnknown) : ''}
  </ul>`;
}

/** Asks where the payer is; a choice is reckoned at once, or by the button where no script runs. */
function address({ session, place, error }: PaymentView, texts: PageTexts): Markup | string {
  if (!session.automatic_tax.enabled) return '';
  const country = place?.country ?? '';
  const option = (value: string, chosen: string) =>
    html`<option value="${value}" ${value === chosen ? html`selected` : ''}>${value === '' ? '–' : value}</option>`;
  const states = statesOf(country);
  return html`<div class="pair">
      <div class="field">
        <label for="country">${texts.country}</label>
        <select id="country" name="country" ${invalid(error === 'country')}>
          ${['', ...TAX_COUNTRIES].map((code) => option(code, country))}
        </select>
      </div>
      ${
        states.length > 0
          ? html`<div class="field">
              <label for="state">${texts.state}</label>
              <select id="state" name="state">
                ${['', ...states].map((code) => option(code, place?.state ?? ''))}
              </select>
            </div>`
          : ''
      }
    </div>
    <p><button type="submit" class="quiet" formaction="/c/pay/${session.id}/address">${texts.updateTax}</button></p>`;
}

function form(view: PaymentView, texts: PageTexts): Markup {
  const { session, error } = view;
  const label = buttonLabel(view, texts);
  return html`<form id="pay-form" method="post" action="/c/pay/${session.id}/pay" novalidate>
    ${error ? html`<p class="error" role="alert" tabindex="-1" id="error">${texts.errors[error] ?? texts.errors['card_declined']}</p>` : ''}
    ${contact(view, texts)} ${address(view, texts)} ${needsMethod(session) ? methods(view, texts) : ''}
    <button id="pay" type="submit" data-label="${label}" data-working="${texts.working}">${label}</button>
    ${session.mode === 'subscription' ? html`<p class="hint">${texts.renewalNote}</p>` : ''}
  </form>`;
}

function buttonLabel({ session, language }: PaymentView, texts: PageTexts): string {
  if (session.mode === 'subscription') return texts.subscribe;
  if (session.amount_total === 0) return texts.finish;
  return texts.pay(formatMoney(session.amount_total ?? 0, session.currency ?? 'usd', language));
}

/** Tells whether a session wants a payment method: when something is due, and for a free subscription unless told otherwise. */
export function needsMethod(session: Stripe.Checkout.Session): boolean {
  return (session.amount_total ?? 0) > 0 || session.payment_method_collection === 'always';
}

function contact({ session, typed, error }: PaymentView, texts: PageTexts): Markup {
  const known = session.customer_details?.email;
  if (known)
    return html`<h2>${texts.contact}</h2>
      <p class="given">${known}</p>`;
  return html`<div class="field">
    <label for="email">${texts.email}</label>
    <input
      id="email"
      name="email"
      type="email"
      autocomplete="email"
      value="${typed.email}"
      ${invalid(error === 'email')}
    />
  </div>`;
}

function invalid(yes: boolean): Markup | string {
  return yes ? html`aria-invalid="true" aria-describedby="error"` : '';
}

function methods(view: PaymentView, texts: PageTexts): Markup {
  const { session, savedCards, typed } = view;
  const card = session.payment_method_types.includes('card');
  const debit = session.payment_method_types.some((type) => type !== 'card');
  const first = savedCards[0] ? `saved:${savedCards[0].id}` : card ? 'card' : 'bank_debit';
  const chosen = typed.method || first;
  const choice = (value: string, label: string, shows: string) =>
    html`<label class="choice">
      <input
        type="radio"
        name="method"
        value="${value}"
        data-shows="${shows}"
        ${value === chosen ? html`checked` : ''}
      />
      <span>${label}</span>
    </label>`;
  return html`<fieldset>
      <legend>${texts.method}</legend>
      ${savedCards.map((method) => choice(`saved:${method.id}`, describeCard(method, texts), 'saved'))}
      ${card ? choice('card', texts.card, 'card') : ''} ${debit ? choice('bank_debit', texts.bankDebit, 'bank') : ''}
    </fieldset>
    ${card ? html`<div class="only-card">${cardFields(view, texts)}</div>` : ''}
    ${debit ? html`<p class="hint only-bank">${texts.bankNote}</p>` : ''}`;
}

/** Names a saved card for people. */
export function describeCard(method: Stripe.PaymentMethod, texts: PageTexts): string {
  const brand = method.card?.brand ?? method.type;
  const last4 = method.card?.last4 ?? method.us_bank_account?.last4 ?? method.acss_debit?.last4 ?? '';
  return texts.savedCard(brand.charAt(0).toUpperCase() + brand.slice(1), last4);
}

function cardFields({ session, typed, error }: PaymentView, texts: PageTexts): Markup {
  const offersSaving = session.saved_payment_method_options?.payment_method_save === 'enabled';
  return html`<div class="field">
      <label for="card">${texts.cardNumber}</label>
      <input
        id="card"
        name="card"
        inputmode="numeric"
        autocomplete="cc-number"
        placeholder="4242 4242 4242 4242"
        ${invalid(error === 'number')}
      />
    </div>
    <div class="pair">
      <div class="field">
        <label for="exp">${texts.expiry}</label>
        <input
          id="exp"
          name="exp"
          inputmode="numeric"
          autocomplete="cc-exp"
          placeholder="${texts.expiryHint}"
          ${invalid(error === 'expiry' || error === 'expired')}
        />
      </div>
      <div class="field">
        <label for="cvc">${texts.cvc}</label>
        <input
          id="cvc"
          name="cvc"
          inputmode="numeric"
          autocomplete="cc-csc"
          placeholder="123"
          ${invalid(error === 'cvc')}
        />
      </div>
    </div>
    <div class="field">
      <label for="name">${texts.name}</label>
      <input id="name" name="name" autocomplete="cc-name" value="${typed.name}" />
    </div>
    ${
      offersSaving
        ? html`<label class="choice"><input type="checkbox" name="save" value="1" /><span>${texts.save}</span></label>`
        : ''
    }`;
}

function footer({ session }: PaymentView, texts: PageTexts): Markup {
  return html`${session.cancel_url ? html`<p class="back"><a href="${session.cancel_url}">${texts.cancel}</a></p>` : ''}
    <details>
      <summary>${texts.testCards}</summary>
      <p>
        <code>4242 4242 4242 4242</code> ${texts.succeeds}<br />
        <code>4000 0000 0000 0002</code> ${texts.isDeclined}<br />
        <code>4000 0025 0000 3155</code> ${texts.asks}
      </p>
    </details>`;
}

/** Renders the page on which a bank would ask its cardholder. */
export function challengePage(language: PageLanguage, session: Stripe.Checkout.Session): Markup {
  const texts = textsOf(language);
  const amount = formatMoney(session.amount_total ?? 0, session.currency ?? 'usd', language);
  return layout(
    language,
    texts.authTitle,
    html`<main class="wrap narrow">
      <form class="panel stack" method="post" action="/c/pay/${session.id}/authenticate">
        <h1 class="big">${texts.authTitle}</h1>
        <p>${texts.authText(amount)}</p>
        <button type="submit" name="result" value="complete">${texts.authComplete}</button>
        <button type="submit" name="result" value="fail" class="quiet">${texts.authFail}</button>
      </form>
    </main>`,
  );
}
