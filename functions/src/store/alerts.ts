import type { z } from 'zod';
import type { alertSchema } from '../shared/api/admin.ts';
import type { Id } from '../shared/ids.ts';
import type { Queryable, Tx } from '../platform/db.ts';

export interface Alert {
  id: Id<'alert'>;
  kind: string;
  /** Id of the thing concerned. */
  subject: string;
  message: string;
  raisedAt: Date;
  resolvedAt: Date | null;
}

interface AlertRow {
  id: Id<'alert'>;
  kind: string;
  subject: string;
  message: string;
  raised_at: Date;
  resolved_at: Date | null;
}

/** Alerts, newest first, at most `limit`; with `openOnly`, those that nobody has seen to yet. */
export async function readAlerts(db: Queryable, filter: { openOnly: boolean; limit: number }): Promise<Alert[]> {
  const { rows } = await db.query<AlertRow>(
    `select id, kind, subject, message, raised_at, resolved_at from alert
     where not $1 or resolved_at is null order by id desc limit $2`,
    [filter.openOnly, filter.limit],
  );
  return rows.map(toAlert);
}

/** Whether an alert of this kind is open about a subject that begins so. */
export async function hasOpenAlert(db: Queryable, kind: string, subject: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select 1 from alert where kind = $1 and starts_with(subject, $2) and resolved_at is null limit 1',
    [kind, subject],
  );
  return rowCount !== 0;
}

/** Reads an alert under a row lock, null when there is none. */
export async function lockAlert(tx: Tx, id: string): Promise<Alert | null> {
  const { rows } = await tx.query<AlertRow>(
    'select id, kind, subject, message, raised_at, resolved_at from alert where id = $1 for update',
    [id],
  );
  return rows[0] ? toAlert(rows[0]) : null;
}

/** An alert in the form that operators see. */
export function viewAlert(alert: Alert): z.input<typeof alertSchema> {
  return { ...alert, raisedAt: alert.raisedAt.toISOString(), resolvedAt: alert.resolvedAt?.toISOString() ?? null };
}

function toAlert(row: AlertRow): Alert {
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    message: row.message,
    raisedAt: row.raised_at,
    resolvedAt: row.resolved_at,
  };
}
