import { useEffect, useState } from 'react';
import type { Order } from '../../../../functions/src/shared/api/orders.ts';
import { formatClock, formatCountdown, shareLeft } from '../../format/time.ts';
import { useText } from '../../i18n/text.ts';

/** The promise as a clock that runs: connected by then, or the money back. */
export function Countdown(props: { order: Order; deadline: string }) {
  const t = useText();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);

  const paidAt = props.order.timeline.find((event) => event.kind === 'paid')?.at ?? props.order.createdAt;
  const left = shareLeft(Date.parse(paidAt), Date.parse(props.deadline), now);
  const by = formatClock(props.deadline, t.locale);
  return (
    <div className="countdown">
      <svg viewBox="0 0 120 120" aria-hidden="true">
        <circle cx="60" cy="60" r="53" className="countdown-ring" />
        <circle
          cx="60"
          cy="60"
          r="53"
          className="countdown-run"
          pathLength={100}
          strokeDasharray={`${left * 100} 100`}
        />
        <text x="60" y="69" textAnchor="middle" className="num">
          {formatCountdown(props.deadline, now)}
        </text>
      </svg>
      <p className="small">{t('order.deadline', { by })}</p>
    </div>
  );
}
