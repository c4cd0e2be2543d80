import { catalogue } from '@carillon/wire';
import type { ErrorCode, ErrorEntry } from '@carillon/wire';

export interface ApiErrorDetail {
  /** Fills the `{name}` places of the catalogue's title. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** Structured envelope only: which ids, which aliases. */
  readonly meta?: Readonly<Record<string, unknown>>;
  /** Seconds, sent as Retry-After. */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** A refusal that the caller can act on: an entry of the catalogue in `@carillon/wire`, filled in. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  /** What fills the places of the title. */
  readonly params: Readonly<Record<string, string | number>>;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ErrorCode, { params = {}, meta, retryAfter, cause }: ApiErrorDetail = {}) {
    const { title, status }: ErrorEntry = catalogue[code];
    super(
      title.replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '')),
      { cause },
    );
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.params = params;
    this.meta = meta;
    this.retryAfter = retryAfter;
  }
}
