import { html, raw } from 'hono/html';
import { findPlaces } from '../../domain/places/find-places.ts';
import type { PlaceAnswer } from '../../domain/places/find-place.ts';
import { countryName } from '../../domain/places/country-name.ts';
import { bytesPerDay, tripUses, type TripUse } from '../../domain/trips/data-need.ts';
import { recommendTrip, type TripAnswer, type TripPlan } from '../../domain/trips/recommend-trip.ts';
import type { CatalogView } from '../../shared/api/catalog.ts';
import { CodedError } from '../../shared/errors.ts';
import { formatData, formatPrice } from '../../shared/format-amounts.ts';
import { toMoney } from '../../shared/money.ts';
import { basketQuery } from './basket-wish.ts';
import { listText } from './format.ts';
import type { Html } from './layout.ts';
import { drawCurrency, drawKept, placeName } from './parts.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

const path = '/catalog/trip';
const usualDays = 7;
const longestTrip = 365;

interface TripQuestion {
  readonly stops: readonly PlaceAnswer[];
  readonly days: number;
  readonly use: TripUse;
}

/** Draws the form that asks about a trip, and what to buy for it. */
export function drawTrip(view: CatalogView, wish: Wish, words: Words): Html {
  const question = readQuestion(wish);
  return html`<div class="page-head">
      <h1>${words.say('trip.title')}</h1>
      <p>${words.say('trip.intro')}</p>
    </div>
    <form class="card filter" action="${path}">
      ${drawKept(wish)}
      <label class="field field-wide"
        ><span>${words.say('trip.where')}</span>
        <input
          name="where"
          value="${wish.where}"
          placeholder="${words.say('trip.whereHint')}"
          maxlength="120"
          autocomplete="off"
          required
      /></label>
      <label class="field"
        ><span>${words.say('trip.days')}</span>
        <input type="number" name="days" value="${question.days}" min="1" max="${longestTrip}" required
      /></label>
      ${drawCurrency(view, wish, words)}
      <fieldset class="field-wide uses">
        <legend>${words.say('trip.use')}</legend>
        ${tripUses.map(
          (use) =>
            html`<label class="pick"
              ><input type="radio" name="use" value="${use}" ${use === question.use ? raw('checked') : ''} /><span
                class="pick-name"
                >${words.say(`trip.${use}`)}</span
              ></label
            >`,
        )}
      </fieldset>
      <button class="button" type="submit">${words.say('trip.go')}</button>
    </form>
    <div role="status">${question.stops.length === 0 ? '' : drawAnswer(view, wish, question, words)}</div>
    <p class="soft small">
      ${words.say('trip.howWeCount', {
        light: formatData(bytesPerDay.light, words.locale),
        normal: formatData(bytesPerDay.normal, words.locale),
        heavy: formatData(bytesPerDay.heavy, words.locale),
      })}
    </p>`;
}

function readQuestion({ query, where }: Wish): TripQuestion {
  const days = Number(query.get('days'));
  const use = query.get('use');
  return {
    stops: stopsOf(where),
    days: Number.isSafeInteger(days) && days >= 1 && days <= longestTrip ? days : usualDays,
    use: tripUses.find((each) => each === use) ?? 'normal',
  };
}

/** More stops than anybody plans are no stops: the field is as long as it is. */
function stopsOf(where: string): PlaceAnswer[] {
  try {
    return findPlaces(where);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'request.invalid')
      return [{ kind: 'none', suggestions: [], tooWide: true }];
    throw error;
  }
}

function drawAnswer(view: CatalogView, wish: Wish, { stops, days, use }: TripQuestion, words: Words): Html {
  const unclear = stops.filter((stop) => stop.kind !== 'one');
  if (unclear.length > 0) {
    return html`<div class="notice notice-warn">
      <p>${words.say('trip.noPlace')}</p>
      <ul>
        ${unclear.map((stop) => html`<li>${questionText(stop, words)}</li>`)}
      </ul>
    </div>`;
  }
  const countries = [...new Set(stops.flatMap((stop) => (stop.kind === 'one' ? [stop.place.country] : [])))];
  const answer = recommendTrip(view, { countries, days, use, currency: wish.currency, membershipId: null });
  return drawRecommendation(view, wish, answer, { countries, days }, words);
}

