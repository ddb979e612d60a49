/** Why a card was refused, in the real API's words. */
export interface Decline {
  code:
    'card_declined' | 'expired_card' | 'incorrect_cvc' | 'processing_error' | 'payment_intent_authentication_failure';
  declineCode: string | null;
  message: string;
}

/** How a test card behaves; stored beside its payment method and never shown. */
export type CardBehaviour =
  | { kind: 'succeeds' }
  | { kind: 'declines'; decline: Decline }
  /** Asks its owner to authenticate: each time, or only until it was set up once with the owner present. */
  | { kind: 'authenticates'; always: boolean };

/** A card as it was typed in, checked. */
export interface CardInput {
  number: string;
  expMonth: number;
  expYear: number;
  cvc: string;
  name: string;
}

/** What is wrong with a typed card; the page shows a text for each. */
export type CardFault = 'number' | 'expiry' | 'expired' | 'cvc';

/** What a declined card answers unless it has words of its own. */
export const GENERIC_DECLINE: Decline = {
  code: 'card_declined',
  declineCode: 'generic_decline',
  message: 'Your card was declined.',
};

/** What an authentication that failed answers. */
export const AUTHENTICATION_FAILED: Decline = {
  code: 'payment_intent_authentication_failure',
  declineCode: null,
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

function declines(code: Decline['code'], declineCode: string | null, message: string): CardBehaviour {
  return { kind: 'declines', decline: { code, declineCode, message } };
}

const BY_NUMBER: Record<string, CardBehaviour> = {
  '4000000000000002': { kind: 'declines', decline: GENERIC_DECLINE },
  '4000000000009995': declines('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  '4000000000009987': declines('card_declined', 'lost_card', 'Your card was declined.'),
  '4000000000000069': declines('expired_card', null, 'Your card has expired.'),
  '4000000000000127': declines('incorrect_cvc', null, "Your card's security code is incorrect."),
  '4000000000000119': declines(
    'processing_error',
    null,
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  '4000002500003155': { kind: 'authenticates', always: false },
  '4000002760003184': { kind: 'authenticates', always: true },
};

const SUCCEEDING = new Set([
  '4242424242424242',
  '4000056655665556',
  '5555555555554444',
  '2223003122003222',
  '5105105105105100',
  '378282246310005',
  '6011111111111117',
  '4000001240000000',
]);

/** Tells how a card number behaves. Cards that are no test cards are declined, as in the real test mode. */
export function behaviourOf(number: string): CardBehaviour {
  if (SUCCEEDING.has(number)) return { kind: 'succeeds' };
  return (
    BY_NUMBER[number] ??
    declines(
      'card_declined',
      'test_mode_live_card',
      'Your card was declined. Your request was in test mode, but used a non test card.',
    )
  );
}

/** Names the brand of a card number as payment methods do. */
export function brandOf(number: string): string {
  if (/^4/.test(number)) return 'visa';
  if (/^3[47]/.test(number)) return 'amex';
  if (/^(5[1-5]|2[2-7])/.test(number)) return 'mastercard';
  return /^6/.test(number) ? 'discover' : 'unknown';
}

/** Reads a typed card; answers the first thing that is wrong with it as `fault`. `now` is in Unix seconds. */
export function readCard(
  form: { card: string; exp: string; cvc: string; name: string },
  now: number,
): { card: CardInput } | { fault: CardFault } {
  const number = form.card.replace(/[\s-]/g, '');
  if (!/^\d{13,19}$/.test(number) || !passesLuhn(number)) return { fault: 'number' };
  const expiry = /^\s*(\d{1,2})\s*[/\-. ]?\s*(\d{2}|\d{4})\s*$/.exec(form.exp);
  const month = Number(expiry?.[1]);
  if (!expiry || month < 1 || month > 12) return { fault: 'expiry' };
  const year = Number(expiry[2]) + (expiry[2]?.length === 2 ? 2000 : 0);
  // A card is good until the end of its month.
  if (Date.UTC(year, month, 1) / 1000 <= now) return { fault: 'expired' };
  if (!(brandOf(number) === 'amex' ? /^\d{3,4}$/ : /^\d{3}$/).test(form.cvc.trim())) return { fault: 'cvc' };
  return { card: { number, expMonth: month, expYear: year, cvc: form.cvc.trim(), name: form.name.trim() } };
}

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
