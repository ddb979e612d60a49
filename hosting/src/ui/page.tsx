import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'react-router';

let pagesShown = 0;

/**
 * A room's frame: its title in the tab, its heading on the page. After a change of room the heading takes the focus, so
 * that keyboard and screen reader start where the eye does; the first page of a visit leaves the focus alone.
 */
export function Page(props: {
  title: string;
  /** Another heading than the tab's title, or false where the room draws its own `h1`. */
  heading?: ReactNode;
  intro?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}) {
  const { pathname } = useLocation();
  const frame = useRef<HTMLElement>(null);

  useEffect(() => {
    document.title = `${props.title} · DOTM`;
  }, [props.title]);

  useEffect(() => {
    pagesShown += 1;
    if (pagesShown === 1) return;
    window.scrollTo(0, 0);
    const heading = frame.current?.querySelector('h1');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <main id="main" ref={frame} tabIndex={-1} className={props.narrow ? 'page-narrow' : undefined}>
      {props.heading !== false && (
        <header className="page-head">
          <h1>{props.heading ?? props.title}</h1>
          {props.intro && <p>{props.intro}</p>}
        </header>
      )}
      {props.children}
    </main>
  );
}
