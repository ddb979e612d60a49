import type { Services } from '../../platform/container.ts';
import type { ProjectedDocument } from '../../platform/documents.ts';
import { log } from '../../platform/log.ts';
import { readAccount } from '../../store/account-view.ts';
import { listLinesOf } from '../../store/lines.ts';
import { getMember, type Member } from '../../store/members.ts';
import { listOrdersOf } from '../../store/orders.ts';
import { viewRewards } from '../../store/reward-views.ts';
import { viewLines, viewOrders } from '../../store/views.ts';
import { viewWallet } from '../../store/wallets.ts';

/** Five pages of the web app's list; older orders are read through the API. One Firestore transaction holds 10 MB, this takes 1. */
const shownOrders = 100;

/** The collections below a member; what is in one of them and not in Postgres is deleted. */
const collections = ['orders', 'lines', 'rewards'];

/**
 * Writes what a member sees to Firestore, as Postgres holds it now. The revision is read before the rest: what is written is at least
 * as new as its number, and an older writer can't overwrite a newer one. Throws when Firestore is out of reach.
 */
export async function writeMember(
  services: Services,
  memberId: string,
): Promise<'written' | 'newer is shown' | 'erased'> {
  const member = await getMember(services.db, memberId);
  if (member.uid === null) return skipped(memberId, 'erased');
  const root = `members/${member.uid}`;
  const children = await readChildren(services, member, root);
  const account = { ...(await readAccount(services.db, member, null)) };
  const documents = await services.documents();
  const written = await documents.replaceTree({ path: root, data: account }, children, collections, member.revision);
  // Erased while this was being written: the erasure may have cleared the tree before our write.
  const { erasedAt } = await getMember(services.db, memberId);
  if (erasedAt !== null) {
    await documents.deleteTree(root);
    return skipped(memberId, 'erased');
  }
  return written ? 'written' : skipped(memberId, 'newer is shown');
}

function skipped<T extends string>(memberId: string, reason: T): T {
  log.projectionSkipped(memberId, reason);
  return reason;
}

async function readChildren(
  { db, clock, policy }: Services,
  member: Member,
  root: string,
): Promise<ProjectedDocument[]> {
  const orders = await viewOrders(db, await listOrdersOf(db, member.id, shownOrders));
  const lines = await viewLines(db, await listLinesOf(db, member.id));
  const rewards = await viewRewards(db, member.id);
  const wallet = await viewWallet(db, member.id, policy.chain?.chainId ?? null, clock.now());
  return [
    ...orders.map((order) => ({ path: `${root}/orders/${order.id}`, data: { ...order } })),
    ...lines.map((line) => ({ path: `${root}/lines/${line.id}`, data: { ...line } })),
    { path: `${root}/rewards/summary`, data: { ...rewards, wallet } },
  ];
}
