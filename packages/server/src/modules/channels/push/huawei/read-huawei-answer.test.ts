import { describe, expect, it } from 'vitest';
import { readHuaweiAnswer } from './read-huawei-answer.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');

function read(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readHuaweiAnswer({ status, headers, body: Buffer.from(text) }, NOW);
}

const coded = (status: number, code: string, msg = '') => read(status, { code, msg, requestId: 'r1' });

describe('an answer of Huawei', () => {
  it('of 80000000 means that it was taken', () => {
    expect(coded(200, '80000000').outcome).toEqual({ state: 'sent', ref: 'r1' });
  });

  it('of 80100000 names those that were not reached', () => {
    const msg = JSON.stringify({ success: 1, failure: 1, illegal_tokens: ['a', 7] });
    expect(coded(200, '80100000', msg)).toMatchObject({
      about: 'tokens',
      outcome: { state: 'sent', ref: 'r1' },
      refused: new Set(['a']),
    });
  });

  it.each(['', '{"illegal_tokens":7}', 'null'])('of 80100000 without them is in doubt: %j', (msg) => {
    expect(coded(200, '80100000', msg)).toMatchObject({ about: 'later', outcome: { state: 'retry' } });
  });

  it.each([
    [400, '80100001', 'message', 'failed'],
    [400, '80100003', 'message', 'failed'],
    [400, '80100004', 'message', 'failed'],
    [400, '80100016', 'message', 'failed'],
    [400, '80300007', 'all-tokens', 'failed'],
    [400, '80300008', 'message', 'failed'],
    [400, '80300010', 'message', 'failed'],
    [400, '80300011', 'message', 'failed'],
    [401, '80200001', 'access', 'retry'],
    [401, '80200003', 'access', 'retry'],
    [400, '80300002', 'settings', 'retry'],
    [500, '80600003', 'later', 'retry'],
    [500, '81000001', 'later', 'retry'],
    [400, '80999999', 'message', 'failed'],
  ])('of %i %s is about %s, and the message is %s', (status, code, about, state) => {
    expect(coded(status, code)).toMatchObject({
      about,
      outcome: { state, reason: expect.stringMatching(new RegExp(`^${code}`)) },
    });
  });

  it('that slows the app down waits as long as it says, or else a minute', () => {
    expect(read(503, '')).toMatchObject({ about: 'later', outcome: { afterMs: 60_000 } });
    expect(read(503, '', { 'retry-after': '7' })).toMatchObject({ outcome: { afterMs: 7_000 } });
  });

  it.each([
    [401, 'access'],
    [403, 'settings'],
    [404, 'settings'],
    [400, 'later'],
    [502, 'later'],
    [302, 'later'],
  ])('of %i without a code is about %s', (status, about) => {
    expect(read(status, '<html>')).toMatchObject({
      about,
      outcome: { state: 'retry', reason: String(status) },
    });
  });

  it.each(['', 'null', '[]', '{}', '{"code":7}', '{"code":"<script>"}'])(
    'of 200 and %j is in doubt',
    (body) => {
      expect(read(200, body).outcome).toEqual({
        state: 'retry',
        reason: '200 (the answer is none of Huawei’s)',
        afterMs: null,
      });
    },
  );
});
