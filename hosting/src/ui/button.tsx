import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Link } from 'react-router';

export type ButtonLook = 'main' | 'quiet' | 'bad' | 'link';

function classOf(look: ButtonLook, size: 'normal' | 'small', wide: boolean): string {
  const classes = ['button'];
  if (look !== 'main') classes.push(`button-${look}`);
  if (size === 'small') classes.push('button-small');
  if (wide) classes.push('button-wide');
  return classes.join(' ');
}

interface Look {
  look?: ButtonLook;
  size?: 'normal' | 'small';
  wide?: boolean;
}

type ButtonProps = Look & { busy?: boolean; children: ReactNode } & ButtonHTMLAttributes<HTMLButtonElement>;

/** A button. While busy it keeps its place and the focus, and ignores clicks. */
export function Button({ look = 'main', size = 'normal', wide = false, busy = false, ...rest }: ButtonProps) {
  const { children, onClick, type = 'button', ...others } = rest;
  return (
    <button
      {...others}
      type={busy ? 'button' : type}
      className={classOf(look, size, wide)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
    >
      {busy && <span className="spinner" aria-hidden="true" />}
      {children}
    </button>
  );
}

/** A link to a room of the app that looks like a button. */
export function ButtonLink(props: Look & { to: string; children: ReactNode }) {
  return (
    <Link to={props.to} className={classOf(props.look ?? 'main', props.size ?? 'normal', props.wide ?? false)}>
      {props.children}
    </Link>
  );
}

/** A link to another site that looks like a button. */
export function ButtonAnchor(props: Look & { href: string; children: ReactNode; testId?: string; newTab?: boolean }) {
  return (
    <a
      href={props.href}
      className={classOf(props.look ?? 'main', props.size ?? 'normal', props.wide ?? false)}
      data-testid={props.testId}
      {...(props.newTab ? { target: '_blank', rel: 'noreferrer' } : {})}
    >
      {props.children}
    </a>
  );
}
