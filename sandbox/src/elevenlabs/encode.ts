import { createMp3Encoder } from 'wasm-media-encoders';
import { sampleRate } from './speak.ts';

/** Encoders wait here for their next clip: each holds a WebAssembly module, and no two clips may share one at a time. */
const idle: Awaited<ReturnType<typeof createMp3Encoder>>[] = [];

/** Makes an MP3 of sound, mono at 44.1 kHz with 128 kbit/s: the format `mp3_44100_128`. */
export async function encodeMp3(samples: Float32Array): Promise<Uint8Array> {
  const encoder = idle.pop() ?? (await createMp3Encoder());
  encoder.configure({ sampleRate, channels: 1, bitrate: 128 });
  // The encoder's answers are windows on its memory, which its next step writes over.
  const parts = [encoder.encode([samples]).slice(), encoder.finalize().slice()];
  idle.push(encoder);
  return Buffer.concat(parts);
}
