import { useMemo } from 'react';
import { qrPath } from './qr-path.ts';

/** A QR code, always dark on white: many cameras cannot read the inverse that a dark theme would make. */
export function QrCode(props: { text: string; label: string }) {
  const { size, path } = useMemo(() => qrPath(props.text), [props.text]);
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={props.label}
      shapeRendering="crispEdges"
      data-testid="esim-qr"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#10131f" />
    </svg>
  );
}
