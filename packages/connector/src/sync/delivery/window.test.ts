import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Window } from './window.ts';

describe('the window of what is under way', () => {
  it('moves on over the longest beginning that is done, in whatever order things end', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 40 }, (_, i) => i)), (order) => {
        const window = new Window();
        const places = Array.from({ length: 40 }, (_, i) => window.add({ segment: 0, offset: i + 1 }));
        let moved = 0;
        for (const index of order) {
          const place = places[index];
          if (place !== undefined) place.done = true;
          moved = window.advance()?.offset ?? moved;
          const first = places.findIndex(({ done }) => !done);
          expect(moved).toBe(first === -1 ? 40 : first);
          expect(window.size).toBe(40 - moved);
        }
      }),
    );
  });
});
