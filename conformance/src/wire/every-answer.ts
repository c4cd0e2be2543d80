import type { Answer } from './exchange.ts';

/**
 * What clients need of every answer, whatever was asked. The official Node client throws on an answer
 * without a Content-Type and on an empty body with a 2xx; clients that retry do so on 429 and 503
 * after as many seconds as Retry-After tells.
 */
export function faultsOfEveryAnswer({ status, headers, text, body }: Answer): string[] {
  const type = headers['content-type'];
  const faults: string[] = [];
  if (status >= 500) faults.push(`the status ${status} tells clients to try again for ever`);
  if (type === undefined && status !== 204) faults.push('there is no Content-Type');
  if (status < 300 && status !== 204) {
    if (text === '') faults.push('the body is empty');
    else if (type?.startsWith('application/json') !== true)
      faults.push(`the Content-Type is ${type ?? 'missing'}`);
  }
  if (type?.startsWith('application/json') === true && body === undefined)
    faults.push('the body is not JSON');
  if (status >= 400 && body !== undefined)
    faults.push(...faultsOfErrors((body as { errors?: unknown }).errors));
  const retryAfter = headers['retry-after'] ?? '';
  if ((status === 429 || status === 503) && !/^\d+$/.test(retryAfter)) {
    faults.push('Retry-After is not a number of seconds');
  }
  return faults;
}

/** Sentences, or objects with a title: the two forms that every official client can read. */
function faultsOfErrors(errors: unknown): string[] {
  if (errors === undefined) return [];
  if (!Array.isArray(errors) || errors.length === 0) return ['errors is not a list with an entry'];
  return errors.every(isReadable) ? [] : ['errors holds neither sentences nor objects with a title'];
}

function isReadable(entry: unknown): boolean {
  return typeof entry === 'string' || typeof (entry as { title?: unknown } | null)?.title === 'string';
}
