import './phone.css';

export type PhoneScreen = 'settings' | 'add' | 'scan' | 'typed' | 'confirm' | 'roaming' | 'open';

const lines = (ys: number[]) =>
  ys.map((y) => <path key={y} d={`M22 ${y}h${y % 3 === 0 ? 40 : 52}`} className="phone-line" />);

function screenOf(screen: PhoneScreen) {
  switch (screen) {
    case 'settings':
      return (
        <>
          {lines([40, 58, 112, 130])}
          <rect x="16" y="74" width="68" height="22" rx="7" className="phone-mark" />
          <path d="M24 85h34m12-5 5 5-5 5" className="phone-on-mark" />
        </>
      );
    case 'add':
      return (
        <>
          {lines([40, 58, 76])}
          <circle cx="50" cy="118" r="19" className="phone-mark" />
          <path d="M50 109v18m-9-9h18" className="phone-on-mark" />
        </>
      );
    case 'scan':
      return (
        <>
          <path
            d="M24 66V56q0-6 6-6h8m24 0h8q6 0 6 6v10m0 34v10q0 6-6 6h-8m-24 0h-8q-6 0-6-6v-10"
            className="phone-frame"
          />
          <path
            d="M37 64h9v9h-9zm17 0h9v9h-9zM37 92h9v9h-9zm17 0h3v3m6 6h-4m-5-14h8m-25-7h6m4 0h5"
            className="phone-code"
          />
        </>
      );
    case 'typed':
      return (
        <>
          {lines([42, 92])}
          <rect x="17" y="52" width="66" height="20" rx="6" className="phone-box" />
          <rect x="17" y="102" width="66" height="20" rx="6" className="phone-box" />
          <path d="M24 62h38M24 112h24" className="phone-frame" />
        </>
      );
    case 'confirm':
      return (
        <>
          <circle cx="50" cy="74" r="24" className="phone-mark" />
          <path d="m39 75 8 8 15-17" className="phone-on-mark" />
          {lines([122, 138])}
        </>
      );
    case 'roaming':
      return (
        <>
          {lines([44, 62, 126])}
          <rect x="36" y="80" width="44" height="24" rx="12" className="phone-mark" />
          <circle cx="68" cy="92" r="8" className="phone-knob" />
        </>
      );
    case 'open':
      return (
        <>
          {lines([40, 58])}
          <rect x="16" y="86" width="68" height="26" rx="9" className="phone-mark" />
          <path d="M30 99h40" className="phone-on-mark" />
          <path d="M58 108v26l7-6 6 12" className="phone-frame" />
        </>
      );
  }
}

/** A small phone that shows what the step beside it looks like. Decoration: the words say the same. */
export function PhonePicture(props: { screen: PhoneScreen }) {
  return (
    <svg className="phone" viewBox="0 0 100 170" fill="none" aria-hidden="true">
      <rect x="4" y="3" width="92" height="164" rx="17" className="phone-body" />
      <path d="M40 15h20" className="phone-frame" />
      {screenOf(props.screen)}
    </svg>
  );
}
