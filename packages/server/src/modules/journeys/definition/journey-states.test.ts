import { describe, expect, it } from 'vitest';
import type { JourneyState } from './definition.ts';
import { isLive, movesFrom, moveState, SETTABLE_STATES } from './journey-states.ts';

const STATES: readonly JourneyState[] = ['draft', 'scheduled', 'processing', 'active', 'paused', 'archived'];

/** What becomes of a journey that names no segments; '-': refused. Columns as in SETTABLE_STATES. */
const TABLE: Readonly<Record<JourneyState, readonly string[]>> = {
  draft: ['draft', 'scheduled', 'active', '-', 'archived'],
  scheduled: ['draft', 'scheduled', 'active', '-', 'archived'],
  processing: ['draft', '-', 'active', '-', 'archived'],
  active: ['-', '-', 'active', 'paused', 'archived'],
  paused: ['-', '-', 'active', 'paused', 'archived'],
  archived: ['-', '-', '-', '-', 'archived'],
};

describe('the state of a journey', () => {
  it.each(STATES.flatMap((from) => SETTABLE_STATES.map((asked, column) => ({ from, asked, column }))))(
    'from $from, asked for $asked, becomes what the table says',
    ({ from, asked, column }) => {
      expect(moveState(from, asked, false) ?? '-').toBe(TABLE[from][column]);
      const ofSegments = moveState(from, asked, true);
      const launches = asked === 'active' && ['draft', 'scheduled', 'processing'].includes(from);
      expect(ofSegments ?? '-').toBe(launches ? 'processing' : TABLE[from][column]);
    },
  );

  it('can be left for nothing once it is archived', () => {
    expect(STATES.filter((state) => movesFrom(state).length === 0)).toEqual(['archived']);
  });

  it('is live while people may be inside', () => {
    expect(STATES.filter(isLive)).toEqual(['processing', 'active', 'paused']);
  });
});
