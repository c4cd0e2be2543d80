import { ApiError } from '../../platform/http/api-error.ts';

/** Refuses a field of a request about messages: `rule` says what it must be. */
export function wrong(field: string, rule: string): ApiError {
  return new ApiError('message-field', { params: { field, rule } });
}
