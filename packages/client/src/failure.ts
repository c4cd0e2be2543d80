/** One complaint of the server, read from either of its two error envelopes. */
export interface ErrorLine {
  /** The stable code; null on routes that answer with sentences only. */
  readonly code: string | null;
  readonly title: string;
  readonly meta: Readonly<Record<string, unknown>>;
}

/** Why a call has no result. `kind` says who can act; `mayRetry` reads it for machines. */
export type Failure =
  /** No answer: refused, reset, timed out. Whether the server acted is not known. */
  | { readonly kind: 'unreachable'; readonly message: string }
  /** The caller's signal ended the call. */
  | { readonly kind: 'aborted' }
  | {
      readonly kind: 'rate-limited';
      readonly retryAfterMs: number | null;
      readonly errors: readonly ErrorLine[];
    }
  /** A 5xx answer, or one that is not JSON. */
  | {
      readonly kind: 'unavailable';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly errors: readonly ErrorLine[];
    }
  | { readonly kind: 'unauthorized'; readonly status: number; readonly errors: readonly ErrorLine[] }
  | { readonly kind: 'not-found'; readonly errors: readonly ErrorLine[] }
  | { readonly kind: 'conflict'; readonly errors: readonly ErrorLine[] }
  /** Any other 4xx: the request itself is wrong and will stay wrong. */
  | { readonly kind: 'invalid'; readonly status: number; readonly errors: readonly ErrorLine[] };

/** What every call returns: a value, or the reason there is none. Nothing is thrown. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value; readonly status: number; readonly replayed: boolean }
  | { readonly ok: false; readonly failure: Failure };

/** True when the same call may succeed later without any change. */
export function mayRetry(failure: Failure): boolean {
  switch (failure.kind) {
    case 'unreachable':
    case 'rate-limited':
    case 'unavailable':
      return true;
    case 'aborted':
    case 'unauthorized':
    case 'not-found':
    case 'conflict':
    case 'invalid':
      return false;
  }
}

/** One sentence for a person. Holds what the server said, which may repeat values of the request. */
export function describeFailure(failure: Failure): string {
  switch (failure.kind) {
    case 'unreachable':
      return `no answer: ${failure.message}`;
    case 'aborted':
      return 'ended by the caller';
    case 'rate-limited':
      return 'rate limit reached';
    case 'unavailable':
    case 'unauthorized':
    case 'invalid':
      return `HTTP ${failure.status}${said(failure.errors)}`;
    case 'not-found':
      return `not found${said(failure.errors)}`;
    case 'conflict':
      return `conflict${said(failure.errors)}`;
  }
}

function said(errors: readonly ErrorLine[]): string {
  return errors.length === 0 ? '' : `: ${errors.map((line) => line.title).join('; ')}`;
}

/** Thrown by `required` only. */
export class CallFailed extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(describeFailure(failure));
    this.name = 'CallFailed';
    this.failure = failure;
  }
}

/** The value of an answer; throws `CallFailed` where there is none. For scripts and tests. */
export function required<Value>(answer: Answer<Value>): Value {
  if (!answer.ok) throw new CallFailed(answer.failure);
  return answer.value;
}
