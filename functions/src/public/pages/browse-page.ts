import { html } from 'hono/html';
import { productKinds, type CatalogView, type Product } from '../../shared/api/catalog.ts';
import type { Html } from './layout.ts';
import {
  drawCurrency,
  drawKept,
  drawNote,
  drawPlace,
  drawSelect,
  drawWhere,
  isOffered,
  priceTag,
  productFacts,
} from './parts.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

const path = '/catalog';

/** Draws the catalogue: a filter, and what is sold there by kind. */
export function drawBrowse(view: CatalogView, wish: Wish, words: Words): Html {
  const offered = view.products.filter(
    (product) => isOffered(view, product, wish.country) && (wish.kind === null || product.kind === wish.kind),
  );
  const kinds = productKinds.filter((kind) => offered.some((product) => product.kind === kind));
  return html`<div class="page-head">
      <h1>${words.say('catalog.title')}</h1>
      <p>${words.say('catalog.intro')}</p>
      <p class="row">
        <a href="${addressOf('/catalog/build', wish)}">${words.say('catalog.toBuild')}</a>
        <a href="${addressOf('/catalog/trip', wish)}">${words.say('catalog.toTrip')}</a>
      </p>
    </div>
    <form class="filter card" action="${path}" role="search" aria-label="${words.say('filter')}">
      ${drawKept(wish)} ${drawWhere(wish, words)}
      ${drawSelect('kind', words.say('filter.kind'), wish.kind ?? '', [
        ['', words.say('filter.all')],
        ...productKinds.map((kind) => [kind, words.say(`kind.${kind}`)] as const),
      ])}
      ${drawCurrency(view, wish, words)}
      <button class="button" type="submit">${words.say('filter.go')}</button>
    </form>
    ${drawPlace(view, wish, words, path, { kind: wish.kind })}
    ${kinds.length === 0 ? html`<p class="empty">${words.say('filter.none')}</p>` : ''}
    ${kinds.map((kind) => drawKind(kind, offered, wish, words))}`;
}

function drawKind(kind: Product['kind'], offered: readonly Product[], wish: Wish, words: Words): Html {
  const products = offered.filter((product) => product.kind === kind);
  return html`<section class="plan-group" aria-labelledby="kind-${kind}">
    <h2 id="kind-${kind}">${words.say(`kind.${kind}`)}</h2>
    <ul class="plan-grid">
      ${products.map((product) => html`<li>${drawCard(product, wish, words)}</li>`)}
    </ul>
  </section>`;
}

function drawCard(product: Product, wish: Wish, words: Words): Html {
  const tag = priceTag(product, wish, words);
  const name = words.productName(product);
  return html`<article class="card plan">
    <h3><a href="${addressOf(`/catalog/products/${product.id}`, wish)}">${name}</a></h3>
    <p class="plan-price"><span class="num">${tag.amount}</span> <small>${tag.per}</small></p>
    ${tag.others.map((other) => html`<p class="soft small num">${other}</p>`)}
    <p class="soft">${words.productText(product.id)}</p>
    <ul class="plan-facts">
      ${productFacts(product, words).map((fact) => html`<li>${fact}</li>`)}
    </ul>
    ${drawNote(product, words)}
  </article>`;
}
