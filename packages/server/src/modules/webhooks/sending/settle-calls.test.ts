import { describe, expect, it } from 'vitest';
import { Breaker } from '../../../platform/breaker.ts';
import type { DueCall } from '../calls/call-store.ts';
import { settleCalls } from './settle-calls.ts';
import type { CallOutcome } from './settle-calls.ts';

const NOW = 1_000_000;
const SCHEDULE = [5, 300];
const taken: CallOutcome = { state: 'taken' };
const failed: CallOutcome = { state: 'failed', reason: 'answered 500', afterMs: null };

function call(id: string, attempts = 0): DueCall {
  const origin = { journey_id: 'j', node_id: 'n', run_id: 'r' };
  const context = { journey: { name: 'J', events: [] } };
  return { lane: 1, id, userId: 'u', origin, context, createdAt: new Date(0), attempts };
}

interface Round {
  readonly outcomes: readonly CallOutcome[];
  readonly attempts?: number;
  readonly failures?: number;
  readonly pauses?: number;
}

function settle({ outcomes, attempts = 0, failures = 0, pauses = 0 }: Round) {
  const isProbe = pauses > 0;
  const breaker = isProbe ? new Breaker(0, () => true, 3) : new Breaker(failures, () => true);
  for (const outcome of outcomes) {
    if (outcome.state === 'taken') breaker.noteTaken();
    if (outcome.state === 'failed') breaker.noteFailure({ afterMs: outcome.afterMs, isWhole: false });
    if (outcome.state === 'gone') breaker.noteFailure({ afterMs: null, isWhole: true });
  }
  const calls = outcomes.map((_, n) => call(`c${n}`, attempts));
  return settleCalls(
    { calls, outcomes, breaker, isProbe },
    { schedule: SCHEDULE, pauses, now: NOW, random: 0 },
  );
}

describe('what follows from a round of calls', () => {
  it('is the end of those that were taken, and another try of the one that was not', () => {
    expect(settle({ outcomes: [taken, failed] })).toMatchObject({
      calls: [
        { id: 'c0', attempts: 1, dueAt: null, reason: null },
        { id: 'c1', attempts: 1, dueAt: NOW + 5_000, reason: 'answered 500' },
      ],
      delivered: 1,
      givenUp: 0,
      retryAt: null,
      disabled: null,
    });
  });

  it('gives a call up at the end of the schedule', () => {
    expect(settle({ outcomes: [taken, failed], attempts: 2 })).toMatchObject({
      calls: [{}, { attempts: 3, dueAt: null, reason: 'answered 500' }],
      givenUp: 1,
    });
  });

  it('rests when nothing is taken, and uses up no tries meanwhile', () => {
    const down = settle({ outcomes: [failed], failures: 4 });
    expect(down).toMatchObject({
      calls: [{ attempts: 0, dueAt: NOW }],
      pauses: 1,
      retryAt: NOW + 5_000,
      disabled: null,
    });
    const again = settle({ outcomes: [failed, failed], pauses: 1 });
    expect(again).toMatchObject({ calls: [{ attempts: 0 }, { attempts: 0 }], retryAt: NOW + 300_000 });
  });

  it('disables the webhook at the end of its rests, and what waits stays', () => {
    expect(settle({ outcomes: [failed], attempts: 1, pauses: 2 })).toMatchObject({
      calls: [{ attempts: 1, dueAt: NOW }],
      disabled: 'nothing was taken for as long as the retry schedule goes: answered 500',
    });
  });

  it('goes on at once when a try after a rest is taken', () => {
    expect(settle({ outcomes: [taken], pauses: 2 })).toMatchObject({ pauses: 0, retryAt: null });
  });

  it('disables a webhook that says it is gone at once', () => {
    const gone: CallOutcome = { state: 'gone', reason: 'answered 410: it is gone for good' };
    expect(settle({ outcomes: [gone] })).toMatchObject({
      calls: [{ attempts: 0, dueAt: NOW }],
      disabled: 'answered 410: it is gone for good',
    });
  });

  it('waits with all calls for as long as it is asked to', () => {
    const busy: CallOutcome = { state: 'failed', reason: 'answered 429', afterMs: 60_000 };
    expect(settle({ outcomes: [busy, { state: 'untried' }] })).toMatchObject({
      calls: [{ id: 'c0', attempts: 1, dueAt: NOW + 60_000 }],
      retryAt: NOW + 60_000,
      pauses: 0,
    });
  });

  it('is the end of a call about somebody who is gone', () => {
    expect(settle({ outcomes: [{ state: 'void', reason: 'gone' }] })).toMatchObject({
      calls: [{ dueAt: null, reason: 'gone' }],
      givenUp: 1,
      lastFailure: null,
    });
  });
});
