import { describe, expect, it } from 'vitest';
import { readVonageAnswer } from './read-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

function read(status: number, body: unknown, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readVonageAnswer({ status, headers, body: Buffer.from(text) }, NOW);
}
const refused = (code: string, status = 422, headers = {}) =>
  read(
    status,
    { type: `https://developer.vonage.com/api-errors/messages#${code}`, title: 'No', detail: 'It is so' },
    headers,
  );

describe('what Vonage’s answer means', () => {
  it('is "taken" with the UUID of the message', () => {
    expect(read(202, { message_uuid: 'u1' })).toEqual({ state: 'sent', ref: 'u1' });
  });

  it.each([
    ['1190', -10],
    ['1240', -2],
  ])('%s says of the number that it is %i', (code, notificationTypes) => {
    expect(refused(code)).toMatchObject({ state: 'failed', address: { notificationTypes } });
  });

  it.each(['1430', '1250', '1210', '1090', '9999'])(
    '%s ends the message, and says nothing of the number',
    (code) => {
      const outcome = refused(code);
      expect(outcome).toEqual({ state: 'failed', reason: `Vonage ${code}: No. It is so` });
    },
  );

  it.each([
    ['low-balance', 402, 'top the account up'],
    ['unauthorized', 401, 'private key'],
    ['1420', 422, 'sender'],
    ['1120', 422, 'sender'],
    ['unprovisioned', 403, 'application'],
  ])('%s waits until somebody mends it, and says what', (code, status, hint) => {
    expect(refused(code, status)).toMatchObject({ state: 'retry', reason: expect.stringContaining(hint) });
  });

  it.each([
    ['1000', 429],
    ['1230', 422],
    ['1030', 500],
  ])('%s waits', (code, status) => {
    expect(refused(code, status, { 'retry-after': '7' })).toMatchObject({ state: 'retry', afterMs: 7_000 });
  });

  it('tells of a limit of the account from what is busy for another reason', () => {
    expect(refused('1000', 429)).toHaveProperty('limited', true);
    expect(read(429, '')).toHaveProperty('limited', true);
    expect(refused('1230')).not.toHaveProperty('limited');
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'Vonage answered 502'],
    [422, 'What?', 'Vonage answered 422'],
    [202, '{}', 'Vonage answered 202 without a message'],
    [401, '', expect.stringMatching(/^Vonage answered 401 \(set the application/)],
  ])('is in doubt when %i comes without Vonage’s words', (status, body, reason) => {
    expect(read(status, body)).toEqual({ state: 'retry', reason, afterMs: null });
  });

  it('keeps no telephone number', () => {
    const type = 'https://developer.vonage.com/api-errors/messages#1430';
    const outcome = read(422, { type, title: 'Invalid recipient', detail: '4915112345678 is none' });
    expect(outcome).toMatchObject({ reason: 'Vonage 1430: Invalid recipient. <number> is none' });
  });
});
