import type { ReactNode } from 'react';

/** What a room shows while it has nothing: why, and the way on. */
export function Empty(props: { title: string; text: string; picture?: ReactNode; children?: ReactNode }) {
  return (
    <div className="empty">
      {props.picture}
      <h2>{props.title}</h2>
      <p className="soft">{props.text}</p>
      {props.children}
    </div>
  );
}
