import { describe, expect, it } from 'vitest';
import { isStorable } from '../../../platform/http/storable-text.ts';
import { judgeOutcome } from './judge-outcome.ts';

const recipient = { subscriptionId: 's', userId: 'u', channel: 'email', type: 'Email' } as const;
const words = 'no\u0000 \ud83d such \ud83d\ude00 user';

describe('what a provider says', () => {
  it('can be stored, with what is whole in it kept', () => {
    const verdict = judgeOutcome(recipient, { state: 'failed', reason: words }, 1, 0);
    const reason = 'final' in verdict ? (verdict.final.reason ?? '') : '';
    expect(reason).toBe('no \ufffd such \u{1f600} user');
    expect(isStorable(reason)).toBe(true);
  });

  it('counts as an attempt when another provider is asked next, and not when it was held back', () => {
    const until = 1_500;
    const moved = judgeOutcome(recipient, { state: 'moved', reason: 'busy', until }, 2, 0);
    expect(moved).toEqual({ again: { subscriptionId: 's', attempts: 2, dueAt: until, reason: 'busy' } });
    const held = judgeOutcome(recipient, { state: 'held', reason: 'down', until }, 2, 0);
    expect(held).toEqual({ again: { subscriptionId: 's', attempts: 1, dueAt: until, reason: 'down' } });
  });

  it('can be stored as the reason of another attempt and as a reference', () => {
    const again = judgeOutcome(recipient, { state: 'retry', reason: words, afterMs: null }, 1, 0);
    expect('again' in again && isStorable(again.again.reason)).toBe(true);
    const sent = judgeOutcome(recipient, { state: 'sent', ref: words }, 1, 0);
    expect('final' in sent && isStorable(sent.final.ref ?? '')).toBe(true);
  });
});
