/**
 * Why a clip could not be had. `offline` and `network` pass by themselves; `missing` means that the server no longer has it under this id
 * (ask for the message again); `denied` that it is not this member's; `broken` that its bytes are no sound.
 */
export type ClipFailureKind = 'offline' | 'network' | 'missing' | 'denied' | 'broken';

/** A clip that could not be had. */
export class ClipFailure extends Error {
  readonly kind: ClipFailureKind;

  constructor(kind: ClipFailureKind, cause?: unknown) {
    super(`clip ${kind}`, { cause });
    this.name = 'ClipFailure';
    this.kind = kind;
  }
}
