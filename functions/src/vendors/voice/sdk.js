// The official SDK. Its own types are three thousand files, which every type check would read: sdk.d.ts says what we use of them.
export { ElevenLabsClient } from 'elevenlabs';
