import { describe, expect, it } from 'vitest';
import { readTwilioAnswer } from './read-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

function read(status: number, body: unknown, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readTwilioAnswer({ status, headers, body: Buffer.from(text) }, NOW);
}
const refused = (code: number, status = 400, headers = {}) =>
  read(status, { code, message: 'It did not work', more_info: '', status }, headers);

describe('what Twilio’s answer means', () => {
  it('is "taken" with the SID of the message', () => {
    expect(read(201, { sid: 'SM1', status: 'queued' })).toEqual({ state: 'sent', ref: 'SM1' });
  });

  it.each([
    [21211, -10],
    [21614, -10],
    [21610, -2],
  ])('%i says of the number that it is %i', (code, notificationTypes) => {
    expect(refused(code)).toMatchObject({ state: 'failed', address: { notificationTypes } });
  });

  it.each([21612, 21617, 21602, 21620, 29999])(
    '%i ends the message, and says nothing of the number',
    (code) => {
      const outcome = refused(code);
      expect(outcome).toMatchObject({ state: 'failed' });
      expect(outcome).not.toHaveProperty('address');
    },
  );

  it.each([
    [20003, 401, 'PUT /apps/{app_id}/channels/sms'],
    [20404, 404, 'account SID'],
    [21408, 400, 'geographic permissions'],
    [21606, 400, 'sender'],
    [21609, 400, 'CARILLON_PUBLIC_URL'],
    [20005, 403, 'Twilio console'],
  ])('%i waits until somebody mends it, and says what', (code, status, hint) => {
    expect(refused(code, status)).toMatchObject({ state: 'retry', reason: expect.stringContaining(hint) });
  });

  it.each([
    [20429, 429],
    [21611, 400],
    [20500, 500],
  ])('%i waits', (code, status) => {
    expect(refused(code, status)).toMatchObject({ state: 'retry', afterMs: null });
  });

  it.each([
    ['7', 7_000],
    ['Thu, 26 Nov 2026 12:00:30 GMT', 30_000],
    ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
  ])('waits as long as Twilio asks: %s', (header, afterMs) => {
    expect(refused(20429, 429, { 'retry-after': header })).toMatchObject({ state: 'retry', afterMs });
  });

  it.each([
    [502, '<html>Bad Gateway</html>', 'Twilio answered 502'],
    [400, 'What?', 'Twilio answered 400'],
    [200, '{}', 'Twilio answered 200 without a message'],
    [302, '', 'Twilio answered 302'],
    [401, '', expect.stringMatching(/^Twilio answered 401 \(set the account SID/)],
  ])('is in doubt when %i comes without Twilio’s words', (status, body, reason) => {
    expect(read(status, body)).toEqual({ state: 'retry', reason, afterMs: null });
  });

  it('keeps no telephone number', () => {
    const outcome = read(400, {
      code: 21211,
      message: "Invalid 'To' Phone Number: +1 (500) 555-0001 and 15005550001",
    });
    expect(outcome).toMatchObject({
      reason: "Twilio 21211: Invalid 'To' Phone Number: <number> and <number>",
    });
  });
});
