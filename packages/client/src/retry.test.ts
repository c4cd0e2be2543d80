import { describe, expect, it } from 'vitest';
import type { Failure } from './failure.ts';
import { readFailure, readRetryAfter } from './read-failure.ts';
import { DEFAULT_RETRY, retryDelay } from './retry.ts';

const unreachable: Failure = { kind: 'unreachable', message: 'reset' };

describe('retrying', () => {
  it('waits as long as the server says', () => {
    expect(retryDelay(DEFAULT_RETRY, 0, readFailure(429, {}, '7'), false)).toBe(7000);
    expect(retryDelay(DEFAULT_RETRY, 2, readFailure(503, {}, '2'), false)).toBe(2000);
  });

  it('doubles its own pause where the server says nothing', () => {
    const failure = readFailure(503, undefined, undefined);
    expect([0, 1, 2].map((attempt) => retryDelay(DEFAULT_RETRY, attempt, failure, true))).toEqual([
      1000, 2000, 4000,
    ]);
  });

  it('keeps the first pause between a second and a minute', () => {
    expect(retryDelay({ retries: 3, baseDelayMs: 1 }, 0, unreachable, true)).toBe(1000);
    expect(retryDelay({ retries: 3, baseDelayMs: 1e9 }, 0, unreachable, true)).toBe(60_000);
  });

  it('gives up after the tries it was given', () => {
    expect(retryDelay(DEFAULT_RETRY, 3, unreachable, true)).toBeNull();
  });

  it('does not repeat what may have happened and would happen twice', () => {
    expect(retryDelay(DEFAULT_RETRY, 0, unreachable, false)).toBeNull();
  });

  it('does not repeat what will be refused again', () => {
    for (const status of [400, 401, 403, 404, 409, 422]) {
      expect(retryDelay(DEFAULT_RETRY, 0, readFailure(status, {}, '1'), true)).toBeNull();
    }
  });

  it('reads whole seconds only from Retry-After', () => {
    expect(['3', ' 3 ', '1.5', 'Wed, 21 Oct 2026 07:28:00 GMT', undefined].map(readRetryAfter)).toEqual([
      3000,
      3000,
      null,
      null,
      null,
    ]);
  });
});

describe('reading a refusal', () => {
  it('understands both error envelopes', () => {
    expect(readFailure(400, { errors: ['No.'] }, undefined)).toEqual({
      kind: 'invalid',
      status: 400,
      errors: [{ code: null, title: 'No.', meta: {} }],
    });
    expect(
      readFailure(
        409,
        { errors: [{ code: 'user-2', title: 'Taken', meta: { external_id: '1' } }] },
        undefined,
      ),
    ).toEqual({ kind: 'conflict', errors: [{ code: 'user-2', title: 'Taken', meta: { external_id: '1' } }] });
  });

  it('takes an answer without a body', () => {
    expect(readFailure(401, undefined, undefined)).toEqual({ kind: 'unauthorized', status: 401, errors: [] });
  });
});
