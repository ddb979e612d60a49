import { resolveAlert } from '../../platform/alerts.ts';
import { audit } from '../../platform/audit.ts';
import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { lockAlert, viewAlert } from '../../store/alerts.ts';

/** Closes an alert that a person has seen to, with the reason in the audit log. One that is closed stays as it is. Throws `not_found`. */
export const closeAlert: Handler<'closeAlert'> = async ({ services, identity, role }, { alertId, reason }) => {
  const { db, clock } = services;
  const now = clock.now();
  return db.transaction(async (tx) => {
    const alert = await lockAlert(tx, alertId);
    if (!alert) throw new CodedError('not_found', `no alert ${alertId}`);
    if (alert.resolvedAt !== null) return viewAlert(alert);
    await resolveAlert(tx, alert.kind, alert.subject, now);
    const detail = { reason, kind: alert.kind, about: alert.subject };
    await audit(tx, { actor: identity.uid, role, action: 'alert.closed', subject: alertId, detail }, now);
    return viewAlert({ ...alert, resolvedAt: now });
  });
};
