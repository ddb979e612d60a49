import { landDots, seaDots } from './globe-dots.ts';
import './globe.css';

/** Where the member's phone is, in the picture's coordinates. */
const places = [
  { x: 139, y: 164, out: 'M139 164C185 70 285 62 335 121' },
  { x: 335, y: 121, out: 'M335 121C420 130 450 210 413 276' },
  { x: 413, y: 276, out: '' },
  { x: 254, y: 426, out: 'M254 426C180 380 130 270 139 164' },
];

/** The planet in dots with one connection going around it. Decoration: screen readers skip it. */
export function Globe() {
  return (
    <svg className="globe" viewBox="0 0 500 500" fill="none" aria-hidden="true">
      <circle cx="250" cy="250" r="240" className="globe-ball" />
      <path d={seaDots} className="globe-sea" />
      <path d={landDots} className="globe-land" />
      {places.map((place) => (
        <path key={`${place.x}-way`} d={place.out} className="globe-way" pathLength={1} />
      ))}
      {places.map((place) => (
        <circle key={place.x} cx={place.x} cy={place.y} r="7" className="globe-place" />
      ))}
    </svg>
  );
}
