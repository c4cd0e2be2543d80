import { faultsOfEveryAnswer } from './every-answer.ts';
import type { Answer } from './exchange.ts';
import { Mismatch } from './mismatch.ts';
import { faultsOf, show } from './pattern.ts';
import type { Pattern } from './pattern.ts';

/** Throws Mismatch unless the answer has this status, or one of these, and such a body. */
export function expectAnswer(answer: Answer, status: number | readonly number[], body?: Pattern): void {
  const statuses = [status].flat();
  if (!statuses.includes(answer.status)) fail(answer, [`the status should be ${statuses.join(' or ')}`]);
  if (body !== undefined) fail(answer, faultsOf(body, answer.body));
}

/** Throws Mismatch unless a header has this value; null: it must not be there. */
export function expectHeader(answer: Answer, name: string, value: string | null): void {
  const found = answer.headers[name.toLowerCase()] ?? null;
  if (found !== value) fail(answer, [`${name} is ${show(found)}, not ${show(value)}`]);
}

/** Throws Mismatch unless a header is a list that holds these, in any case of letters. */
export function expectListed(answer: Answer, name: string, values: readonly string[]): void {
  const found = String(answer.headers[name.toLowerCase()] ?? '');
  const listed = new Set(found.toLowerCase().split(/\s*,\s*/));
  const missing = values.filter((value) => !listed.has(value.toLowerCase()));
  fail(
    answer,
    missing.map((value) => `${name} is ${show(found)}, without ${value}`),
  );
}

/** Throws Mismatch for an answer that some client cannot take. */
export function expectReadable(answer: Answer): Answer {
  fail(answer, faultsOfEveryAnswer(answer));
  return answer;
}

/** Throws Mismatch unless `errors` is exactly this sentence: the envelope of messages, templates, apps and keys. */
export function expectSentence(answer: Answer, status: number, sentence: string | RegExp): void {
  expectAnswer(answer, status, { errors: [sentence] });
}

/** Throws Mismatch unless `errors` is exactly one such object: the envelope of users and subscriptions. */
export function expectError(
  answer: Answer,
  status: number,
  error: { readonly [member: string]: Pattern },
): void {
  expectAnswer(answer, status, { errors: [error] });
}

/** The text at a path such as `subscriptions.0.id`. */
export function textAt(answer: Answer, path: string): string {
  let found: unknown = answer.body;
  for (const step of path.split('.')) found = (found as Record<string, unknown> | null | undefined)?.[step];
  if (typeof found !== 'string') fail(answer, [`${path} is ${show(found)}, not text`]);
  return found as string;
}

function fail(answer: Answer, faults: readonly string[]): void {
  if (faults.length === 0) return;
  throw new Mismatch(
    `${answer.asked} answered ${answer.status} ${shorten(answer.text)}: ${faults.join('; ')}`,
  );
}

function shorten(body: string): string {
  return body.length > 300 ? `${body.slice(0, 300)}…` : body;
}
