import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { PageSkeleton } from '../ui/skeleton.tsx';
import { authPath } from './next.ts';
import { useSession } from './session.ts';

/** Shows its children to a signed-in member; sends others to sign in and back. */
export function RequireSession(props: { door: '/sign-in' | '/sign-up'; children: ReactNode }) {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session.status === 'starting') return <PageSkeleton />;
  if (session.status === 'signed-out') return <Navigate to={authPath(props.door, pathname + search)} replace />;
  return props.children;
}
