import { useEffect, useRef } from 'react';
import { lengthOfMessage, secondsInto } from './message.ts';
import { columnCount, columnsOf, drawDots, drawStill, settleLevels } from './dots.ts';
import type { DotCanvas } from './dots.ts';
import type { Studio } from './studio.ts';
import { usePlayerState } from './use-studio.ts';

/** Below this a spectrum is silence. */
const audible = 0.06;

function prepare(element: HTMLCanvasElement): DotCanvas | null {
  const context = element.getContext('2d');
  if (!context) return null;
  const { width, height } = element.getBoundingClientRect();
  const ratio = Math.min(devicePixelRatio, 2);
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (element.width !== wide || element.height !== high) [element.width, element.height] = [wide, high];
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  const style = getComputedStyle(element);
  return { context, width, height, ink: style.color, highlight: style.getPropertyValue('--sun') || style.color };
}

/**
 * A field of dots that swells with the voice, drawn from the sound itself. It rests when nothing sounds, and for who asked for less motion it
 * is a row that only says how far the message is. `data-signal` says whether sound was seen.
 */
export function SoundPicture(props: { studio: Studio }) {
  const { studio } = props;
  const { phase, segment, message } = usePlayerState(studio);
  const element = useRef<HTMLCanvasElement>(null);
  // What is still swollen when a sentence ends or the listener pauses sinks, it does not vanish.
  const levels = useRef<number[]>([]);

  useEffect(() => {
    const canvas = element.current;
    if (!canvas) return;
    const still = matchMedia('(prefers-reduced-motion: reduce)');
    let frame = 0;
    const bins = new Uint8Array(256);

    function drawOnce(): void {
      const drawing = canvas && prepare(canvas);
      if (!drawing) return;
      if (still.matches) {
        const length = message ? lengthOfMessage(message) : 0;
        return drawStill(drawing, message && length > 0 ? secondsInto(message, studio.player.place()) / length : 0);
      }
      const analyser = studio.analyser();
      if (analyser && phase === 'playing') analyser.getByteFrequencyData(bins);
      else bins.fill(0);
      levels.current = settleLevels(levels.current, columnsOf(bins, columnCount(drawing.width)));
      const seen = levels.current.some((level) => level > audible);
      if (canvas.dataset['signal'] !== String(seen)) canvas.dataset['signal'] = String(seen);
      drawDots(drawing, levels.current);
    }

    function draw(): void {
      drawOnce();
      const moves = phase === 'playing' || levels.current.some((level) => level > 0.01);
      if (moves && !still.matches) frame = requestAnimationFrame(draw);
    }
    draw();
    const resized = new ResizeObserver(drawOnce);
    resized.observe(canvas);
    still.addEventListener('change', draw);
    return () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      still.removeEventListener('change', draw);
    };
  }, [studio, phase, segment, message]);

  return <canvas ref={element} className="voice-picture" aria-hidden="true" data-testid="voice-picture" />;
}
