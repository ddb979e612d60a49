import type { Role } from '../shared/operation.ts';
import type { Queryable } from './db.ts';
import { newId } from './ids.ts';
import { currentTraceId } from './trace.ts';

/** Who did what to whom. Ids only: the audit log outlives the people in it. */
export interface AuditEntry {
  /** Member id, Firebase uid of an operator, or the name of a command. */
  actor: string;
  role: Role | null;
  /** In the past tense, feature first: `account.exported`, `order.refunded`. */
  action: string;
  /** Id of what was acted upon. */
  subject: string;
  /** Never an e-mail address, a telephone number, an activation code or a free text from a member. */
  detail?: Record<string, string | number | boolean | null>;
}

/** Writes an entry of the audit log, which can't be changed afterwards. Call it in the transaction of the deed. */
export async function audit(tx: Queryable, entry: AuditEntry, now: Date): Promise<void> {
  await tx.query(
    `insert into audit_log (id, at, actor, role, action, subject, detail, trace_id) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      newId('audit', now),
      now,
      entry.actor,
      entry.role,
      entry.action,
      entry.subject,
      entry.detail ?? {},
      currentTraceId(),
    ],
  );
}
