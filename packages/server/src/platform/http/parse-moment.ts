import { invalidField } from './invalid-field.ts';

const END_OF_TIME = Date.UTC(9999, 11, 31);
const ISO_8601 = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d))?$/i;

/**
 * A moment in a query string, in milliseconds: ISO 8601 with its offset, or Unix seconds. Throws ApiError
 * `request-invalid` naming the parameter.
 */
export function parseMoment(parameter: string, value: string): number {
  const ms = /^\d{1,12}$/.test(value)
    ? Number(value) * 1_000
    : ISO_8601.test(value)
      ? Date.parse(value)
      : NaN;
  if (Number.isNaN(ms) || ms > END_OF_TIME) {
    throw invalidField(parameter, 'must be an ISO 8601 time such as 2026-01-31T09:00:00Z, or Unix seconds');
  }
  return ms;
}