function questionText(stop: PlaceAnswer, words: Words): string {
  if (stop.kind === 'one') return '';
  const choices = stop.kind === 'ambiguous' ? stop.candidates : stop.suggestions;
  const names = listText(
    choices.map((place) => placeName(place, words.locale)),
    words.locale,
    'disjunction',
  );
  if (stop.kind === 'ambiguous') return `${words.say('place.which')} ${names}`;
  if (stop.tooWide) return words.say('place.tooWide');
  return choices.length === 0 ? words.say('place.unknown') : `${words.say('place.didYouMean')} ${names}`;
}

function drawRecommendation(
  view: CatalogView,
  wish: Wish,
  answer: TripAnswer,
  { countries, days }: { countries: readonly string[]; days: number },
  words: Words,
): Html {
  const named = (codes: readonly string[]): string =>
    listText(
      codes.map((code) => countryName(code, words.locale)),
      words.locale,
    );
  switch (answer.kind) {
    case 'nothing_needed':
      return html``;
    case 'not_served':
      return html`<p class="notice notice-warn">
        ${words.say('trip.notServed', { places: named(answer.countries) })}
      </p>`;
    case 'too_much':
      return html`<p class="notice notice-warn">${words.say('trip.tooMuch')}</p>`;
    case 'recommended': {
      const { plan, reasons, alternatives, notServed, neededBytes } = answer;
      const served = countries.filter((code) => !notServed.includes(code));
      const data = formatData(neededBytes, words.locale);
      return html`<p class="trip-need">${words.say('trip.answer', { data, days, places: named(served) })}</p>
        ${
          notServed.length > 0
            ? html`<p class="notice notice-warn">${words.say('trip.notServed', { places: named(notServed) })}</p>`
            : ''
        }
        <ul class="plan-grid">
          <li>
            ${drawPlan(view, wish, plan, words.say('trip.recommended'), words, [
              ...(reasons.includes('starter_is_enough') ? [words.say('trip.starter')] : []),
              ...(reasons.includes('expires') ? [words.say('trip.expires')] : []),
            ])}
          </li>
          ${alternatives.map(
            ({ why, plan: other }) =>
              html`<li>${drawPlan(view, wish, other, words.say(`trip.${why}`), words, [])}</li>`,
          )}
        </ul>`;
    }
  }
}

function drawPlan(
  view: CatalogView,
  wish: Wish,
  plan: TripPlan,
  title: string,
  words: Words,
  notes: readonly string[],
): Html {
  const picks = basketQuery(
    {
      cycle: 'monthly',
      quantities: new Map(plan.items.map(({ productId, quantity }) => [productId, quantity])),
      membershipId: null,
    },
    new Set(),
  );
  const names = plan.items.map(({ productId, quantity }) => {
    const product = view.products.find(({ id }) => id === productId);
    return words.say('build.line', { count: quantity, name: product ? words.productName(product) : productId });
  });
  const address = addressOf('/catalog/build', { ...wish, country: null });
  return html`<article class="card plan">
    <h2>${title}</h2>
    <p class="plan-price">
      <span class="num">${formatPrice(toMoney(plan.price.currency, plan.price.dueNow), words.locale, 'short')}</span>
    </p>
    <ul class="plan-facts">
      ${names.map((line) => html`<li>${line}</li>`)}
    </ul>
    ${notes.map((note) => html`<p class="soft small">${note}</p>`)}
    <a class="button" href="${address}&${new URLSearchParams(picks).toString()}">${words.say('trip.open')}</a>
  </article>`;
}
