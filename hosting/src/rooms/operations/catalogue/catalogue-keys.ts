/** Query keys of this room. */
export const catalogueKeys = {
  all: ['catalogue'],
  versions: ['catalogue', 'versions'],
  version: (version: number) => ['catalogue', 'version', version],
  check: (version: number, revision: number) => ['catalogue', 'check', version, revision],
} as const;
