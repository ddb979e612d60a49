import { log } from './log.ts';
import { newId } from './ids.ts';
import type { Queryable } from './db.ts';

/** Tells operators of something that needs a person; one open alert for each kind and subject. */
export async function raiseAlert(
  tx: Queryable,
  alert: { kind: string; subject: string; message: string },
  now: Date,
): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into alert (id, kind, subject, message, raised_at) values ($1, $2, $3, $4, $5)
     on conflict (kind, subject) where resolved_at is null do nothing`,
    [newId('alert', now), alert.kind, alert.subject, alert.message, now],
  );
  if (rowCount === 1) log.alertRaised(alert.kind, alert.subject);
}

/** Closes the open alert of this kind and subject, if there is one. */
export async function resolveAlert(tx: Queryable, kind: string, subject: string, now: Date): Promise<void> {
  await tx.query(`update alert set resolved_at = $3 where kind = $1 and subject = $2 and resolved_at is null`, [
    kind,
    subject,
    now,
  ]);
}
