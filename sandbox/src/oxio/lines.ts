import { randomUUID } from 'node:crypto';
import type { Core } from '../core/vendor.ts';
import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { emailMandatory, emailTaken, invalidParameters, OxioError } from './errors.ts';
import { newPhoneNumber } from './formats.ts';
import { createEndUser, getEndUser, isEmailKnown } from './people.ts';
import { OXIO_PLANS } from './plans.ts';
import type { LineInput } from './schemas.ts';
import { readSettings } from './settings.ts';
import { takeSim } from './sims.ts';
import { createSubscription } from './subscriptions.ts';

/**
 * A line as the stand-in keeps it. What happens later (number, activation, activation code) is stored as its due time: views compare
 * it with the clock, so nothing needs a timer and a moved clock works at once. Times are ISO-8601.
 */
export interface StoredLine {
  lineId: string;
  endUserId: string;
  iccid: string;
  simType: 'EMBEDDED' | 'PHYSICAL';
  activationCode: string;
  activateOnAttach: boolean;
  phoneNumber: string;
  groupId: string | null;
  createdAt: string;
  numberDueAt: string;
  activeDueAt: string;
  activationCodeDueAt: string;
  /** A status that control set; it wins over what time would make of the line. */
  forcedStatus: string | null;
  forcedAt: string | null;
}

/** Finds a line by id. */
export function getLine(core: Core, lineId: string): StoredLine | undefined {
  return core.store.get<StoredLine>('oxio-line', lineId);
}

/** Finds a line by its SIM. */
export function getLineBySim(core: Core, iccid: string): StoredLine | undefined {
  return core.store.list<StoredLine>('oxio-line', { iccid }, { limit: 1 })[0];
}

/** Lists lines, oldest first, of one end user or all. */
export function listLines(core: Core, endUserId?: string): StoredLine[] {
  return core.store.list<StoredLine>('oxio-line', endUserId ? { endUserId } : {});
}

/** Saves a line with its indexes. */
export function saveLine(core: Core, line: StoredLine): void {
  core.store.put('oxio-line', line.lineId, line, { endUserId: line.endUserId, iccid: line.iccid });
}

/**
 * Makes a line, each time a new one: OXIO does not deduplicate (three lines within 3 s were seen for one person). All or nothing.
 * Throws 6805 for a known `endUser.email`, even beside an `endUserId`; code 3 for what else does not fit.
 */
export function createLine(core: Core, input: LineInput): StoredLine {
  return core.store.transaction(() => {
    const settings = readSettings(core.store);
    const { refuseLines } = settings;
    const endUserId = resolveEndUser(core, input);
    if (input.planId && !OXIO_PLANS.some((plan) => plan.planId === input.planId)) throw invalidParameters();
    if (input.groupId && !core.store.get('oxio-group', input.groupId)) throw invalidParameters();
    if (refuseLines) throw new OxioError(refuseLines.status as 400, refuseLines.error, refuseLines.code);
    const lineId = randomUUID();
    const sim = takeSim(core, lineId, input.sim);
    const now = core.clock.now().getTime();
    const due = (delaySeconds: number) => new Date(now + delaySeconds * 1000).toISOString();
    const line: StoredLine = {
      lineId,
      endUserId,
      iccid: sim.iccid,
      simType: sim.simType,
      activationCode: sim.activationCode,
      // Assumed default: the reply that was seen had true, and its request is unknown.
      activateOnAttach: input.activateOnAttach ?? true,
      phoneNumber: newPhoneNumber(
        core.store.nextNumber('oxio-phone-number'),
        input.phoneNumberRequirements?.preferredAreaCode,
      ),
      groupId: input.groupId ?? null,
      createdAt: due(0),
      numberDueAt: due(settings.numberDelaySeconds),
      activeDueAt: due(settings.activationDelaySeconds),
      activationCodeDueAt: due(settings.activationCodeDelaySeconds),
      forcedStatus: null,
      forcedAt: null,
    };
    saveLine(core, line);
    if (input.planId) createSubscription(core, { lineId, planId: input.planId });
    return line;
  });
}

function resolveEndUser(core: Core, input: LineInput): string {
  const { endUser } = input;
  // Assumed: another brand's id is refused as malformed.
  if (endUser && endUser.brandId !== SANDBOX_CREDENTIALS.oxioBrandId) throw invalidParameters();
  if (endUser?.email && isEmailKnown(core, endUser.email)) throw emailTaken();
  const endUserId = input.endUserId ?? endUser?.endUserId;
  if (endUserId) {
    if (!getEndUser(core, endUserId)) throw invalidParameters();
    return endUserId;
  }
  if (!endUser?.email) throw emailMandatory();
  // Assumed: a person made by the way has no name yet.
  return createEndUser(core, { sex: 'UNSPECIFIED', firstName: '', lastName: '', email: endUser.email }).endUserId;
}
