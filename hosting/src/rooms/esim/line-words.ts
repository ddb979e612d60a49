import type { Line } from '../../../../functions/src/shared/api/orders.ts';

const tones = {
  provisioning: 'busy',
  released: 'busy',
  installed: 'good',
  active: 'good',
  suspended: 'warn',
  terminated: 'plain',
} as const satisfies Record<Line['state'], string>;

/** The colour of a line's state; the words beside it say the same. */
export function lineTone(state: Line['state']): (typeof tones)[Line['state']] {
  return tones[state];
}

/** Writes a North American number in the usual groups, others as they are: "+1 514 555 0199". */
export function readableNumber(e164: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match ? `+1 ${match.slice(1).join(' ')}` : e164;
}
