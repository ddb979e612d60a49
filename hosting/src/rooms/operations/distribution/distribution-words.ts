import type {
  batchStates,
  DistributionRunView,
  runStates,
} from '../../../../../functions/src/shared/api/distribution.ts';
import type { Locale } from '../../../../../functions/src/shared/locale.ts';
import { formatTokens } from '../../../format/money.ts';
import { formatMoment } from '../../../format/time.ts';
import type { Text } from '../../../i18n/text.ts';

export type RunState = (typeof runStates)[number];
export type BatchState = (typeof batchStates)[number];

const runTones: Readonly<Record<RunState, string>> = {
  planning: 'busy',
  awaiting_approval: 'warn',
  sending: 'busy',
  done: 'good',
  rejected: 'past',
  failed: 'bad',
};

export const batchTones: Readonly<Record<BatchState, string>> = {
  planned: 'past',
  signed: 'busy',
  confirmed: 'good',
  conflict: 'bad',
  released: 'past',
};

/** A run's state: how it looks, and the word beside it, so that colour alone says nothing. One that gave everything back has paid nobody. */
export function runChip({ state, batches }: DistributionRunView, t: Text): { tone: string; word: string } {
  if (state === 'done' && batches.confirmed === 0 && batches.released > 0) {
    return { tone: batchTones.released, word: t('payments.batch.released') };
  }
  return { tone: runTones[state], word: t(`payments.state.${state}`) };
}

/** How often a run is looked at again, in milliseconds: often while it moves, now and then while a person thinks, else never. */
export function pauseBetweenLooks(state: RunState | undefined): number | false {
  if (state === 'planning' || state === 'sending') return 3_000;
  return state === 'awaiting_approval' ? 20_000 : false;
}

/** How many batches a run has, in whatever state. */
export function countBatches(batches: DistributionRunView['batches']): number {
  return Object.values(batches).reduce((sum, count) => sum + count, 0);
}

/** "2,066 DOTM to 12 members", or that there is nobody. */
export function sumWords(run: DistributionRunView, t: Text): string {
  if (run.recipients === 0 && run.state !== 'planning') return t('payments.nobody');
  return t('payments.sum', { total: formatTokens(run.total, t.locale), count: run.recipients });
}

/** Who did what with a run, as a list of sentences, oldest first. */
export function historyWords(run: DistributionRunView, t: Text): string[] {
  const by =
    run.requestedBy === 'schedule' ? t('payments.bySchedule') : t('payments.byPerson', { who: run.requestedBy });
  const approved =
    run.approvedAt === null
      ? []
      : run.approvedBy === 'policy'
        ? [t('payments.approvedByPolicy')]
        : [t('payments.approvedBy', { who: run.approvedBy ?? '', at: formatMoment(run.approvedAt, t.locale) })];
  const rejected =
    run.state === 'rejected' && run.note !== null ? [t('payments.rejectedBecause', { reason: run.note })] : [];
  const ended = run.finishedAt === null ? [] : [t('payments.finished', { at: formatMoment(run.finishedAt, t.locale) })];
  return [by, ...approved, ...rejected, ...ended];
}

/** Writes a decimal with four figures that count: the price of gas has many that don't. */
export function shortDecimal(decimal: string, locale: Locale): string {
  const figures = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  return figures.format(decimal as Intl.StringNumericLiteral);
}
