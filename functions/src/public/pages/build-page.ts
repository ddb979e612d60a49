import { html, raw } from 'hono/html';
import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import { formatPrice } from '../../shared/format-amounts.ts';
import { cycleOf, isCounted, mostOfOne, pickable, type BasketAnswer, type BasketWish } from './basket-wish.ts';
import type { Html } from './layout.ts';
import { drawCurrency, drawKept, drawPlace, drawSelect, drawWhere } from './parts.ts';
import { drawPriced } from './price-part.ts';
import type { Wish } from './wish.ts';
import type { Words } from './words.ts';

const path = '/catalog/build';

/** What the page that builds bundles is drawn from. */
export interface BuildScene {
  readonly view: CatalogView;
  readonly wish: Wish;
  readonly basket: BasketWish;
  readonly answer: BasketAnswer;
  readonly words: Words;
}

/**
 * Draws the form with its price. Without a script it is sent like any form; with one, `catalog.js` fetches the price alone after each
 * change. The region around the price is announced by screen readers when it changes.
 */
export function drawBuild(scene: BuildScene): Html {
  const { view, wish, basket, words } = scene;
  const products = pickable(view, wish.currency);
  const of = (kind: Product['kind']): Product[] => products.filter((product) => product.kind === kind);
  const others = products.filter(({ kind }) => kind !== 'membership' && kind !== 'network_feature');
  const hasCycles = products.some((product) => cyclesOf(product, wish).length > 1);
  return html`<div class="page-head">
      <h1>${words.say('build.title')}</h1>
      <p>${words.say('build.intro')}</p>
    </div>
    <form class="build" action="${path}" data-live-price>
      ${drawKept(wish)}
      <div class="stack">
        <div class="card filter">
          ${drawWhere(wish, words)} ${drawCurrency(view, wish, words)}
          ${drawSelect('member', words.say('build.already'), basket.membershipId ?? '', [
            ['', words.say('build.noMembership')],
            ...view.products
              .filter(({ kind }) => kind === 'membership')
              .map((product) => [product.id, words.productName(product)] as const),
          ])}
        </div>
        <fieldset class="card stack">
          <legend>${words.say('build.data')}</legend>
          ${others.map((product) => drawPick(product, scene))}
        </fieldset>
        <fieldset class="card stack">
          <legend>${words.say('build.memberships')}</legend>
          ${drawJoin('', words.say('build.noMembership'), '', scene)}
          ${of('membership').map((product) =>
            drawJoin(product.id, words.productName(product), tagOf(product, scene), scene),
          )}
        </fieldset>
        <fieldset class="card stack">
          <legend>${words.say('build.features')}</legend>
          ${hasCycles ? drawCycle(basket, words) : ''}
          ${of('network_feature').map((product) => drawPick(product, scene))}
        </fieldset>
      </div>
      <div class="build-price">
        <button class="button button-wide no-live" type="submit">${words.say('build.show')}</button>
        <section class="card" id="price" aria-live="polite" aria-label="${words.say('build.price')}">
          ${drawPriceOf(scene)}
        </section>
      </div>
    </form>`;
}

/** Draws what is in the region of the price; also by itself, for the script. */
export function drawPriceOf({ view, wish, basket, answer, words }: BuildScene): Html {
  const place = drawPlace(view, wish, words, path);
  switch (answer.kind) {
    case 'empty':
      return html`${place}
        <p class="soft">${words.say('build.empty')}</p>`;
    case 'unavailable':
      return html`${place}
        <p class="notice notice-warn">${words.say('build.unavailable')}</p>`;
    case 'priced':
      return html`${place} ${drawPriced({ view, wish, basket, answer, words })}`;
  }
}

function cyclesOf(product: Product, { currency }: Wish): string[] {
  return product.prices.filter(({ unit }) => unit === currency).map(({ cycle }) => cycle);
}

function tagOf(product: Product, { wish, basket, words }: BuildScene): string {
  const cycle = cycleOf(product, basket.cycle, wish.currency);
  const price = product.prices.find((each) => each.unit === wish.currency && each.cycle === cycle);
  return price ? `${formatPrice(price, words.locale, 'short')} ${words.say(`per.${price.cycle}`)}` : '';
}

function drawPick(product: Product, scene: BuildScene): Html {
  const { basket, words } = scene;
  const quantity = basket.quantities.get(product.id) ?? 0;
  const name = words.productName(product);
  const price = html`<span class="pick-price num" data-product="${product.id}">${tagOf(product, scene)}</span>`;
  if (isCounted(product)) {
    return html`<div class="pick">
      <span class="pick-name">${name}</span> ${price}
      <input
        type="number"
        class="count"
        name="n.${product.id}"
        value="${quantity}"
        min="0"
        max="${mostOfOne}"
        step="1"
        inputmode="numeric"
        aria-label="${words.say('build.howMany', { name })}"
      />
    </div>`;
  }
  return html`<label class="pick">
    <input type="checkbox" name="p" value="${product.id}" ${quantity > 0 ? raw('checked') : ''} />
    <span class="pick-name">${name}</span> ${price}
  </label>`;
}

function drawJoin(id: string, name: string, tag: string, { view, basket }: BuildScene): Html {
  const memberships = view.products.filter(({ kind }) => kind === 'membership');
  const chosen = memberships.find((product) => basket.quantities.has(product.id))?.id ?? '';
  return html`<label class="pick">
    <input type="radio" name="join" value="${id}" ${chosen === id ? raw('checked') : ''} />
    <span class="pick-name">${name}</span> <span class="pick-price num" data-product="${id}">${tag}</span>
  </label>`;
}

function drawCycle(basket: BasketWish, words: Words): Html {
  return html`<div class="segmented" role="radiogroup" aria-label="${words.say('build.cycle')}">
    ${(['monthly', 'annual'] as const).map(
      (cycle) =>
        html`<label
          ><input type="radio" name="cycle" value="${cycle}" ${basket.cycle === cycle ? raw('checked') : ''} /><span
            >${words.say(`build.${cycle}`)}</span
          ></label
        >`,
    )}
  </div>`;
}
