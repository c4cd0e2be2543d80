import { describe, expect, it } from 'vitest';
import { readApnsAnswer } from './read-apns-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

function read(status: number, body: string, headers: Record<string, string> = {}) {
  return readApnsAnswer({ status, headers, body: Buffer.from(body) }, NOW);
}

const answerTo = (status: number, reason: string) => read(status, JSON.stringify({ reason }));

describe('an answer of Apple', () => {
  it('of 200 means that it was taken, whatever else it says', () => {
    expect(read(200, '', { 'apns-id': 'ID' }).outcome).toEqual({ state: 'sent', ref: 'ID' });
    expect(read(200, 'nonsense').outcome).toEqual({ state: 'sent', ref: null });
  });

  it.each([
    [410, 'Unregistered'],
    [410, 'ExpiredToken'],
    [400, 'MissingDeviceToken'],
    [410, 'SomethingNew'],
  ])('of %i %s ends the subscription', (status, reason) => {
    expect(answerTo(status, reason)).toMatchObject({
      about: 'address',
      outcome: { state: 'failed', address: { notificationTypes: -10 } },
    });
  });

  it('of 410 tells since when', () => {
    const body = JSON.stringify({ reason: 'Unregistered', timestamp: NOW - 3_600_000 });
    expect(read(410, body).outcome).toMatchObject({
      reason: expect.stringMatching(/since 2026-11-26T11:00:00\.000Z/),
    });
  });

  it('of BadDeviceToken may mean the other environment', () => {
    expect(answerTo(400, 'BadDeviceToken').about).toBe('unknown-token');
  });

  it.each([
    [400, 'BadCollapseId'],
    [400, 'BadExpirationDate'],
    [400, 'BadMessageId'],
    [400, 'BadPriority'],
    [400, 'DeviceTokenNotForTopic'],
    [400, 'DuplicateHeaders'],
    [400, 'InvalidPushType'],
    [400, 'PayloadEmpty'],
    [404, 'BadPath'],
    [405, 'MethodNotAllowed'],
    [413, 'PayloadTooLarge'],
    [400, 'SomethingNew'],
  ])('of %i %s fails the message, and the subscription stays', (status, reason) => {
    const { about, outcome } = answerTo(status, reason);
    expect(about).toBe('message');
    expect(outcome).toEqual({
      state: 'failed',
      reason: expect.stringMatching(new RegExp(`^${status} ${reason}`)),
    });
  });

  it.each([
    [400, 'BadTopic'],
    [400, 'MissingTopic'],
    [400, 'TopicDisallowed'],
    [403, 'BadCertificate'],
    [403, 'BadCertificateEnvironment'],
    [403, 'Forbidden'],
    [403, 'InvalidProviderToken'],
    [403, 'MissingProviderToken'],
    [403, 'UnrelatedKeyIdInToken'],
    [403, 'BadEnvironmentKeyIdInToken'],
    [403, 'SomethingNew'],
  ])('of %i %s is about the settings, and the message waits', (status, reason) => {
    expect(answerTo(status, reason)).toMatchObject({ about: 'settings', outcome: { state: 'retry' } });
  });

  it.each([
    [400, 'IdleTimeout'],
    [429, 'TooManyRequests'],
    [429, 'TooManyProviderTokenUpdates'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
    [503, 'Shutdown'],
    [500, 'SomethingNew'],
    [302, ''],
    [204, ''],
  ])('of %i %s is tried again', (status, reason) => {
    expect(answerTo(status, reason)).toMatchObject({
      about: 'later',
      outcome: { state: 'retry', afterMs: null },
    });
  });

  it('of ExpiredProviderToken asks for another token', () => {
    expect(answerTo(403, 'ExpiredProviderToken')).toMatchObject({
      about: 'expired',
      outcome: { state: 'retry' },
    });
  });

  it.each([
    ['30', 30_000],
    ['Thu, 26 Nov 2026 12:01:00 GMT', 60_000],
    ['Thu, 26 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
  ])('with Retry-After %j waits so long', (value, afterMs) => {
    expect(read(429, '{"reason":"TooManyRequests"}', { 'retry-after': value }).outcome).toMatchObject({
      afterMs,
    });
  });

  it.each(['', '<html>Bad gateway</html>', '[]', 'null', '{"reason":7}', '{"timestamp":"x"}'])(
    'that is none is judged by its status: %j',
    (body) => {
      expect(read(502, body).outcome).toEqual({ state: 'retry', reason: '502', afterMs: null });
      expect(read(400, body).outcome).toEqual({ state: 'failed', reason: '400' });
    },
  );
});
