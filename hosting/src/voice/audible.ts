/** The browser's side of the player: two elements, and the analyser that the picture is drawn from. */
export interface Audible {
  sounds: readonly [HTMLAudioElement, HTMLAudioElement];
  /** Wakes the sound. Has to be called in a tap or a key; harmless afterwards. */
  unlock: () => void;
  /** What sounds right now, as a spectrum; null before the first tap and where there is no Web Audio. */
  analyser: () => AnalyserNode | null;
}

/** Safari lets a page say that it plays, so that a silent phone is heard and the lock screen goes on. */
interface AudioSessionNavigator {
  audioSession?: { type: string };
}

/** 86 spectra a second at 44.1 kHz: finer than a screen is drawn. */
const fftSize = 512;

/** Samples of silence: enough for a phone to take it for sound. */
const silentSamples = 800;

/** A WAV of silence. Phones let an element play by itself once it has played anything in a tap. */
function makeSilence(): Blob {
  const data = silentSamples * 2;
  const header = new DataView(new ArrayBuffer(44));
  const write = (at: number, text: string) =>
    [...text].forEach((letter, index) => header.setUint8(at + index, letter.charCodeAt(0)));
  write(0, 'RIFF');
  header.setUint32(4, 36 + data, true);
  write(8, 'WAVEfmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true);
  header.setUint16(22, 1, true);
  header.setUint32(24, 8000, true);
  header.setUint32(28, 16_000, true);
  header.setUint16(32, 2, true);
  header.setUint16(34, 16, true);
  write(36, 'data');
  header.setUint32(40, data, true);
  return new Blob([header.buffer, new Uint8Array(data)], { type: 'audio/wav' });
}

function makeElement(): HTMLAudioElement {
  const element = document.createElement('audio');
  element.preload = 'auto';
  element.hidden = true;
  element.dataset['voice'] = '';
  // In the document the browser's own tools list it, and no engine collects it while it sounds.
  document.body.append(element);
  return element;
}

/** Makes the two elements. The analyser is joined in only once the browser lets audio run: till then it would swallow the sound. */
export function makeAudible(): Audible {
  const sounds = [makeElement(), makeElement()] as const;
  let silence: string | null = null;
  let context: AudioContext | null = null;
  let analyser: AnalyserNode | null = null;

  function join(running: AudioContext): void {
    if (analyser !== null) return;
    analyser = running.createAnalyser();
    analyser.fftSize = fftSize;
    analyser.smoothingTimeConstant = 0.72;
    for (const sound of sounds) running.createMediaElementSource(sound).connect(analyser);
    analyser.connect(running.destination);
  }

  function wakeContext(): void {
    if (!('AudioContext' in globalThis)) return;
    context ??= new AudioContext();
    const running = context;
    // A call on the phone suspends it: each tap wakes it again.
    running.resume().then(
      () => join(running),
      () => undefined,
    );
  }

  return {
    sounds,
    unlock: () => {
      const { audioSession } = navigator as AudioSessionNavigator;
      if (audioSession) audioSession.type = 'playback';
      wakeContext();
      if (silence !== null) return;
      silence = URL.createObjectURL(makeSilence());
      for (const sound of sounds) {
        if (sound.src !== '') continue;
        sound.src = silence;
        // The clip that takes its place ends it before its time.
        sound.play().catch(() => undefined);
      }
    },
    analyser: () => analyser,
  };
}
