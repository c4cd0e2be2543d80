import { describe, expect, it } from 'vitest';
import { readAdmAnswer } from './read-adm-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

function read(status: number, body: string, headers: Record<string, string> = {}) {
  return readAdmAnswer({ status, headers, body: Buffer.from(body) }, NOW);
}

describe('an answer of Amazon', () => {
  it('with a registration id means that it was taken', () => {
    expect(read(200, '{"registrationID":"r1"}', { 'x-amzn-requestid': 'q1' })).toEqual({
      about: 'nothing',
      outcome: { state: 'sent', ref: 'q1' },
      registrationId: 'r1',
    });
  });

  it.each(['', '<html>', '{}', 'null', '[]', '{"registrationID":7}'])(
    'of 200 without one is in doubt: %j',
    (body) => {
      expect(read(200, body).outcome).toEqual({
        state: 'retry',
        reason: '200 (the answer is none of Amazon’s)',
        afterMs: null,
      });
    },
  );

  it.each([
    [400, 'InvalidRegistrationId', 'unknown-token', 'failed'],
    [400, 'Unregistered', 'address', 'failed'],
    [400, 'InvalidData', 'message', 'failed'],
    [400, 'InvalidConsolidationKey', 'message', 'failed'],
    [400, 'InvalidExpiration', 'message', 'failed'],
    [400, 'InvalidChecksum', 'message', 'failed'],
    [413, 'MessageTooLarge', 'message', 'failed'],
    [401, 'AccessTokenExpired', 'access', 'retry'],
    [429, 'MaxRateExceeded', 'later', 'retry'],
    [500, 'InternalServerError', 'later', 'retry'],
    [503, 'ServiceUnavailable', 'later', 'retry'],
    [400, 'SomethingNew', 'message', 'failed'],
  ])('of %i %s is about %s, and the message is %s', (status, reason, about, state) => {
    expect(read(status, JSON.stringify({ reason }))).toMatchObject({
      about,
      outcome: { state, reason: expect.stringMatching(new RegExp(`^${status} ${reason}`)) },
    });
  });

  it('that asks to wait is waited for', () => {
    const headers = { 'retry-after': '7' };
    expect(read(429, '{"reason":"MaxRateExceeded"}', headers).outcome).toMatchObject({ afterMs: 7_000 });
    expect(read(503, '', headers).outcome).toMatchObject({ afterMs: 7_000 });
  });

  it.each([
    [401, 'access', 'retry'],
    [403, 'settings', 'retry'],
    [404, 'settings', 'retry'],
    [408, 'later', 'retry'],
    [302, 'later', 'retry'],
    [502, 'later', 'retry'],
    [400, 'message', 'failed'],
  ])('of %i without a reason is about %s', (status, about, state) => {
    expect(read(status, '<html>')).toMatchObject({ about, outcome: { state, reason: String(status) } });
  });
});
