/**
 * The one table of errors: code -> HTTP status, callable status, whether the same request may succeed later. The web app
 * translates `errors.<code>` from its locale files; members never see an operator's text.
 */
export const errorTable = {
  'request.invalid': { status: 400, callable: 'invalid-argument', retry: false },
  'request.too_large': { status: 413, callable: 'invalid-argument', retry: false },
  'request.unsupported_type': { status: 415, callable: 'invalid-argument', retry: false },
  'request.idempotency_key_missing': { status: 400, callable: 'invalid-argument', retry: false },
  'request.idempotency_key_reused': { status: 409, callable: 'already-exists', retry: false },
  'request.in_progress': { status: 409, callable: 'aborted', retry: true },
  'request.rate_limited': { status: 429, callable: 'resource-exhausted', retry: true },
  'auth.required': { status: 401, callable: 'unauthenticated', retry: false },
  'auth.app_check_failed': { status: 401, callable: 'unauthenticated', retry: false },
  'auth.email_unverified': { status: 403, callable: 'permission-denied', retry: false },
  'auth.recent_sign_in_required': { status: 403, callable: 'permission-denied', retry: false },
  not_found: { status: 404, callable: 'not-found', retry: false },
  'account.provisioning': { status: 409, callable: 'failed-precondition', retry: true },
  'account.erased': { status: 409, callable: 'failed-precondition', retry: false },
  'catalog.draft_changed': { status: 409, callable: 'aborted', retry: false },
  'catalog.not_a_draft': { status: 409, callable: 'failed-precondition', retry: false },
  'catalog.product_unavailable': { status: 409, callable: 'failed-precondition', retry: false },
  'order.once_per_person': { status: 409, callable: 'failed-precondition', retry: false },
  'order.membership_active': { status: 409, callable: 'failed-precondition', retry: false },
  'order.mixed_billing': { status: 400, callable: 'invalid-argument', retry: false },
  'order.not_refundable': { status: 409, callable: 'failed-precondition', retry: false },
  'order.wrong_state': { status: 409, callable: 'failed-precondition', retry: false },
  'promotion.exists': { status: 409, callable: 'already-exists', retry: false },
  'promotion.unavailable': { status: 409, callable: 'failed-precondition', retry: false },
  'quote.altered': { status: 400, callable: 'invalid-argument', retry: false },
  'quote.expired': { status: 410, callable: 'failed-precondition', retry: false },
  'quote.membership_required': { status: 409, callable: 'failed-precondition', retry: false },
  'plan.unavailable': { status: 409, callable: 'failed-precondition', retry: false },
  'plan.change_pending': { status: 409, callable: 'failed-precondition', retry: false },
  'plan.preview_outdated': { status: 409, callable: 'failed-precondition', retry: false },
  'payment.refused': { status: 402, callable: 'failed-precondition', retry: false },
  'reward.insufficient': { status: 409, callable: 'failed-precondition', retry: false },
  'wallet.address_invalid': { status: 400, callable: 'invalid-argument', retry: false },
  'wallet.checksum_wrong': { status: 400, callable: 'invalid-argument', retry: false },
  'wallet.address_forbidden': { status: 400, callable: 'invalid-argument', retry: false },
  'wallet.already_linked': { status: 409, callable: 'failed-precondition', retry: false },
  'wallet.challenge_expired': { status: 410, callable: 'failed-precondition', retry: false },
  'wallet.challenge_used': { status: 409, callable: 'failed-precondition', retry: false },
  'wallet.wrong_chain': { status: 409, callable: 'failed-precondition', retry: false },
  'wallet.wrong_signer': { status: 400, callable: 'invalid-argument', retry: false },
  'wallet.signature_invalid': { status: 400, callable: 'invalid-argument', retry: false },
  'wallet.not_deployed': { status: 409, callable: 'failed-precondition', retry: false },
  'wallet.taken': { status: 409, callable: 'already-exists', retry: false },
  'wallet.no_change': { status: 409, callable: 'failed-precondition', retry: false },
  'ledger.insufficient_funds': { status: 409, callable: 'failed-precondition', retry: false },
  'ledger.key_reused': { status: 409, callable: 'already-exists', retry: false },
  'distribution.second_person_required': { status: 403, callable: 'permission-denied', retry: false },
  'distribution.may_be_paid': { status: 409, callable: 'failed-precondition', retry: false },
  'distribution.members_paid': { status: 409, callable: 'failed-precondition', retry: false },
  'distribution.chain_unclear': { status: 409, callable: 'failed-precondition', retry: false },
  'distribution.other_contract': { status: 409, callable: 'failed-precondition', retry: false },
  'distribution.wrong_state': { status: 409, callable: 'failed-precondition', retry: false },
  'chain.not_set_up': { status: 503, callable: 'unavailable', retry: false },
  'vendor.unavailable': { status: 503, callable: 'unavailable', retry: true },
  'vendor.refused': { status: 502, callable: 'internal', retry: false },
  'webhook.signature_invalid': { status: 400, callable: 'invalid-argument', retry: false },
  internal: { status: 500, callable: 'internal', retry: true },
} as const satisfies Record<string, { status: number; callable: string; retry: boolean }>;

export type ErrorCode = keyof typeof errorTable;

/** One thing wrong with one field of the input; `field` is a path such as `items.0.productId`. */
export interface FieldProblem {
  field: string;
  problem: string;
}

/** The body of every error answer, at both doors. `message` is for developers; clients translate `code`. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    fields?: FieldProblem[];
    /** When to ask again, where that is known. */
    retryAfterSeconds?: number;
    traceId?: string;
  };
}

/**
 * A failure whose cause is known. `message` is the operator's text: what failed, with which value, what to do.
 * Never put a secret, an activation code, an e-mail address or a telephone number in it: it is logged.
 */
export class CodedError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldProblem[] | undefined;
  /** After which the same request may succeed; undefined where nobody knows. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; fields?: FieldProblem[]; retryAfterSeconds?: number } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'CodedError';
    this.code = code;
    this.fields = options.fields;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  /** True when the same attempt may succeed later. */
  get retry(): boolean {
    return errorTable[this.code].retry;
  }
}
