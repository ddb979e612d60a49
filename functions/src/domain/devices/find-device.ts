import { lettersApart } from '../places/suggest-places.ts';
import { modelKey, readDevices, type Device } from './read-devices.ts';

/**
 * Whether a device takes an eSIM of ours. `yes` may have exceptions in `conditions`; `depends` always has a reason there. `ambiguous`:
 * ask which model. `unknown`: no list that we have names it, `suggestions` are near it in spelling. Names are those of the data, never
 * the text that was asked for.
 */
export type DeviceAnswer =
  | { readonly kind: 'yes' | 'depends' | 'no'; readonly device: Device }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly Device[] }
  | { readonly kind: 'unknown'; readonly suggestions: readonly Device[] };

/** A model's name is shorter. */
const maxLetters = 80;
const maxCandidates = 8;
const maxSuggestions = 3;

/** Makers say "this model and later": a number above those of the data is answered as the newest one is. */
const later = [
  { form: /^iphone (\d+)(?: (?:mini|plus|pro|pro max|e))?$/, newest: 'iphone 17' },
  { form: /^pixel (\d+)a?(?: (?:pro|pro xl|pro fold))?$/, newest: 'pixel 10' },
  { form: /^galaxy s(\d+)(?: (?:plus|ultra|edge|fe))?$/, newest: 'galaxy s25' },
];

/** Finds out whether a phone, tablet or watch takes an eSIM, by the name that people call it. Never guesses a typing error away. */
export function findDevice(query: string): DeviceAnswer {
  if (query.length > maxLetters) return { kind: 'unknown', suggestions: [] };
  const models = readDevices();
  const key = modelKey(query);
  const device = models.get(key) ?? models.get(key.replace(/ 5g$/, '')) ?? watchOf(key) ?? newerThanData(key);
  if (device) return { kind: device.answer, device };
  const families = key === '' ? [] : unique([...models].filter(([name]) => name.startsWith(`${key} `)));
  if (families.length > 1) return { kind: 'ambiguous', candidates: families.slice(-maxCandidates).reverse() };
  return { kind: 'unknown', suggestions: near(key) };
}

function watchOf(key: string): Device | undefined {
  const watch = /^(?:(pixel|galaxy) )?watch\b/.exec(key);
  return watch ? readDevices().get(watch[1] ? `${watch[1]} watch` : 'watch') : undefined;
}

function newerThanData(key: string): Device | undefined {
  for (const { form, newest } of later) {
    const number = form.exec(key)?.[1];
    const device = readDevices().get(newest);
    if (number === undefined || !device) continue;
    const last = /(\d+)$/.exec(newest)?.[1] ?? '0';
    // Nobody has announced a model ten generations on: that is a slip of the finger.
    if (Number(number) > Number(last) && Number(number) <= Number(last) + 5) {
      return { ...device, name: `${device.name} or later` };
    }
  }
  return undefined;
}

/** Numbers must be the same: a Galaxy S22 is no misspelt S23. */
function near(key: string): Device[] {
  if (key.length < 4) return [];
  const digits = key.replace(/\D+/g, ' ').trim();
  const found = [...readDevices()]
    .filter(([name]) => name.replace(/\D+/g, ' ').trim() === digits)
    .map(([name, device]) => ({ name, device, distance: lettersApart(key, name, 2) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return unique(found.map(({ name, device }) => [name, device])).slice(0, maxSuggestions);
}

function unique(entries: readonly (readonly [string, Device])[]): Device[] {
  return [...new Set(entries.map(([, device]) => device))];
}
