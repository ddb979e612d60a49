/** Query keys of voice messages, so that a report can have the pages look again. */
export const voiceKeys = {
  current: ['voice', 'current'],
  history: ['voice', 'history'],
  voices: ['voice', 'voices'],
} as const;
