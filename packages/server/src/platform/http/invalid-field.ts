import { ApiError } from './api-error.ts';

/** The refusal of one field of a request: `rule` says what it must be, and what it is instead. */
export function invalidField(field: string, rule: string): ApiError {
  return new ApiError('request-invalid', { params: { field, rule } });
}
