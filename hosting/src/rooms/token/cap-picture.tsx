import { fromDecimal, toMoney, type Money } from '../../../../functions/src/shared/money.ts';
import type { RewardStatement } from '../../../../functions/src/shared/proofs/statement.ts';
import { formatTokens } from '../../format/money.ts';
import { useText } from '../../i18n/text.ts';
import { divideCap } from './cap-parts.ts';

/** Thousandths of the whole, so that a share can be drawn without floats of wei. */
function thousandths(part: bigint, whole: bigint): number {
  return whole <= 0n ? 0 : Number((part * 1000n) / whole);
}

/** How much of the cap exists, how much is promised, and what is left: one bar, with its words for whoever can't see it. */
export function CapPicture(props: { supply: Money; cap: Money; statement: RewardStatement | null }) {
  const t = useText();
  const supply = fromDecimal('DOTM', props.supply.amount);
  const cap = fromDecimal('DOTM', props.cap.amount);
  const { owed, left } = divideCap(supply, cap, props.statement);
  const percent = new Intl.NumberFormat(t.locale, { style: 'percent', maximumFractionDigits: 2 }).format(
    Number((supply * 1_000_000n) / (cap > 0n ? cap : 1n)) / 1_000_000,
  );
  const tokens = (wei: bigint) => formatTokens(toMoney('DOTM', wei > 0n ? wei : 0n), t.locale);
  const parts = [
    { name: 'exists', wei: supply, words: t('token.part.exists', { amount: tokens(supply) }) },
    { name: 'owed', wei: owed, words: t('token.part.owed', { amount: tokens(owed) }) },
    { name: 'left', wei: left, words: t('token.part.left', { amount: tokens(left) }) },
  ].filter(({ name, wei }) => wei > 0n || name === 'exists');
  return (
    <figure className="cap-picture">
      <div className="cap-bar" role="img" aria-label={t('token.picture', { percent })}>
        {parts.map(({ name, wei }) => (
          <span key={name} className={`cap-${name}`} style={{ flexGrow: thousandths(wei, cap) }} />
        ))}
      </div>
      <figcaption>
        <ul>
          {parts.map(({ name, words }) => (
            <li key={name} className={`cap-${name}`}>
              {words}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
