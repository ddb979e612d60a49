import { toE164 } from '../../domain/esim/phone-number.ts';
import type { HttpCall } from '../http.ts';
import type { CarrierLine, CarrierPlan } from './port.ts';

/**
 * Everything about OXIO's API that nobody has seen answered yet, in this one file. Its reference is gated: each function
 * says what is assumed and why. With the reference at hand, correct it here; nothing else of the carrier client guesses.
 */

type Json = Record<string, unknown>;

/** Sees any value as a JSON object, one without keys when it is none. */
export function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(objectOf) : [];
}

/**
 * Assumed: an empty list may be left out of an answer, as OXIO leaves out other empty fields (`phoneNumbers: [{}]`). Null when
 * there are other keys but not this one: then the answer has a shape that we do not know, and "none" would be a guess
 * that makes a second line or plan.
 */
export function readList(json: unknown, key: string): Json[] | null {
  if (typeof json !== 'object' || json === null) return null;
  const value = objectOf(json)[key];
  if (value === undefined) return Object.keys(json).length === 0 ? [] : null;
  return Array.isArray(value) ? listOf(value) : null;
}

function textOf(...values: unknown[]): string | null {
  return values.find((value): value is string => typeof value === 'string' && value !== '') ?? null;
}

/** Assumed: `POST /v2/end-users` takes an optional `email` beside the three documented fields (a shipped client sends it). */
export function endUserBody(input: { firstName: string; lastName: string; email: string | null }): object {
  const { firstName, lastName, email } = input;
  return { sex: 'UNSPECIFIED', firstName, lastName, ...(email === null ? {} : { email }) };
}

/** Assumed: the id of a created end user is `endUserId`; a shipped client falls back to `id` and `userId`. */
export function readEndUserId(json: unknown): string | null {
  const user = objectOf(json);
  return textOf(user['endUserId'], user['id'], user['userId']);
}

/** Assumed: end users are looked up by `GET /v2/end-users?email=`; a shipped client does so, no answer was seen. */
export function findEndUserCall(email: string): HttpCall {
  return { method: 'GET', route: '/v2/end-users', query: { email } };
}

/**
 * Assumed: the look-up answers `endUsers[]` (or `users[]`), each with `email` and an id. The filter counts as advice
 * only: the address is compared here again, letter case ignored, so that nobody adopts another person's end user.
 */
export function readEndUserWithEmail(json: unknown, email: string): string | null {
  const answer = objectOf(json);
  const users = [...listOf(answer['endUsers']), ...listOf(answer['users'])];
  const match = users.find((user) => textOf(user['email'])?.toLowerCase() === email.toLowerCase());
  return match ? readEndUserId(match) : null;
}

/** Assumed: `groupNumber`, `userRole` and `endUserId` make the end user the owner of the group (a shipped client sends them). */
export function groupBody(input: { name: string; externalId: string; endUserId: string }): object {
  return {
    name: input.name,
    groupType: 'GROUP_TYPE_SHARED',
    groupExternalId: input.externalId,
    groupNumber: 1,
    userRole: 'GROUP_ROLE_OWNER',
    endUserId: input.endUserId,
  };
}

/**
 * Reads one line. Seen: the line of `GET /v3/end-users/{endUserId}/lines` while PENDING. Assumed: a created line comes in
 * the same shape, unwrapped; a number that has been assigned stands in `phoneNumbers[0].phoneNumber`; words for `status`
 * after PENDING are kept as they come. Null without a `lineId`: then it is no line.
 */
export function readLine(json: unknown): (Omit<CarrierLine, 'endUserId'> & { endUserId: string | null }) | null {
  const line = objectOf(json);
  const sim = objectOf(line['sim']);
  const lineId = textOf(line['lineId']);
  if (lineId === null) return null;
  const createdAt = new Date(textOf(line['createdTs']) ?? Number.NaN);
  const countryCode = textOf(sim['countryCode'], line['countryCode']);
  return {
    lineId,
    endUserId: textOf(line['endUserId']),
    status: (textOf(line['status']) ?? 'UNKNOWN').toUpperCase(),
    iccid: textOf(sim['iccid']),
    activationUrl: textOf(sim['activationUrl']),
    phoneNumber: readPhoneNumber(listOf(line['phoneNumbers'])[0], countryCode),
    countryCode,
    createdAt: Number.isNaN(createdAt.getTime()) ? null : createdAt,
  };
}

/** Assumed: the number may come with or without `+` and country code, so it is read as one of the line's country. */
function readPhoneNumber(entry: Json | undefined, countryCode: string | null): string | null {
  const text = textOf(entry?.['phoneNumber']);
  return text === null ? null : toE164(text, countryCode ?? 'US');
}

/** Assumed: `GET /v2/sims/{iccid}/user-plans` answers `userPlans[].planDisplayName`; the ICCID keeps its filler. */
export function readUserPlans(json: unknown): { name: string }[] | null {
  return (
    readList(json, 'userPlans')?.flatMap((plan) => {
      const name = textOf(plan['planDisplayName']);
      return name === null ? [] : [{ name }];
    }) ?? null
  );
}

/**
 * Assumed: `GET /v2-internal/plans` answers `plans[]` with `planId` (or `id`) and one of `displayName`, `planDisplayName`,
 * `name`, and this name is the one that `readUserPlans` gives: fulfilment compares the two to add a plan only once.
 */
export function readPlans(json: unknown): CarrierPlan[] | null {
  return (
    readList(json, 'plans')?.flatMap((plan) => {
      const planId = textOf(plan['planId'], plan['id']);
      const name = textOf(plan['displayName'], plan['planDisplayName'], plan['name']);
      return planId === null ? [] : [{ planId, name: name ?? planId }];
    }) ?? null
  );
}
