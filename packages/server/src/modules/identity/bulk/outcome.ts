import type { ApiError } from '../../../platform/http/api-error.ts';

/** What became of one line. */
export type Outcome =
  | { readonly status: 'created' | 'updated' | 'unchanged'; readonly userId: string }
  | { readonly status: 'rejected'; readonly error: ApiError };
