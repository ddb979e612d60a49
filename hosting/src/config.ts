import { z } from 'zod';

const configSchema = z.object({
  firebase: z.object({
    apiKey: z.string(),
    authDomain: z.string(),
    projectId: z.string(),
    appId: z.string().optional(),
  }),
  emulators: z
    .object({ auth: z.string().nullish(), firestore: z.string().nullish() })
    .nullable()
    .default(null),
  liveUpdates: z.boolean().default(true),
  appCheckSiteKey: z.string().nullable().default(null),
});

/** What differs between development, test and production; all of it is public. */
export type RuntimeConfig = z.infer<typeof configSchema>;

/** Reads a runtime configuration. Throws ZodError naming the field that is missing. */
export function parseConfig(json: unknown): RuntimeConfig {
  return configSchema.parse(json);
}

/** Fetches `/config.json`, which the deployment (or `npm start`) writes beside the app. Throws when there is none. */
export async function loadConfig(): Promise<RuntimeConfig> {
  const response = await fetch('/config.json', { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(`/config.json answered ${response.status}`);
  return parseConfig(await response.json());
}
