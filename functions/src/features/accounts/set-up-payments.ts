import type { JobHandler } from '../../platform/jobs.ts';
import { getMember, linkPayments, lockMember } from '../../store/members.ts';
import { addErasure } from './add-erasure.ts';

/**
 * Works off `account.set_up_payments`: makes the customer at the payment provider. Safe to repeat: the provider gives the customer
 * that an earlier attempt made, because it is looked for by member id and made under a key.
 */
export const setUpPayments: JobHandler = async (services, job) => {
  const { db, clock } = services;
  const member = await getMember(db, String(job.payload['memberId']));
  if (member.erasedAt !== null || member.stripeCustomerId !== null) {
    await db.transaction((tx) => job.finish(tx));
    return;
  }
  const payments = await services.payments();
  const { customerId } = await payments.ensureCustomer({
    memberId: member.id,
    email: member.email,
    name: member.displayName,
    locale: member.locale,
  });
  await db.transaction(async (tx) => {
    const { erasedAt } = await lockMember(tx, member.id);
    await linkPayments(tx, member.id, customerId, clock.now());
    // Erased while we spoke to the provider: what we have just made there must go as well.
    if (erasedAt !== null) await addErasure(tx, member.id, clock.now(), customerId);
    await job.finish(tx);
  });
};
