import { html, raw } from 'hono/html';
import { countryName } from '../../domain/places/country-name.ts';
import type { Place } from '../../domain/places/read-places.ts';
import type { CatalogView, Product } from '../../shared/api/catalog.ts';
import { formatBasisPoints, formatData, formatPrice } from '../../shared/format-amounts.ts';
import { listText } from './format.ts';
import type { Html } from './layout.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

/** A price as on a tag, and others that it may be had for. */
export function priceTag(
  product: Product,
  wish: Pick<Wish, 'currency'>,
  words: Words,
): { amount: string; per: string; others: string[] } {
  if (product.billing === 'free') return { amount: words.say('price.free'), per: '', others: [] };
  const prices = product.prices.filter(({ unit }) => unit === wish.currency);
  const main = prices.find(({ cycle }) => cycle === product.billing) ?? prices[0];
  if (!main) return { amount: words.say('price.none', { currency: wish.currency }), per: '', others: [] };
  const others = prices
    .filter((price) => price !== main)
    .map((price) =>
      words.say('price.or', {
        amount: formatPrice(price, words.locale, 'short'),
        per: words.say(`per.${price.cycle}`),
      }),
    );
  return { amount: formatPrice(main, words.locale, 'short'), per: words.say(`per.${main.cycle}`), others };
}

/** What one gets, in short lines. */
export function productFacts(product: Product, words: Words): string[] {
  const { dataBytes, validityDays, countries } = product;
  const facts: (string | null)[] = [
    dataBytes === null ? null : words.say('fact.data', { data: formatData(BigInt(dataBytes), words.locale) }),
    validityDays === null ? null : words.say('fact.valid', { days: validityDays }),
    dataBytes !== null && validityDays === null ? words.say('fact.noExpiry') : null,
    product.includesLine ? words.say('fact.line') : null,
    product.oncePerPerson ? words.say('fact.once') : null,
    product.rewardBasisPoints > 0
      ? words.say('fact.reward', { percent: formatBasisPoints(product.rewardBasisPoints, words.locale) })
      : null,
    countries === null
      ? null
      : words.say('fact.countries', {
          countries: listText(
            countries.map((code) => countryName(code, words.locale)),
            words.locale,
          ),
        }),
  ];
  return facts.filter((fact) => fact !== null);
}

/** Says why a product can't be bought here; nothing for what can. */
export function drawNote({ sellable, kind, billing }: Product, words: Words): Html {
  if (sellable) return html``;
  const note = kind === 'membership' ? 'fact.invitation' : billing === 'free' ? 'fact.switched' : 'fact.notSold';
  return html`<p class="soft small">${words.say(note)}</p>`;
}

/** Whether a product is sold in a country; everywhere is asked with null. */
export function isOffered(view: CatalogView, product: Product, country: string | null): boolean {
  if (country === null) return true;
  return !view.excludedCountries.includes(country) && product.countries?.includes(country) !== false;
}

/** Names a place for people: "Vienna, Austria". */
export function placeName(place: Place, locale: Words['locale']): string {
  const country = countryName(place.country, locale);
  if (place.kind === 'country') return country;
  return place.region === null || place.region === place.name
    ? `${place.name}, ${country}`
    : `${place.name}, ${place.region}, ${country}`;
}

/** Says what became of the place that was typed: found, a question with links, or unknown. */
export function drawPlace(
  view: CatalogView,
  wish: Wish,
  words: Words,
  path: string,
  more: Record<string, string | null> = {},
): Html {
  const { place, country } = wish;
  const link = (to: Place): Html =>
    html`<a href="${addressOf(path, wish, { ...more, country: null, where: exactName(to) })}"
      >${placeName(to, words.locale)}</a
    >`;
  if (country !== null && view.excludedCountries.includes(country)) {
    return html`<p class="notice notice-warn" role="status">
      ${words.say('place.notServed', { country: countryName(country, words.locale) })}
    </p>`;
  }
  if (place === null) return html``;
  if (place.kind === 'one') {
    const others = place.others.slice(0, 3);
    return html`<p class="notice" role="status">
      ${words.say('place.for', { place: placeName(place.place, words.locale) })}
      ${others.length === 0 ? '' : html`${sentenceAround(words.say('place.others', { places: '\u0000' }), others.map(link))}`}
    </p>`;
  }
  const choices = place.kind === 'ambiguous' ? place.candidates : place.suggestions;
  const question =
    place.kind === 'ambiguous'
      ? 'place.which'
      : place.tooWide
        ? 'place.tooWide'
        : choices.length > 0
          ? 'place.didYouMean'
          : 'place.unknown';
  return html`<div class="notice notice-warn" role="status">
    <p>${words.say(question)}</p>
    ${
      choices.length === 0
        ? ''
        : html`<ul class="choices">
            ${choices.map((choice) => html`<li>${link(choice)}</li>`)}
          </ul>`
    }
  </div>`;
}

/** What finds exactly this place when it is typed: its name with its country's code, which no other place has. */
export function exactName({ kind, name, country, region }: Place): string {
  if (kind === 'country') return country;
  return region === null || region === name ? `${name}, ${country}` : `${name}, ${region}, ${country}`;
}

/** Puts pieces of HTML, with commas between, where a sentence has a NUL. */
export function sentenceAround(sentence: string, pieces: readonly Html[]): Html {
  const [before = '', after = ''] = sentence.split('\u0000');
  return html`${before}${pieces.map((piece, index) => html`${index === 0 ? '' : ' · '}${piece}`)}${after}`;
}

/** Draws a field to choose from a list. */
export function drawSelect(
  name: string,
  label: string,
  value: string,
  options: readonly (readonly [string, string])[],
): Html {
  return html`<label class="field"
    ><span>${label}</span>
    <select name="${name}">
      ${options.map(
        ([each, text]) => html`<option value="${each}" ${each === value ? raw('selected') : ''}>${text}</option>`,
      )}
    </select></label
  >`;
}

/** Draws the fields that every form takes along. */
export function drawKept(wish: Pick<Wish, 'lang'>): Html {
  return wish.lang === null ? html`` : html`<input type="hidden" name="lang" value="${wish.lang}" />`;
}

/** Draws the field for a place. */
export function drawWhere(wish: Wish, words: Words): Html {
  const value = wish.where !== '' || wish.country === null ? wish.where : countryName(wish.country, words.locale);
  return html`<label class="field"
    ><span>${words.say('filter.where')}</span>
    <input
      name="where"
      value="${value}"
      placeholder="${words.say('filter.whereHint')}"
      maxlength="120"
      autocomplete="off"
  /></label>`;
}

/** Draws the choice of a currency. */
export function drawCurrency(view: CatalogView, wish: Wish, words: Words): Html {
  const options = view.currencies.map(({ code }) => [code, code] as const);
  return drawSelect('currency', words.say('filter.currency'), wish.currency, options);
}
