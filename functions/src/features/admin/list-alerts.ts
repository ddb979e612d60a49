import type { Handler } from '../../platform/operations.ts';
import { readAlerts } from '../../store/alerts.ts';

/** More than a person reads at one sitting; whoever has more open alerts has one problem and not two hundred. */
const limit = 200;

/** Alerts, newest first: those still open, or with `open` false all of them. */
export const listAlerts: Handler<'listAlerts'> = async ({ services }, { open }) => {
  const alerts = await readAlerts(services.db, { openOnly: open, limit });
  return {
    alerts: alerts.map((alert) => ({
      ...alert,
      raisedAt: alert.raisedAt.toISOString(),
      resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    })),
  };
};
