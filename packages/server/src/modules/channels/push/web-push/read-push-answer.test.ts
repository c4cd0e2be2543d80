import { describe, expect, it } from 'vitest';
import { outcomeOfAnswer } from './read-push-answer.ts';
import type { PushAnswer } from './read-push-answer.ts';

const NOW = Date.parse('2026-11-26T10:00:00Z');
const outcome = (status: number, headers: PushAnswer['headers'] = {}, body = '') =>
  outcomeOfAnswer({ status, headers, body: Buffer.from(body) }, NOW);

describe('an answer of a push service', () => {
  it.each([200, 201, 202])('%i means that it is taken', (status) =>
    expect(outcome(status)).toEqual({ state: 'sent', ref: null }),
  );

  it.each([
    ['https://push.example/m/4f3a?x=1', '/m/4f3a'],
    ['/m/4f3a', '/m/4f3a'],
    ['https://', null],
  ])('names the message by the path of %s', (location, ref) =>
    expect(outcome(201, { location })).toEqual({ state: 'sent', ref }),
  );

  it.each([404, 410])('%i ends the subscription', (status) =>
    expect(outcome(status)).toEqual({
      state: 'failed',
      reason: `${status} the subscription is gone`,
      address: { notificationTypes: -10 },
    }),
  );

  it.each([400, 405, 413])('%i is final and says nothing of the subscription', (status) => {
    const refused = outcome(status);
    expect(refused.state).toBe('failed');
    expect(refused).not.toHaveProperty('address');
  });

  it.each([301, 401, 403, 408, 421, 425, 429, 500, 502, 503, 504])('%i may pass', (status) =>
    expect(outcome(status)).toMatchObject({ state: 'retry', afterMs: null }),
  );

  it.each([401, 403])('%i is final where others have taken the key', (status) => {
    const refused = outcomeOfAnswer({ status, headers: {}, body: Buffer.alloc(0) }, NOW, 'subscription');
    expect(refused).toEqual({
      state: 'failed',
      reason: expect.stringMatching(/made with another VAPID key/),
    });
  });

  it.each([
    ['120', 120_000],
    ['Thu, 26 Nov 2026 10:01:00 GMT', 60_000],
    ['Thu, 26 Nov 2026 09:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
  ])('is tried again after %s', (wait, afterMs) =>
    expect(outcome(429, { 'retry-after': wait })).toMatchObject({ state: 'retry', afterMs }),
  );

  it('is told in its own words, but not with the address that it may repeat', () => {
    expect(outcome(400, {}, '{"errno":110,\n "for":"https://push.example/wpush/v2/secret"}')).toMatchObject({
      reason: expect.stringMatching(/^400 .*"errno":110, "for":"<address>$/),
    });
    expect(outcome(500, {}, 'x'.repeat(5_000))).toMatchObject({ reason: expect.stringMatching(/^.{200}$/) });
  });
});
