/** Query keys of this room. */
export const catalogueKeys = {
  versions: ['catalogue', 'versions'],
  version: (version: number) => ['catalogue', 'version', version],
  checks: ['catalogue', 'check'],
  check: (version: number, revision: number) => ['catalogue', 'check', version, revision],
} as const;
