import * as index from '../../src/index.ts';
import * as publicFunctions from '../../src/public.ts';

/** What Firebase deploys of one function, as far as this product sets it. Names of params stand for values that an operator sets. */
export interface DeployedFunction {
  name: string;
  region: string[];
  availableMemoryMb: number;
  timeoutSeconds: number;
  maxInstances: number;
  /** Kept warm; a number, or the param that an operator sets. Null where there are none. */
  minInstances: number | string | null;
  /** Null where the platform's default holds. */
  concurrency: number | null;
  secrets: string[];
  trigger: 'https' | 'callable' | 'tasks' | 'schedule' | 'event';
  /** The trigger's own settings: schedule, retries, rates. */
  settings: Record<string, unknown>;
}

const triggers = {
  httpsTrigger: 'https',
  callableTrigger: 'callable',
  taskQueueTrigger: 'tasks',
  scheduleTrigger: 'schedule',
  eventTrigger: 'event',
} as const;

/** Leaves out what is null: the platform's default holds. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutNulls(item)]));
}

function describe(name: string, exported: unknown): DeployedFunction {
  const endpoint = JSON.parse(JSON.stringify((exported as { __endpoint: unknown }).__endpoint)) as Record<
    string,
    unknown
  >;
  const trigger = (Object.keys(triggers) as (keyof typeof triggers)[]).find((key) => endpoint[key] !== undefined);
  if (!trigger) throw new Error(`${name} is exported and is no function that Firebase deploys`);
  const secrets = endpoint['secretEnvironmentVariables'] as { key: string }[] | undefined;
  return {
    name,
    region: endpoint['region'] as string[],
    availableMemoryMb: endpoint['availableMemoryMb'] as number,
    timeoutSeconds: endpoint['timeoutSeconds'] as number,
    maxInstances: endpoint['maxInstances'] as number,
    minInstances: endpoint['minInstances'] as number | string | null,
    concurrency: endpoint['concurrency'] as number | null,
    secrets: (secrets ?? []).map((secret) => secret.key).sort(),
    trigger: triggers[trigger],
    settings: withoutNulls(endpoint[trigger]) as Record<string, unknown>,
  };
}

/** Every function that a codebase exports, by name. */
export function describeAll(codebase: Readonly<Record<string, unknown>>): ReadonlyMap<string, DeployedFunction> {
  return new Map(
    Object.entries(codebase)
      .map(([name, exported]) => [name, describe(name, exported)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Every function that is deployed with the backend, by name. */
export const deployed: ReadonlyMap<string, DeployedFunction> = describeAll(index);

/** Every function of the codebase `public`, by name. */
export const deployedPublic: ReadonlyMap<string, DeployedFunction> = describeAll(publicFunctions);

/** Names of the functions with this trigger. */
export function namesWith(trigger: DeployedFunction['trigger']): string[] {
  return [...deployed.values()].filter((each) => each.trigger === trigger).map((each) => each.name);
}
