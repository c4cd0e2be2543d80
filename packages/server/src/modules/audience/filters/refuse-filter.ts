import { ApiError } from '../../../platform/http/api-error.ts';

/** Refuses a part of the filters: `path` says which, such as `filters[2].value`, `rule` what it must be. */
export function refuseFilter(path: string, rule: string, given?: unknown): never {
  const told = given === undefined || given === null ? '' : `. Given: ${tell(given)}`;
  throw new ApiError('message-field', { params: { field: path, rule: rule + told } });
}

const LONGEST_TOLD = 64;

function tell(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST_TOLD ? `${text.slice(0, LONGEST_TOLD)}…` : text;
}
