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

  it('can be stored as the reason of another attempt and as a reference', () => {
    const again = judgeOutcome(recipient, { state: 'retry', reason: words, afterMs: null }, 1, 0);
    expect('again' in again && isStorable(again.again.reason)).toBe(true);
    const sent = judgeOutcome(recipient, { state: 'sent', ref: words }, 1, 0);
    expect('final' in sent && isStorable(sent.final.ref ?? '')).toBe(true);
  });
});
