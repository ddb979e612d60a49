import type { EndUser, Group } from '../../../../sandbox/src/oxio/people.ts';
import { SANDBOX_CREDENTIALS } from '../../../../sandbox/src/credentials.ts';
import type { TestServices } from '../../support/services.ts';

interface Customer {
  id: string;
  email: string | null;
  name: string | null;
  metadata: Record<string, string>;
}

/** The customers that Stripe holds for a member, as its own API says. */
export async function customersOf(t: TestServices, memberId: string): Promise<Customer[]> {
  const response = await fetch(`${t.sandboxUrls.stripe}/v1/customers?limit=100`, {
    headers: { authorization: `Bearer ${SANDBOX_CREDENTIALS.stripeSecretKey}` },
  });
  const { data } = (await response.json()) as { data: Customer[] };
  return data.filter((customer) => customer.metadata['member_id'] === memberId);
}

/** The end users that the carrier holds with this e-mail address. */
export async function endUsersOf(t: TestServices, email: string): Promise<EndUser[]> {
  return (await t.control.oxioEndUsers()).filter((user) => user.email === email);
}

/** The groups that the carrier holds for a member. */
export async function groupsOf(t: TestServices, memberId: string): Promise<Group[]> {
  const { groups } = await t.control.call<{ groups: Group[] }>('GET', '/oxio/groups');
  return groups.filter((group) => group.groupExternalId === memberId);
}

/** The one mail of a kind that a person must have got; fails when there is none or a second one. */
export async function mailsTo(t: TestServices, email: string): Promise<string[]> {
  return (await t.control.mail({ to: email })).map((mail) => mail.subject).reverse();
}
