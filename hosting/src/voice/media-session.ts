import { lengthOfMessage, secondsInto } from './message.ts';
import type { Player } from './player.ts';

/** Words that the lock screen shows about a message. */
export interface MediaWords {
  title: string;
  artist: string;
}

/**
 * Shows the message on the lock screen and lets its buttons and those of a headset work. The whole message is one track; back and forward go
 * by sentence. Answers what takes it away again.
 */
export function showInMediaSession(player: Player, wordsOf: () => MediaWords): () => void {
  if (!('mediaSession' in navigator)) return () => undefined;
  const { mediaSession } = navigator;
  const deeds: [MediaSessionAction, () => void][] = [
    ['play', () => player.play()],
    ['pause', () => player.pause()],
    ['stop', () => player.pause()],
    ['previoustrack', () => player.previous()],
    ['nexttrack', () => player.next()],
  ];
  for (const [action, deed] of deeds) setHandler(action, deed);

  let shown: string | null = null;
  function update(): void {
    const { message, phase, rate } = player.getState();
    if (!message || phase === 'idle') {
      mediaSession.metadata = null;
      mediaSession.playbackState = 'none';
      shown = null;
      return;
    }
    const { title, artist } = wordsOf();
    if (shown !== `${title} ${artist}`) {
      shown = `${title} ${artist}`;
      const artwork = [192, 512].map((size) => ({
        src: `/icons/icon-${String(size)}.png`,
        sizes: `${String(size)}x${String(size)}`,
        type: 'image/png',
      }));
      mediaSession.metadata = new MediaMetadata({ title, artist, album: 'DOTM', artwork });
    }
    mediaSession.playbackState = phase === 'playing' ? 'playing' : 'paused';
    const duration = lengthOfMessage(message);
    const position = Math.min(duration, secondsInto(message, player.place()));
    mediaSession.setPositionState?.({ duration, position, playbackRate: rate });
  }
  const stop = player.subscribe(update);
  update();
  return () => {
    stop();
    for (const [action] of deeds) setHandler(action, null);
    mediaSession.metadata = null;
  };

  function setHandler(action: MediaSessionAction, deed: (() => void) | null): void {
    try {
      mediaSession.setActionHandler(action, deed);
    } catch {
      // This browser has no such button.
    }
  }
}
