/** Query keys of the operators' view of voices. */
export const voiceAdminKeys = {
  runs: ['voice-admin', 'runs'],
  run: (id: string) => ['voice-admin', 'run', id],
  clips: (state: string) => ['voice-admin', 'clips', state],
  budget: ['voice-admin', 'budget'],
  all: ['voice-admin'],
} as const;
