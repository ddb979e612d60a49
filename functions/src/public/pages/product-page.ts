import { html } from 'hono/html';
import type { CatalogView, CyclePrice, Product } from '../../shared/api/catalog.ts';
import { formatBasisPoints, formatPrice } from '../../shared/format-amounts.ts';
import type { Html } from './layout.ts';
import { isCounted } from './basket-wish.ts';
import { drawCurrency, drawKept, drawNote, drawPlace, drawWhere, isOffered, priceTag, productFacts } from './parts.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

/** Draws one product: price, what one gets, what makes it cheaper, and the way into a bundle. */
export function drawProduct(view: CatalogView, product: Product, wish: Wish, words: Words): Html {
  const tag = priceTag(product, wish, words);
  const path = `/catalog/products/${product.id}`;
  const prices = product.prices.filter(({ unit }) => unit === wish.currency);
  const isForSale = product.sellable && prices.length > 0 && isOffered(view, product, wish.country);
  return html`<p><a href="${addressOf('/catalog', wish)}">← ${words.say('product.back')}</a></p>
    <div class="page-head">
      <h1>${words.productName(product)}</h1>
      <p>${words.productText(product.id)}</p>
    </div>
    ${drawPlace(view, wish, words, path)}
    ${
      wish.country !== null && !view.excludedCountries.includes(wish.country) && !isOffered(view, product, wish.country)
        ? html`<p class="notice notice-warn" role="status">${words.say('filter.none')}</p>`
        : ''
    }
    <div class="product">
      <section class="card stack" aria-label="${words.say('product.prices')}">
        <p class="plan-price"><span class="num">${tag.amount}</span> <small>${tag.per}</small></p>
        ${prices.length > 1 ? drawPrices(prices, words) : ''}
        <ul class="plan-facts" aria-label="${words.say('product.facts')}">
          ${productFacts(product, words).map((fact) => html`<li>${fact}</li>`)}
        </ul>
        ${
          isForSale
            ? html`<a class="button" href="${addressOf('/catalog/build', wish, pickOf(product))}"
                >${words.say('product.add')}</a
              >`
            : ''
        }
        ${drawNote(product, words)}
      </section>
      <div class="stack">
        ${drawSavings(view, product, words)}
        <form class="filter filter-narrow" action="${path}" role="search" aria-label="${words.say('filter')}">
          ${drawKept(wish)} ${drawWhere(wish, words)} ${drawCurrency(view, wish, words)}
          <button class="button button-quiet" type="submit">${words.say('filter.go')}</button>
        </form>
      </div>
    </div>`;
}

function pickOf(product: Product): Record<string, string> {
  if (product.kind === 'membership') return { join: product.id };
  return isCounted(product) ? { [`n.${product.id}`]: '1' } : { p: product.id };
}

function drawPrices(prices: readonly CyclePrice[], words: Words): Html {
  return html`<dl class="facts">
    ${prices.map(
      (price) =>
        html`<div>
          <dt>${words.say(`product.${price.cycle}`)}</dt>
          <dd class="num">${formatPrice(price, words.locale)}</dd>
        </div>`,
    )}
  </dl>`;
}

function drawSavings(view: CatalogView, product: Product, words: Words): Html {
  if (product.prices.length === 0) return html``;
  const bundles = view.bundles
    .filter(({ kind }) => kind === product.kind)
    .map(({ basisPointsOff, minimumProducts, kind }) =>
      words.say('product.bundle', {
        percent: formatBasisPoints(basisPointsOff, words.locale),
        count: minimumProducts,
        kind: words.say(`kind.${kind}`),
      }),
    );
  const discounts = view.memberDiscounts
    .filter(({ kind }) => kind === product.kind)
    .map(({ basisPointsOff, membershipId }) => {
      const membership = view.products.find(({ id }) => id === membershipId);
      return words.say('product.member', {
        percent: formatBasisPoints(basisPointsOff, words.locale),
        membership: membership ? words.productName(membership) : membershipId,
      });
    });
  const all = [...bundles, ...discounts];
  if (all.length === 0) return html``;
  return html`<section class="card stack">
    <h2>${words.say('product.savings')}</h2>
    <ul class="plan-facts">
      ${all.map((line) => html`<li>${line}</li>`)}
    </ul>
  </section>`;
}

const billedFor = { one_time: null, monthly: 'MON', annual: 'ANN' } as const;

/** Says what a product is and costs in the words of schema.org, for search engines. */
export function productFactsForMachines(product: Product, words: Words, appUrl: string): object {
  const url = `${appUrl}/catalog/products/${product.id}`;
  const availability = `https://schema.org/${product.sellable ? 'InStock' : 'OutOfStock'}`;
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    name: words.productName(product),
    description: words.productText(product.id),
    sku: product.id,
    category: words.say(`kind.${product.kind}`),
    brand: { '@type': 'Brand', name: 'DOTM' },
    url,
    offers: product.prices.map(({ cycle, unit, amount }) => {
      const offer = { '@type': 'Offer', price: amount, priceCurrency: unit, availability, url };
      const unitCode = billedFor[cycle];
      if (unitCode === null) return offer;
      const priceSpecification = {
        '@type': 'UnitPriceSpecification',
        price: amount,
        priceCurrency: unit,
        billingDuration: 1,
        unitCode,
      };
      return { ...offer, priceSpecification };
    }),
  };
}
