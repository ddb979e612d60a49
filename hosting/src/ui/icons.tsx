const paths = {
  plans: 'M4 6h16M4 12h16M4 18h9',
  sim: 'M7 3h7l4 4v14H7V3m3 9h5v6h-5z',
  messages: 'M4 4.5h16v11.5h-9L6.5 20v-4H4zM9 9v2.5m3-4.5v6.5M15 9v2.5',
  orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2V3m3 5h6m-6 4h6',
  rewards: 'M12 3l2.6 5.6 6 .8-4.4 4.2 1.1 6L12 16.7 6.7 19.6l1.1-6L3.4 9.4l6-.8z',
  account: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8m-7.5 8.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6',
  operations: 'M4 7h9m4 0h3M4 17h3m4 0h9M13 4.5v5M7 14.5v5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  warn: 'M12 4l9 16H3zM12 10v4.5M12 17.2v.1',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 11v5.5M12 7.7v.1',
  bad: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M9 9l6 6m0-6l-6 6',
  back: 'M9 7H4V2M4.5 7A9 9 0 1 1 3 12',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.4m11.2 11.2L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a6.8 6.8 0 0 0 10.5 10.5z',
  system: 'M3 5h18v11H3zM9 20h6m-3-4v4',
  arrow: 'M5 12h14m-6-6l6 6-6 6',
  mail: 'M3 6h18v12H3zM3 7l9 6.5L21 7',
  out: 'M14 4h6v6m0-6l-9 9M18 14v6H4V6h6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2',
  phone: 'M7 2.5h10v19H7zM11 18.5h2',
} as const;

export type IconName = keyof typeof paths;

/** Draws a small line picture beside words; screen readers skip it. */
export function Icon(props: { name: IconName; size?: number }) {
  const size = props.size ?? 22;
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" aria-hidden="true">
      <path
        d={paths[props.name]}
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
