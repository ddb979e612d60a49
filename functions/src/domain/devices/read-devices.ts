import { fold } from '../places/fold.ts';
import conditions from './data/conditions.json' with { type: 'json' };
import devices from './data/devices.json' with { type: 'json' };

/** What an answer depends on; `conditionWords` says it in words. */
export type DeviceCondition = keyof typeof conditions;

/** A model as the data has it. */
export interface Device {
  /** With its maker where the name does not say it: `Apple iPhone 15`, `Fairphone 5`. */
  readonly name: string;
  readonly answer: 'yes' | 'depends' | 'no';
  readonly conditions: readonly DeviceCondition[];
  /** Where that is said, and when it was read (year and month). */
  readonly source: string;
  readonly seen: string;
}

interface Rule {
  readonly answer: string;
  readonly conditions: readonly string[];
  readonly models: readonly string[];
}

let models: ReadonlyMap<string, Device> | undefined;

/** Gives all models by their name in the form of `modelKey`, made at the first call. */
export function readDevices(): ReadonlyMap<string, Device> {
  models ??= new Map(
    devices.makers.flatMap(({ maker, source, seen, rules }) =>
      rules.flatMap((rule: Rule) =>
        rule.models.flatMap((line) => {
          const [shown = '', ...otherNames] = line.split('=');
          const device = {
            name: shown.startsWith(maker) ? shown : `${maker} ${shown}`,
            answer: asAnswer(rule.answer),
            conditions: rule.conditions.filter(isCondition),
            source,
            seen,
          };
          return [shown, ...otherNames].map((name) => [modelKey(name), device] as const);
        }),
      ),
    ),
  );
  return models;
}

/** Says a condition in one of our languages, in words for members. */
export function conditionWords(condition: DeviceCondition, locale: 'en' | 'fr'): string {
  return conditions[condition][locale];
}

const makerNames = new Set(devices.makers.flatMap(({ leaveOut }) => leaveOut));
/** None of it decides about the eSIM. */
const noise = /^(dual|sim|esim|unlocked|smartphone|mobile|generation|gen|inch|the|my|cellular|wifi)$/;

/**
 * Brings a model's name into the form in which names are compared: without its maker and what does not matter, with a space before each
 * variant (`Samsung Galaxy S22+ 256GB` -> `galaxy s22 plus`, `iPhone 13 Promax` -> `iphone 13 pro max`).
 */
export function modelKey(text: string): string {
  return fold(text.replaceAll('+', ' plus ').replace(/\b\d+ ?[GT]B\b/gi, ' '))
    .replace(/promax/g, 'pro max')
    .replace(/\b(iphone|ipad|pixel|galaxy|fairphone|oneplus)(?=\d|se\b|x[rs]?\b|s\d)/g, '$1 ')
    .replace(/\b(fold|flip|note|magic|reno) (?=\d)/g, '$1')
    .replace(/\b(\d+)(st|nd|rd|th)\b/g, '$1')
    .split(' ')
    .filter((word) => word !== '' && !makerNames.has(word) && !noise.test(word))
    .join(' ');
}

function asAnswer(text: string): Device['answer'] {
  if (text === 'yes' || text === 'no' || text === 'depends') return text;
  throw new RangeError('a device is answered with yes, no or depends');
}

function isCondition(text: string): text is DeviceCondition {
  return Object.hasOwn(conditions, text);
}
