import { z } from 'zod';
import { isWireIccid } from './formats.ts';

const uuid = z.uuid().regex(/^[0-9a-f-]+$/);
const text = z.string().min(1).max(200);
const email = z.email().max(254);

/** `POST /v2/end-users` [D]; `email` and `groupId` [C]. Values of `sex` beyond UNSPECIFIED are assumed. */
export const endUserInput = z.strictObject({
  sex: z.enum(['UNSPECIFIED', 'MALE', 'FEMALE']),
  firstName: text,
  lastName: text,
  email: email.optional(),
  groupId: uuid.optional(),
});

/** `POST /v3/lines/line` [D], all three forms. Top-level `planId` and `groupId` [C]. Country other than US: assumed refused. */
export const lineInput = z.strictObject({
  lineType: z.literal('LINE_TYPE_MOBILITY'),
  countryCode: z.literal('US'),
  sim: z.strictObject({
    simType: z.enum(['EMBEDDED', 'PHYSICAL']),
    iccid: z.string().refine(isWireIccid).optional(),
  }),
  endUserId: uuid.optional(),
  endUser: z.strictObject({ brandId: uuid, endUserId: uuid.optional(), email: email.optional() }).optional(),
  phoneNumberRequirements: z.strictObject({ preferredAreaCode: z.string().regex(/^[2-9]\d{2}$/) }).optional(),
  activateOnAttach: z.boolean().optional(),
  planId: uuid.optional(),
  groupId: uuid.optional(),
});

/** `POST /v2/groups` [D, O]; the last three fields [C]. */
export const groupInput = z.strictObject({
  name: text,
  groupType: z.enum(['GROUP_TYPE_SHARED', 'GROUP_TYPE_INDIVIDUAL']),
  groupExternalId: text.optional(),
  description: z.string().max(500).optional(),
  groupNumber: z.number().int().min(1).optional(),
  userRole: z.literal('GROUP_ROLE_OWNER').optional(),
  endUserId: uuid.optional(),
});

/** `POST /v2/subscriptions` [D]. */
export const subscriptionInput = z.strictObject({
  plan: z.strictObject({ planId: uuid }),
  lineId: uuid,
});

/** What a caller sends to make a line. */
export type LineInput = z.output<typeof lineInput>;
