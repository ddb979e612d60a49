import type { Queryable } from '../../platform/db.ts';
import type { Order as OrderView } from '../../shared/api/orders.ts';
import type { Order } from '../../store/orders.ts';
import { viewOneOrder, viewOrders } from '../../store/views.ts';

/** The payment page is open to whoever has its address, and shows what the member typed there: it stays the member's alone. */
function withoutPaymentPage(view: OrderView): OrderView {
  return { ...view, checkoutUrl: null };
}

/** An order as its member sees it, without the address of the payment page. */
export async function viewForOperator(db: Queryable, order: Order): Promise<OrderView> {
  return withoutPaymentPage(await viewOneOrder(db, order));
}

/** Several orders as their member sees them, without the addresses of payment pages. */
export async function viewAllForOperator(db: Queryable, orders: readonly Order[]): Promise<OrderView[]> {
  return (await viewOrders(db, orders)).map(withoutPaymentPage);
}
