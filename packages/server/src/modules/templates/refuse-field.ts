import { ApiError } from '../../platform/http/api-error.ts';

/** Enough of a value to know it again. */
const LONGEST_TOLD = 80;

/** Refuses a field of a content: `rule` goes on from the field's name, and what was given follows. */
export function refuseField(field: string, rule: string, given?: string): never {
  const told = given === undefined ? '' : `. Given: ${JSON.stringify(given.slice(0, LONGEST_TOLD))}`;
  throw new ApiError('request-invalid', { params: { field, rule: rule + told } });
}
