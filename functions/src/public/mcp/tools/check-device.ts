import { z } from 'zod';
import { findDevice } from '../../../domain/devices/find-device.ts';
import { conditionWords, type Device } from '../../../domain/devices/read-devices.ts';
import { declareTool } from '../tool.ts';
import { listed } from '../words.ts';

/** Whatever a list says, the phone knows better. */
const selfCheck =
  'To be sure: dial *#06# on the device. It takes an eSIM if an EID is shown. It must not be locked to a carrier.';

const answerSchema = z.object({
  summary: z.string(),
  status: z
    .enum(['yes', 'depends', 'no', 'ambiguous', 'unknown'])
    .describe('yes: with the conditions, if any. ambiguous: ask which model. unknown: no list of ours names it.'),
  device: z.string().nullable().describe('The model that the name was taken for.'),
  conditions: z.array(z.string()),
  candidates: z.array(z.string()).describe('Models to ask about, where it is not sure.'),
  selfCheck: z.string().describe('How the person finds out on the device itself.'),
  source: z.string().nullable(),
  asOf: z.string().nullable().describe('Year and month in which the source said so.'),
});

/** Says whether a device takes an eSIM. */
export const checkDevice = declareTool({
  name: 'check_device',
  title: 'Check a device',
  description:
    'Says whether a phone, tablet or watch takes an eSIM, with what it depends on. Use it before somebody buys who is not sure about their device. Give the model as people call it. Never pass an IMEI, EID or serial number: the model is enough.',
  input: z.strictObject({
    device: z.string().min(1).max(80).describe('Maker and model, for example "iPhone 15" or "Samsung Galaxy S22".'),
  }),
  output: answerSchema,
  example: { device: 'iPhone 15' },
  run: ({ device }) => {
    const found = findDevice(device);
    switch (found.kind) {
      case 'ambiguous':
        return unsure('ambiguous', found.candidates, 'Several models go by that name. Ask which it is');
      case 'unknown':
        return unsure('unknown', found.suggestions, 'No list of ours names that model. Ask whether this is meant');
      default:
        return known(found.kind, found.device);
    }
  },
});

function known(status: 'yes' | 'depends' | 'no', device: Device): z.input<typeof answerSchema> {
  const conditions = device.conditions.map((condition) => conditionWords(condition, 'en'));
  const verdict = { yes: 'takes an eSIM', depends: 'may take an eSIM', no: 'takes no eSIM' }[status];
  return {
    summary: [`${device.name} ${verdict}.`, ...conditions, selfCheck].join(' '),
    status,
    device: device.name,
    conditions,
    candidates: [],
    selfCheck,
    source: device.source,
    asOf: device.seen,
  };
}

function unsure(
  status: 'ambiguous' | 'unknown',
  models: readonly Device[],
  question: string,
): z.input<typeof answerSchema> {
  const candidates = models.map(({ name }) => name);
  const ask =
    candidates.length === 0
      ? 'No list of ours names that model. Ask for the maker and the exact model.'
      : `${question}: ${listed(candidates, 'or')}.`;
  return {
    summary: `${ask} ${selfCheck}`,
    status,
    device: null,
    conditions: [],
    candidates,
    selfCheck,
    source: null,
    asOf: null,
  };
}
