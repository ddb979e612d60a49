import { z } from 'zod';

const configSchema = z.object({
  firebase: z.object({
    apiKey: z.string(),
    authDomain: z.string(),
    projectId: z.string(),
    appId: z.string().optional(),
  }),
  emulators: z.object({ auth: z.string().nullish(), firestore: z.string().nullish() }).nullable().default(null),
  liveUpdates: z.boolean().optional(),
  appCheckSiteKey: z.string().nullable().default(null),
  /** Addresses beside the app, in the local world only. */
  links: z.object({ sandbox: z.string().optional() }).optional(),
});

/** What differs between development, test and production; all of it is public. */
export type RuntimeConfig = Omit<z.infer<typeof configSchema>, 'liveUpdates'> & { liveUpdates: boolean };

/** Reads a runtime configuration. Throws ZodError naming the field that is missing. */
export function parseConfig(json: unknown): RuntimeConfig {
  const config = configSchema.parse(json);
  // Emulators without Firestore can only mean that there is nothing to follow.
  const followable = config.emulators === null || Boolean(config.emulators.firestore);
  return { ...config, liveUpdates: config.liveUpdates ?? followable };
}

/** Fetches `/config.json`, which the deployment (or `npm start`) writes beside the app. Throws when there is none. */
export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  return parseConfig(await response.json());
}
