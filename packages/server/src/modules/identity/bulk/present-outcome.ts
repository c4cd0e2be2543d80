import { catalogue, structuredErrorBody } from '@carillon/wire';
import type { BulkUserSummary } from '@carillon/wire';
import type { ApiError } from '../../../platform/http/api-error.ts';
import type { Outcome } from './outcome.ts';

/** The answer's line about one line of the request. */
export function presentOutcome(line: number, outcome: Outcome): string {
  if (outcome.status === 'rejected') {
    return `{"line":${line},"status":"rejected","errors":${JSON.stringify(errorsOf(outcome.error))}}\n`;
  }
  // Written out: of a million of these, and nothing in them needs escaping.
  return `{"line":${line},"status":"${outcome.status}","onesignal_id":"${outcome.userId}"}\n`;
}

/** What an answer has told so far. */
export class Tally {
  #lines = 0;
  readonly #of: Record<Outcome['status'], number> = { created: 0, updated: 0, unchanged: 0, rejected: 0 };

  add({ status }: Outcome): void {
    this.#lines += 1;
    this.#of[status] += 1;
  }

  /** The last line when everything was worked on. */
  complete(): string {
    return last({ done: true, lines: this.#lines, ...this.#of });
  }

  /** The last line when work ended before line `next`. */
  incomplete(next: number, error: ApiError): string {
    const errors = errorsOf(error);
    return last({ done: false, lines: this.#lines, ...this.#of, next_line: next, errors: [...errors] });
  }
}

function last(summary: BulkUserSummary): string {
  return `${JSON.stringify(summary)}\n`;
}

function errorsOf({ code, message, meta }: ApiError) {
  return structuredErrorBody(code, catalogue[code], message, meta).errors;
}
