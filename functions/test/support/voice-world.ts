import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, untilListening } from '../../../dev/net.ts';
import { SANDBOX_CREDENTIALS } from '../../../sandbox/src/credentials.ts';
import type { Policy } from '../../src/platform/config.ts';
import { openFiles, type Files } from '../../src/platform/files.ts';
import { createVoiceClient } from '../../src/vendors/voice/client.ts';
import type { VoicePort } from '../../src/vendors/voice/port.ts';
import { testServices, type TestServices } from './services.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');

/** The official Storage emulator, for one test file. */
export interface TestStorage {
  readonly files: Files;
  /** What leads a deployed function to the same files. */
  readonly settings: Readonly<Record<'STORAGE_EMULATOR_HOST' | 'VOICE_BUCKET', string>>;
  stop(): Promise<void>;
}

/** Starts the official Storage emulator on a free port, with a folder of its own. */
export async function startStorage(): Promise<TestStorage> {
  const port = await freePort();
  const folder = await mkdtemp(path.join(tmpdir(), 'dotm-storage-'));
  const emulator = spawn(process.execPath, ['dev/storage-emulator.ts', String(port), folder, 'throwaway'], {
    cwd: ROOT,
    stdio: 'ignore',
  });
  // Loading the emulator takes seconds on a machine that runs other tests.
  const stopped = (): string | undefined => (emulator.exitCode === null ? undefined : 'the Storage emulator ended');
  try {
    await untilListening(port, 90_000, stopped);
  } catch (error) {
    await ended(emulator);
    throw error;
  }
  const apiEndpoint = `http://127.0.0.1:${String(port)}`;
  // A bucket of its own for each file, as the emulator makes one for whoever asks.
  const bucket = `voice-${String(port)}`;
  return {
    files: openFiles({ bucket, apiEndpoint, projectId: 'demo-dotm' }),
    settings: { STORAGE_EMULATOR_HOST: apiEndpoint, VOICE_BUCKET: bucket },
    stop: () => ended(emulator).then(() => rm(folder, { recursive: true, force: true })),
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

/** A backend that speaks: the stand-in for ElevenLabs through the real SDK, and the official Storage emulator. */
export interface VoiceWorld extends TestServices {
  readonly port: VoicePort;
  readonly storage: Files;
  /** Credits that the vendor has charged. */
  paid(): Promise<number>;
  /** Changes how the vendor's account behaves. */
  set(settings: Record<string, unknown>): Promise<void>;
}

/** Builds a backend that speaks, on a storage that `startStorage` gave. */
export async function voiceWorld(
  storage: TestStorage,
  options: { policy?: Partial<Policy>; seeded?: boolean } = {},
): Promise<VoiceWorld> {
  const t = await testServices(options);
  const port = createVoiceClient({
    apiKey: SANDBOX_CREDENTIALS.elevenLabsApiKey,
    apiBase: t.sandboxUrls.elevenlabs,
    // The stand-in makes its sound in this process, which other tests slow down.
    timeoutMs: 60_000,
  });
  const control = `${t.sandboxUrls.console}/control/elevenlabs`;
  return {
    ...t,
    voice: () => Promise.resolve(port),
    files: () => Promise.resolve(storage.files),
    port,
    storage: storage.files,
    async paid() {
      return ((await (await fetch(`${control}/usage`)).json()) as { credits: number }).credits;
    },
    async set(settings) {
      const response = await fetch(`${control}/settings`, { method: 'POST', body: JSON.stringify(settings) });
      if (!response.ok) throw new Error(`the sandbox answered ${String(response.status)}`);
    },
  };
}
