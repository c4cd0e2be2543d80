import { describe, expect, it } from 'vitest';
import { faultsOfEveryAnswer } from './every-answer.ts';
import type { Answer } from './exchange.ts';

function answer(
  status: number,
  text: string,
  headers: Answer['headers'] = { 'content-type': 'application/json' },
) {
  const isJson = text.startsWith('{') || text.startsWith('[');
  return { asked: 'GET /', status, headers, text, body: isJson ? (JSON.parse(text) as unknown) : undefined };
}

describe('every answer', () => {
  it('may be JSON, an error in either form, or an empty 204', () => {
    expect(faultsOfEveryAnswer(answer(200, '[]'))).toEqual([]);
    expect(faultsOfEveryAnswer(answer(404, '{"errors":["Token not found"]}'))).toEqual([]);
    expect(faultsOfEveryAnswer(answer(404, '{"errors":[{"title":"gone"}]}'))).toEqual([]);
    expect(faultsOfEveryAnswer(answer(401, '', { 'content-type': 'text/plain' }))).toEqual([]);
    expect(faultsOfEveryAnswer(answer(204, '', { 'content-type': 'text/plain' }))).toEqual([]);
  });

  it.each([
    ['an empty 2xx', answer(202, ''), 'the body is empty'],
    ['one without a type', answer(404, '{}', {}), 'there is no Content-Type'],
    [
      'a page instead of JSON',
      answer(200, '<html>', { 'content-type': 'text/html' }),
      'the Content-Type is text/html',
    ],
    ['broken JSON', answer(400, 'oops'), 'the body is not JSON'],
    ['errors that no client reads', answer(400, '{"errors":{"a":1}}'), 'errors is not a list with an entry'],
    [
      'a code without a title',
      answer(400, '{"errors":[{"code":1}]}'),
      'errors holds neither sentences nor objects with a title',
    ],
    ['429 without a time', answer(429, '{"errors":["slow"]}'), 'Retry-After is not a number of seconds'],
    ['a 5xx', answer(500, '{"errors":["no"]}'), 'the status 500 tells clients to try again for ever'],
  ])('is at fault as %s', (_, given, fault) => {
    expect(faultsOfEveryAnswer(given)).toContain(fault);
  });
});
