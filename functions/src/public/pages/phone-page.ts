import { html } from 'hono/html';
import { findDevice, type DeviceAnswer } from '../../domain/devices/find-device.ts';
import { conditionWords, type Device, type DeviceCondition } from '../../domain/devices/read-devices.ts';
import type { Html } from './layout.ts';
import { drawKept } from './parts.ts';
import { addressOf, type Wish } from './wish.ts';
import type { Words } from './words.ts';

const path = '/catalog/phone';
const longestName = 80;

/** Draws the form that asks for a phone, and whether it takes an eSIM. */
export function drawPhone(wish: Wish, words: Words): Html {
  const model = (wish.query.get('model') ?? '').trim().slice(0, longestName);
  return html`<div class="page-head">
      <h1>${words.say('phone.title')}</h1>
      <p>${words.say('phone.intro')}</p>
    </div>
    <form class="card filter" action="${path}">
      ${drawKept(wish)}
      <label class="field field-wide"
        ><span>${words.say('phone.label')}</span>
        <input name="model" value="${model}" maxlength="${longestName}" autocomplete="off" required
      /></label>
      <button class="button" type="submit">${words.say('phone.go')}</button>
    </form>
    <div role="status">${model === '' ? '' : drawAnswer(findDevice(model), wish, words)}</div>
    <p>${conditionWords('how_to_check', words.locale)} ${conditionWords('unlocked', words.locale)}</p>`;
}

const looks = { yes: 'notice-good', depends: 'notice-warn', no: 'notice-bad' } as const;

function drawAnswer(answer: DeviceAnswer, wish: Wish, words: Words): Html {
  switch (answer.kind) {
    case 'yes':
    case 'depends':
    case 'no':
      return html`<div class="notice ${looks[answer.kind]}">
        <p>
          <strong>${words.say(`phone.${answer.kind}`, { name: answer.device.name })}</strong>
          ${answer.device.conditions.map((condition: DeviceCondition) => html`${conditionWords(condition, words.locale)} `)}
        </p>
      </div>`;
    case 'ambiguous':
      return drawChoices(words.say('phone.which'), answer.candidates, wish);
    case 'unknown':
      return answer.suggestions.length === 0
        ? html`<p class="notice notice-warn">${words.say('phone.unknown')}</p>`
        : drawChoices(words.say('phone.didYouMean'), answer.suggestions, wish);
  }
}

function drawChoices(question: string, devices: readonly Device[], wish: Wish): Html {
  return html`<div class="notice notice-warn">
    <p>${question}</p>
    <ul class="choices">
      ${devices.map(({ name }) => html`<li><a href="${addressOf(path, wish, { model: name })}">${name}</a></li>`)}
    </ul>
  </div>`;
}
