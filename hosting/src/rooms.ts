import { lazy } from 'react';
import type { ComponentType } from 'react';

type Loader = () => Promise<{ default: ComponentType }>;

/** Every room of the app: its path and the code that is loaded only when somebody goes there. */
const loaders = {
  '/': () => import('./rooms/landing/landing.tsx'),
  '/sign-in': () => import('./rooms/sign-in/sign-in.tsx'),
  '/sign-up': () => import('./rooms/sign-in/sign-up.tsx'),
  '/plans': () => import('./rooms/plans/plans.tsx'),
  '/checkout': () => import('./rooms/checkout/quote-room.tsx'),
  '/checkout/:productId': () => import('./rooms/checkout/checkout.tsx'),
  '/orders': () => import('./rooms/orders/order-list.tsx'),
  '/orders/:orderId': () => import('./rooms/orders/order-page.tsx'),
  '/esim': () => import('./rooms/esim/esim-list.tsx'),
  '/esim/:lineId': () => import('./rooms/esim/esim-page.tsx'),
  '/rewards': () => import('./rooms/rewards/rewards.tsx'),
  '/messages': () => import('./rooms/messages/messages.tsx'),
  '/account': () => import('./rooms/account/account.tsx'),
  '/operations': () => import('./rooms/operations/operations.tsx'),
  '/dotm': () => import('./rooms/token/token.tsx'),
  '/docs/api': () => import('./rooms/api-docs/api-docs.tsx'),
  '*': () => import('./rooms/not-found/not-found.tsx'),
} satisfies Record<string, Loader>;

/** Rooms that only a signed-in member enters, and where others are sent: buyers are usually new. */
const doors: Record<string, '/sign-in' | '/sign-up'> = {
  '/checkout/:productId': '/sign-up',
  '/orders': '/sign-in',
  '/orders/:orderId': '/sign-in',
  '/esim': '/sign-in',
  '/esim/:lineId': '/sign-in',
  '/rewards': '/sign-in',
  '/messages': '/sign-in',
  '/account': '/sign-in',
  '/operations': '/sign-in',
};

/** The rooms as the router wants them. */
export const rooms = Object.entries(loaders).map(([path, load]) => ({
  path,
  Room: lazy(load),
  door: doors[path] ?? null,
}));

/** Starts loading the room of the first page while configuration and texts are still on their way. */
export function preloadRoom(pathname: string): void {
  const [, first = '', second] = pathname.split('/');
  const exact = Object.entries(loaders).find(([path]) => path === pathname);
  const nested = Object.entries(loaders).find(([path]) => second !== undefined && path.startsWith(`/${first}/:`));
  // A failure shows itself when the room is drawn.
  void (exact ?? nested)?.[1]().catch(() => undefined);
}
