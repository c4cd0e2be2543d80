import { describe, expect, it } from 'vitest';
import { readFcmAnswer } from './read-fcm-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

function read(status: number, body: string, headers: Record<string, string> = {}) {
  return readFcmAnswer({ status, headers, body: Buffer.from(body) }, NOW);
}

const fcm = (status: number, errorCode: string, fields: readonly string[] = []) =>
  read(
    status,
    JSON.stringify({
      error: {
        code: status,
        status: 'X',
        details: [
          { '@type': FCM_ERROR, errorCode },
          { '@type': BAD_REQUEST, fieldViolations: fields.map((field) => ({ field, description: 'wrong' })) },
        ],
      },
    }),
  );
const rpc = (status: number, name: string) =>
  read(status, JSON.stringify({ error: { code: status, status: name } }));

describe('an answer of FCM', () => {
  it('with a name means that it was taken', () => {
    expect(read(200, '{"name":"projects/p/messages/1"}').outcome).toEqual({
      state: 'sent',
      ref: 'projects/p/messages/1',
    });
  });

  it.each(['', '<html>', '{}', 'null', '[]', '{"name":7}'])(
    'of 200 without a name is in doubt: %j',
    (body) => {
      expect(read(200, body).outcome).toEqual({
        state: 'retry',
        reason: '200 (the answer is none of FCM’s)',
        afterMs: null,
      });
    },
  );

  it('of UNREGISTERED ends the subscription', () => {
    expect(fcm(404, 'UNREGISTERED')).toMatchObject({
      about: 'address',
      outcome: { state: 'failed', address: { notificationTypes: -10 } },
    });
  });

  it('of INVALID_ARGUMENT ends the subscription only where the token is what is wrong', () => {
    expect(fcm(400, 'INVALID_ARGUMENT', ['message.token'])).toMatchObject({
      about: 'address',
      outcome: { address: { notificationTypes: -10 } },
    });
    expect(fcm(400, 'INVALID_ARGUMENT', ['message.data[2].value']).outcome).toEqual({
      state: 'failed',
      reason: '400 INVALID_ARGUMENT (the message is not valid: message.data[2].value)',
    });
    expect(fcm(400, 'INVALID_ARGUMENT').outcome).toEqual({
      state: 'failed',
      reason: '400 INVALID_ARGUMENT (the message is not valid)',
    });
  });

  it('of SENDER_ID_MISMATCH fails the message, and the subscription stays', () => {
    expect(fcm(403, 'SENDER_ID_MISMATCH').outcome).toEqual({
      state: 'failed',
      reason: expect.stringMatching(/another Firebase project/),
    });
  });

  it.each([
    [503, 'UNAVAILABLE'],
    [500, 'INTERNAL'],
  ])('of %i %s is tried again', (status, code) => {
    expect(fcm(status, code)).toMatchObject({ about: 'later', outcome: { state: 'retry', afterMs: null } });
  });

  it('of QUOTA_EXCEEDED waits as long as it says, or else a minute', () => {
    expect(fcm(429, 'QUOTA_EXCEEDED')).toMatchObject({
      about: 'later',
      outcome: { state: 'retry', afterMs: 60_000 },
    });
    expect(read(429, '', { 'retry-after': '7' }).outcome).toMatchObject({ state: 'retry', afterMs: 7_000 });
  });

  it.each([
    [401, 'UNAUTHENTICATED', 'access'],
    [403, 'PERMISSION_DENIED', 'settings'],
    [404, 'NOT_FOUND', 'settings'],
  ])('of %i %s is about %s, and the message waits', (status, name, about) => {
    expect(rpc(status, name)).toMatchObject({ about, outcome: { state: 'retry' } });
    expect(read(status, '<html>')).toMatchObject({ about, outcome: { state: 'retry' } });
  });

  it('of THIRD_PARTY_AUTH_ERROR asks the operator', () => {
    expect(fcm(401, 'THIRD_PARTY_AUTH_ERROR')).toMatchObject({
      about: 'settings',
      outcome: { state: 'retry' },
    });
  });

  it.each([
    [413, 'message', 'failed'],
    [400, 'message', 'failed'],
    [302, 'later', 'retry'],
    [408, 'later', 'retry'],
    [502, 'later', 'retry'],
  ])('of %i without words is judged by its status', (status, about, state) => {
    expect(read(status, 'Bad gateway')).toMatchObject({ about, outcome: { state, reason: String(status) } });
  });

  it.each([
    '{"error":7}',
    '{"error":{"status":"<script>","details":7}}',
    '{"error":{"details":[null,7,{"@type":"x"}]}}',
    `{"error":{"details":[{"@type":"${BAD_REQUEST}","fieldViolations":[null,{"field":7}]}]}}`,
  ])('of any other form does no harm: %s', (body) => {
    expect(read(500, body).outcome).toEqual({ state: 'retry', reason: '500', afterMs: null });
  });
});
