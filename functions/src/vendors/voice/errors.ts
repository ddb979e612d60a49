import { CodedError } from '../../shared/errors.ts';
import { failureOfStatus, redact, safeCause } from '../failure.ts';

/**
 * What a failure asks for. `busy`: too many at once, nothing was made, try soon. `key`, `quota`, `voice`: nothing was made, and somebody has
 * to mend the account first. `refused`: this text will never be said. `unavailable`: no answer or a fault of theirs, and it may have been
 * made and paid for.
 */
export type VoiceFailure = 'busy' | 'key' | 'quota' | 'voice' | 'refused' | 'unavailable';

/** A failure of the vendor of speech. */
export class VoiceError extends CodedError {
  readonly kind: VoiceFailure;

  constructor(kind: VoiceFailure, message: string, cause?: unknown) {
    const code = kind === 'refused' ? 'vendor.refused' : 'vendor.unavailable';
    super(code, message, cause === undefined ? {} : { cause: safeCause(cause) });
    this.name = 'VoiceError';
    this.kind = kind;
  }

  /** True when the vendor surely made nothing, and so nothing was paid. */
  get madeNothing(): boolean {
    return this.kind !== 'unavailable';
  }
}

/** Turns what the SDK throws into a failure by kind. The vendor's text may repeat ours, which may hold a name: only its status word is kept. */
export function voiceError(error: unknown): VoiceError {
  if (error instanceof VoiceError) return error;
  const status = statusOf(error);
  if (status === null) return new VoiceError('unavailable', 'ElevenLabs gave no answer', error);
  const word = statusWord(error);
  const said = `ElevenLabs answered ${String(status)}${word === '' ? '' : ` (${redact(word)})`}`;
  return new VoiceError(kindOf(status, word), said, error);
}

function kindOf(status: number, word: string): VoiceFailure {
  if (word === 'quota_exceeded' || status === 402) return 'quota';
  if (word === 'voice_not_found') return 'voice';
  if (status === 429) return 'busy';
  if (status === 401 || status === 403) return 'key';
  return failureOfStatus(status);
}

function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return null;
  return typeof error.statusCode === 'number' ? error.statusCode : null;
}

/** ElevenLabs says `{"detail": {"status": "quota_exceeded", "message": …}}`. */
function statusWord(error: unknown): string {
  const body: unknown = typeof error === 'object' && error !== null && 'body' in error ? error.body : null;
  const detail: unknown = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : null;
  const status: unknown = typeof detail === 'object' && detail !== null && 'status' in detail ? detail.status : null;
  return typeof status === 'string' && /^\w{1,60}$/.test(status) ? status : '';
}
