import { SANDBOX_CREDENTIALS } from '../credentials.ts';
import { timestamp } from './formats.ts';
import type { StoredLine } from './lines.ts';

/** A line in the shape of v3: what `GET /v3/end-users/{id}/lines` lists [O] and `POST /v3/lines/line` answers unwrapped [C]. */
export interface LineV3 {
  lineId: string;
  status: string;
  lineType: 'LINE_TYPE_MOBILITY';
  brandId: string;
  createdTs: string;
  modifiedTs: string;
  endUserAssignedTs: string;
  endUserId: string;
  activateOnAttach: boolean;
  sim: { simType: string; iccid: string; activationCode?: string; activationUrl?: string; countryCode: 'US' };
  /** One EMPTY object while there is no number. */
  phoneNumbers: { phoneNumber?: string }[];
  ocsType: 'OCSTYPE_MATRIXX';
  groupId?: string;
}

/** A line in the shape of v2 [C]: flat `iccid`, one `phoneNumber` object. */
export interface LineV2 {
  lineId: string;
  iccid: string;
  status: string;
  phoneNumber: { currentPhoneNumber?: string };
  services: { inService: boolean };
}

/** Tells a line's status at `now`: PENDING [O], later ACTIVE (assumed), or what control set. */
export function statusAt(line: StoredLine, now: Date): string {
  return line.forcedStatus ?? (isDue(line.activeDueAt, now) ? 'ACTIVE' : 'PENDING');
}

/** Shows a line as v3 does at `now`. The activation code is left out until it is due. */
export function lineV3(line: StoredLine, now: Date): LineV3 {
  const hasCode = line.simType === 'EMBEDDED' && isDue(line.activationCodeDueAt, now);
  return {
    lineId: line.lineId,
    status: statusAt(line, now),
    lineType: 'LINE_TYPE_MOBILITY',
    brandId: SANDBOX_CREDENTIALS.oxioBrandId,
    createdTs: timestamp(new Date(line.createdAt)),
    modifiedTs: timestamp(modifiedAt(line, now)),
    endUserAssignedTs: timestamp(new Date(line.createdAt)),
    endUserId: line.endUserId,
    activateOnAttach: line.activateOnAttach,
    sim: {
      simType: line.simType,
      iccid: line.iccid,
      ...(hasCode ? { activationCode: line.activationCode, activationUrl: `LPA:${line.activationCode}` } : {}),
      countryCode: 'US',
    },
    phoneNumbers: [isDue(line.numberDueAt, now) ? { phoneNumber: line.phoneNumber } : {}],
    ocsType: 'OCSTYPE_MATRIXX',
    ...(line.groupId ? { groupId: line.groupId } : {}),
  };
}

/** Shows a line as v2 does at `now`. In service once active: assumed. */
export function lineV2(line: StoredLine, now: Date): LineV2 {
  const status = statusAt(line, now);
  return {
    lineId: line.lineId,
    iccid: line.iccid,
    status,
    phoneNumber: isDue(line.numberDueAt, now) ? { currentPhoneNumber: line.phoneNumber } : {},
    services: { inService: status === 'ACTIVE' },
  };
}

function isDue(at: string, now: Date): boolean {
  return Date.parse(at) <= now.getTime();
}

function modifiedAt(line: StoredLine, now: Date): Date {
  const times = [
    line.createdAt,
    line.numberDueAt,
    line.activeDueAt,
    line.activationCodeDueAt,
    line.forcedAt ?? line.createdAt,
  ];
  return new Date(
    Math.max(...times.filter((at) => isDue(at, now)).map((at) => Date.parse(at)), Date.parse(line.createdAt)),
  );
}
