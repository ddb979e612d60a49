/** Samples in a second, as ElevenLabs' usual format has them. */
export const sampleRate = 44_100;

/** How somebody sounds: the height of the voice, and how much it moves. */
export interface Throat {
  /** Middle of the pitch. */
  readonly pitchHz: number;
  /** How far the pitch rises and falls, as a share of it. */
  readonly melody: number;
  /** Length of the vocal tract: above 1 is smaller, so that all formants lie higher. */
  readonly formants: number;
}

/** Text as it was said: sound, and when each of its characters begins and ends. */
export interface Speech {
  /** Mono, from -1 to 1. */
  readonly samples: Float32Array;
  readonly characters: readonly string[];
  readonly startSeconds: readonly number[];
  readonly endSeconds: readonly number[];
}

type Sound = 'vowel' | 'voiced' | 'noise' | 'syllable' | 'pause';

/** The first three formants of five vowels, in hertz: they are what an ear tells vowels apart by. */
const vowels = {
  a: [730, 1090, 2440],
  e: [530, 1840, 2480],
  i: [280, 2250, 2890],
  o: [570, 840, 2410],
  u: [310, 870, 2250],
} as const satisfies Record<string, readonly [number, number, number]>;
type Vowel = keyof typeof vowels;
const vowelNames = Object.keys(vowels) as Vowel[];

/** Seconds of one character at normal pace: together about fourteen letters a second, as people read aloud. */
const lengths: Record<Sound, number> = { vowel: 0.085, voiced: 0.062, noise: 0.07, syllable: 0.17, pause: 0.06 };
const commaSeconds = 0.2;
const sentenceSeconds = 0.42;

interface Unit {
  readonly sound: Sound;
  readonly vowel: Vowel;
  readonly seconds: number;
}

/**
 * Says `text` with a throat. Nobody takes it for a person, but it is speech in all that a player can measure: voiced and unvoiced sounds with
 * formants, a melody that falls towards the end of a sentence, pauses at punctuation, and a time for each character. The same text and
 * throat give the same sound.
 */
export function speak(text: string, throat: Throat, pace = 1): Speech {
  const characters = Array.from(text);
  const units = characters.map((character) => unitOf(character, pace));
  const startSeconds: number[] = [];
  const endSeconds: number[] = [];
  let at = 0;
  for (const { seconds } of units) {
    startSeconds.push(round(at));
    at += seconds;
    endSeconds.push(round(at));
  }
  return { samples: utter(units, throat, at), characters, startSeconds, endSeconds };
}

/** ElevenLabs gives times in milliseconds of a second. */
function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

const plainVowels = /^[aeiouyаеёиоуыэюяієїαεηιουωأاويىאוי]$/u;
const unvoiced = /^[cfhkpqstxzčšžśçþπτκσςφχθψξкптсфхцчшщتثحخسشصطفقكهכפצקשתסטחה]$/u;
const syllabic = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]$/u;
const marks = /^\p{M}$/u;

function unitOf(character: string, pace: number): Unit {
  const letter = character.normalize('NFD').charAt(0).toLocaleLowerCase('en');
  const sound = soundOf(character, letter);
  const seconds = sound === 'pause' ? pauseOf(character) : marks.test(character) ? 0.03 : lengths[sound];
  return { sound, vowel: vowelOf(letter), seconds: seconds / pace };
}

function soundOf(character: string, letter: string): Sound {
  if (syllabic.test(character)) return 'syllable';
  if (!/^[\p{L}\p{M}\p{N}]$/u.test(character)) return 'pause';
  if (marks.test(character) || plainVowels.test(letter)) return 'vowel';
  return unvoiced.test(letter) ? 'noise' : 'voiced';
}

function pauseOf(character: string): number {
  if (/[.!?…。！？؟।॥]/u.test(character)) return sentenceSeconds;
  return /[,;:،、，；：—–]/u.test(character) ? commaSeconds : lengths.pause;
}

