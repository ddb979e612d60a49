/** Query keys of this room. */
export const distributionKeys = {
  all: ['distributions'],
  list: ['distributions', 'list'],
  run: (runId: string) => ['distributions', 'run', runId],
  report: ['distributions', 'report'],
} as const;
