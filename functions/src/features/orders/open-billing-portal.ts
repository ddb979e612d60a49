import type { Handler } from '../../platform/operations.ts';
import { CodedError } from '../../shared/errors.ts';
import { currentMember } from '../../store/members.ts';

/** Opens the provider's page for cards, subscriptions and invoices. */
export const openBillingPortal: Handler<'openBillingPortal'> = async ({ services, identity }) => {
  const { db, clock, policy } = services;
  const member = await currentMember(db, identity, clock.now());
  if (member.stripeCustomerId === null)
    throw new CodedError('account.provisioning', `${member.id} has no customer yet`);
  const payments = await services.payments();
  return payments.createPortalSession({
    customerId: member.stripeCustomerId,
    returnUrl: `${policy.appUrl}/account`,
    locale: member.locale,
  });
};