function vowelOf(letter: string): Vowel {
  const known = vowelNames.find((name) => name === letter);
  if (known) return known;
  return vowelNames[(letter.codePointAt(0) ?? 0) % vowelNames.length] ?? 'a';
}

/** One formant: a resonance that rings at a frequency. */
interface Resonance {
  first: number;
  second: number;
}

/** Band widths of the formants in hertz, and how loud each is. */
const widths = [80, 110, 170] as const;
const levels = [1, 0.6, 0.3] as const;

function utter(units: readonly Unit[], throat: Throat, seconds: number): Float32Array {
  const samples = new Float32Array(Math.ceil(seconds * sampleRate));
  const resonances: Resonance[] = widths.map(() => ({ first: 0, second: 0 }));
  const tract: [number, number, number] = [...vowels.a];
  const random = noise();
  let phase = 0;
  let loudness = 0;
  let index = 0;
  let unitEnd = 0;
  let passed = 0;
  for (const unit of units) {
    passed += unit.seconds;
    unitEnd = Math.min(samples.length, Math.round(passed * sampleRate));
    const begin = index;
    const target = vowels[unit.vowel];
    for (; index < unitEnd; index += 1) {
      const inside = (index - begin) / Math.max(1, unitEnd - begin);
      // The tongue takes about ten milliseconds from one place to the next; a jump would click.
      for (const formant of [0, 1, 2] as const) {
        tract[formant] += (target[formant] * throat.formants - tract[formant]) * 0.003;
      }
      loudness += (loudnessOf(unit.sound, inside) - loudness) * 0.006;
      const along = index / samples.length;
      const pitch = throat.pitchHz * (1 + throat.melody * Math.sin(index / 9_000) + throat.melody * (0.5 - along));
      phase = (phase + pitch / sampleRate) % 1;
      const breath = random();
      const isNoise = unit.sound === 'noise' || (unit.sound === 'syllable' && inside < 0.2);
      const source = isNoise ? breath * 0.5 : glottis(phase) + breath * 0.015;
      samples[index] = loudness * resonate(resonances, tract, source, isNoise);
    }
  }
  return levelled(samples);
}

/** How loud a sound is at a point of its length: syllables swell and fade, pauses are silent. */
function loudnessOf(sound: Sound, inside: number): number {
  if (sound === 'pause') return 0;
  const swell = Math.sin(Math.PI * Math.min(1, 0.15 + inside * 0.8));
  if (sound === 'vowel') return swell;
  if (sound === 'syllable') return inside < 0.12 ? 0.3 : swell;
  return sound === 'voiced' ? 0.5 : 0.35;
}

/** The vocal folds: they open slowly and close at once. */
function glottis(phase: number): number {
  return phase < 0.6 ? Math.sin((Math.PI * phase) / 0.6) * 2 - 0.75 : -0.75;
}

function resonate(resonances: Resonance[], tract: readonly number[], source: number, isNoise: boolean): number {
  let sum = 0;
  for (const [formant, resonance] of resonances.entries()) {
    // Unvoiced sounds are made at the teeth: their noise lies high.
    const frequency = isNoise ? 2_600 + formant * 1_700 : (tract[formant] ?? 0);
    const width = isNoise ? 900 : (widths[formant] ?? 100);
    const radius = Math.exp((-Math.PI * width) / sampleRate);
    const gain = 1 - radius;
    const value =
      gain * source +
      2 * radius * Math.cos((2 * Math.PI * frequency) / sampleRate) * resonance.first -
      radius * radius * resonance.second;
    resonance.second = resonance.first;
    resonance.first = value;
    sum += value * (levels[formant] ?? 0);
  }
  return sum;
}

/** Noise that is the same each time, so that a clip is. */
function noise(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state / 0x80000000;
  };
}

/** Brings the loudest moment to a level below full, as a studio does. */
function levelled(samples: Float32Array): Float32Array {
  let peak = 0;
  for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
  if (peak === 0) return samples;
  return samples.map((sample) => (sample / peak) * 0.8);
}
