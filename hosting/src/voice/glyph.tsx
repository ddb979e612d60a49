const shapes = {
  play: 'M8 5.2v13.6a.9.9 0 0 0 1.4.75l10.2-6.8a.9.9 0 0 0 0-1.5L9.4 4.45A.9.9 0 0 0 8 5.2z',
  pause: 'M7 4.5h3.2v15H7zm6.8 0H17v15h-3.2z',
  again: 'M12 5V1.8L7 6l5 4.2V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5z',
  previous: 'M6 5h2.4v14H6zm13 .9v12.2a.8.8 0 0 1-1.25.66L9 12.66a.8.8 0 0 1 0-1.32l8.75-6.1A.8.8 0 0 1 19 5.9z',
  next: 'M18 5h-2.4v14H18zM5 5.9v12.2a.8.8 0 0 0 1.25.66L15 12.66a.8.8 0 0 0 0-1.32L6.25 5.24A.8.8 0 0 0 5 5.9z',
  close: 'M6.4 5L12 10.6 17.6 5 19 6.4 13.4 12l5.6 5.6-1.4 1.4-5.6-5.6L6.4 19 5 17.6l5.6-5.6L5 6.4z',
} as const;

/** A filled sign of the player; screen readers skip it. */
export function Glyph(props: { name: keyof typeof shapes; size?: number }) {
  const size = props.size ?? 24;
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={shapes[props.name]} fill="currentColor" />
    </svg>
  );
}
