import type { CodedError } from '../../shared/errors.ts';
import { vendorError } from '../failure.ts';
import { createHttpClient } from '../http.ts';
import type { HttpAnswer, HttpCall } from '../http.ts';
import * as assumed from './assumed.ts';
import { carrierError, isNotFound } from './errors.ts';
import type { CarrierLine, CarrierPort } from './port.ts';

/** How to reach OXIO. `timeoutMs` is 30 s unless set: what other clients of this API wait. */
export interface CarrierOptions {
  apiKey: string;
  authToken: string;
  apiBase: string;
  timeoutMs?: number;
}

/**
 * Makes the carrier that speaks OXIO's BrandVNO API. Only GET calls are repeated within a call; nothing that creates is,
 * because OXIO would make a second one.
 */
export function createCarrierClient(options: CarrierOptions): CarrierPort {
  const credentials = Buffer.from(`${options.apiKey}:${options.authToken}`).toString('base64');
  const http = createHttpClient({
    vendor: 'OXIO',
    baseUrl: options.apiBase,
    headers: { authorization: `Basic ${credentials}` },
    timeoutMs: options.timeoutMs ?? 30_000,
  });

  /** Sends a call and judges its answer with `read`. With `absent`, OXIO's own 404 is that value and no error. */
  async function send<T>(call: HttpCall, read: (json: unknown) => T | null, absent?: T): Promise<T> {
    const answer = await http(call);
    if (absent !== undefined && isNotFound(answer)) return absent;
    // A page of HTML with status 200 is a gateway that speaks, not OXIO.
    if (!answer.ok || (answer.json === undefined && !answer.empty)) throw carrierError(call, answer);
    const result = read(answer.json);
    if (result === null) throw incomplete(call, answer);
    return result;
  }

  return {
    async findEndUserByEmail(email) {
      const call = assumed.findEndUserCall(email);
      const { endUserId } = await send(call, (json) => ({ endUserId: assumed.readEndUserWithEmail(json, email) }), {
        endUserId: null,
      });
      return endUserId === null ? null : { endUserId };
    },

    createEndUser: (input) =>
      send({ method: 'POST', route: '/v2/end-users', body: assumed.endUserBody(input) }, (json) => {
        const endUserId = assumed.readEndUserId(json);
        return endUserId === null ? null : { endUserId };
      }),

    createGroup: (input) => send({ method: 'POST', route: '/v2/groups', body: assumed.groupBody(input) }, readGroup),

    listLines: (endUserId) =>
      send(
        { method: 'GET', route: '/v3/end-users/{endUserId}/lines', params: { endUserId } },
        (json) => readLines(json, endUserId),
        [],
      ),

    createLine: ({ endUserId, countryCode }) =>
      send({ method: 'POST', route: '/v3/lines/line', body: newLineBody(endUserId, countryCode) }, (json) =>
        withOwner(assumed.readLine(json), endUserId),
      ),

    listPlansOfSim: (iccid) =>
      send({ method: 'GET', route: '/v2/sims/{iccid}/user-plans', params: { iccid } }, assumed.readUserPlans, []),

    async addPlan({ lineId, planId }) {
      // What a success says is unknown, an empty body included; that it is one is all we need.
      await send({ method: 'POST', route: '/v2/subscriptions', body: { plan: { planId }, lineId } }, () => true);
    },

    listPlans: () => send({ method: 'GET', route: '/v2-internal/plans' }, assumed.readPlans),
  };
}

/**
 * The minimal form for an end user who exists: OXIO takes an eSIM from stock. Never with an e-mail address, which OXIO
 * answers with 6805 even beside a known id. The service starts when the phone first attaches, not by surprise before.
 */
function newLineBody(endUserId: string, countryCode: string): object {
  return {
    lineType: 'LINE_TYPE_MOBILITY',
    countryCode,
    sim: { simType: 'EMBEDDED' },
    endUserId,
    activateOnAttach: true,
  };
}

function readGroup(json: unknown): { groupId: string } | null {
  const groupId = assumed.objectOf(assumed.objectOf(json)['group'])['groupId'];
  return typeof groupId === 'string' ? { groupId } : null;
}

/** Null when something in the list is no line: a line that we overlooked would be made a second time. */
function readLines(json: unknown, endUserId: string): CarrierLine[] | null {
  const list = assumed.readList(json, 'lines');
  const lines = list?.flatMap((entry) => withOwner(assumed.readLine(entry), endUserId) ?? []);
  return lines?.length === list?.length ? (lines ?? null) : null;
}

function withOwner(line: ReturnType<typeof assumed.readLine>, endUserId: string): CarrierLine | null {
  return line && { ...line, endUserId: line.endUserId ?? endUserId };
}

/** A success that lacks what it is for. Retried: whoever repeats looks first and so finds what this call made. */
function incomplete(call: HttpCall, answer: HttpAnswer): CodedError {
  const what = `OXIO ${call.method} ${call.route} answered ${answer.status} without the data that it is for`;
  return vendorError('unavailable', what);
}
