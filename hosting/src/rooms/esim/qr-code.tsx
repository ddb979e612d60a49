import { create } from 'qrcode';
import { useMemo } from 'react';

/** The standard asks for four modules of quiet around a code; cameras fail on less. */
const quiet = 4;

/** Draws dark modules as one SVG path, in modules. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  let path = '';
  for (let y = 0; y < modules.size; y += 1) {
    for (let x = 0; x < modules.size; x += 1) {
      if (modules.get(y, x)) path += `M${x + quiet} ${y + quiet}h1v1h-1z`;
    }
  }
  return { size: modules.size + 2 * quiet, path };
}

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
