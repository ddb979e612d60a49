import { html } from 'hono/html';
import { quoteMinutes } from '../../domain/pricing/quote.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import type { PricedBasketView } from '../../shared/api/pricing.ts';
import { formatBasisPoints, formatPrice, formatTokens } from '../../shared/format-amounts.ts';
import type { Money } from '../../shared/money.ts';
import { basketQuery, type BasketAnswer, type BasketWish } from './basket-wish.ts';
import type { Html } from './layout.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

type Saving = PricedBasketView['savings'][number];

interface PriceScene {
  readonly view: CatalogView;
  readonly wish: Wish;
  readonly basket: BasketWish;
  readonly answer: BasketAnswer & { kind: 'priced' };
  readonly words: Words;
}

/** Draws a price with its reasons, the button that keeps it, and what would make it cheaper. */
export function drawPriced(scene: PriceScene): Html {
  const { answer, words } = scene;
  const { shown } = answer;
  const money = (amount: Money): string => formatPrice(amount, words.locale);
  // On a phone the price is far below the list: it moves at the edge of the screen as well. Its own place is the one that is read aloud.
  return html`<p class="due-bar" aria-hidden="true">
      <span>${words.say('build.dueNow')}</span> <strong class="num">${money(shown.dueNow)}</strong>
    </p>
    <h2>${words.say('build.price')}</h2>
    <dl class="facts">
      ${shown.lines.map(
        (line) =>
          html`<div>
            <dt>${lineName(scene, line)}</dt>
            <dd class="num">${money(line.full)}</dd>
          </div>`,
      )}
      ${
        shown.discount
          ? html`<div>
                <dt>${words.say('build.subtotal')}</dt>
                <dd class="num">${money(shown.subtotal)}</dd>
              </div>
              <div class="good">
                <dt>${discountText(shown.discount, words)}</dt>
                <dd class="num">−${money(shown.discount.amount)}</dd>
              </div>`
          : ''
      }
      <div class="due">
        <dt>${words.say('build.dueNow')}</dt>
        <dd class="num" id="due-now">${money(shown.dueNow)}</dd>
      </div>
      ${isZero(shown.recurring.monthly) ? '' : drawFact(words.say('build.renewsMonthly'), money(shown.recurring.monthly))}
      ${isZero(shown.recurring.annual) ? '' : drawFact(words.say('build.renewsAnnual'), money(shown.recurring.annual))}
      ${isZero(shown.reward) ? '' : drawFact(words.say('build.reward'), formatTokens(shown.reward, words.locale))}
    </dl>
    <p class="soft small">${words.say(`build.tax.${shown.taxNote}`)}</p>
    ${
      answer.payable
        ? html`<button class="button button-wide" type="submit" formmethod="post" formaction="/catalog/quote">
              ${words.say('build.get')}
            </button>
            <p class="soft small">${words.say('build.kept', { minutes: quoteMinutes })}</p>`
        : html`<p class="notice notice-warn">${words.say('build.mixed')}</p>`
    }
    ${drawSavings(scene)}`;
}

function drawFact(name: string, value: string): Html {
  return html`<div>
    <dt>${name}</dt>
    <dd class="num">${value}</dd>
  </div>`;
}

function lineName({ view, words }: PriceScene, line: PricedBasketView['lines'][number]): string {
  const product = view.products.find(({ id }) => id === line.productId);
  const name = product ? words.productName(product) : line.name;
  const text = words.say('build.line', { count: line.quantity, name });
  return line.cycle === 'one_time' ? text : `${text}, ${words.say(`build.by.${line.cycle}`)}`;
}

function discountText({ kind, basisPoints }: NonNullable<PricedBasketView['discount']>, words: Words): string {
  return words.say(`discount.${kind}`, { percent: formatBasisPoints(basisPoints ?? 0, words.locale) });
}

function drawSavings({ view, wish, basket, answer, words }: PriceScene): Html {
  const { savings } = answer.shown;
  if (savings.length === 0) return html``;
  return html`<section class="savings" aria-labelledby="savings">
    <h3 id="savings">${words.say('saving.title')}</h3>
    <ul class="stack">
      ${savings.slice(0, 3).map(
        (saving) =>
          html`<li>
            ${savingText(view, saving, words)}
            <a href="${savingAddress(view, saving, basket, wish)}">${words.say('saving.do')}</a>
          </li>`,
      )}
    </ul>
  </section>`;
}

function savingText(view: CatalogView, saving: Saving, words: Words): string {
  const named = (id: string): string => {
    const product = view.products.find((each) => each.id === id);
    return product ? words.productName(product) : id;
  };
  const amount = formatPrice(saving.saving, words.locale);
  switch (saving.kind) {
    case 'pay_yearly':
      return words.say('saving.pay_yearly', { saving: amount });
    case 'complete_bundle': {
      const isLess = saving.extra.amount.startsWith('-');
      const extra = formatPrice({ ...saving.extra, amount: saving.extra.amount.replace('-', '') }, words.locale);
      const id = isLess ? 'saving.complete_bundle_less' : 'saving.complete_bundle';
      return words.say(id, { name: named(saving.productId), extra, saving: amount });
    }
    case 'join':
      return words.say('saving.join', { name: named(saving.membershipId), saving: amount });
  }
}

/** The address of the same basket with the change made. */
function savingAddress(view: CatalogView, saving: Saving, basket: BasketWish, wish: Wish): string {
  const quantities = new Map(basket.quantities);
  let cycle = basket.cycle;
  if (saving.kind === 'pay_yearly') cycle = 'annual';
  if (saving.kind === 'complete_bundle') quantities.set(saving.productId, 1);
  if (saving.kind === 'join') quantities.set(saving.membershipId, 1);
  const memberships = new Set(view.products.filter(({ kind }) => kind === 'membership').map(({ id }) => id));
  const picks = basketQuery({ ...basket, quantities, cycle }, memberships);
  const address = addressOf('/catalog/build', wish, wish.where === '' ? {} : { country: null, where: wish.where });
  return `${address}&${new URLSearchParams(picks).toString()}`;
}

function isZero({ amount }: Money): boolean {
  return /^[0.]+$/.test(amount);
}
