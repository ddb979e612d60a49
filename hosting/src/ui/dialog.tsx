import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';

/** A question that must be answered first. The browser's own dialog keeps the focus inside and closes on Escape. */
export function Dialog(props: { title: string; onClose: () => void; children: ReactNode }) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();

  useEffect(() => {
    const dialog = box.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);

  return (
    <dialog className="dialog" ref={box} aria-labelledby={id} onClose={props.onClose}>
      <div className="stack">
        <h2 id={id}>{props.title}</h2>
        {props.children}
      </div>
    </dialog>
  );
}
