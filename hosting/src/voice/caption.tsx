import { useMemo } from 'react';
import { captionOf, pieceAt } from './captions.ts';
import type { Studio } from './studio.ts';
import { useAtPlace, usePlayerState } from './use-studio.ts';

/** The sentence that is being said, its words lighting up as they sound. A tap on a word goes there. */
export function Caption(props: { studio: Studio }) {
  const { studio } = props;
  const { message, segment: index, phase } = usePlayerState(studio);
  const segment = message?.segments[index];
  const pieces = useMemo(() => (segment && message ? captionOf(segment, message.language) : []), [segment, message]);
  const at = useAtPlace(studio, ({ seconds }) => pieceAt(pieces, seconds));
  if (!message || !segment) return null;
  const rests = phase !== 'playing' && phase !== 'ended' && at <= 0;
  return (
    <p className="voice-caption" lang={message.language} dir={message.direction} data-testid="voice-caption">
      {pieces.map((piece, number) => (
        // A word is no control: keyboards go by sentence, in the list of the text.
        <span
          key={number}
          data-said={rests ? undefined : number === at ? 'now' : number < at ? 'before' : 'later'}
          onClick={piece.start === null ? undefined : () => studio.player.playFrom(index, piece.start ?? 0)}
        >
          {piece.text}
        </span>
      ))}
    </p>
  );
}

/** The whole text, sentence by sentence; each can be gone to. */
export function Transcript(props: { studio: Studio }) {
  const { player } = props.studio;
  const { message, segment } = usePlayerState(props.studio);
  if (!message) return null;
  return (
    <ol className="voice-text" lang={message.language} dir={message.direction}>
      {message.segments.map(({ index, text }) => (
        <li key={index}>
          <button type="button" aria-current={index === segment || undefined} onClick={() => player.playFrom(index)}>
            {text}
          </button>
        </li>
      ))}
    </ol>
  );
}
