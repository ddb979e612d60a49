import type { Player } from './player.ts';

/** Where keys already mean something: typing, choosing, pressing. */
const taken = 'input, select, textarea, button, a, summary, [contenteditable], [role="slider"]';
const typing = 'input, select, textarea, [contenteditable]';

/** What a key means to the player; null when it is none of its business. */
export function deedOfKey(
  event: Pick<KeyboardEvent, 'key' | 'altKey' | 'ctrlKey' | 'metaKey' | 'shiftKey'>,
  target: { isControl: boolean; isTyping: boolean; isInPlayer: boolean },
): 'toggle' | 'previous' | 'next' | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || target.isTyping) return null;
  if (event.key === ' ') return target.isControl ? null : 'toggle';
  if (event.key === 'ArrowLeft') return 'previous';
  if (event.key === 'ArrowRight') return 'next';
  // Letters work only inside the player: elsewhere they belong to who dictates or types.
  if (!target.isInPlayer) return null;
  const letter = event.key.toLowerCase();
  return letter === 'j' ? 'previous' : letter === 'l' ? 'next' : letter === 'k' ? 'toggle' : null;
}

/** Lets the keyboard drive the player while its room is open. Answers what ends that. */
export function followKeys(player: Player, frame: () => HTMLElement | null): () => void {
  function press(event: KeyboardEvent): void {
    const element = event.target instanceof Element ? event.target : null;
    if (event.defaultPrevented || element?.closest('dialog')) return;
    const deed = deedOfKey(event, {
      isControl: element?.closest(taken) != null,
      isTyping: element?.closest(typing) != null,
      isInPlayer: element !== null && frame()?.contains(element) === true,
    });
    if (deed === null) return;
    // Space would scroll the page.
    event.preventDefault();
    player[deed]();
  }
  addEventListener('keydown', press);
  return () => removeEventListener('keydown', press);
}
