import { describe, expect, it } from 'vitest';
import { compileTogether } from '../../audience/index.ts';
import type { Expression, Facts } from '../../audience/index.ts';
import { appOfBatch } from './app-of-batch.ts';
import type { LiveApp } from './live-book.ts';
import type { Kept } from './state-store.ts';
import { tellStanding } from './tell-standing.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-03-01T12:00:00Z');
const ACTIVE_TODAY: Expression = [[{ kind: 'session', session: 'last', relation: '<', hours: 24 }]];
const user = { lane: 1, appId: 'app', userId: 'user' };
const app: LiveApp = {
  segments: { slots: [7], ask: compileTogether([ACTIVE_TODAY]) },
  bySlot: new Map([[7, { id: 'active-today', slot: 7, state: 'ready' }]]),
  asked: { custom: [], ofMessages: [] },
  sessions: false,
};

/** What a look leaves behind of a user whose last session was so many hours ago. */
function look(hours: number, kept: Kept, of: LiveApp | null = app) {
  const lastActive = NOW - hours * HOUR_MS;
  const facts = { channel: 'push', lastActive } as Facts;
  const asked = of && appOfBatch(of);
  return tellStanding({ user, app: asked, facts: [facts], kept, isWalked: false, activeAt: null, now: NOW });
}

describe('a look at a user', () => {
  it('leaves nothing behind where all is as it was', () => {
    expect(look(1, { slots: [7], flipAt: NOW + 23 * HOUR_MS })).toBeNull();
  });

  it('does not put off the next look, which then finds what is', () => {
    expect(look(1, { slots: [7], flipAt: NOW + HOUR_MS })).toBeNull();
  });

  it('puts it off when it is due, and brings it forward', () => {
    const flip = { segments: '{7}', flip_at: new Date(NOW + 23 * HOUR_MS).toISOString(), news: null };
    expect(look(1, { slots: [7], flipAt: NOW })).toMatchObject(flip);
    expect(look(1, { slots: [7], flipAt: NOW + 24 * HOUR_MS })).toMatchObject(flip);
    expect(look(1, { slots: [7], flipAt: null })).toMatchObject(flip);
  });

  it('tells who comes and goes', () => {
    const came = { entered: ['active-today'], left: [] };
    expect(look(1, { slots: [], flipAt: null })).toMatchObject({ segments: '{7}', news: came });
    const went = { entered: [], left: ['active-today'] };
    expect(look(25, { slots: [7], flipAt: NOW })).toMatchObject({ segments: null, news: went });
  });

  it('drops what is kept where nothing is watched any more', () => {
    const dropped = { segments: null, flip_at: null, news: null };
    expect(look(1, { slots: [], flipAt: NOW + HOUR_MS }, null)).toMatchObject(dropped);
  });
});
