import { createContext, useContext } from 'react';
import type { RuntimeConfig } from './config.ts';

/** Carries the runtime configuration; provided once in `main.tsx`. */
export const RuntimeConfigContext = createContext<RuntimeConfig | null>(null);

/** The configuration that this page was started with. */
export function useRuntimeConfig(): RuntimeConfig {
  const config = useContext(RuntimeConfigContext);
  if (!config) throw new Error('useRuntimeConfig needs RuntimeConfigContext above it');
  return config;
}
