/**
 * Ids are a prefix that names the kind and a ULID, so that they sort by creation and a log line says what it speaks of.
 * They are made by `platform/ids.ts`; this file knows only their shape.
 */
export const idPrefixes = {
  member: 'mem',
  order: 'ord',
  orderEvent: 'oev',
  line: 'lin',
  subscription: 'sub',
  planChange: 'plc',
  reward: 'rwd',
  rewardUse: 'rwu',
  wallet: 'wlt',
  refund: 'rfd',
  distributionRun: 'drn',
  mail: 'mai',
  voiceRun: 'vrn',
  job: 'job',
  alert: 'alr',
  audit: 'aud',
  reconciliation: 'rec',
  request: 'req',
} as const;

export type IdKind = keyof typeof idPrefixes;
export type Id<K extends IdKind> = `${(typeof idPrefixes)[K]}_${string}`;
